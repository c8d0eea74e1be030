// Owns what all wire schemas of the banking surface share: its words, addresses, pages, cursors.
// Source: the product's public page "Customers" and contracts/banking.md.
import Type, { type Static, type TSchema } from 'typebox'
import type { Context } from '../../core/context.ts'
import { type BankingStatus, bankingStatuses } from '../../core/customer/banking-status.ts'
import { type CustomerKind, customerErrors } from '../../core/customer/customer.ts'
import { AppError, defineErrors, type ErrorDefinition } from '../../core/errors.ts'
import { type Address, addressLineOf } from '../../core/fields.ts'
import { equalSecrets } from '../../lib/equal-secrets.ts'
import { type IdNoun, parseId, printId } from '../../lib/id.ts'
import { printTimeToSeconds } from '../../lib/time.ts'

export const closed = { additionalProperties: false }
/** The title is its name in OpenAPI, in the reference and in the SDK. */
export const named = (title: string) => ({ title, ...closed })

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
export const Text = (description: string, example: string) =>
  Type.String({ description, examples: [example] })
export const NullableText = (description: string, example: string) =>
  Nullable(Text(description, example))
/** Null in the example, as it is at first. */
export const LaterText = (description: string) => Nullable(Type.String({ description }))
export const Given = (maxLength: number, description: string, example: string) =>
  Type.String({ minLength: 1, maxLength, description, examples: [example] })
export const Time = (description: string) => Text(description, '2026-01-15T10:30:00Z')
export const Id = (description: string, prefix: string) =>
  Text(description, `${prefix}_01h455vb4pex5vsknk084sn02q`)
/** An id that a caller sends. */
export const GivenId = (description: string, prefix: string) =>
  Type.String({
    minLength: 1,
    maxLength: 64,
    description,
    examples: [`${prefix}_01h455vb4pex5vsknk084sn02q`],
  })

export const wireKinds = ['INDIVIDUAL', 'CORPORATION'] as const
export type WireKind = (typeof wireKinds)[number]
export const WireType = Type.Enum([...wireKinds], { description: '`INDIVIDUAL` or `CORPORATION`' })
export const WireStatus = Type.Enum([...bankingStatuses] as BankingStatus[], {
  description: 'What the bank permits: see the table of statuses',
  examples: ['ACTIVE'],
})

export function fromWireKind(type: WireKind): CustomerKind {
  return type === 'INDIVIDUAL' ? 'individual' : 'business'
}

export function toWireKind(kind: CustomerKind): WireKind {
  return kind === 'individual' ? 'INDIVIDUAL' : 'CORPORATION'
}

const addressExample = { line1: '123 Main St', city: 'New York', state: 'NY' }
const Part = (description: string, example: string) => Nullable(Text(description, example))

export const WireAddress = Type.Object(
  {
    line1: Part('Street and number', addressExample.line1),
    line2: Type.Optional(Text('What the first line leaves out', 'Apartment 4')),
    city: Part('City', addressExample.city),
    state: Part('State or province', addressExample.state),
    postal_code: Part('Postal code', '10001'),
    country: Part('ISO 3166-1 alpha-2', 'US'),
  },
  named('Address'),
)
export type WireAddress = Static<typeof WireAddress>

const addressTextMax = 500
const GivenPart = (description: string, example: string) =>
  Type.Optional(Given(addressTextMax, description, example))

/** As a caller sends it, whole or in part. */
export const WireGivenAddress = Type.Object(
  {
    line1: GivenPart('Street and number', addressExample.line1),
    line2: GivenPart('What the first line leaves out', 'Apartment 4'),
    city: GivenPart('City', addressExample.city),
    state: GivenPart('State or province', addressExample.state),
    postal_code: GivenPart('Postal code', '10001'),
    country: Type.Optional(
      Type.String({
        minLength: 2,
        maxLength: 2,
        description: 'ISO 3166-1 alpha-2',
        examples: ['US'],
      }),
    ),
  },
  { ...named('GivenAddress'), minProperties: 1 },
)
export type WireGivenAddress = Static<typeof WireGivenAddress>

const noAddress: Address = {
  line1: null,
  line2: null,
  houseNumber: null,
  streetNumber: null,
  streetName: null,
  neighborhood: null,
  city: null,
  state: null,
  subdivision: null,
  postalCode: null,
}

/** The given members over those that are known; the country stands beside the address. */
export function fromWireAddress(given: WireGivenAddress, known: Address | null): Address | null {
  const { line1, line2, city, state, postal_code: postalCode } = given
  // A line in words takes the place of the street in parts.
  const street =
    line1 === undefined || line1 === (known && addressLineOf(known))
      ? {}
      : { line1, streetName: null, houseNumber: null, streetNumber: null }
  const others = Object.entries({ line2, city, state, postalCode })
  const set = Object.fromEntries(others.filter(([, text]) => text !== undefined))
  const next: Address = { ...(known ?? noAddress), ...street, ...set }
  return Object.values(next).every((part) => part === null) ? null : next
}

export function toWireAddress(address: Address | null, country: string | null): WireAddress | null {
  if (address === null && country === null) return null
  const { line2, city, state, subdivision, postalCode } = address ?? noAddress
  return {
    line1: address && addressLineOf(address),
    ...(line2 === null ? {} : { line2 }),
    city,
    state: state ?? subdivision,
    postal_code: postalCode,
    country,
  }
}

/** `2026-01-15T10:30:00Z`: this surface shows no milliseconds. */
export function toWireTime(time: number): string {
  return printTimeToSeconds(time)
}

export const CustomerParams = Type.Object({ id: Id('The customer', 'cust') }, closed)

export function fromWireCustomerId(text: string): string {
  return fromWireId('customer', text, customerErrors.customer_not_found)
}

/** What is not the spelling of an id is refused like an id that nothing has. */
export function fromWireId(
  noun: IdNoun,
  text: string,
  refusal: ErrorDefinition,
  param?: string,
): string {
  const id = parseId(noun, text)
  if (id === null) throw new AppError(refusal, param === undefined ? {} : { param })
  return id
}

export const pageErrors = defineErrors({
  cursor_unknown: {
    kind: 'malformed',
    title: 'Unknown cursor',
    detail: 'cursor: is not one that this list gave to this app.',
    fix: 'Pass `next_cursor` of the page before as it is, or leave it out.',
  },
})

export const pageLimits = { default: 20, max: 100 }

/** `limit` and `cursor`, alone or beside an operation's own filters. */
export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: pageLimits.max,
      default: pageLimits.default,
      description: 'How many entries a page has',
    }),
  ),
  cursor: Type.Optional(
    Type.String({ maxLength: 200, description: '`next_cursor` of the page before' }),
  ),
}

export const Page = <T extends TSchema>(entry: T) =>
  Type.Object(
    {
      data: Type.Array(entry),
      pagination: Type.Object(
        {
          has_more: Type.Boolean({ description: 'Whether another page follows' }),
          next_cursor: LaterText('To be passed as `cursor`; null on the last page'),
        },
        named('Pagination'),
      ),
    },
    closed,
  )

/** What a list of the core is asked for: one entry more than is shown says whether more follow. */
export interface CorePage {
  limit: number
  beforeId: string | null
}

interface PageQuery {
  limit?: number | undefined
  cursor?: string | undefined
}

/** `list` names the list: a cursor of another one is unknown. Error: `cursor_unknown`. */
export function fromWirePage(context: Context, list: IdNoun, query: PageQuery): CorePage {
  const { limit = pageLimits.default, cursor } = query
  const beforeId = cursor === undefined ? null : readCursor(context, list, cursor)
  return { limit: limit + 1, beforeId }
}

/** `found` has one entry more than the page where another page follows. */
export function toWirePage<T extends { id: string }, W>(
  context: Context,
  list: IdNoun,
  query: PageQuery,
  found: T[],
  toWire: (entry: T) => W,
): { data: W[]; pagination: { has_more: boolean; next_cursor: string | null } } {
  const { limit = pageLimits.default } = query
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  const has_more = found.length > limit
  const next_cursor = has_more && last ? printCursor(context, list, last.id) : null
  return { data: shown.map(toWire), pagination: { has_more, next_cursor } }
}

const macBytes = 14

/** 30 bytes, so that base64url has no bit to spare: one cursor has one spelling. */
function printCursor(context: Context, list: IdNoun, id: string): string {
  const place = Buffer.from(id.replaceAll('-', ''), 'hex')
  const mac = cursorMac(context, list, id)
  return `cursor_${Buffer.concat([place, mac]).toString('base64url')}`
}

function readCursor(context: Context, list: IdNoun, cursor: string): string {
  const text = /^cursor_([\w-]{40})$/.exec(cursor)?.[1]
  const bytes = Buffer.from(text ?? '', 'base64url')
  const hex = bytes.subarray(0, 16).toString('hex')
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  if (text !== undefined && equalSecrets(bytes.subarray(16), cursorMac(context, list, id))) {
    return id
  }
  throw new AppError(pageErrors.cursor_unknown, { param: 'cursor' })
}

/** Keyed per app: what another app was given, or anybody made up, is no cursor here. */
function cursorMac(context: Context, list: IdNoun, id: string): Buffer {
  return context.vault.fingerprint(context.app.id, `cursor\n${list}\n${id}`).subarray(0, macBytes)
}

/** The core's names of fields in this surface's words, for refusals. */
export const fieldNames: Readonly<Record<string, string>> = {
  'address.postalCode': 'address.postal_code',
  country: 'address.country',
  countryText: 'address.country',
  customerId: 'customer_id',
}

export function toWireId(noun: IdNoun, id: string): string {
  return printId(noun, id)
}
