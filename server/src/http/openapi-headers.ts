// Owns the headers of answers in the OpenAPI documents.
import type { JsonSchema } from './json-schema.ts'
import { headerName } from './openapi-parameters.ts'
import type { Operation } from './operation.ts'
import { sampleRequestId } from './operation-errors.ts'
import type { Surface } from './surface.ts'

export interface HeaderObject {
  description: string
  schema: JsonSchema
}

export interface Reference {
  $ref: string
}

export function toHeaders({ tellsAllowance, operations }: Surface): Record<string, HeaderObject> {
  const hasVersions = operations.some(({ returns }) => returns.versionOf)
  return {
    RequestId: {
      description: 'Names this request; tell it to the operator when you ask about it.',
      schema: { type: 'string', examples: [sampleRequestId] },
    },
    IdempotentReplayed: {
      description: '`true` when this is the stored answer to an earlier request.',
      schema: { type: 'string', enum: ['true'] },
    },
    RetryAfter: {
      description: 'Seconds to wait before the next try.',
      schema: { type: 'integer', minimum: 0 },
    },
    ...(hasVersions ? { ETag: version } : {}),
    ...(tellsAllowance ? { RateLimit: allowance, RateLimitPolicy: policy } : {}),
  }
}

const version: HeaderObject = {
  description: 'The version that was answered, for `If-Match`.',
  schema: { type: 'string', examples: ['"3"'] },
}
const allowance: HeaderObject = {
  description:
    'How many requests the key has left at once, and in how many seconds all of them are back.',
  schema: { type: 'string', examples: ['"key";r=99;t=1'] },
}
const policy: HeaderObject = {
  description: 'How many requests a key may send in how many seconds, and at once.',
  schema: { type: 'string', examples: ['"key";q=100;w=1'] },
}

export function requestIdHeader(surface: Surface): Record<string, Reference> {
  return { [headerName(surface.requestIdHeader)]: refTo('headers', 'RequestId') }
}

export function successHeaders(surface: Surface, operation: Operation): Record<string, Reference> {
  const isWrite = operation.method !== 'GET'
  const isCounted = surface.tellsAllowance && operation.scope !== null
  return {
    ...requestIdHeader(surface),
    ...(isWrite ? { 'Idempotent-Replayed': refTo('headers', 'IdempotentReplayed') } : {}),
    ...(operation.returns.versionOf ? { ETag: refTo('headers', 'ETag') } : {}),
    ...(isCounted
      ? {
          RateLimit: refTo('headers', 'RateLimit'),
          'RateLimit-Policy': refTo('headers', 'RateLimitPolicy'),
        }
      : {}),
  }
}

export function refTo(section: string, name: string): Reference {
  return { $ref: `#/components/${section}/${name}` }
}
