// Owns the wire schemas as plain JSON Schema, and which of them have a name of their own.
import { deepStrictEqual } from 'node:assert'
import type { TSchema } from 'typebox'
import type { Surface } from './surface.ts'

/** The members that our wire schemas use. */
export interface JsonSchema {
  $ref?: string
  title?: string
  description?: string
  type?: string
  enum?: (string | number | boolean | null)[]
  const?: string | number | boolean | null
  anyOf?: JsonSchema[]
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  patternProperties?: Record<string, JsonSchema>
  additionalProperties?: boolean | JsonSchema
  required?: string[]
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  maxProperties?: number
  maxItems?: number
  pattern?: string
  format?: string
  default?: unknown
  examples?: unknown[]
  /** Masked before callers who see no personal data; `last4`: but for the end of a long number. */
  'x-personal'?: 'hidden' | 'last4'
  /** Paths of members that are shown all the same. */
  'x-personal-except'?: string[]
}

/** A TypeBox schema without what only TypeBox reads. */
export function toJsonSchema(schema: TSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema))
}

/** Every schema with a title that the surface's operations use, by title; one title, one schema. */
export function namedSchemas(surface: Surface): Map<string, JsonSchema> {
  const named = new Map<string, JsonSchema>()
  for (const { body, returns } of surface.operations) {
    if (body) collect(toJsonSchema(body), named)
    collect(toJsonSchema(returns.schema), named)
  }
  return named
}

function collect(schema: JsonSchema, named: Map<string, JsonSchema>): void {
  for (const part of partsOf(schema)) collect(part, named)
  if (schema.title === undefined) return
  const known = named.get(schema.title)
  if (known) deepStrictEqual(schema, known, `two schemas are titled ${schema.title}`)
  named.set(schema.title, schema)
}

function partsOf(schema: JsonSchema): JsonSchema[] {
  const { anyOf = [], items, properties = {}, patternProperties = {} } = schema
  const own = [...anyOf, ...Object.values(properties), ...Object.values(patternProperties)]
  return items ? [...own, items] : own
}

/** The part that says something where the other one is only `null`. */
export function withoutNull(schema: JsonSchema): { schema: JsonSchema; isNullable: boolean } {
  const parts = (schema.anyOf ?? []).filter((part) => part.type !== 'null')
  const [only] = parts
  const isNullable = schema.anyOf !== undefined && parts.length < schema.anyOf.length
  if (!isNullable || parts.length !== 1 || !only) return { schema, isNullable: false }
  return { schema: only, isNullable }
}

/** What the members of a map hold, where the schema is one. */
export function mapValueOf(schema: JsonSchema): JsonSchema | undefined {
  return Object.values(schema.patternProperties ?? {})[0]
}
