// Owns the guarantee that personal data at rest is sealed, each value for its own place.
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findCustomersBy } from '../server/src/core/customer/customer-list.ts'
import { createCustomer, requireCustomer } from '../server/src/core/customer/customer-service.ts'
import { listEvents } from '../server/src/core/events/event-service.ts'
import { createCanaries, findMarkers } from './crash/canaries.ts'
import { createCanaryCustomer, type Made, makeCanaryRecords } from './crash/canary-records.ts'
import { type CanaryProviders, openCanaryProviders } from './crash/canary-registrations.ts'
import { readRows } from './crash/database-reader.ts'
import { everyColumn, everyFile, tableNames } from './crash/stored-bytes.ts'
import { type Answer, engine, startTestServer, type TestServer } from './harness.ts'

const customers = 100
const canaries = createCanaries()
let server: TestServer
let made: Made[]
let providers: CanaryProviders
/** Of the customers that were handed to providers. */
let orchestrated: string[]
let webhooks: number[]

beforeAll(async () => {
  // Every read opens what is stored.
  server = await startTestServer({ CLIENTELE_CACHED_RECORDS: '0' })
  const numbers = Array.from({ length: customers }, (_, n) => n)
  const making = numbers.map((n) => makeCanaryRecords(server, canaries.of(n)))
  made = await Promise.all(making)
  providers = await openCanaryProviders(server, canaries.of(0), canaries.of(1))
  orchestrated = await Promise.all(numbers.map((n) => providers.make(canaries.of(n))))
  webhooks = await providers.sendWebhooks(canaries.of(3))
  await server.drainJobs()
})
afterAll(async () => {
  await server?.close()
  await providers?.standIn.close()
})

test('what was written can be read by its owner, and is the canary', async () => {
  const page = await server.call('GET', `/payouts/customers?limit=${customers}`)
  const names = page.json.map((customer: { name: string }) => customer.name).sort()
  expect(names).toEqual(Array.from({ length: customers }, (_, n) => canaries.of(n).name).sort())
})

/** What is of the payouts surface alone, or shown to nobody. */
const elsewhere = /^(?:name|email|metadata.*|holderName|destination.*|cbu|cuit|idempotencyKey)$/
const hidden = /secret$/i

test('what was registered and uploaded can be read by its owner, each value of it', async () => {
  const text = await providers.readBack(orchestrated.at(-1) ?? '')
  const kinds = Object.keys(canaries.markers)
  const shown = kinds.filter((kind) => !elsewhere.test(kind) && !hidden.test(kind))
  expect(shown.length).toBeGreaterThan(20)
  expect(findMarkers(Buffer.from(text), canaries.markers)).toEqual(shown)
})

test('providers were sent the values, said them back, and told them by webhook', () => {
  const { requests } = providers.standIn
  const sent = requests.filter(({ method, path }) => method === 'POST' && path === '/v1/customers')
  const bodies = Buffer.concat(sent.map(({ body }) => body))
  expect(sent.length).toBeGreaterThanOrEqual(customers)
  expect(findMarkers(bodies, canaries.markers)).toEqual(
    expect.arrayContaining(['first_name', 'last_name', 'orchestratedEmail', 'phone']),
  )
  expect(webhooks).toEqual([200, 401, 400])
})

test('no personal value is in any column of any table, nor in any name of one', async () => {
  expect((await tableNames(server.environment)).length).toBeGreaterThan(10)
  const bytes = await everyColumn(server.environment)
  // The search finds what is there in the clear, so that it would find the rest.
  expect(findMarkers(bytes, { merchant: 'First merchant' })).toEqual(['merchant'])
  expect(findMarkers(bytes, canaries.markers)).toEqual([])
})

test('no personal value is in a log line, also not of a request that was refused', async () => {
  const { name, email, cbu } = canaries.of(1)
  const key = canaries.of(2).idempotencyKey
  const path = '/payouts/customers'
  const headers = { 'idempotency-key': key }
  const refused = await Promise.all([
    server.call('POST', path, { body: { type: 'individual', name, country: 'Argentina' } }),
    server.call('POST', path, { headers, body: { type: 'business', name, country: 'AR' } }),
    server.call('POST', path, { body: `{"name": "${name}` }),
    server.call('GET', `${path}/${email}`),
    server.call('GET', `${path}?email=${email}`),
    server.call('GET', `/${cbu}`),
    server.call('POST', '/payouts/payouts', { body: { amount: cbu, destinationCbu: `${cbu}1` } }),
  ])
  expect(refused.every(({ status }) => status >= 400 && status < 500)).toBe(true)
  const lines = Buffer.from(server.logLines.join(''))
  expect(server.logLines.length).toBeGreaterThan(3 * customers)
  expect(findMarkers(lines, { route: '/payouts/customers' })).toEqual(['route'])
  expect(findMarkers(lines, canaries.markers)).toEqual([])
})

test('no personal value is in any file: database, write-ahead log, blobs, lock', () => {
  const { names, bytes } = everyFile(server.config.dataDir)
  expect(names.filter((name) => /[/\\][0-9a-f]{32}$/.test(name)).length).toBe(customers)
  if (engine === 'sqlite') {
    expect(names).toEqual(expect.arrayContaining(['clientele.db', 'clientele.db-wal', 'lock.db']))
    expect(findMarkers(bytes, { merchant: 'First merchant' })).toEqual(['merchant'])
  }
  expect(findMarkers(bytes, canaries.markers)).toEqual([])
})

describe('sealed bytes that were moved do not open', () => {
  /** Where sealed bytes stand, where they are put, and who notices. */
  const moves: [string, Place, Place, () => Promise<string>][] = [
    [
      'the profile of another customer',
      { table: 'customers', column: 'profile', where: () => `id = '${ids(1).customer}'` },
      { table: 'customers', column: 'profile', where: () => `id = '${ids(0).customer}'` },
      () => openedBy(server.call('GET', `/payouts/customers/${ids(0).customer}`)),
    ],
    [
      'the data key of another customer',
      { table: 'customers', column: 'data_key', where: () => `id = '${ids(1).customer}'` },
      { table: 'customers', column: 'data_key', where: () => `id = '${ids(0).customer}'` },
      () => openedBy(server.call('GET', `/payouts/customers/${ids(0).customer}`)),
    ],
    [
      'the profile as a bank account of the same customer',
      { table: 'customers', column: 'profile', where: () => `id = '${ids(0).customer}'` },
      { table: 'bank_accounts', column: 'details', where: () => `id = '${ids(0).accounts[0]}'` },
      () => openedBy(server.call('GET', `/payouts/customers/${ids(0).customer}/bank-accounts`)),
    ],
    [
      'another bank account of the same customer',
      { table: 'bank_accounts', column: 'details', where: () => `id = '${ids(0).accounts[1]}'` },
      { table: 'bank_accounts', column: 'details', where: () => `id = '${ids(0).accounts[0]}'` },
      () => openedBy(server.call('GET', `/payouts/customers/${ids(0).customer}/bank-accounts`)),
    ],
    [
      'the destination of another payout of the same customer',
      { table: 'payouts', column: 'destination', where: () => `id = '${ids(0).payouts[1]}'` },
      { table: 'payouts', column: 'destination', where: () => `id = '${ids(0).payouts[0]}'` },
      () => openedBy(server.call('GET', `/payouts/payouts/${ids(0).payouts[0]}`)),
    ],
    [
      'the changes of another event of the same customer',
      { table: 'events', column: 'changes', where: () => eventOf(0, 2) },
      { table: 'events', column: 'changes', where: () => eventOf(0, 1) },
      () => openedHistory(0),
    ],
    [
      'the changes of the same event of another customer',
      { table: 'events', column: 'changes', where: () => eventOf(1, 1) },
      { table: 'events', column: 'changes', where: () => eventOf(0, 1) },
      () => openedHistory(0),
    ],
    [
      'the stored reply of another request about the same customer',
      { table: 'replies', column: 'body', where: () => otherReplyOf(0) },
      { table: 'replies', column: 'body', where: () => replyOf(0) },
      () => openedBy(createCanaryCustomer(server, canaries.of(0))),
    ],
  ]

  test.each(moves)('%s', async (_, from, to, read) => {
    expect(await read()).toBe('opened')
    const before = await bytesAt(to)
    await setBytes(to, await bytesAt(from))
    const refused = await read()
    await setBytes(to, before)
    expect(refused).toBe('SealBroken')
    expect(await read()).toBe('opened')
  })

  test('a customer that was copied into another app', async () => {
    const id = ids(0).customer
    await server.system.database.transaction((db) =>
      sql`insert into customers (app_id, id, kind, country, external_id,
          default_bank_account_id, last_payout_at, data_key, profile, version, head_hash,
          created_at, updated_at)
        select ${sql.lit(server.liveApp.id)}, id, kind, country, external_id,
          default_bank_account_id, last_payout_at, data_key, profile, version, head_hash,
          created_at, updated_at
        from customers where id = ${sql.lit(id)}`.execute(db),
    )
    const key = await server.createKey(server.liveApp)
    expect(await openedBy(server.call('GET', `/payouts/customers/${id}`, { key }))).toBe(
      'SealBroken',
    )
  })
})

describe('equality search over sealed fields', () => {
  const people = 1_500
  const distinct = 1_400
  const emailOf = (n: number) => `Persona.${n % distinct}@Example.com`

  test('finds all that are equal after normalisation, and nobody else', async () => {
    const context = server.contextOf(server.testApp)
    const idsByEmail = new Map<string, string[]>()
    await Promise.all(
      Array.from({ length: people }, async (_, n) => {
        const made = await createCustomer(context, {
          kind: 'individual',
          name: `Persona ${n}`,
          email: emailOf(n),
        })
        const email = emailOf(n)
        idsByEmail.set(email, [...(idsByEmail.get(email) ?? []), made.id])
      }),
    )
    expect(idsByEmail.size).toBe(distinct)
    for (const [email, expected] of idsByEmail) {
      const found = await findCustomersBy(context, 'email', email.toUpperCase())
      expect(found.map((customer) => customer.id).sort()).toEqual(expected.sort())
    }
    expect(await findCustomersBy(context, 'email', 'nobody@example.com')).toEqual([])
  })

  test('of another app finds nothing, and no token of one app is one of the other', async () => {
    const other = server.contextOf(server.liveApp)
    expect(await findCustomersBy(other, 'email', emailOf(0))).toEqual([])
    const email = emailOf(0)
    await createCustomer(other, { kind: 'individual', name: 'Persona', email })
    expect(await findCustomersBy(other, 'email', email)).toHaveLength(1)
    const rows = await server.system.db
      .selectFrom('customer_lookups')
      .select(['app_id', 'token'])
      .where('field', '=', 'email')
      .execute()
    const tokensOf = (appId: string) =>
      rows
        .filter((row) => row.app_id === appId)
        .map((row) => Buffer.from(row.token).toString('hex'))
    const shared = new Set(tokensOf(server.testApp.id))
    expect(shared.size).toBe(distinct + customers)
    expect(tokensOf(server.liveApp.id).filter((token) => shared.has(token))).toEqual([])
    expect(tokensOf(server.liveApp.id)).toHaveLength(1)
  })
})

function ids(n: number): Made {
  const found = made[n]
  if (!found) throw new Error(`customer ${n} was made`)
  return found
}

/** `opened`, or the name of the error that the server has logged for its 500. */
async function openedBy(call: Promise<Answer>): Promise<string> {
  const answer = await call
  if (answer.status < 300) return 'opened'
  expect([answer.status, answer.json.error.code]).toEqual([500, 'internal_error'])
  const id = answer.headers.get('request-id') ?? ''
  const lines = server.logLines.filter((line) => line.includes(id)).map((line) => JSON.parse(line))
  return lines.find((line) => line.failure)?.failure.name
}

async function openedHistory(n: number): Promise<string> {
  const context = server.contextOf(server.testApp)
  const customerId = ids(n).customer
  const dataKey = await requireCustomer(context, customerId)
  try {
    await listEvents(context, { customerId, dataKey, afterVersion: 0 })
    return 'opened'
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown'
  }
}

function eventOf(n: number, version: number): string {
  return `customer_id = '${ids(n).customer}' and version = ${version}`
}

function replyOf(n: number): string {
  const { idempotencyKey } = canaries.of(n)
  const { vault } = server.system
  const request = `POST\n/payouts/customers\n${idempotencyKey}`
  const token = vault.fingerprint(server.testApp.id, request).toString('hex')
  return `token = ${engine === 'sqlite' ? `x'${token}'` : `'\\x${token}'`}`
}

function otherReplyOf(n: number): string {
  const others = `customer_id = '${ids(n).customer}' and not (${replyOf(n)})`
  return `token = (select token from replies where ${others} order by token limit 1)`
}

interface Place {
  table: string
  column: string
  where(): string
}

async function bytesAt({ table, column, where }: Place): Promise<Uint8Array> {
  const query = `select ${column} as bytes from ${table} where ${where()}`
  const rows = await readRows(server.environment, query)
  expect(rows).toHaveLength(1)
  return rows[0]?.['bytes'] as Uint8Array
}

async function setBytes({ table, column, where }: Place, bytes: Uint8Array): Promise<void> {
  const [rows, condition] = [sql.table(table), sql.raw(where())]
  const change = sql`update ${rows} set ${sql.ref(column)} = ${bytes} where ${condition}`
  await server.system.database.transaction((db) => change.execute(db))
}
