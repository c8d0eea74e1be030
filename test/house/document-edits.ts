// Owns edits of OpenAPI documents, each of a kind that breaks callers or that none of them notices.
import type { JsonSchema } from '../../server/src/http/json-schema.ts'
import type { OpenApiDocument, OperationObject } from '../../server/src/http/openapi.ts'
import { present } from '../../server/src/lib/assert.ts'

/** Chooses one of a list, by a seed. */
export type Pick = <T>(choices: T[]) => T
export type Edit = (document: OpenApiDocument, pick: Pick) => void

export const breakingEdits: Record<string, Edit> = {
  'an operation is gone': (document, pick) => {
    const { methods, method } = placeOf(document, pick)
    delete methods[method]
  },
  'a method is another': (document, pick) => {
    const { methods, method, operation } = placeOf(document, pick)
    delete methods[method]
    methods[method === 'put' ? 'options' : 'put'] = operation
  },
  'a path is another': (document, pick) => {
    const path = pick(Object.keys(document.paths))
    document.paths[`${path}s`] = present(document.paths[path], path)
    delete document.paths[path]
  },
  'the base path is another': (document) => {
    document.servers = [{ url: '/v9', description: 'Elsewhere' }]
  },
  'a member of an answer is gone': (document, pick) => {
    const { schema, name } = memberOf(answered(document), pick)
    remove(schema, name)
  },
  'a member of an answer has another name': (document, pick) => {
    const { schema, name, member } = memberOf(answered(document), pick)
    remove(schema, name)
    add(schema, `${name}_now`, member)
  },
  'a member of an answer may be left out': (document, pick) => {
    const { schema, name } = memberOf(answered(document), pick, isRequired)
    schema.required = schema.required?.filter((one) => one !== name) ?? []
  },
  'a member of an answer is of another type': (document, pick) => {
    const { schema, name } = memberOf(answered(document), pick)
    Object.assign(schema.properties ?? {}, { [name]: { type: 'array', items: { type: 'null' } } })
  },
  'a member of an answer may be null': (document, pick) => {
    const { schema, name, member } = memberOf(answered(document), pick, isText)
    Object.assign(schema.properties ?? {}, { [name]: { anyOf: [member, { type: 'null' }] } })
  },
  'a value of an answer is gone': (document, pick) => {
    pick(choicesOf(answered(document))).shift()
  },
  'a success has another status': (document, pick) => {
    const { operation } = placeOf(document, pick)
    renameKey(operation.responses, successOf(operation), '299')
  },
  'a refusal has another status': (document, pick) => {
    const { operation } = placeOf(document, pick)
    renameKey(operation.responses, pick(refusalsOf(operation)), '499')
  },
  'a code stands under another status': (document, pick) => {
    const { responses } = placeOf(document, pick).operation
    const examples = (status: string) =>
      Object.values(responses[status]?.content ?? {})[0]?.examples ?? {}
    const [code = ''] = Object.keys(examples('429'))
    renameKey(examples('429'), code, `not_${code}`)
    examples('503')[code] = { $ref: '#/components/examples/internal_error' }
  },
  'a scope is another': (document, pick) => {
    const { operation } = placeOf(document, pick, ({ security }) => security.length > 0)
    operation.security = [{ apiKey: ['other:write'] }]
  },
  'a request needs a new member': (document, pick) => {
    const schema = pick(objectsOf(asked(document)))
    add(schema, 'fresh', { type: 'string' })
    schema.required = [...(schema.required ?? []), 'fresh']
  },
  'a member of a request must be there': (document, pick) => {
    const isOptional = (schema: JsonSchema, name: string) => !isRequired(schema, name)
    const { schema, name } = memberOf(asked(document), pick, isOptional)
    schema.required = [...(schema.required ?? []), name]
  },
  'a member of a request is gone': (document, pick) => {
    const { schema, name } = memberOf(asked(document), pick)
    remove(schema, name)
  },
  'a text of a request may be shorter only': (document, pick) => {
    pick(textsOf(asked(document))).maxLength = 1
  },
  'a value of a request is gone': (document, pick) => {
    pick(choicesOf(asked(document))).pop()
  },
  'a parameter is gone': (document, pick) => {
    const { operation } = placeOf(document, pick, ({ parameters }) => parameters.length > 0)
    operation.parameters.pop()
  },
}

export const additiveEdits: Record<string, Edit> = {
  'a new operation at a new path': (document, pick) => {
    document.paths['/fresh'] = { get: structuredClone(placeOf(document, pick).operation) }
  },
  'a new method at a path': (document, pick) => {
    const { methods, operation } = placeOf(document, pick)
    methods['options'] = { ...structuredClone(operation), operationId: 'fresh' }
  },
  'a member that a request may have': (document, pick) => {
    add(pick(objectsOf(asked(document))), 'fresh', { type: 'string' })
  },
  'a query parameter that may be there': (document, pick) => {
    const fresh = { name: 'fresh', in: 'query' as const, required: false, schema: {} }
    placeOf(document, pick).operation.parameters.unshift(fresh)
  },
  'a header that may be there': (document, pick) => {
    const fresh = { name: 'Fresh', in: 'header' as const, required: false, schema: {} }
    placeOf(document, pick).operation.parameters.push(fresh)
  },
  'a new member of an answer': (document, pick) => {
    const schema = pick(objectsOf(answered(document)))
    add(schema, 'fresh', { type: 'string' })
    schema.required = [...(schema.required ?? []), 'fresh']
  },
  'a new member of some answers': (document, pick) => {
    add(pick(objectsOf(answered(document))), 'fresh', { type: 'object', properties: {} })
  },
  'a new value of a request': (document, pick) => {
    pick(choicesOf(asked(document))).push('fresh')
  },
  'a new value of an answer': (document, pick) => {
    pick(choicesOf(answered(document))).push('fresh')
  },
  'a longer id': (document, pick) => {
    const schema = pick(textsOf(answered(document)))
    Object.assign(schema, { maxLength: 5_000, examples: [`cust_${'0'.repeat(40)}`] })
  },
  'a longer text of a request': (document, pick) => {
    pick(textsOf(asked(document))).maxLength = 1_000_000
  },
  'a text of a request without a bound': (document, pick) => {
    const schema = pick(textsOf(asked(document)))
    delete schema.maxLength
    delete schema.minLength
  },
  'a member that a request need not have any more': (document, pick) => {
    const { schema, name } = memberOf(asked(document), pick, isRequired)
    schema.required = schema.required?.filter((one) => one !== name) ?? []
  },
  'null in a request': (document, pick) => {
    const { schema, name, member } = memberOf(asked(document), pick)
    Object.assign(schema.properties ?? {}, { [name]: { anyOf: [member, { type: 'null' }] } })
  },
  'a new refusal at a new status': (document, pick) => {
    const { responses } = placeOf(document, pick).operation
    responses['499'] = structuredClone(present(responses['429'], 'every operation has a limit'))
    for (const { examples } of Object.values(responses['499'].content ?? {})) {
      for (const code of Object.keys(examples ?? {})) renameKey(examples ?? {}, code, 'fresh')
    }
  },
  'a new header of an answer': (document, pick) => {
    const { operation } = placeOf(document, pick)
    const { headers } = present(operation.responses[successOf(operation)], 'it can succeed')
    headers['Fresh'] = { $ref: '#/components/headers/RetryAfter' }
  },
  'a new type of body': (document, pick) => {
    const { operation } = placeOf(document, pick, ({ requestBody }) => requestBody !== undefined)
    Object.assign(operation.requestBody?.content ?? {}, { 'application/cbor': { schema: {} } })
  },
  'a body that may be left out': (document, pick) => {
    const isMeant = ({ requestBody }: OperationObject) => requestBody?.required === true
    const { requestBody } = placeOf(document, pick, isMeant).operation
    Object.assign(requestBody ?? {}, { required: false })
  },
  'another name of a place in a path': (document, pick) => {
    const path = pick(Object.keys(document.paths).filter((one) => one.includes('{')))
    renameKey(document.paths, path, path.replace(/\{\w+\}/, '{fresh}'))
    for (const { parameters } of Object.values(document.paths[path] ?? {})) {
      for (const one of parameters) if ('in' in one && one.in === 'path') one.name = 'fresh'
    }
  },
  'other words': (document, pick) => {
    const { operation } = placeOf(document, pick)
    Object.assign(operation, { summary: 'Fresh', description: 'Fresh', tags: ['Fresh'] })
    Object.assign(document.info, { title: 'Fresh', description: 'Fresh', version: '1.1.0' })
    pick(textsOf(answered(document))).description = 'Fresh'
  },
}

function placeOf(
  { paths }: OpenApiDocument,
  pick: Pick,
  isMeant: (operation: OperationObject) => boolean = () => true,
) {
  const places = Object.values(paths).flatMap((methods) =>
    Object.entries(methods).map(([method, operation]) => ({ methods, method, operation })),
  )
  return pick(places.filter(({ operation }) => isMeant(operation)))
}

const successOf = ({ responses }: OperationObject) =>
  Object.keys(responses).find((status) => status < '300') ?? ''
const refusalsOf = ({ responses }: OperationObject) =>
  Object.keys(responses).filter((status) => status >= '400')

/** Every schema inside what operations take and never answer, themselves and not copies. */
function asked(document: OpenApiDocument): JsonSchema[] {
  const { bodies, answers } = sidesOf(document)
  return bodies.filter((schema) => !answers.includes(schema))
}

function answered(document: OpenApiDocument): JsonSchema[] {
  const { bodies, answers } = sidesOf(document)
  return answers.filter((schema) => !bodies.includes(schema))
}

function sidesOf(document: OpenApiDocument) {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  const contentOf = (content: Record<string, { schema: JsonSchema }> = {}) =>
    Object.values(content).map(({ schema }) => schema)
  const bodies = operations.flatMap(({ requestBody }) => contentOf(requestBody?.content))
  const answers = operations.flatMap((operation) =>
    contentOf(operation.responses[successOf(operation)]?.content),
  )
  return { bodies: walk(document, bodies), answers: walk(document, answers) }
}

function walk(document: OpenApiDocument, from: JsonSchema[]): JsonSchema[] {
  const found = new Set<JsonSchema>()
  for (const schema of from) visit(document, schema, found)
  return [...found]
}

function visit(document: OpenApiDocument, schema: JsonSchema, found: Set<JsonSchema>): void {
  if (found.has(schema)) return
  const { $ref, anyOf = [], properties = {}, items } = schema
  if ($ref !== undefined) {
    const name = $ref.replace('#/components/schemas/', '')
    visit(document, present(document.components.schemas[name], name), found)
    return
  }
  found.add(schema)
  const parts = [...anyOf, ...Object.values(properties), ...(items ? [items] : [])]
  for (const part of parts) visit(document, part, found)
}

const objectsOf = (schemas: JsonSchema[]) => schemas.filter(({ properties }) => properties)
const textsOf = (schemas: JsonSchema[]) => schemas.filter(({ type }) => type === 'string')
const choicesOf = (schemas: JsonSchema[]) =>
  schemas.flatMap((schema) => (schema.enum && schema.enum.length > 1 ? [schema.enum] : []))

type IsMeant = (schema: JsonSchema, name: string) => boolean
const isRequired: IsMeant = ({ required }, name) => required?.includes(name) ?? false
const isText: IsMeant = ({ properties }, name) => properties?.[name]?.type === 'string'

function memberOf(schemas: JsonSchema[], pick: Pick, isMeant: IsMeant = () => true) {
  const members = objectsOf(schemas).flatMap((schema) =>
    Object.entries(schema.properties ?? {}).map(([name, member]) => ({ schema, name, member })),
  )
  return pick(members.filter(({ schema, name }) => isMeant(schema, name)))
}

function remove(schema: JsonSchema, name: string): void {
  delete schema.properties?.[name]
  if (schema.required) schema.required = schema.required.filter((one) => one !== name)
}

function add(schema: JsonSchema, name: string, member: JsonSchema): void {
  schema.properties = { ...schema.properties, [name]: member }
}

function renameKey<T>(record: Record<string, T>, from: string, to: string): void {
  record[to] = present(record[from], from)
  delete record[from]
}
