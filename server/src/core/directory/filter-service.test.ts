// Owns the proof of filters: what each finds, together, page by page, at once, in its app (P22).
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { refused } from '../../../../test/refused.ts'
import { runs, runsMsMax } from '../../../../test/runs.ts'
import { createMerchant } from '../apps/app-service.ts'
import type { Context } from '../context.ts'
import { customerErrors } from '../customer/customer.ts'
import { createCustomer, updateCustomer } from '../customer/customer-service.ts'
import { indexWords } from '../customer/word-index.ts'
import { fieldErrors } from '../fields.ts'
import type { CustomerFilter } from './customer-filter.ts'
import { filterCustomers } from './filter-service.ts'
import { anyFilter, holdsFor, population, singleFilters } from './testing/filter-samples.ts'
import { type Known, saveKnown } from './testing/known-customers.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const newApp = async () => server.contextOf((await createMerchant(server.system, 'Market')).test)
const pagesMax = 1_000

/** The ids of every page, newest first. */
async function walk(
  context: Context,
  filter: CustomerFilter,
  page: { limit: number; lookAtMax?: number } = { limit: 100 },
): Promise<string[]> {
  const seen: string[] = []
  let cursor: string | null = null
  for (let count = 0; count < pagesMax; count += 1) {
    const found = await filterCustomers(context, filter, { ...page, cursor })
    expect(found.customers.length).toBeLessThanOrEqual(page.limit)
    seen.push(...found.customers.map(({ id }) => id))
    cursor = found.cursor
    if (cursor === null) return seen
  }
  throw new Error('the walk does not end')
}

describe('any filters, whatever else is there', () => {
  const known: Known[] = []
  let context: Context
  beforeAll(async () => {
    const strangers = await newApp()
    context = await newApp()
    for (const [at, given] of population(server.clock.now()).entries()) {
      server.clock.advance(1_000)
      known.unshift(await saveKnown(server, context, given))
      if (at % 6 === 0) await saveKnown(server, strangers, given)
      if (at === 40) await indexWords(context, 1_000)
    }
  })

  test('find each by itself those for whom it holds', async () => {
    const single = singleFilters(known)
    expect(single.size).toBe(26)
    for (const filter of single.values()) {
      const expected = known.filter((one) => holdsFor(one, filter, context.clock.now()))
      expect(expected.length).toBeGreaterThan(0)
      expect(expected.length).toBeLessThan(known.length)
      expect(await walk(context, filter)).toEqual(expected.map(({ customer }) => customer.id))
    }
  })

  test(
    'find what a reader of every record would, in its order, by pages without gap or double',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          anyFilter(() => known),
          fc.integer({ min: 1, max: 9 }),
          async (filter, limit) => {
            const now = context.clock.now()
            const expected = known.filter((one) => holdsFor(one, filter, now))
            expect(await walk(context, filter, { limit })).toEqual(
              expected.map(({ customer }) => customer.id),
            )
          },
        ),
        { numRuns: runs({ few: 100, full: 10_000 }) },
      )
    },
    runsMsMax,
  )
})

describe('what was just written is found by the first call', () => {
  const saved = runs({ few: 200, full: 1_000 })
  const together = 50

  test(
    `${saved} of ${saved}, by every filter of the record, ${together} at a time`,
    async () => {
      const context = await newApp()
      const attempt = async (at: number) => {
        const email = `p22-${at}@example.com`
        const phone = `+5491123${String(400_000 + at).slice(-6)}`
        const document = { type: 'passport', number: `P-${at}`, country: 'AR' }
        const fields = { name: `Word${at}x`, email, phone, document, externalId: `usr-${at}` }
        const { id } = await createCustomer(context, {
          kind: 'individual',
          ...fields,
          metadata: { number: at },
        })
        const filters: CustomerFilter[] = [
          { email },
          { phone },
          { document: `p${at}` },
          { externalId: `usr-${at}` },
          { metadata: { number: String(at) } },
          { q: `word${at}x` },
          { q: `word${at}x`, email, kind: 'individual' },
        ]
        for (const filter of filters) expect(await walk(context, filter)).toEqual([id])
        const newest = await filterCustomers(context, {}, { limit: 100, cursor: null })
        expect(newest.customers.some((one) => one.id === id)).toBe(true)
      }
      for (let from = 0; from < saved; from += together) {
        const attempts = Array.from({ length: together }, (_, at) => attempt(from + at))
        // Their words are written meanwhile, as in a server.
        await Promise.all([...attempts, indexWords(context, together / 2)])
      }
    },
    runsMsMax,
  )

  test('after a change it is found by the new value alone', async () => {
    const context = await newApp()
    const fields = { email: 'old@example.com', metadata: { plan: 'gold', seats: 5 } }
    const { customer } = await saveKnown(server, context, { fields })
    const changes = { email: 'new@example.com', metadata: { plan: 'silver', seats: 5 } }
    await updateCustomer(context, customer.id, changes)
    const found = async (filter: CustomerFilter) => (await walk(context, filter)).length
    expect(await found({ email: 'old@example.com' })).toBe(0)
    expect(await found({ email: 'NEW@example.com' })).toBe(1)
    expect(await found({ metadata: { plan: 'gold' } })).toBe(0)
    expect(await found({ metadata: { plan: 'silver', seats: '5' } })).toBe(1)
    await updateCustomer(context, customer.id, { metadata: {} })
    expect(await found({ metadata: { seats: '5' } })).toBe(0)
    const kept = context.db.selectFrom('customer_metadata').selectAll()
    expect(await kept.where('app_id', '=', context.app.id).execute()).toEqual([])
    expect(await found({ q: 'new', createdTo: customer.createdAt + 1 })).toBe(1)
    expect(await found({ q: 'new', createdTo: customer.createdAt })).toBe(0)
  })
})

describe('few among very many', () => {
  let context: Context
  let rare: string[]
  beforeAll(async () => {
    context = await newApp()
    rare = []
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(
        Array.from({ length: 40 }, (_, at) =>
          createCustomer(context, {
            kind: at % 2 === 0 ? 'individual' : 'business',
            country: at % 2 === 0 ? 'AR' : 'BR',
            name: `Ada ${round}`,
            metadata: { round },
          }),
        ),
      )
      if (round % 4 > 0) continue
      const fields = { kind: 'business' as const, country: 'AR', name: 'Adam' }
      rare.unshift((await createCustomer(context, fields)).id)
      if (round === 4) await indexWords(context, 1_000)
    }
  })

  test('are found however far back they are', async () => {
    expect(await walk(context, { kind: 'business', country: 'AR' }, { limit: 2 })).toEqual(rare)
    expect(await walk(context, { q: 'ad', country: 'AR', kind: 'business' })).toEqual([])
    expect(await walk(context, { q: 'ada', country: 'AR', kind: 'business' })).toEqual(rare)
    expect(await walk(context, { q: 'adam' }, { limit: 1 })).toEqual(rare)
  })

  test('half of whom are not in the index of words yet', async () => {
    const argentines = await walk(context, { country: 'AR' })
    expect(argentines).toHaveLength(200 + rare.length)
    for (const limit of [7, 100]) {
      expect(await walk(context, { q: 'ada', country: 'AR' }, { limit })).toEqual(argentines)
    }
  })

  test('and by short pages where a page has looked at enough', async () => {
    const filter = { kind: 'business' as const, country: 'AR' }
    const first = await filterCustomers(context, filter, { limit: 20, cursor: null, lookAtMax: 1 })
    expect(first.customers.length).toBeLessThan(rare.length)
    expect(first.cursor).not.toBeNull()
    expect(await walk(context, filter, { limit: 20, lookAtMax: 1 })).toEqual(rare)
  })
})

describe('refused', () => {
  test.each<[string, CustomerFilter]>([
    ['email', { email: 'alice' }],
    ['phone', { phone: '123' }],
    ['document', { document: ' ' }],
    ['documentCountry', { documentCountry: 'BR' }],
    ['documentCountry', { document: '1', documentCountry: 'Brazil' }],
    ['wallet', { wallet: '0x12' }],
    ['wallet', { wallet: '0x52908400098527886E0F7030069857D2E4169Ee7' }],
    ['wallet', { wallet: 'bc1' }],
    ['bankAccount', { bankAccount: ' ' }],
    ['externalId', { externalId: '\u0000' }],
    ['providerCustomerId', { providerCustomerId: '' }],
    ['country', { country: 'XX' }],
    ['createdTo', { createdFrom: 2, createdTo: 1 }],
    ['q', { q: ' - ' }],
  ])('%s: %j', async (param, filter) => {
    const context = await newApp()
    const page = { limit: 1, cursor: null }
    const error = await refused(() => filterCustomers(context, filter, page))
    expect([error.definition.code, error.param]).toEqual([fieldErrors.field_invalid.code, param])
  })

  test("a cursor of nobody, or of another app's customer", async () => {
    const [context, other] = [await newApp(), await newApp()]
    const { id } = await createCustomer(other, { kind: 'individual' })
    for (const filter of [{}, { kind: 'individual' as const }]) {
      for (const cursor of [id, context.ids()]) {
        const error = await refused(() => filterCustomers(context, filter, { limit: 1, cursor }))
        expect(error.definition).toBe(customerErrors.customer_cursor_unknown)
      }
    }
  })
})
