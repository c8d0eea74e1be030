// Owns checking a request against its schema, and saying which field breaks which rule.
import Type, { type Static, type TObject, type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'
import { AppError, type Issue } from '../core/errors.ts'
import { fieldErrors } from '../core/fields.ts'
import { once } from '../lib/once.ts'
import { httpErrors } from './http-errors.ts'

type Parse<T extends TSchema> = (value: unknown) => Static<T>

const issuesMax = 20
/** A member's name comes from the caller: a longer one is cut where an answer names it. */
const paramLengthMax = 200

/** Refuses a body as `field_invalid`, naming every field that breaks a rule. */
export function compileParser<T extends TSchema>(schema: T, unknownMember?: string): Parse<T> {
  // At its first request: most operations of a process are never asked for.
  const compiled = once(() => Compile(schema))
  return (value) => {
    const validator = compiled()
    if (validator.Check(value)) return value
    if (value === undefined) throw new AppError(httpErrors.body_missing, { param: 'body' })
    throw refusal(fieldErrors.field_invalid, validator.Errors(value), schema, unknownMember)
  }
}

const noParameters = Type.Object({}, { additionalProperties: false })

/**
 * Query values are text, read as integers where the schema wants one. A repeat is refused. An
 * object comes member by member: `metadata[plan]=gold`.
 */
export function compileQueryParser(
  schema: TObject = noParameters,
): (query: Record<string, unknown>) => Record<string, unknown> {
  const compiled = once(() => Compile(schema))
  return (query) => {
    const entries = gatherMembers(schema, query).map(([name, text]) => {
      const isInteger = Reflect.get(schema.properties[name] ?? {}, 'type') === 'integer'
      return [name, isInteger && isIntegerText(text) ? Number(text) : text]
    })
    // Not by assignment: it would drop a parameter named __proto__ unseen.
    const value: Record<string, unknown> = Object.fromEntries(entries)
    const validator = compiled()
    if (validator.Check(value)) return value
    throw refusal(httpErrors.query_invalid, validator.Errors(value), schema)
  }
}

/** What the schema has as an object, in one entry; where it also stands as text, it stays text. */
function gatherMembers(schema: TObject, query: Record<string, unknown>): [string, unknown][] {
  const plain: [string, unknown][] = []
  const objects = new Map<string, [string, unknown][]>()
  for (const [name, value] of Object.entries(query)) {
    const [, object = '', member = ''] = /^(\w+)\[(.*)\]$/s.exec(name) ?? []
    const isObject = Reflect.get(schema.properties[object] ?? {}, 'type') === 'object'
    if (isObject) objects.set(object, [...(objects.get(object) ?? []), [member, value]])
    else plain.push([name, value])
  }
  const gathered = [...objects].map(([name, members]): [string, unknown] => [
    name,
    Object.fromEntries(members),
  ])
  return [...gathered, ...plain]
}

function isIntegerText(text: unknown): text is string {
  return typeof text === 'string' && /^-?\d{1,15}$/.test(text)
}

/** For an operation without a body. `{}` says nothing, and some clients send it with every POST. */
export function refuseBody(value: unknown): undefined {
  if (value === undefined) return undefined
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0
  if (isEmpty) return undefined
  throw new AppError(httpErrors.body_unexpected, { param: 'body' })
}

function refusal(
  definition: typeof fieldErrors.field_invalid,
  errors: TLocalizedValidationError[],
  schema: TSchema,
  unknownMember?: string,
): AppError {
  const issues = issuesOf(errors, schema, unknownMember)
    .slice(0, issuesMax)
    .map(({ param, message }) => ({ param: param.slice(0, paramLengthMax), message }))
  const detail = issues.map((issue) => `${issue.param}: ${issue.message}`).join('; ')
  return new AppError(definition, { issues, detail: `${detail}.`, isInWireWords: true })
}

/** One issue a field: what is missing, what is not known, and which rule a value breaks. */
function issuesOf(
  errors: TLocalizedValidationError[],
  schema: TSchema,
  unknownMember = 'is not known here',
): Issue[] {
  const byParam = new Map<string, TLocalizedValidationError[]>()
  const issues: Issue[] = []
  for (const error of errors) {
    const place = paramOf(error.instancePath)
    if (error.keyword === 'required') {
      for (const name of error.params.requiredProperties) {
        issues.push({ param: join(place, name), message: 'is missing' })
      }
    } else if (error.keyword === 'boolean') {
      // What a closed object does not allow. The library reports each such member by itself first,
      // and stops at a few errors: then the one that lists them all never comes.
      const parent = error.instancePath.slice(0, error.instancePath.lastIndexOf('/'))
      const reason = parent === '' ? unknownMember : 'is not known here'
      const message = `${reason}; known: ${knownNames(schema, parent)}`
      issues.push({ param: place, message })
    } else if (error.keyword !== 'additionalProperties') {
      const param = place === '' ? 'body' : place
      byParam.set(param, [...(byParam.get(param) ?? []), error])
    }
  }
  for (const [param, found] of byParam) issues.push({ param, message: ruleOf(found) })
  return issues
}

function ruleOf(errors: TLocalizedValidationError[]): string {
  const rule = errors.find((error) => error.keyword !== 'anyOf' && error.keyword !== 'type')
  if (rule) return describe(rule)
  const types = errors.flatMap((error) => (error.keyword === 'type' ? error.params.type : []))
  return `must be ${[...new Set(types)].join(' or ')}`
}

function describe(error: TLocalizedValidationError): string {
  switch (error.keyword) {
    case 'enum':
      return `must be one of ${error.params.allowedValues.join(', ')}`
    case 'const':
      return `must be ${String(error.params.allowedValue)}`
    case 'minLength':
      return error.params.limit === 1
        ? 'is empty'
        : `is shorter than ${error.params.limit} characters`
    case 'maxLength':
      return `is longer than ${error.params.limit} characters`
    case 'minProperties':
      return 'names no member'
    case 'maxProperties':
      return `has more than ${error.params.limit} keys`
    case 'minimum':
      return `is below ${error.params.limit}`
    case 'maximum':
      return `is above ${error.params.limit}`
    default:
      return error.message
  }
}

/** `/metadata/cuit` → `metadata.cuit` */
function paramOf(instancePath: string): string {
  return instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.')
}

function join(place: string, name: string): string {
  return place === '' ? name : `${place}.${name}`
}

function knownNames(schema: TSchema, instancePath: string): string {
  let at: unknown = schema
  for (const part of instancePath.split('/').slice(1)) {
    at = Reflect.get(Reflect.get(Object(at), 'properties') ?? {}, part)
  }
  const names = Object.keys(Reflect.get(Object(at), 'properties') ?? {})
  return names.length === 0 ? 'none' : names.join(', ')
}
