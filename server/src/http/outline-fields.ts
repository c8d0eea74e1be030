// Owns saying in words what a wire schema asks of each field, and giving an example of it.
import { type JsonSchema, mapValueOf, withoutNull } from './json-schema.ts'

export interface Field {
  /** With the names of the objects around it: `error.code`. */
  name: string
  /** `string`, `integer or null`, `array of Payout` */
  type: string
  isRequired: boolean
  /** Empty where the type says it all. */
  rule: string
  description: string
}

/** An object inside without a name of its own is followed by its members. */
export function fieldsOf(schema: JsonSchema, place = ''): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([member, of]) => {
    const { schema: inner, isNullable } = withoutNull(of)
    const name = place + member
    const description = of.description ?? inner.description ?? ''
    const field = {
      name,
      type: isNullable ? `${typeOf(inner)} or null` : typeOf(inner),
      isRequired: schema.required?.includes(member) ?? false,
      rule: [saysEveryValue(description, inner) ? '' : ruleOf(inner), personalRuleOf(of, inner)]
        .filter((rule) => rule !== '')
        .join('; '),
      description,
    }
    const isNamed = inner.title !== undefined
    return [field, ...(isNamed ? [] : fieldsOf(inner, `${name}.`))]
  })
}

function personalRuleOf(...schemas: JsonSchema[]): string {
  const marked = schemas.find((schema) => schema['x-personal'] !== undefined)
  if (!marked) return ''
  if (marked['x-personal-except']) return 'personal, but for ids, statuses, kinds and times'
  return marked['x-personal'] === 'last4' ? 'personal, but for its end' : 'personal'
}

function saysEveryValue(description: string, { enum: values }: JsonSchema): boolean {
  return values?.every((value) => description.includes(`\`${value}\``)) ?? false
}

function typeOf(schema: JsonSchema): string {
  if (schema.title !== undefined) return schema.title
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ')
  if (schema.type === 'array') return `array of ${typeOf(schema.items ?? {})}`
  const value = mapValueOf(schema)
  if (value) return `map of ${typeOf(value)}`
  const sample = schema.const ?? schema.enum?.[0]
  return schema.type ?? (sample === undefined ? 'any' : typeof sample)
}

function ruleOf(schema: JsonSchema): string {
  const { enum: values, maxProperties, maxItems, pattern, default: fallback } = schema
  const value = mapValueOf(schema)
  const valueRule = value ? ruleOf(value) : ''
  const rules = [
    values ? values.map((one) => `\`${one}\``).join(', ') : '',
    rangeOf(schema.minLength, schema.maxLength, 'characters'),
    rangeOf(schema.minimum, schema.maximum, ''),
    maxProperties === undefined ? '' : `at most ${maxProperties} keys`,
    maxItems === undefined ? '' : `at most ${maxItems} entries`,
    pattern === undefined ? '' : `matches \`${pattern}\``,
    valueRule === '' ? '' : `values: ${valueRule}`,
    fallback === undefined ? '' : `default \`${String(fallback)}\``,
  ]
  return rules.filter((rule) => rule !== '').join('; ')
}

function rangeOf(min: number | undefined, max: number | undefined, unit: string): string {
  const of = unit === '' ? '' : ` ${unit}`
  if (min !== undefined && min === max) return `exactly ${min}${of}`
  if (min !== undefined && max !== undefined) return `${min} to ${max}${of}`
  if (max !== undefined) return `at most ${max}${of}`
  return min === undefined ? '' : `at least ${min}${of}`
}

/** A value that the schema takes; optional members without an example are left out. */
export function exampleOf(schema: JsonSchema): unknown {
  const { schema: inner, isNullable } = withoutNull(schema)
  const given = inner.examples?.[0] ?? inner.const ?? inner.enum?.[0]
  if (given !== undefined) return given
  if (isNullable || inner.type === 'null') return null
  if (inner.anyOf) return exampleOf(inner.anyOf[0] ?? {})
  if (inner.type === 'array') return [exampleOf(inner.items ?? {})]
  if (inner.type === 'object') return exampleObject(inner)
  return inner.default ?? (inner.type === 'string' ? '…' : inner.type === 'boolean' ? false : 0)
}

function exampleObject(schema: JsonSchema): Record<string, unknown> {
  const entries = Object.entries(schema.properties ?? {})
  const shown = entries.filter(([name, of]) => {
    return schema.required?.includes(name) || withoutNull(of).schema.examples !== undefined
  })
  return Object.fromEntries(shown.map(([name, of]) => [name, exampleOf(of)]))
}
