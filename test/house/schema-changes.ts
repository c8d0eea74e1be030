// Owns telling which changes of a schema break callers: of what they send, and of what they get.
import type { JsonSchema } from '../../server/src/http/json-schema.ts'
import type { OpenApiDocument } from '../../server/src/http/openapi.ts'

export interface Documents {
  before: OpenApiDocument
  after: OpenApiDocument
}

export interface Change {
  place: string
  before: JsonSchema
  after: JsonSchema
}

/** Of a request: whatever could be sent must still be taken. */
export function narrowed(documents: Documents, change: Change): string[] {
  return compareForms(documents, change, narrowedForm, (was, is) => ({ each: was, among: is }))
}

/** Of an answer: whatever was told must still be told, and in the same form. */
export function withheld(documents: Documents, change: Change): string[] {
  const gone = lostValues(documents, change)
  const changed = compareForms(documents, change, withheldForm, (was, is) => {
    return { each: is, among: was }
  })
  return [...gone, ...changed]
}

type CompareForm = (documents: Documents, change: Change) => string[]
type Sides = (was: JsonSchema[], is: JsonSchema[]) => { each: JsonSchema[]; among: JsonSchema[] }

/** `each` form must have a fellow `among` the other side's, with which nothing breaks. */
function compareForms(
  documents: Documents,
  { place, before, after }: Change,
  compare: CompareForm,
  sidesOf: Sides,
): string[] {
  const was = formsOf(documents.before, before)
  const is = formsOf(documents.after, after)
  const { each, among } = sidesOf(was, is)
  return each.flatMap((form) => {
    const tries = among
      .filter((other) => kindOf(other) === kindOf(form) || isAnything(other))
      .map((other) => {
        const [one, two] = each === was ? [form, other] : [other, form]
        return compare(documents, { place, before: one, after: two })
      })
    const [fewest] = tries.sort((left, right) => left.length - right.length)
    const side = each === was ? 'was' : 'is'
    return fewest ?? [`${place} ${side} also ${kindOf(form)}`]
  })
}

/** The alternatives of a schema, each without a reference. */
function formsOf(document: OpenApiDocument, schema: JsonSchema): JsonSchema[] {
  const resolved = resolve(document, schema)
  if (!resolved.anyOf) return splitEnum(resolved)
  return resolved.anyOf.flatMap((one) => formsOf(document, one))
}

function resolve(document: OpenApiDocument, schema: JsonSchema): JsonSchema {
  if (schema.$ref === undefined) return schema
  const found = document.components.schemas[schema.$ref.replace('#/components/schemas/', '')]
  if (!found) throw new Error(`${schema.$ref} is not in the document`)
  return found
}

/** A constant is a choice of one; `null` among the choices is a form of its own. */
function splitEnum(schema: JsonSchema): JsonSchema[] {
  const choices = schema.const === undefined ? schema.enum : [schema.const]
  if (!choices) return [schema]
  const rest = choices.filter((one) => one !== null)
  const isNullable = rest.length < choices.length
  return [...(rest.length > 0 ? [{ enum: rest }] : []), ...(isNullable ? [nothing] : [])]
}

const nothing: JsonSchema = { type: 'null' }

function kindOf({ type, enum: choices }: JsonSchema): string {
  if (choices) return typeof choices[0]
  return type === 'integer' ? 'number' : (type ?? 'anything')
}

const isAnything = (schema: JsonSchema) => kindOf(schema) === 'anything'

function narrowedForm(documents: Documents, change: Change): string[] {
  const { place, before, after } = change
  const told = (what: string) => `${place} ${what}`
  return [
    ...narrowedChoices(before, after).map(told),
    ...narrowedBounds(before, after).map(told),
    ...narrowedMembers(change),
    ...inside(documents, change, narrowed),
  ]
}

function narrowedChoices(before: JsonSchema, after: JsonSchema): string[] {
  const { enum: choices } = after
  if (!choices) return before.type !== 'integer' && after.type === 'integer' ? ['is whole'] : []
  if (!before.enum) return ['is one of a few']
  const gone = before.enum.filter((one) => !choices.includes(one))
  return gone.map((one) => `does not take ${one}`)
}

const lowest = ['minLength', 'minimum', 'minItems', 'minProperties', 'exclusiveMinimum'] as const
const highest = ['maxLength', 'maximum', 'maxItems', 'maxProperties', 'exclusiveMaximum'] as const
const exact = ['pattern', 'format', 'multipleOf', 'uniqueItems'] as const

function narrowedBounds(before: JsonSchema, after: JsonSchema): string[] {
  const boundOf = (schema: JsonSchema, name: string): unknown => Reflect.get(schema, name)
  const low = lowest.filter((name) => {
    const bound = boundOf(after, name)
    return typeof bound === 'number' && bound > Number(boundOf(before, name) ?? -Infinity)
  })
  const high = highest.filter((name) => {
    const bound = boundOf(after, name)
    return typeof bound === 'number' && bound < Number(boundOf(before, name) ?? Infinity)
  })
  const same = exact.filter((name) => {
    const rule = boundOf(after, name)
    return rule !== undefined && rule !== boundOf(before, name)
  })
  const other = JSON.stringify(before.default) !== JSON.stringify(after.default)
  return [...low, ...high, ...same, ...(other ? ['default'] : [])].map(
    (name) => `has another ${name}`,
  )
}

function narrowedMembers({ place, before, after }: Change): string[] {
  const { properties: was = {}, required: wasRequired = [] } = before
  const { properties: is = {}, required: isRequired = [] } = after
  const needed = isRequired.filter((name) => !wasRequired.includes(name))
  const isClosedNow = isClosed(after) && before.type === 'object' && !isClosed(before)
  return [
    ...Object.keys(was).flatMap((name) => (name in is ? [] : [`${place}.${name} is gone`])),
    ...needed.map((name) => `${place}.${name} is required`),
    ...(isClosedNow ? [`${place} takes no other members`] : []),
  ]
}

/** It has the members that it names, and no others. */
function isClosed({ additionalProperties, patternProperties }: JsonSchema): boolean {
  return additionalProperties === false && patternProperties === undefined
}

function withheldForm(documents: Documents, change: Change): string[] {
  const { place, before, after } = change
  const { properties: was = {}, required: wasRequired = [] } = before
  const { properties: is = {}, required: isRequired = [] } = after
  const isFreed = before.enum !== undefined && after.enum === undefined
  const isBroken = before.type === 'integer' && after.type !== 'integer'
  return [
    ...(isFreed ? [`${place} is one of a few no more`] : []),
    ...(isBroken ? [`${place} is whole no more`] : []),
    ...(before.format === after.format ? [] : [`${place} has another format`]),
    ...Object.keys(was).flatMap((name) => (name in is ? [] : [`${place}.${name} is gone`])),
    ...wasRequired
      .filter((name) => name in is && !isRequired.includes(name))
      .map((name) => `${place}.${name} may be left out`),
    ...inside(documents, change, withheld),
  ]
}

/** Choices and forms that were told and are told no more; `null` is missed by nobody. */
function lostValues(documents: Documents, { place, before, after }: Change): string[] {
  const was = formsOf(documents.before, before)
  const is = formsOf(documents.after, after)
  const choices = new Set(is.flatMap((form) => form.enum ?? []))
  const lost = was.flatMap((form) => form.enum ?? []).filter((one) => !choices.has(one))
  const isListed = is.some((form) => form.enum)
  const kinds = new Set(is.map(kindOf))
  const forms = was.map(kindOf).filter((kind) => kind !== 'null' && !kinds.has(kind))
  return [
    ...(isListed ? lost.map((one) => `${place} is never ${one}`) : []),
    ...forms.map((kind) => `${place} is never ${kind}`),
  ]
}

/** Members on both sides, entries, and what a free-form object holds. */
function inside(documents: Documents, change: Change, compare: CompareForm): string[] {
  const { place, before, after } = change
  const members = Object.entries(before.properties ?? {}).flatMap(([name, one]) => {
    const other = after.properties?.[name]
    if (!other) return []
    return compare(documents, { place: `${place}.${name}`, before: one, after: other })
  })
  const pair = (name: string, one: unknown, other: unknown): string[] => {
    if (!isSchema(one) || !isSchema(other)) return []
    return compare(documents, { place: `${place}${name}`, before: one, after: other })
  }
  const [free] = Object.values(before.patternProperties ?? {})
  const [freeNow] = Object.values(after.patternProperties ?? {})
  return [
    ...members,
    ...pair('[]', before.items, after.items),
    ...pair('.*', free, freeNow),
    ...pair('.*', before.additionalProperties, after.additionalProperties),
  ]
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null
}
