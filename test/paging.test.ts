// Owns the promise that a walk through a list shows everything once, at one cost per page (P21).
import type { CompiledQuery } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { everyOperation, exampleOf, type Ids, prepareIds, send } from './example-requests.ts'
import { startTestServer, type TestServer } from './harness.ts'
import { explain, recordQueries } from './recorded-queries.ts'
import { runs } from './runs.ts'

const customersEach = runs({ few: 30, full: 600 })

let server: TestServer
/** Keeps no record in memory, so that each read goes to the database. */
let uncached: TestServer
const own: Record<string, Ids> = {}
beforeAll(async () => {
  server = await startTestServer()
  uncached = await startTestServer({ CLIENTELE_CACHED_RECORDS: '0' })
  for (const { surface } of everyOperation) {
    own[surface.name] ??= await prepareIds(server, surface, server.key)
  }
})
afterEach(() => {
  vi.restoreAllMocks()
})
afterAll(() => Promise.all([server.close(), uncached.close()]))

const newCustomer = { type: 'individual', name: 'Gerardo Ratto', country: 'AR' }
const pagesMax = 10_000

/** Every id that a walk shows, in its order. */
async function walk(path: string, idName: string, limit: number): Promise<string[]> {
  const seen: string[] = []
  for (let page = 0; page < pagesMax; page += 1) {
    const cursor = seen.length === 0 ? '' : `&startingAfter=${seen.at(-1)}`
    const answer = await server.call('GET', `${path}?limit=${limit}${cursor}`)
    expect(answer.status).toBe(200)
    const ids = answer.json.map((item: Record<string, string>) => item[idName])
    seen.push(...ids)
    if (ids.length < limit) return seen
  }
  throw new Error('the walk does not end')
}

async function createCustomers(count: number): Promise<string[]> {
  const ids: string[] = []
  for (let index = 0; index < count; index += 1) {
    const answer = await server.call('POST', '/payouts/customers', { body: newCustomer })
    ids.push(answer.json.customerId)
  }
  return ids
}

test('a walk shows every customer once, while others are created and paid', async () => {
  const made = await Promise.all(Array.from({ length: 10 }, () => createCustomers(customersEach)))
  const present = await walk('/payouts/customers', 'customerId', 200)
  expect(new Set(present).size).toBe(present.length)
  const seen = new Set(present)
  expect(
    [...made.flat(), own['payouts']?.['customerId'] ?? ''].filter((id) => !seen.has(id)),
  ).toEqual([])
  expect(present).toEqual([...present].sort().reverse())
  let isOver = false
  const disturb = async () => {
    let count = 0
    for (; !isOver && count < pagesMax; count += 1) {
      await createCustomers(1)
      const customerId = present[(count * 37) % present.length]
      const destinationCbu = '0070327530004025541644'
      const body = { amount: '1.00', currency: 'ARS', destinationCbu, customerId }
      expect((await server.call('POST', '/payouts/payouts', { body })).status).toBe(201)
    }
    return count
  }
  const disturbance = disturb()
  const wanted = new Set(present)
  for (const limit of [1, 7, 50, 200]) {
    const seen = await walk('/payouts/customers', 'customerId', limit)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.filter((id) => wanted.has(id))).toEqual(present)
  }
  isOver = true
  expect(await disturbance).toBeGreaterThan(10)
})

test('payouts and bank accounts are walked in their order, each once', async () => {
  const [customerId = ''] = await createCustomers(1)
  const accounts: string[] = []
  const payouts: string[] = []
  const account = { country: 'AR', currency: 'ARS', rail: 'OTHER', accountType: 'checking' }
  for (let index = 0; index < 23; index += 1) {
    const body = { ...account, holderName: `Holder ${index}` }
    const path = `/payouts/customers/${customerId}/bank-accounts`
    accounts.push((await server.call('POST', path, { body })).json.bankAccountId)
    const destinationCbu = '0070327530004025541644'
    const payout = { amount: '1.00', currency: 'ARS', destinationCbu, customerId }
    payouts.unshift((await server.call('POST', '/payouts/payouts', { body: payout })).json.id)
  }
  for (const limit of [1, 5, 23, 200]) {
    const below = `/payouts/customers/${customerId}`
    expect(await walk(`${below}/bank-accounts`, 'bankAccountId', limit)).toEqual(accounts)
    expect(await walk(`${below}/payouts`, 'id', limit)).toEqual(payouts)
    const all = await walk('/payouts/payouts', 'id', limit)
    expect(all.slice(0, payouts.length)).toEqual(payouts)
  }
})

const reads = everyOperation.filter(({ operation }) => operation.method === 'GET')
const lists = reads.filter(({ operation }) => operation.query?.properties['limit'] !== undefined)

describe.each(lists)('$name', ({ surface, operation }) => {
  const target = () => ({ surface, operation, key: server.key })
  const example = () => {
    const { params = {} } = exampleOf(surface, operation, own[surface.name] ?? {})
    return { params }
  }

  test.each([
    '0',
    '-1',
    '201',
    '1000000000',
    'x',
    '',
    ' ',
    '1.5',
    '1e2',
    '0x10',
    '１',
    '1'.repeat(400),
  ])('refuses the limit "%s" by name', async (limit) => {
    const answer = await send(server, target(), { ...example(), query: { limit } })
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('limit: ')
  })

  test('refuses a limit that is given twice', async () => {
    const path = `${surface.basePath}${operation.path}?limit=1&limit=2`
    const customerId = own[surface.name]?.['customerId'] ?? ''
    const answer = await server.call('GET', path.replace('{customerId}', customerId))
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('limit: ')
  })

  test('takes the limit 1 and its largest one', async () => {
    const largest = Reflect.get(operation.query?.properties['limit'] ?? {}, 'maximum')
    for (const limit of ['1', String(largest)]) {
      const answer = await send(server, target(), { ...example(), query: { limit } })
      expect(answer.status).toBe(200)
      expect(entriesOf(answer.json).length).toBeLessThanOrEqual(Number(limit))
    }
  })
})

/** The list in an answer, wherever its surface puts it. */
function entriesOf(json: unknown): unknown[] {
  if (Array.isArray(json)) return json
  const members = Object.values(Object(json))
  const found = members.find((member) => typeof member === 'object' && member !== null)
  if (found === undefined) throw new Error('the answer holds no list')
  return entriesOf(found)
}

/** The statements of every combination of an operation's filters and cursor. */
async function statementsOf(at: TestServer, row: (typeof reads)[number]): Promise<CompiledQuery[]> {
  const { surface, operation } = row
  const ids = await prepareIds(at, surface, at.key)
  const example = exampleOf(surface, operation, ids)
  const names = Object.keys(example.query ?? {})
  const recorded = recordQueries(at)
  for (let mask = 0; mask < 2 ** names.length; mask += 1) {
    const required: string[] = Reflect.get(operation.query ?? {}, 'required') ?? []
    const chosen = names.filter((name, index) => mask & (1 << index) || required.includes(name))
    const query = Object.fromEntries(chosen.map((name) => [name, example.query?.[name] ?? '']))
    const answer = await send(at, { surface, operation, key: at.key }, { ...example, query })
    expect(answer.status).toBe(200)
  }
  vi.restoreAllMocks()
  // The look-up of a key is the one without an app.
  return recorded.filter(({ sql }) => !/from "(keys" where "secret_hash|apps)"/.test(sql))
}

const indexes =
  /PRIMARY KEY|sqlite_autoindex|_pkey|(?:bank_accounts|registrations|files)_customer|connections_provider|events_feed|webhook_deliveries_endpoint|customers_(?:country|document_type|banking|kind|onboarding)|accounts_(?:customer|status|currency)|individuals_(?:customer|application)|applications_status|application_documents_application|wallets_address|wallet_authorizations_wallet|(?:payment_intents|invoices|subscriptions)_(?:customer|status|number)/

/** They tell what the adapters and the code say, and no record. */
const withoutRecords = new Set(['getRegistrationSchema', 'getStatusMachines', 'listApps'])
const readsOfRecords = reads.filter(({ operation }) => !withoutRecords.has(operation.id))

test.each(readsOfRecords)(
  '$name reads by an index that begins with its app, and sorts nothing',
  async (row) => {
    const statements = await statementsOf(uncached, row)
    expect(statements.length).toBeGreaterThan(0)
    for (const statement of statements) {
      const plan = await explain(uncached, statement)
      const seen = `${statement.sql}\n${plan}`
      expect(seen).toMatch(/SEARCH .*\(app_id=\?|Index Cond: \(+(\w+\.)?app_id = /)
      expect(plan, seen).not.toMatch(/\bSCAN\b(?! CONSTANT ROW)|TEMP B-TREE|Seq Scan|Sort/)
      if (/from "payouts"/.test(statement.sql)) continue
      expect(plan, seen).toMatch(indexes)
    }
  },
)
