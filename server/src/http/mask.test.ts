// Owns the proof that a mask shows nothing that is personal, and keeps the form of the answer.
import * as fc from 'fast-check'
import Type, { type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import { toJsonSchema } from './json-schema.ts'
import { maskOf, personal, personalExcept, personalNumber } from './mask.ts'

const masked = (schema: TSchema, value: unknown) => maskOf(toJsonSchema(schema))(value)

describe('one value', () => {
  test.each<[shown: unknown, schema: TSchema, value: unknown]>([
    ['***', Type.String(personal), 'Ada'],
    ['***', Type.String(personal), ''],
    ['***', Type.String(personal), '+5513991234567'],
    ['Ada', Type.String(), 'Ada'],
    ['***4567', Type.String(personalNumber), '+5513991234567'],
    ['***4725', Type.String(personalNumber), '529.982.247-25'],
    ['***f99c', Type.String(personalNumber), '0x83d2bf99a0b1c2d30000000000000000000ff99c'],
    ['***', Type.String(personalNumber), '1234567'],
    ['***', Type.String(personalNumber), '1.2-3 4+5/67'],
    ['***', Type.String(personalNumber), 'grace.hopper'],
    ['***', Type.String(personalNumber), 'grace 1906 @ example'],
    [null, Type.Union([Type.String(), Type.Null()], personal), null],
    ['***', Type.Union([Type.String(), Type.Null()], personal), 'Ada'],
    [null, Type.Union([Type.Object({ a: Type.String(personal) }), Type.Null()]), null],
    [
      { a: '***' },
      Type.Union([Type.Object({ a: Type.String(personal) }), Type.Null()]),
      { a: 'x' },
    ],
    [['***', '***'], Type.Array(Type.String(personal)), ['a', 'b']],
    ['on', Type.Union([Type.Enum(['on', 'off']), Type.Null()]), 'on'],
    [{ a: '***' }, Type.Record(Type.String(), Type.String(personal)), { a: 'x' }],
    [{ a: '***', b: ['***', null] }, free(personal), { a: 7, b: [true, null] }],
  ])('%j', (shown, schema, value) => {
    expect(masked(schema, value)).toEqual(shown)
  })

  test('what the schema does not describe is hidden', () => {
    const schema = Type.Object({ id: Type.String(), open: Type.Unknown() })
    const value = { id: { name: 'Ada' }, open: 'Ada', more: ['Ada'] }
    expect(masked(schema, value)).toEqual({ id: { name: '***' }, open: '***', more: ['***'] })
    expect(masked(Type.Object({}), 'Ada')).toBe('***')
    expect(masked(Type.Array(Type.String()), 'Ada')).toBe('***')
  })

  test('of an open object, the members that are named are shown, at their place alone', () => {
    const schema = free(personalExcept(['status', 'payout.id', 'files', 'files.size']))
    const value = {
      status: 'paid',
      reason: 'Ada',
      payout: { id: 'po_1', status: 'Ada', name: null },
      files: [{ size: 7, name: 'Ada' }, 'file_1'],
      metadata: { status: 'Ada', 'payout.id': 'Ada' },
      'payout.id': { id: 'Ada' },
    }
    expect(masked(schema, value)).toEqual({
      status: 'paid',
      reason: '***',
      payout: { id: 'po_1', status: '***', name: null },
      files: [{ size: 7, name: '***' }, 'file_1'],
      metadata: { status: '***', 'payout.id': '***' },
      'payout.id': { id: '***' },
    })
  })

  test.each<[string, TSchema]>([
    ['a number', Type.Integer(personal)],
    ['a choice', Type.Enum(['a', 'b'], personal)],
    ['a text with a form', Type.String({ ...personal, format: 'date' })],
    ['a text that is too short for it', Type.String({ ...personal, maxLength: 2 })],
    ['an object with a number', Type.Object({ a: Type.Number() }, personal)],
  ])('%s cannot be personal: the mask would break its schema', (_, schema) => {
    expect(() => maskOf(toJsonSchema(schema))).toThrow('assertion failed')
  })
})

function free(more: Record<string, unknown>) {
  return Type.Record(Type.String(), Type.Unknown(), more)
}

/** A schema, values of it, and how what is personal in them can be told. */
interface Sample {
  schema: TSchema
  value: fc.Arbitrary<unknown>
}

const secret = fc.string({ minLength: 1, maxLength: 30 }).map((text) => `§${text}§`)
const secretNumber = fc
  .tuple(fc.constantFrom('', '+', 'AB'), fc.integer({ min: 10_000, max: 10 ** 15 }))
  .map(([prefix, number]) => `${prefix}${number}`)
const anything = fc.letrec((tie) => ({
  one: fc.oneof(
    { maxDepth: 3 },
    secret,
    fc.constant(null),
    fc.array(tie('one'), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie('one'), { maxKeys: 3 }),
  ),
})).one
const leaves: Sample[] = [
  { schema: Type.String(personal), value: secret },
  { schema: Type.String(personalNumber), value: secretNumber },
  { schema: Type.Union([Type.String(), Type.Null()], personal), value: fc.option(secret) },
  { schema: Type.Unknown(personal), value: anything },
  { schema: Type.Unknown(), value: anything },
  { schema: free(personal), value: fc.dictionary(fc.string(), anything, { maxKeys: 3 }) },
  { schema: Type.String(), value: fc.constantFrom('clear', 'open') },
  { schema: Type.Integer(), value: fc.integer() },
  { schema: Type.Boolean(), value: fc.boolean() },
  { schema: Type.Enum(['on', 'off']), value: fc.constantFrom('on', 'off') },
]

const sample: fc.Arbitrary<Sample> = fc.letrec<{ one: Sample }>((tie) => ({
  one: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom(...leaves),
    tie('one').map(({ schema, value }) => ({
      schema: Type.Array(schema),
      value: fc.array(value, { maxLength: 3 }),
    })),
    tie('one')
      .filter(({ schema }) => Reflect.get(schema, 'anyOf') === undefined)
      .map(({ schema, value }) => ({
        schema: Type.Union([schema, Type.Null()]),
        value: fc.option(value),
      })),
    fc.dictionary(fc.string(), tie('one'), { maxKeys: 4 }).map((members) => ({
      schema: Type.Object(mapValues(members, (one) => one.schema)),
      value: fc.record(mapValues(members, (one) => one.value)),
    })),
  ),
})).one

function mapValues<T, R>(members: Record<string, T>, map: (one: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(members).map(([name, one]) => [name, map(one)]))
}

const cases = sample.chain(({ schema, value }) => fc.tuple(fc.constant(schema), value))

/** Every text in the order of the form, with where it stands. */
function textsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) => textsOf(one, `${path}/${name}`))
}

function formOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(formOf)
  if (typeof value !== 'object' || value === null) return value === null ? null : 'one'
  return Object.entries(value).map(([name, one]) => [name, formOf(one)])
}

test('of any schema and any value: nothing personal is shown, and the form stays', () => {
  fc.assert(
    fc.property(cases, ([schema, value]) => {
      const before = JSON.stringify(value)
      const shown = masked(schema, value)
      expect(JSON.stringify(value)).toBe(before)
      expect(formOf(shown)).toEqual(formOf(value))
      expect(Compile(schema).Check(shown)).toBe(true)
      const after = new Map(textsOf(shown))
      for (const [path, text] of textsOf(value)) {
        if (text === 'clear' || text === 'open' || text === 'on' || text === 'off') continue
        expect(after.get(path)).toMatch(/^\*\*\*([0-9]{4})?$/)
        expect(after.get(path)).not.toContain(text)
      }
    }),
    { numRuns: 2_000 },
  )
})
