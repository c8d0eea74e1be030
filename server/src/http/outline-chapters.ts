// Owns what the reference says before the operations: keys, retries, paging, errors, limits.
import { toJsonSchema } from './json-schema.ts'
import { limits } from './limits.ts'
import { headerName } from './openapi-parameters.ts'
import { sampleRequestId } from './operation-errors.ts'
import { type Field, fieldsOf } from './outline-fields.ts'
import type { Surface } from './surface.ts'

export interface ErrorOutline {
  /** Where a link to the code leads: the first place of several. */
  anchor: string | null
  status: number
  /** As the answer says it. */
  code: string
  title: string
  detail: string
  fix: string
}

export interface Chapter {
  id: string
  title: string
  paragraphs: string[]
  code?: string
  fields?: Field[]
  errors?: ErrorOutline[]
}

export function chaptersOf(surface: Surface, common: ErrorOutline[]): Chapter[] {
  return [
    authentication(surface),
    ...personalData(surface),
    idempotency(surface),
    ...paging(surface),
    errorBody(surface),
    commonErrors(common),
    requestLimits(surface),
  ]
}

function authentication(surface: Surface): Chapter {
  const needed = surface.operations.flatMap(({ scope }) => (scope === null ? [] : `\`${scope}\``))
  const scopes = [...new Set(needed)]
  return {
    id: 'authentication',
    title: 'Authentication',
    paragraphs: [
      'Every request carries the key of one app. A key reads and writes the records of its app ' +
        'and sees nothing else: the record of another app answers like one that does not exist. ' +
        'Test and live are two apps with a key each.',
      presentation(surface),
      `Each operation names the scope that it needs, one of ${scopes.join(' and ')}; a key with ` +
        'the scope `*` has all of them. The first start of an installation prints a test key, ' +
        'once. The examples below run as they stand after these two lines:',
    ],
    code: "export URL=http://127.0.0.1:4000\nexport KEY='sk_test_…'",
  }
}

function presentation(surface: Surface): string {
  const { type, scheme, name, description = '' } = surface.credentials.securityScheme
  const known = description === '' ? '' : `, where the key reads ${description}`
  if (type !== 'http') return `Send the key in the header \`${name}\`${known}.`
  if (scheme === 'basic') return `Send the key as the user name of HTTP Basic${known}.`
  return `Send it as \`Authorization: Bearer <key>\`${known}.`
}

function personalData({ masking, operations }: Surface): Chapter[] {
  if (!masking) return []
  const { clear, masked } = masking
  const asked = operations.flatMap(({ clearMembers = [] }) => clearMembers)
  const members = [...new Set(asked)].map((name) => `\`${name}\``)
  return [
    {
      id: 'personal-data',
      title: 'Personal data',
      paragraphs: [
        `A key with the scope \`${masked}\` in place of \`${clear}\` reads the same, but ` +
          'personal data is masked: names, e-mail and other addresses, dates of birth, notes, ' +
          'metadata and the like are `***`, and of numbers with 8 characters or more the last ' +
          '4 follow, as in `***4567`. Ids, statuses, kinds, countries, times and amounts stay. ' +
          `That holds for every answer to a key without \`${clear}\`, of a write too, and of ` +
          'one that is repeated.',
        'The fields that are masked are marked as personal below, and with `x-personal` in the ' +
          'OpenAPI document: `hidden`, or `last4` where the end of a number is shown; of those ' +
          'in `x-personal-except`, nothing is hidden. Whatever is masked is text, also where a ' +
          'number stood in metadata. The names of its members stay.',
        'What cannot be masked is refused with `scope_missing`: bytes, and members by which a ' +
          'value could be found out, or personal data is sent elsewhere: ' +
          `${members.join(', ')}. Filters by other values are open to every key: a caller who ` +
          'knows an address learns whom it belongs to, and no more.',
      ],
    },
  ]
}

function idempotency(surface: Surface): Chapter {
  const [first = 'idempotency-key'] = surface.idempotencyHeaders
  const own = headerName(first)
  const also = own === 'Idempotency-Key' ? '' : ' (`Idempotency-Key` is read as well)'
  return {
    id: 'idempotency',
    title: 'Safe retries',
    paragraphs: [
      `Give each write a value of its own in the header \`${own}\`${also}, such as a UUID, and ` +
        'send the same value when you retry it. The write then happens once: a retry gets the ' +
        'same answer, byte for byte, with `Idempotent-Replayed: true`.',
      'The same value with another request is refused, and so is a retry while the first request ' +
        'still runs. A refused request leaves nothing behind, so its value can be used again. ' +
        'Answers are kept as long as the setting `CLIENTELE_IDEMPOTENCY_DAYS` says.',
    ],
  }
}

/** The query parameters that every list takes are what paging is on this surface. */
function paging(surface: Surface): Chapter[] {
  const queries = surface.operations.flatMap(({ query }) => (query ? [toJsonSchema(query)] : []))
  const [first, ...rest] = queries
  if (!first) return []
  const fields = fieldsOf(first).filter(({ name }) => rest.every((one) => one.properties?.[name]))
  const paragraph =
    'A list answers one page. These parameters choose how long it is and where it starts; ' +
    'entries that are added in the meantime neither repeat nor hide one:'
  return [{ id: 'paging', title: 'Paging', paragraphs: [paragraph], fields }]
}

function errorBody(surface: Surface): Chapter {
  return {
    id: 'errors',
    title: 'Errors',
    paragraphs: [
      'Decide by the status and the code; the message is for people and may change. Every answer ' +
        `carries \`${headerName(surface.requestIdHeader)}\` (such as \`${sampleRequestId}\`), ` +
        'which names the request in the log. The body of a refusal:',
    ],
    fields: fieldsOf(toJsonSchema(surface.errorSchema)),
  }
}

function commonErrors(errors: ErrorOutline[]): Chapter {
  return {
    id: 'common-errors',
    title: 'What any operation can answer',
    paragraphs: [
      'What is about a body or an idempotency key, only where one can be sent. What else an ' +
        'operation can answer stands with it.',
    ],
    errors,
  }
}

function requestLimits({ tellsAllowance }: Surface): Chapter {
  const told = tellsAllowance ? ' `RateLimit` and `RateLimit-Policy` tell how many are left.' : ''
  return {
    id: 'limits',
    title: 'Limits',
    paragraphs: [
      `A body has at most ${mebibytes(limits.bodyBytesMax)} MiB, ${limits.jsonDepthMax} levels ` +
        `and ${limits.jsonArrayLengthMax} entries a list. Members that are not known are refused ` +
        'rather than ignored, so that a misspelt name is noticed. How many requests a key may ' +
        'send ' +
        'in a second is the setting `CLIENTELE_REQUESTS_PER_SECOND`; what is beyond answers 429 ' +
        `with \`Retry-After\`.${told} A list or a search beyond those that it works on at ` +
        'once (`CLIENTELE_LISTS_AT_ONCE`) answers 503, also with `Retry-After`.',
    ],
  }
}

function mebibytes(bytes: number): number {
  return bytes / 1024 / 1024
}
