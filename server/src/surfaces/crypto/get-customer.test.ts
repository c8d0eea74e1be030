// Owns the outcomes of GET /customers/{id}.
import { sql } from 'kysely'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { engine } from '../../../../test/harness.ts'
import { explain, recordQueries } from '../../../../test/recorded-queries.ts'
import { insertIntents, insertInvoices } from './test-activity.ts'
import {
  newCustomer,
  notFound,
  spellingsOf,
  testCustomers,
  unknownIds,
  uuid,
  wireTime,
} from './test-customers.ts'

const customers = testCustomers()
const get = (id: string, key?: string) =>
  customers.call('GET', `/customers/${id}`, key === undefined ? {} : { key })
const read = async (id: string) => (await get(id)).json.data

const address = (at: number) => `0x${at.toString(16).padStart(40, '0')}`
const unsigned = { authorizationTxHash: null }
const hash = `0x${'ab'.repeat(32)}`

afterEach(() => vi.restoreAllMocks())

describe('200', () => {
  test('a customer who did nothing yet: what creating answered, and the app', async () => {
    const created = await customers.saveCustomer({ metadata: { plan: 'pro ✓' } })
    const { testApp } = customers.server
    const at = new Date(testApp.createdAt).toISOString()
    const answer = await get(created.id)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({
      success: true,
      data: {
        ...created,
        app: {
          id: testApp.id,
          merchantId: testApp.merchantId,
          name: testApp.name,
          environment: 'TEST',
          receivingWallet: null,
          receivingWalletSignature: null,
          payoutWallet: null,
          payoutApproved: false,
          createdAt: at,
          updatedAt: at,
        },
        wallets: [],
        paymentIntents: [],
        invoices: [],
      },
    })
  })

  test('the app of a live key is one of production', async () => {
    const { app, key } = await customers.newApp()
    const { id } = await customers.saveCustomer({}, key)
    const { data } = (await get(id, key)).json
    expect(data.app).toMatchObject({ id: app.id, environment: 'PRODUCTION' })
    expect([data.appId, data.app.merchantId]).toEqual([app.id, app.merchantId])
  })

  test('every spelling of the id is the customer, printed as UUID', async () => {
    const { id } = await customers.saveCustomer()
    for (const spelling of spellingsOf(id)) {
      const answer = await get(spelling)
      expect([answer.status, answer.json.data.id]).toEqual([200, id])
    }
  })

  test('wallets are shown oldest first, with the chain of each', async () => {
    const { id } = await customers.saveCustomer()
    const chains = [8453, 1, 101]
    const ids = []
    for (const [at, chain_id] of chains.entries()) {
      ids.push(await customers.saveWallet(id, { ...unsigned, address: address(at), chain_id }))
    }
    const { wallets } = await read(id)
    const { createdAt } = wallets[0]
    expect(wallets[0]).toEqual({
      id: expect.stringMatching(uuid),
      customerAccountId: id,
      chainId: 8453,
      walletAddress: address(0),
      hasActiveAuthorization: false,
      authorizationType: null,
      authorizationTxHash: null,
      authorizedAt: null,
      ownershipVerifiedAt: null,
      createdAt: expect.stringMatching(wireTime),
      updatedAt: createdAt,
      chain: { chainId: 8453, name: 'Base' },
    })
    const shown = wallets.map((one: { id: string; chain: object }) => [one.id, one.chain])
    expect(shown).toEqual([
      [ids[0], { chainId: 8453, name: 'Base' }],
      [ids[1], { chainId: 1, name: 'Ethereum' }],
      [ids[2], { chainId: 101, name: expect.stringMatching(/^Solana/) }],
    ])
  })

  test('an authorization is active until its time has passed, by the clock', async () => {
    const { id } = await customers.saveCustomer()
    const now = customers.server.clock.now()
    const granted = { authorization_type: 'PERMIT', authorized_at: now }
    await customers.saveWallet(id, {
      address: address(1),
      authorizationTxHash: hash,
      ...granted,
      authorized_until: now + 60_000,
    })
    const shown = {
      authorizationType: 'PERMIT',
      authorizationTxHash: hash,
      authorizedAt: new Date(now).toISOString(),
    }
    expect((await read(id)).wallets).toMatchObject([{ ...shown, hasActiveAuthorization: true }])
    customers.server.clock.advance(60_001)
    expect((await read(id)).wallets).toMatchObject([{ ...shown, hasActiveAuthorization: false }])
  })

  test('an intent and an invoice show the fields that the page names, and no other', async () => {
    const { id } = await customers.saveCustomer()
    const { server } = customers
    const owner = { app: server.testApp, customerId: id, count: 1 }
    const at = Date.UTC(2026, 1, 25, 12)
    const paid = { status: 'CAPTURED', token_key: 'USDC-8453', crypto_amount: '25.000001' }
    const columns = { ...paid, chain_id: 8453, created_at: at, captured_at: at + 1 }
    const [intentId] = await insertIntents(server, { ...owner, columnsAt: () => columns })
    const due = { status: 'PAID', total_minor: 120_050, created_at: at, due_at: at, paid_at: at }
    const invoice = { ...owner, firstNumber: 7, columnsAt: () => due }
    const [invoiceId] = await insertInvoices(server, invoice)
    const { paymentIntents, invoices } = await read(id)
    expect(paymentIntents).toEqual([
      {
        id: intentId,
        status: 'CAPTURED',
        amount: '25.00',
        currency: 'USD',
        cryptoAmount: '25.000001',
        cryptoTokenKey: 'USDC-8453',
        authorizationChainId: 8453,
        createdAt: '2026-02-25T12:00:00.000Z',
        capturedAt: '2026-02-25T12:00:00.001Z',
      },
    ])
    expect(invoices).toEqual([
      {
        id: invoiceId,
        invoiceNumber: 'INV-00007',
        status: 'PAID',
        total: '1200.50',
        currency: 'USD',
        dueDate: '2026-02-25T12:00:00.000Z',
        paidAt: '2026-02-25T12:00:00.000Z',
        createdAt: '2026-02-25T12:00:00.000Z',
      },
    ])
  })

  test('reading writes nothing', async () => {
    const { id } = await customers.saveCustomer()
    const before = await customers.countRows()
    await get(id)
    expect(await customers.countRows()).toEqual(before)
  })
})

describe('the last 50', () => {
  const many = 10_000
  let busyId = ''
  let newestIntents: string[] = []
  let newestInvoices: string[] = []

  beforeAll(async () => {
    const { server } = customers
    const [busy, other] = [await customers.saveCustomer(), await customers.saveCustomer()]
    busyId = busy.id
    const owner = { app: server.testApp, customerId: busyId }
    newestIntents = (await insertIntents(server, { ...owner, count: many })).slice(-50).reverse()
    const invoices = await insertInvoices(server, { ...owner, count: 60, firstNumber: 1_000 })
    newestInvoices = invoices.slice(-50).reverse()
    const others = { app: server.testApp, customerId: other.id }
    await insertIntents(server, { ...others, count: many })
    await insertInvoices(server, { ...others, count: 2_000, firstNumber: 2_000 })
    // As a server in use has them: without, the planner takes both tables for empty.
    await server.system.database.transaction((db) => sql`analyze`.execute(db))
  })

  const idsOf = (entries: { id: string }[]) => entries.map(({ id }) => id)

  test(`of ${2 * many} intents, half of them another's, and of 60 invoices: newest first`, async () => {
    const { paymentIntents, invoices } = await read(busyId)
    expect(idsOf(paymentIntents)).toEqual(newestIntents)
    expect(idsOf(invoices)).toEqual(newestInvoices)
  })

  const byCustomer = {
    sqlite: (table: string) =>
      new RegExp(`^SEARCH ${table} USING (?:COVERING )?INDEX ${table}_customer \\(app_id=\\? AND`),
    postgresql: (table: string) =>
      new RegExp(`Index (?:Only )?Scan Backward using ${table}_customer on ${table}`),
  }[engine]

  test.each(['payment_intents', 'invoices'])(
    '%s are read by an index in its own order: what is older costs nothing',
    async (table) => {
      const recorded = recordQueries(customers.server)
      await read(busyId)
      const reads = recorded.filter((one) => one.sql.includes(`from "${table}"`))
      vi.restoreAllMocks()
      expect(reads.map((one) => /limit/.test(one.sql))).toEqual([true])
      for (const statement of reads) {
        const plan = await explain(customers.server, statement)
        expect(plan).toMatch(byCustomer(table))
        expect(plan).not.toMatch(/\bSCAN\b|TEMP B-TREE|Seq Scan|Sort/)
      }
    },
  )

  test('takes as many queries with 50 of each as with one of each', async () => {
    const { server } = customers
    const queriesOf = async (count: number, walletCount: number) => {
      const { id } = await customers.saveCustomer()
      const owner = { app: server.testApp, customerId: id, count }
      await insertIntents(server, owner)
      await insertInvoices(server, { ...owner, firstNumber: 10_000 + count * 100 })
      for (let at = 0; at < walletCount; at += 1) {
        await customers.saveWallet(id, { ...unsigned, address: address(at) })
      }
      const recorded = recordQueries(server)
      const { wallets, paymentIntents, invoices } = await read(id)
      const asked = recorded.filter(({ sql: text }) => !/from "(?:keys|apps)"/.test(text))
      vi.restoreAllMocks()
      expect([wallets.length, paymentIntents.length, invoices.length]).toEqual([
        walletCount,
        count,
        count,
      ])
      return asked.length
    }
    const few = await queriesOf(1, 1)
    expect(few).toBeLessThanOrEqual(8)
    expect(await queriesOf(50, 10)).toBe(few)
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('%s is no customer', async (id) => {
    const answer = await get(id)
    expect([answer.status, answer.json]).toEqual([404, notFound])
  })

  test("another app's customer looks missing, in every spelling", async () => {
    const { key } = await customers.newApp()
    const { id } = await customers.saveCustomer(newCustomer)
    for (const spelling of spellingsOf(id)) {
      const answer = await get(spelling, key)
      expect([answer.status, answer.json]).toEqual([404, notFound])
    }
  })
})
