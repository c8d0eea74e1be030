// Owns telling which changes of a surface's OpenAPI document would break its callers: an operation
// was taken away, a request is refused that was read, an answer lacks what it had.
import type { OpenApiDocument, OperationObject } from '../../server/src/http/openapi.ts'
import { narrowed, withheld } from './schema-changes.ts'

type Parameter = OpenApiDocument['components']['parameters'][string]

/** One line each; empty where every caller of `before` can call `after`. */
export function breakingChanges(before: OpenApiDocument, after: OpenApiDocument): string[] {
  const operations = operationsOf(after)
  return [
    ...compare('the base path', before.servers[0]?.url, after.servers[0]?.url),
    ...compare(
      'the credentials',
      before.components.securitySchemes['apiKey'],
      after.components.securitySchemes['apiKey'],
    ),
    ...[...operationsOf(before)].flatMap(([route, operation]) => {
      const later = operations.get(route)
      if (!later) return [`${route}: is gone`]
      return operationChanges({ before, after }, operation, later).map((one) => `${route}: ${one}`)
    }),
  ]
}

interface Documents {
  before: OpenApiDocument
  after: OpenApiDocument
}

/** By method and path; how a place in a path is called, no caller ever says. */
function operationsOf({ paths }: OpenApiDocument): Map<string, OperationObject> {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, OperationObject] => {
      return [`${method.toUpperCase()} ${path.replace(/\{\w+\}/g, '{}')}`, operation]
    }),
  )
  return new Map(all)
}

function operationChanges(
  documents: Documents,
  before: OperationObject,
  after: OperationObject,
): string[] {
  const isOpenNow = after.security.length === 0
  return [
    ...compare('its name', before.operationId, after.operationId),
    ...(isOpenNow ? [] : scopeChanges(before, after)),
    ...parameterChanges(documents, before, after),
    ...bodyChanges(documents, before, after),
    ...responseChanges(documents, before, after),
  ]
}

/** Whichever scope was enough must still be; one more that is enough keeps nobody out. */
function scopeChanges({ security: before }: OperationObject, { security }: OperationObject) {
  const enough = new Set(security.map((one) => JSON.stringify(one)))
  const isKept = before.length > 0 && before.every((one) => enough.has(JSON.stringify(one)))
  return isKept ? [] : compare('the scope', before, security)
}

function parameterChanges(
  documents: Documents,
  before: OperationObject,
  after: OperationObject,
): string[] {
  const then = parametersOf(documents.before, before)
  const now = parametersOf(documents.after, after)
  const changed = [...then].flatMap(([place, parameter]) => {
    const later = now.get(place)
    if (!later) return [`${place} is gone`]
    return [
      ...(later.required && !parameter.required ? [`${place} is required`] : []),
      ...narrowed(documents, { place, before: parameter.schema, after: later.schema }),
    ]
  })
  const added = [...now].filter(([place, { required }]) => required && !then.has(place))
  return [...changed, ...added.map(([place]) => `${place} is new and required`)]
}

/** Those of a path by their order, the others by name. */
function parametersOf(document: OpenApiDocument, { parameters }: OperationObject) {
  const { parameters: shared } = document.components
  const resolved = parameters.flatMap((one): Parameter[] => {
    if (!('$ref' in one)) return [one]
    const found = shared[one.$ref.replace('#/components/parameters/', '')]
    return found ? [found] : []
  })
  let count = 0
  const named = resolved.map((one): [string, Parameter] => {
    if (one.in === 'path') count += 1
    return [one.in === 'path' ? `path ${count}` : `${one.in} ${one.name.toLowerCase()}`, one]
  })
  return new Map(named)
}

function bodyChanges(
  documents: Documents,
  { requestBody: before }: OperationObject,
  { requestBody: after }: OperationObject,
): string[] {
  if (!before) return after?.required ? ['a body is required'] : []
  if (!after) return ['no body is taken']
  const types = Object.entries(before.content).flatMap(([type, { schema }]) => {
    const later = after.content[type]
    if (!later) return [`${type} is not taken`]
    return narrowed(documents, { place: 'body', before: schema, after: later.schema })
  })
  return [...(after.required && !before.required ? ['a body is required'] : []), ...types]
}

function responseChanges(
  documents: Documents,
  before: OperationObject,
  after: OperationObject,
): string[] {
  const statuses = statusesOfCodes(after)
  const answers = Object.entries(before.responses).flatMap(([status, response]) => {
    const later = after.responses[status]
    if (!later) return [`${status} is answered no more`]
    const headers = Object.keys(response.headers).filter((name) => !(name in later.headers))
    const contents = Object.entries(response.content ?? {}).flatMap(([type, { schema }]) => {
      const media = later.content?.[type]
      if (!media) return [`${status} is ${type} no more`]
      return withheld(documents, { place: status, before: schema, after: media.schema })
    })
    const isEmptied = !response.content && later.content ? [`${status} has a body`] : []
    return [...headers.map((name) => `${status} lacks ${name}`), ...contents, ...isEmptied]
  })
  const moved = [...statusesOfCodes(before)].flatMap(([code, status]) => {
    const later = statuses.get(code)
    return later === undefined || later === status ? [] : [`${code} is ${later}, was ${status}`]
  })
  return [...answers, ...moved]
}

/** The status of each refusal, which its examples name. */
function statusesOfCodes({ responses }: OperationObject): Map<string, string> {
  const all = Object.entries(responses).flatMap(([status, { content = {} }]) =>
    Object.values(content).flatMap(({ examples = {} }) =>
      Object.keys(examples).map((code): [string, string] => [code, status]),
    ),
  )
  return new Map(all)
}

function compare(what: string, before: unknown, after: unknown): string[] {
  const [was, is] = [JSON.stringify(before), JSON.stringify(after)]
  return was === is ? [] : [`${what} is ${is}, was ${was}`]
}
