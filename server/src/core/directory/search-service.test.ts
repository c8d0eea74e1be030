// Owns the proof of search: what it finds, when, by which index, and in whose app (P22).
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { engine, startTestServer, type TestServer } from '../../../../test/harness.ts'
import { explain, recordQueries } from '../../../../test/recorded-queries.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { createMerchant } from '../apps/app-service.ts'
import type { Context } from '../context.ts'
import type { NewCustomer } from '../customer/customer-rules.ts'
import { createCustomer, updateCustomer } from '../customer/customer-service.ts'
import { indexWords } from '../customer/word-index.ts'
import { searchCustomers } from './search-service.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())
afterEach(() => vi.restoreAllMocks())

const page = { limit: 100, offset: 0 }
const newApp = async () => server.contextOf((await createMerchant(server.system, 'Market')).test)
const save = (context: Context, fields: Partial<NewCustomer>) =>
  createCustomer(context, { kind: 'individual', ...fields })

async function idsOf(context: Context, text: string): Promise<string[]> {
  const { count, customers } = await searchCustomers(context, text, page)
  expect(count).toBe(customers.length)
  return customers.map(({ id }) => id)
}

describe('a customer is found by the first search after it was saved', () => {
  const saved = 1_000
  const together = 100
  const texts = [
    (word: string) => ({ name: `Ada ${word}` }),
    (word: string) => ({ email: `${word}@example.com` }),
    (word: string) => ({ externalId: `USR-${word}` }),
  ]

  test(`${saved} of ${saved}, ${together} at a time, by name, e-mail or external id`, async () => {
    const context = await newApp()
    const attempt = async (at: number) => {
      const word = `w${at}x${'y'.repeat(at % 9)}`
      const { id } = await save(context, texts[at % texts.length]?.(word) ?? {})
      const { customers } = await searchCustomers(context, word, page)
      expect(customers.map((found) => found.id)).toEqual([id])
    }
    for (let from = 0; from < saved; from += together) {
      const attempts = Array.from({ length: together }, (_, at) => attempt(from + at))
      // Their words are written meanwhile, as in a server.
      await Promise.all([...attempts, indexWords(context, together / 2)])
    }
    await indexWords(context, saved)
    for (const at of [0, 1, 2, saved - 1]) {
      expect(await idsOf(context, `w${at}x${'y'.repeat(at % 9)}`)).toHaveLength(1)
    }
  })

  test('and after each change, by the new words alone', async () => {
    const context = await newApp()
    const attempt = async (at: number) => {
      const { id } = await save(context, { name: `Before${at}` })
      if (at % 2 === 0) await indexWords(context, 10)
      await updateCustomer(context, id, { name: `After${at}`, email: `mail${at}@example.com` })
      expect(await idsOf(context, `before${at}`)).toEqual([])
      expect(await idsOf(context, `after${at}`)).toEqual([id])
      expect(await idsOf(context, `mail${at} after${at}`)).toEqual([id])
    }
    for (let at = 100; at < 150; at += 1) await attempt(at)
  })

  test('while a transaction of another app is under way, and it sees none of ours', async () => {
    const [context, other] = [await newApp(), await newApp()]
    const ours = await save(context, { name: 'Ada Ours' })
    const theirs = await inTransaction(other, async (tx) => {
      const made = await save(tx, { name: 'Ada Theirs' })
      // Not committed yet: nobody finds it, and what we have stays found.
      expect(await idsOf(context, 'ada')).toEqual([ours.id])
      expect(await idsOf(other, 'ada')).toEqual([])
      return made
    })
    expect(await idsOf(other, 'ada')).toEqual([theirs.id])
    expect(await idsOf(context, 'ada')).toEqual([ours.id])
  })

  test('what a transaction undoes is not found', async () => {
    const context = await newApp()
    const { id } = await save(context, { name: 'Stays' })
    const undone = inTransaction(context, async (tx) => {
      await save(tx, { name: 'Undone' })
      await updateCustomer(tx, id, { name: 'Undone too' })
      throw new Error('refused')
    })
    await expect(undone).rejects.toThrow('refused')
    expect(await idsOf(context, 'undone')).toEqual([])
    expect(await idsOf(context, 'stays')).toEqual([id])
  })
})

/** A word as it may be written, and as it is compared: the test itself never takes one apart. */
interface Word {
  written: string
  plain: string
}

const spellings: Record<string, string[]> = {
  a: ['a', 'A', 'á', 'Å', 'a\u0308', 'ａ'],
  b: ['b', 'B', 'Ｂ'],
  ж: ['ж', 'Ж'],
  ש: ['ש', 'שׁ'],
  '7': ['7', '７'],
}
const letter: fc.Arbitrary<Word> = fc
  .constantFrom(...Object.entries(spellings))
  .chain(([plain, all]) => fc.constantFrom(...all).map((written) => ({ written, plain })))
const word: fc.Arbitrary<Word> = fc.array(letter, { minLength: 1, maxLength: 10 }).map(joined)
const words = (maxLength: number) => fc.array(word, { minLength: 1, maxLength })
const border = fc.constantFrom(' ', '-', '_', '%', "'", '"', '. ', ' / ', '\u200f')

function joined(parts: Word[]): Word {
  const text = (form: keyof Word) => parts.map((part) => part[form]).join('')
  return { written: text('written'), plain: text('plain') }
}

const person = fc.record({
  name: fc.option(words(4)),
  email: fc.option(fc.tuple(word, word, word)),
  externalId: fc.option(words(2)),
  border,
})

describe('finds exactly those of whom every word asked for begins a word', () => {
  const people: { id: string; words: string[] }[] = []
  let context: Context
  beforeAll(async () => {
    context = await newApp()
    for (const [at, { name, email, externalId, border: between }] of fc
      .sample(person, 60)
      .entries()) {
      const text = (parts: Word[]) => parts.map(({ written }) => written).join(between)
      const { id } = await save(context, {
        name: name && text(name),
        email: email && `${email[0].written}@${email[1].written}.${email[2].written}`,
        externalId: externalId && `${text(externalId)}#${at}`,
      })
      const numbered = externalId ? [...externalId, { plain: String(at) }] : []
      const known = [...(name ?? []), ...(email ?? []), ...numbered]
      people.unshift({ id, words: known.map(({ plain }) => plain) })
    }
  })

  /** The first letters of a word that somebody has, written in another way. */
  const asked = fc
    .tuple(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 10 }), fc.nat(5))
    .map(([who, which, length, how]) => {
      const known = people[who % people.length]?.words ?? []
      const letters = [...(known[which % Math.max(1, known.length)] ?? 'ba')].slice(0, length)
      return joined(
        letters.map((plain) => {
          const all = spellings[plain] ?? [plain]
          return { plain, written: all[how % all.length] ?? plain }
        }),
      )
    })
  const query = fc.tuple(fc.array(fc.oneof(asked, word), { minLength: 1, maxLength: 3 }), border)

  const begins = (known: string, start: string) =>
    [...start].length < 3 ? known === start : known.startsWith(start)

  test.each([
    ['not one', 0],
    ['a part', 1],
    ['all', 1_000],
  ])(
    'whatever they are called, however it is written; words of %s in the index',
    async (_some, max) => {
      await indexWords(context, max)
      await fc.assert(
        fc.asyncProperty(query, async ([starts, between]) => {
          const text = starts.map(({ written }) => written).join(between)
          const expected = people.filter((one) =>
            starts.every(({ plain }) => one.words.some((known) => begins(known, plain))),
          )
          expect(await idsOf(context, text)).toEqual(expected.map(({ id }) => id))
        }),
        { numRuns: 60 },
      )
    },
  )

  test('each by every beginning of each of its words', async () => {
    for (const { id, words: known } of people.slice(0, 8)) {
      for (const whole of known) {
        const letters = [...whole]
        for (let length = Math.min(3, letters.length); length <= letters.length; length += 1) {
          expect(await idsOf(context, letters.slice(0, length).join(''))).toContain(id)
        }
      }
    }
  })
})

describe('pages', () => {
  test.each([
    ['exact', 'ada'],
    ['to be looked through', 'adam'],
  ])('of words that are %s: newest first, each once, the count of all', async (_kind, text) => {
    const context = await newApp()
    const ids: string[] = []
    for (let at = 0; at < 23; at += 1) {
      ids.unshift((await save(context, { name: `Adam ${at}` })).id)
      await save(context, { name: `Bert ${at}` })
      if (at === 11) await indexWords(context, 1_000)
    }
    const seen: string[] = []
    for (let offset = 0; offset < 30; offset += 10) {
      const { count, customers } = await searchCustomers(context, text, { limit: 10, offset })
      expect(count).toBe(23)
      seen.push(...customers.map(({ id }) => id))
    }
    expect(seen).toEqual(ids)
    const past = await searchCustomers(context, text, { limit: 100, offset: 99_999_999_900 })
    expect(past).toEqual({ count: 23, customers: [] })
  })
})

describe('by the primary key of the words, in its order', () => {
  const byKey = {
    sqlite: /^SEARCH (?:word|customer_words) USING .*\(app_id=\? AND token=\?/m,
    postgresql: /Index Only Scan (?:Backward )?using customer_words_pkey on customer_words/,
  }[engine]
  const tooMuch = /SCAN (?:word|other|customer_words)\b|TEMP B-TREE|Seq Scan|\bSort\b/

  test.each(['lov', 'love', 'lov ada', 'lovelace ada king'])('%s', async (text) => {
    const context = await newApp()
    await save(context, { name: 'Ada Lovelace King' })
    await indexWords(context, 1)
    const recorded = recordQueries({ ...server, testApp: context.app })
    expect(await idsOf(context, text)).toHaveLength(1)
    const asked = recorded.filter(({ sql }) => sql.includes('customer_words'))
    vi.restoreAllMocks()
    expect(asked.length).toBeGreaterThan(0)
    for (const statement of asked) {
      const plan = await explain(server, statement)
      expect(plan).toMatch(byKey)
      expect(plan).not.toMatch(tooMuch)
    }
  })
})
