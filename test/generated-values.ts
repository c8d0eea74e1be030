// Owns values for a schema by chance that can be repeated: mostly right ones, some wrong ones.
import type { JsonSchema } from '../server/src/http/json-schema.ts'
import type { OpenApiDocument } from '../server/src/http/openapi.ts'

export interface Chance {
  /** From 0 up to, not including, 1. */
  fraction(): number
  /** True so often. */
  is(share: number): boolean
  pick<T>(choices: readonly T[]): T
}

/** Mulberry32: the same seed, the same choices. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    fraction,
    is: (share) => fraction() < share,
    pick: (choices) => {
      const chosen = choices[Math.floor(fraction() * choices.length)]
      if (chosen === undefined) throw new Error('there is nothing to choose from')
      return chosen
    },
  }
}

const shares = { wrong: 0.06, optional: 0.35, required: 0.97 }
const wrongValues = [
  null,
  '',
  ' ',
  0,
  -1,
  1.5,
  1e300,
  true,
  [],
  {},
  'x'.repeat(600),
  '\0',
  '👩‍👩‍👧',
  '../..',
]
const texts = [
  'Ana Lima',
  'BR',
  'US',
  'ana@example.com',
  '+5513991234567',
  '2026-02-25',
  '12.50',
  'USD',
]

export function generate(document: OpenApiDocument, schema: JsonSchema, chance: Chance): unknown {
  if (chance.is(shares.wrong)) return chance.pick(wrongValues)
  const { $ref, anyOf, enum: choices, const: only, examples, type } = schema
  if ($ref !== undefined) {
    const found = document.components.schemas[$ref.replace('#/components/schemas/', '')]
    return generate(document, found ?? {}, chance)
  }
  if (anyOf) return generate(document, chance.pick(anyOf), chance)
  if (only !== undefined) return only
  if (choices) return chance.pick(choices)
  if (examples && chance.is(0.6)) return chance.pick(examples)
  if (type === 'object') return generateObject(document, schema, chance)
  if (type === 'array') {
    const length = chance.pick([0, 1, 1, 2, 3])
    return Array.from({ length }, () => generate(document, schema.items ?? {}, chance))
  }
  if (type === 'integer' || type === 'number') return generateNumber(schema, chance)
  if (type === 'boolean') return chance.is(0.5)
  if (type === 'null') return null
  return generateText(schema, chance)
}

function generateObject(document: OpenApiDocument, schema: JsonSchema, chance: Chance): object {
  const { properties = {}, required = [], patternProperties = {} } = schema
  const members = Object.entries(properties).flatMap(([name, member]) => {
    const share = required.includes(name) ? shares.required : shares.optional
    return chance.is(share) ? [[name, generate(document, member, chance)]] : []
  })
  const free = Object.values(patternProperties).flatMap((member) =>
    chance.is(0.5) ? [[chance.pick(texts), generate(document, member, chance)]] : [],
  )
  return Object.fromEntries([...members, ...free])
}

function generateNumber({ minimum = 0, maximum = 1_000 }: JsonSchema, chance: Chance): number {
  const inside = minimum + Math.floor(chance.fraction() * (maximum - minimum))
  return chance.pick([minimum, maximum, inside, inside, maximum + 1, minimum - 1])
}

function generateText({ maxLength = 100 }: JsonSchema, chance: Chance): string {
  if (chance.is(0.7)) return chance.pick(texts)
  return 'é'.repeat(chance.pick([1, 2, Math.min(maxLength, 2_000), Math.min(maxLength + 1, 2_000)]))
}
