// Owns the proof that every spelling of an id names one record, and that ids rise with time.
import fc from 'fast-check'
import { TypeID } from 'typeid-js'
import { validate, version } from 'uuid'
import { describe, expect, test } from 'vitest'
import { createIds, type IdNoun, idPrefixes, parseId, printId } from './id.ts'
import { systemRandom } from './random.ts'

const nouns = Object.keys(idPrefixes) as IdNoun[]
const anyNoun = fc.constantFrom(...nouns)
const anyUuid = fc.oneof(
  fc.uuid({ version: 7 }),
  fc.uuid({ version: 4 }),
  fc.constantFrom(
    '00000000-0000-7000-8000-000000000000',
    'ffffffff-ffff-7fff-bfff-ffffffffffff',
    '01900000-0000-7000-8000-000000000001',
  ),
)

const uuid = '0195a9c4-7f3e-7abc-8def-0123456789ab'
const suffix = '01jpmw8zsyfay8vvr14d2pf2db'

describe('spelling', () => {
  test('the standard TypeID spelling of a known UUID', () => {
    // From the TypeID specification's own examples.
    const example = '01890a5d-ac96-774b-bcce-b302099a8057'
    expect(printId('customer', example)).toBe('cust_01h455vb4pex5vsknk084sn02q')
    expect(parseId('customer', 'cust_01h455vb4pex5vsknk084sn02q')).toBe(example)
  })

  test('every prefix of the noun and the plain UUID name the same record', () => {
    fc.assert(
      fc.property(anyNoun, anyUuid, (noun, id) => {
        const spellings = idPrefixes[noun].map((prefix) => printId(noun, id, prefix))
        for (const text of [printId(noun, id), ...spellings, id, id.toUpperCase()]) {
          expect(parseId(noun, text)).toBe(id)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  test('the printed form is the prefix and 26 lower-case characters', () => {
    fc.assert(
      fc.property(anyNoun, anyUuid, (noun, id) => {
        const [prefix] = idPrefixes[noun]
        expect(printId(noun, id)).toMatch(new RegExp(`^${prefix}_[0-7][0-9a-hjkmnp-tv-z]{25}$`))
      }),
    )
  })

  test('every spelling is the one of the TypeID library, both ways', () => {
    fc.assert(
      fc.property(anyUuid, (id) => {
        expect(printId('customer', id)).toBe(TypeID.fromUUID('cust', id).toString())
        expect(parseId('customer', printId('customer', id))).toBe(
          TypeID.fromString(printId('customer', id)).toUUID(),
        )
      }),
      { numRuns: 1_000 },
    )
  })

  test('text order of printed ids is the order of the UUIDs', () => {
    fc.assert(
      fc.property(anyUuid, anyUuid, (left, right) => {
        const isBefore = printId('payout', left) < printId('payout', right)
        expect(isBefore).toBe(left < right)
      }),
    )
  })

  test("another noun's id names nothing", () => {
    fc.assert(
      fc.property(anyNoun, anyNoun, anyUuid, (noun, other, id) => {
        fc.pre(noun !== other)
        expect(parseId(noun, printId(other, id))).toBeNull()
      }),
    )
  })
})

describe('garbage', () => {
  test('the sample that the table varies is good', () => {
    expect(printId('customer', uuid)).toBe(`cust_${suffix}`)
  })

  test.each([
    ['nothing', ''],
    ['the prefix alone', 'cust_'],
    ['no prefix', suffix],
    ['an empty prefix', `_${suffix}`],
    ['a wrong prefix', `cost_${suffix}`],
    ['a prefix in capitals', `CUST_${suffix}`],
    ['a doubled separator', `cust__${suffix}`],
    ['a character too few', `cust_${suffix.slice(1)}`],
    ['a character too many', `cust_${suffix}0`],
    ['a letter outside the alphabet', `cust_${suffix.slice(0, -1)}u`],
    ['more than 128 bits', `cust_8${suffix.slice(1)}`],
    ['a line break at the end', `cust_${suffix}\n`],
    ['a space before', ` cust_${suffix}`],
    ['a UUID without hyphens', uuid.replaceAll('-', '')],
    ['a UUID in braces', `{${uuid}}`],
    ['36 characters that are no UUID', 'x'.repeat(36)],
    ['a UUID with a letter too far', `${uuid.slice(0, -1)}g`],
    ['a name of Object.prototype', 'constructor_'.padEnd(38, '0')],
    ['the seed document’s short form', 'cust_12345'],
  ])('%s names nothing', (_what, text) => {
    expect(parseId('customer', text)).toBeNull()
  })

  test('no text makes parsing throw, and what it accepts is a UUID', () => {
    const nearly = fc.tuple(
      fc.constantFrom('cust_', 'cus_', 'po_', '', '_'),
      fc.stringMatching(/^[0-9a-zA-Z_-]{24,38}$/),
    )
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      nearly.map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(anyNoun, text, (noun, garbage) => {
        const parsed = parseId(noun, garbage)
        expect(parsed === null || validate(parsed)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('making', () => {
  const idsAt = (readings: () => number) =>
    createIds({ now: readings, wait: async () => {} }, systemRandom)

  function expectRising(made: string[]): void {
    expect(made).toEqual([...new Set(made)].sort())
    for (const id of made) expect(version(id)).toBe(7)
  }

  test('an id is a UUIDv7 of the moment', () => {
    const at = Date.UTC(2026, 1, 25, 12)
    const made = idsAt(() => at)()
    expect(version(made)).toBe(7)
    expect(Number.parseInt(made.replaceAll('-', '').slice(0, 12), 16)).toBe(at)
  })

  test('they rise while the clock stands still', () => {
    const ids = idsAt(() => 1_700_000_000_000)
    expectRising(Array.from({ length: 10_000 }, ids))
  })

  test('they rise when the clock steps back', () => {
    let reading = 1_700_000_000_000
    const ids = idsAt(() => {
      reading -= 7
      return reading
    })
    expectRising(Array.from({ length: 1_000 }, ids))
  })

  test('they rise and never repeat, however the clock jumps', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 2 ** 45 }), { minLength: 2 }), (times) => {
        let at = 0
        const ids = idsAt(() => times[at++] ?? 1)
        expectRising(times.map(ids))
      }),
    )
  })

  test('two processes at the same moment make different ids', () => {
    const [left, right] = [idsAt(() => 1_700_000_000_000), idsAt(() => 1_700_000_000_000)]
    const made = Array.from({ length: 1_000 }, () => [left(), right()]).flat()
    expect(new Set(made).size).toBe(2_000)
  })
})
