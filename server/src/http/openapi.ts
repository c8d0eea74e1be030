// Owns the OpenAPI 3.1 document of a surface, derived from its operations alone.
import type { ErrorDefinition } from '../core/errors.ts'
import { present } from '../lib/assert.ts'
import { statusOf } from './answer-error.ts'
import { securityOf } from './clearance.ts'
import { type JsonSchema, namedSchemas, toJsonSchema } from './json-schema.ts'
import {
  type HeaderObject,
  type Reference,
  refTo,
  requestIdHeader,
  successHeaders,
  toHeaders,
} from './openapi-headers.ts'
import {
  idempotencyParameter,
  ifMatchParameter,
  operatorParameters,
  type ParameterObject,
} from './openapi-parameters.ts'
import { NoContent, type Operation, type UploadPart } from './operation.ts'
import { allErrorsOf, renderDefinition, wireCodeOf } from './operation-errors.ts'
import type { Surface } from './surface.ts'

export interface OpenApiDocument {
  openapi: '3.1.0'
  info: { title: string; version: string; description: string }
  servers: { url: string; description: string }[]
  security: Record<string, string[]>[]
  tags: { name: string }[]
  paths: Record<string, Record<string, OperationObject>>
  components: {
    securitySchemes: Record<string, Record<string, string>>
    schemas: Record<string, JsonSchema>
    parameters: Record<string, ParameterObject>
    headers: Record<string, HeaderObject>
    examples: Record<string, { summary: string; description: string; value: unknown }>
  }
}

export interface OperationObject {
  operationId: string
  tags: string[]
  summary: string
  description?: string
  security: Record<string, string[]>[]
  parameters: (ParameterObject | Reference)[]
  requestBody?: { required: boolean; content: Record<string, MediaType> }
  responses: Record<string, ResponseObject>
}

interface ResponseObject {
  description: string
  headers: Record<string, Reference>
  content?: Record<string, MediaType>
}

interface MediaType {
  schema: JsonSchema
  examples?: Record<string, Reference>
}

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'
const mergePatch = 'application/merge-patch+json'

export function toOpenApi(surface: Surface): OpenApiDocument {
  const { title, version, description, basePath, operations } = surface
  const paths: OpenApiDocument['paths'] = {}
  for (const operation of operations) {
    const methods = paths[operation.path] ?? {}
    methods[operation.method.toLowerCase()] = toOperation(surface, operation)
    paths[operation.path] = methods
  }
  return {
    openapi: '3.1.0',
    info: { title, version, description },
    servers: [{ url: basePath, description: 'This installation' }],
    security: [{ apiKey: [] }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { apiKey: surface.credentials.securityScheme },
      schemas: toSchemas(surface),
      parameters: {
        IdempotencyKey: idempotencyParameter(surface),
        ...(surface.takesOperators ? operatorParameters() : {}),
      },
      headers: toHeaders(surface),
      examples: toExamples(surface),
    },
  }
}

const operatorReferences = [refTo('parameters', 'App'), refTo('parameters', 'Operator')]

function toOperation(surface: Surface, operation: Operation): OperationObject {
  const { id, tag, summary, description, scope } = operation
  const written =
    operation.method === 'GET' || scope === null ? [] : [refTo('parameters', 'IdempotencyKey')]
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: securityOf(surface, operation).map((apiKey) => ({ apiKey })),
    parameters: [
      ...pathParameters(operation),
      ...queryParameters(operation),
      ...written,
      ...(operation.takesIfMatch ? [ifMatchParameter] : []),
      ...(surface.takesOperators ? operatorReferences : []),
    ],
    ...requestBody(operation),
    responses: {
      [operation.returns.status]: {
        description: operation.returns.description,
        headers: successHeaders(surface, operation),
        ...successContent(operation),
      },
      ...errorResponses(surface, operation),
    },
  }
}

function successContent({ returns }: Operation): Pick<ResponseObject, 'content'> {
  if (returns.schema === NoContent) return {}
  const schema = withReferences(toJsonSchema(returns.schema))
  return { content: { [returns.contentType ?? json]: { schema } } }
}

function requestBody(operation: Operation): Pick<OperationObject, 'requestBody'> {
  const { body, upload, isBodyOptional = false, takesForm, takesMergePatch } = operation
  const media = { schema: withReferences(toJsonSchema(body ?? {})) }
  const content = upload
    ? { 'multipart/form-data': { schema: uploadSchema(upload) } }
    : {
        ...(takesForm ? { [form]: media } : {}),
        [json]: media,
        ...(takesMergePatch ? { [mergePatch]: media } : {}),
      }
  return body || upload ? { requestBody: { required: !isBodyOptional, content } } : {}
}

function uploadSchema(parts: UploadPart[]): JsonSchema {
  const properties = parts.map(({ name, description, isFile }): [string, JsonSchema] => {
    const file: JsonSchema = { type: 'string', format: 'binary' }
    return [
      name,
      isFile ? { type: 'array', description, items: file } : { type: 'string', description },
    ]
  })
  const required = parts.filter(({ isRequired }) => isRequired).map(({ name }) => name)
  return { type: 'object', properties: Object.fromEntries(properties), required }
}

function pathParameters(operation: Operation): ParameterObject[] {
  const { properties = {} } = operation.params ? toJsonSchema(operation.params) : {}
  return [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const schema = present(properties[name], `${operation.id} describes the path's ${name}`)
    return toParameter({ name, in: 'path', required: true }, schema)
  })
}

function queryParameters(operation: Operation): ParameterObject[] {
  const { properties = {}, required = [] } = operation.query ? toJsonSchema(operation.query) : {}
  return Object.entries(properties).map(([name, schema]) =>
    toParameter({ name, in: 'query', required: required.includes(name) }, schema),
  )
}

function toParameter(
  place: Pick<ParameterObject, 'name' | 'in' | 'required'>,
  described: JsonSchema,
): ParameterObject {
  const { description, ...schema } = described
  const isObject = place.in === 'query' && schema.type === 'object'
  const spelled = isObject ? { style: 'deepObject' as const, explode: true as const } : {}
  return { ...place, ...spelled, ...(description === undefined ? {} : { description }), schema }
}

/** One response a status; several refusals share one and are told apart by its examples. */
function errorResponses(surface: Surface, operation: Operation): Record<string, ResponseObject> {
  const byStatus = new Map<number, ErrorDefinition[]>()
  for (const definition of allErrorsOf(surface, operation)) {
    const status = statusOf(surface, definition.kind)
    byStatus.set(status, [...(byStatus.get(status) ?? []), definition])
  }
  const entries = [...byStatus].map(([status, definitions]): [number, ResponseObject] => {
    const examples = definitions.map(({ code }) => [code, refTo('examples', code)])
    const isTemporary = status === 429 || status === 503
    return [
      status,
      {
        description: definitions.map((one) => describeError(surface, one)).join('\n'),
        headers: {
          ...requestIdHeader(surface),
          ...(isTemporary ? { 'Retry-After': refTo('headers', 'RetryAfter') } : {}),
        },
        content: {
          [surface.errorContentType ?? json]: {
            schema: refTo('schemas', 'Error'),
            examples: Object.fromEntries(examples),
          },
        },
      },
    ]
  })
  return Object.fromEntries(entries)
}

function describeError(surface: Surface, definition: ErrorDefinition): string {
  return `- \`${wireCodeOf(surface, definition)}\`: ${definition.title}`
}

function toSchemas(surface: Surface): Record<string, JsonSchema> {
  const named = [...namedSchemas(surface)].map(([name, schema]) => {
    const { title, ...rest } = schema
    return [name, { title, ...withReferences(rest) }]
  })
  const error = toJsonSchema(surface.errorSchema)
  return { ...Object.fromEntries(named), Error: { ...error, title: 'Error' } }
}

/** Every schema with a name of its own stands once, under components. */
function withReferences(schema: JsonSchema): JsonSchema {
  if (schema.title !== undefined) return refTo('schemas', schema.title)
  const { anyOf, items, properties, patternProperties } = schema
  return {
    ...schema,
    ...(anyOf ? { anyOf: anyOf.map(withReferences) } : {}),
    ...(items ? { items: withReferences(items) } : {}),
    ...(properties ? { properties: mapValues(properties, withReferences) } : {}),
    ...(patternProperties
      ? { patternProperties: mapValues(patternProperties, withReferences) }
      : {}),
  }
}

function mapValues<A, B>(record: Record<string, A>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))
}

/** Each refusal in the surface's own body, once. */
function toExamples(surface: Surface): OpenApiDocument['components']['examples'] {
  const definitions = surface.operations.flatMap((operation) => allErrorsOf(surface, operation))
  const byCode = new Map(definitions.map((definition) => [definition.code, definition]))
  const entries = [...byCode.values()].map((definition) => {
    const { code, title: summary, fix: description } = definition
    return [code, { summary, description, value: renderDefinition(surface, definition) }]
  })
  return Object.fromEntries(entries)
}
