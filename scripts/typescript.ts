// Owns printing a surface's wire schemas as TypeScript, for the SDK.

import {
  type JsonSchema,
  mapValueOf,
  namedSchemas,
  toJsonSchema,
  withoutNull,
} from '../server/src/http/json-schema.ts'
import type { Operation } from '../server/src/http/operation.ts'
import { allErrorsOf, wireCodeOf } from '../server/src/http/operation-errors.ts'
import type { Surface } from '../server/src/http/surface.ts'

export function printSurfaceTypes(surface: Surface): string {
  const interfaces = [...namedSchemas(surface)].map(([name, schema]) => {
    if (usedTypes.has(name)) throw new Error(`a schema titled ${name} would hide TypeScript's own`)
    return printInterface(name, schema, sentenceFor(surface, name))
  })
  const queries = surface.operations.flatMap((operation) => printQuery(operation))
  const parts = [...interfaces, ...queries, ...printError(surface), ...printErrorCodes(surface)]
  return `${header(surface)}\n${parts.join('\n')}`
}

function header(surface: Surface): string {
  const owns =
    `// Owns the types of the ${surface.name} surface. ` +
    'Generated from its operations: change those'
  return `${owns}\n// and run \`npm run generate\`.\n`
}

function sentenceFor(surface: Surface, name: string): string {
  const uses = surface.operations.flatMap(({ method, path, body, returns }) => {
    const route = `\`${method} ${path}\``
    const isSent = body !== undefined && toJsonSchema(body).title === name
    const schema = toJsonSchema(returns.schema)
    const isReturned = schema.title === name || schema.items?.title === name
    return [...(isSent ? [`Sent with ${route}.`] : []), ...(isReturned ? [route] : [])]
  })
  const [first = 'an operation', ...more] = uses
  if (first.startsWith('Sent')) return first
  return `Answered by ${first}${more.length > 0 ? ' and others' : ''}.`
}

function printQuery(operation: Operation): string[] {
  if (!operation.query) return []
  const name = `${capitalize(operation.id)}Query`
  const sentence = `The query of \`${operation.method} ${operation.path}\`.`
  return [printInterface(name, toJsonSchema(operation.query), sentence)]
}

/** The body of a refusal, where it has a name. */
function printError(surface: Surface): string[] {
  const schema = toJsonSchema(surface.errorSchema)
  return schema.title === undefined
    ? []
    : [printInterface(schema.title, schema, 'The body of a refusal.')]
}

/** Every value of the error body's `code`, wherever the surface puts it. */
function printErrorCodes(surface: Surface): string[] {
  const listed = errorCodesOf(toJsonSchema(surface.errorSchema))
  // Where the schema lists none, each operation says what it can be refused with.
  const codes = listed.length > 0 ? listed : refusalsOf(surface)
  const name = `${capitalize(surface.name)}ErrorCode`
  const lines = codes.map((code) => `  | ${quote(code)}`)
  const sentence = docComment('', 'What an error answer says in `code`.')
  return [[sentence, `export type ${name} =`, ...lines, ''].join('\n')]
}

function refusalsOf(surface: Surface): string[] {
  const definitions = surface.operations.flatMap((one) => allErrorsOf(surface, one))
  return [...new Set(definitions.map((definition) => wireCodeOf(surface, definition)))].sort()
}

/** The union of all types, each with its sentence. */
export function printEventTypes(events: Record<string, string>): string {
  const members = Object.entries(events).flatMap(([type, meaning]) => [
    docComment('  ', meaning),
    `  | ${quote(type)}`,
  ])
  const owns =
    "// Owns the types of events. Generated from the core's catalogue: change that\n" +
    '// and run `npm run generate`.\n'
  const sentence = docComment('', "What can happen: the facts in customers' histories.")
  return [owns, sentence, 'export type EventType =', ...members, ''].join('\n')
}

export function errorCodesOf(schema: JsonSchema): string[] {
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    if (name === 'code' && member.enum) return member.enum.map(String)
    const inside = errorCodesOf(member)
    if (inside.length > 0) return inside
  }
  return []
}

function printInterface(name: string, schema: JsonSchema, sentence: string): string {
  const members = Object.entries(schema.properties ?? {}).flatMap(([member, of]) => {
    const inner = withoutNull(of).schema
    const mark = schema.required?.includes(member) ? '' : '?'
    const line = `  ${memberName(member)}${mark}: ${printType(of)}`
    const description = of.description ?? inner.description
    return description === undefined ? [line] : [docComment('  ', description), line]
  })
  return [docComment('', sentence), `export interface ${name} {`, ...members, '}', ''].join('\n')
}

export function printType(schema: JsonSchema): string {
  if (schema.title !== undefined) return schema.title
  if (schema.const !== undefined) return printValue(schema.const)
  if (schema.enum) return schema.enum.map(printValue).join(' | ')
  if (schema.anyOf) return schema.anyOf.map(printType).join(' | ')
  if (schema.type === 'array') return `Array<${printType(schema.items ?? {})}>`
  if (schema.type === 'object') return printObject(schema)
  return primitives[schema.type ?? ''] ?? 'unknown'
}

function printObject(schema: JsonSchema): string {
  const value = mapValueOf(schema)
  if (value) return `Record<string, ${printType(value)}>`
  const members = Object.entries(schema.properties ?? {}).map(([name, of]) => {
    const mark = schema.required?.includes(name) ? '' : '?'
    return `${memberName(name)}${mark}: ${printType(of)}`
  })
  return members.length === 0 ? 'Record<string, never>' : `{ ${members.join('; ')} }`
}

/** What printed types are made of. */
const usedTypes = new Set(['Record', 'Array'])

const primitives: Record<string, string> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
}

function printValue(value: unknown): string {
  return typeof value === 'string' ? quote(value) : String(value)
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

function memberName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name)
}

/** A description that ends the comment early would be code. */
function docComment(indent: string, text: string): string {
  return `${indent}/** ${text.replaceAll('*/', '*\\/').replaceAll('\n', ' ')} */`
}

function capitalize(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
