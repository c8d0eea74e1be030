// Owns what stands in place of personal data: walks an answer by its schema, and hides what is said
// to be personal there, and whatever the schema does not describe.
import { assert } from '../lib/assert.ts'
import { type JsonSchema, mapValueOf, withoutNull } from './json-schema.ts'

/** On the schema of what is shown as `***` to whoever sees no personal data. */
export const personal = { 'x-personal': 'hidden' } as const

/** Of numbers by which a person asks for something: the last four characters of a long one stay. */
export const personalNumber = { 'x-personal': 'last4' } as const

/** Hidden but for these members, by their paths: `payout.status`; each entry of a list has one. */
export function personalExcept(paths: readonly string[]) {
  return { ...personal, 'x-personal-except': [...paths] }
}

export type Mask = (value: unknown) => unknown

/** The form stays: members, entries and nulls; what is hidden is text. */
export function maskOf(schema: JsonSchema): Mask {
  if (schema['x-personal']) return maskPersonal(schema)
  const { schema: inner, isNullable } = withoutNull(schema)
  if (isNullable) return unlessNull(maskOf(inner))
  if (schema.type === 'object') return maskObject(schema)
  if (schema.type === 'array') return maskArray(schema)
  return isPlain(schema) ? showPlain : hide
}

function maskPersonal(schema: JsonSchema): Mask {
  assert(takesText(schema), 'what is personal must be allowed to be any text')
  const except = schema['x-personal-except']
  if (except) return hideExcept(new Set(except))
  return schema['x-personal'] === 'last4' ? hideNumber : hide
}

function unlessNull(mask: Mask): Mask {
  return (value) => (value === null ? null : mask(value))
}

function maskObject(schema: JsonSchema): Mask {
  const described = Object.entries(schema.properties ?? {})
  const members = new Map(described.map(([name, of]) => [name, maskOf(of)]))
  const entry = mapValueOf(schema)
  const others = entry ? maskOf(entry) : hide
  return (value) =>
    isObject(value)
      ? mapMembers(value, (member, name) => (members.get(name) ?? others)(member))
      : hide(value)
}

function maskArray({ items = {} }: JsonSchema): Mask {
  const mask = maskOf(items)
  return (value) => (Array.isArray(value) ? value.map(mask) : hide(value))
}

const plainTypes = ['string', 'integer', 'number', 'boolean', 'null']

/** One value without members, which was judged not to be personal. */
function isPlain({ type = '', enum: values, const: only, anyOf }: JsonSchema): boolean {
  if (anyOf) return anyOf.every((one) => isPlain(one) && !one['x-personal'])
  return values !== undefined || only !== undefined || plainTypes.includes(type)
}

const showPlain: Mask = (value) => (isObject(value) || Array.isArray(value) ? hide(value) : value)

const hidden = '***'

function hide(value: unknown): unknown {
  if (value === null || value === undefined) return value
  if (Array.isArray(value)) return value.map(hide)
  return isObject(value) ? mapMembers(value, hide) : hidden
}

const lengthShownMin = 8
const digitsShownMin = 4

/** Also where somebody wrote words into a field of numbers, nothing of them is shown. */
function hideNumber(value: unknown): unknown {
  if (typeof value !== 'string') return hide(value)
  const bare = value.replaceAll(/[ ./+-]/g, '')
  const isNumber =
    /^[0-9A-Za-z]*$/.test(bare) && bare.replaceAll(/\D/g, '').length >= digitsShownMin
  return isNumber && bare.length >= lengthShownMin ? hidden + bare.slice(-4) : hidden
}

function hideExcept(clear: ReadonlySet<string>): Mask {
  const walk = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) return value.map((entry) => walk(entry, path))
    if (!isObject(value)) return clear.has(path) ? value : hide(value)
    return mapMembers(value, (member, name) => walk(member, path === '' ? name : `${path}.${name}`))
  }
  return (value) => walk(value, '')
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mapMembers(value: object, map: (member: unknown, name: string) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, map(one, name)]))
}

/** Whether the mask of any of its values is one of them. */
function takesText(schema: JsonSchema): boolean {
  const { type, anyOf, items, properties, pattern, format } = schema
  if (anyOf) return anyOf.some(takesText)
  if (type === 'array') return takesText(items ?? {})
  if (type === 'object') {
    const entry = mapValueOf(schema)
    return [...Object.values(properties ?? {}), ...(entry ? [entry] : [])].every(takesText)
  }
  const isFree = pattern === undefined && format === undefined && schema.enum === undefined
  return isFree && (type === undefined || type === 'string') && (schema.maxLength ?? 7) >= 7
}
