// Owns the tests of proving histories whole, by changing them behind the server.
import fc from 'fast-check'
import type { Kysely } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import type { Tables } from '../../storage/tables.ts'
import { createMerchant } from '../apps/app-service.ts'
import type { App, Context } from '../context.ts'
import { createCustomer, updateCustomer } from '../customer/customer-service.ts'
import { chainStart } from './event.ts'
import { appendEvent } from './event-service.ts'
import { type BrokenLink, verifyChains } from './verify-chains.ts'

const scale = Number(process.env['CLIENTELE_TEST_SCALE'] ?? '1')

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

async function newApp(): Promise<App> {
  return (await createMerchant(server.system, 'chains')).test
}

/** Customers of an app with as many events as each number says; answers their ids in order. */
async function writeHistories(app: App, lengths: number[]): Promise<string[]> {
  return server.system.database.transaction(async (db) => {
    const context: Context = { ...server.contextOf(app), db }
    const ids: string[] = []
    for (const length of lengths) ids.push(await writeHistory(context, length))
    return ids
  })
}

async function writeHistory(context: Context, length: number): Promise<string> {
  const { db, app, vault } = context
  const customerId = context.ids()
  const dataKey = vault.createDataKey({ appId: app.id, ownerId: customerId })
  let head = chainStart
  for (let count = 0; count < length; count += 1) {
    const changes = { name: `name ${count}` }
    const event = appendEvent(context, head, { customerId, dataKey, type: 'a.b', changes })
    await event.write(db).execute()
    head = event.head
  }
  await db
    .insertInto('customers')
    .values({
      app_id: app.id,
      id: customerId,
      kind: 'individual',
      country: null,
      external_id: null,
      default_bank_account_id: null,
      last_payout_at: null,
      document_type: null,
      onboarding_status: 'NOT_STARTED',
      roles: '',
      is_synced: 0,
      synced_at: null,
      data_key: dataKey.wrapped,
      profile: new Uint8Array(1),
      version: head.version,
      head_hash: head.hash,
      created_at: 0,
      updated_at: 0,
    })
    .execute()
  return customerId
}

type Found = Pick<BrokenLink, 'customerId' | 'version' | 'problem'>

interface Target {
  db: Kysely<Tables>
  appId: string
  customerId: string
  /** The customer's newest version. */
  last: number
  /** One of the customer's versions. */
  version: number
  /** Another customer of the app, and its newest version. */
  other: { customerId: string; last: number }
}

/** Each changes the database behind the server's back, and says what must be found. */
const mutations: Record<string, (target: Target) => Promise<Found>> = {
  'edit the type': (target) => edit(target, { type: 'a.c' }),
  'edit the actor': (target) => edit(target, { actor: 'nobody' }),
  'edit the time': (target) => edit(target, { at: 1 }),
  'edit the changes': (target) => edit(target, { changes: new Uint8Array([1, 2, 3]) }),
  'edit the hash': (target) => edit(target, { hash: new Uint8Array(32) }),
  'delete one event': async (target) => {
    await eventsOf(target).where('version', '=', target.version).execute()
    return { ...found(target), problem: 'version_missing' }
  },
  'truncate the tail': async (target) => {
    await eventsOf(target).where('version', '>=', target.version).execute()
    return { ...found(target), problem: 'version_missing' }
  },
  'delete every event': async (target) => {
    await eventsOf(target).execute()
    return { ...found(target), version: 1, problem: 'version_missing' }
  },
  'exchange two events': async (target) => {
    const [low, high] = [Math.min(target.version, target.last - 1), target.last]
    await renumber(target, low, -1)
    await renumber(target, high, low)
    await renumber(target, -1, high)
    return { ...found(target), version: low, problem: 'hash_differs' }
  },
  'move an event to another customer': async (target) => {
    const { other, version, customerId } = target
    await target.db
      .updateTable('events')
      .set({ customer_id: other.customerId, version: other.last + 1 })
      .where('app_id', '=', target.appId)
      .where('customer_id', '=', customerId)
      .where('version', '=', version)
      .execute()
    return customerId < other.customerId
      ? { ...found(target), problem: 'version_missing' }
      : { customerId: other.customerId, version: other.last + 1, problem: 'hash_differs' }
  },
  'edit the head on the row': (target) =>
    editRow(target, { head_hash: new Uint8Array(32) }, 'head_differs', target.last),
  'set the row back': (target) =>
    editRow(target, { version: target.last - 1 }, 'head_differs', target.last),
  'set the row ahead': (target) =>
    editRow(target, { version: target.last + 1 }, 'version_missing', target.last + 1),
  'delete the row': async (target) => {
    await target.db
      .deleteFrom('customers')
      .where('app_id', '=', target.appId)
      .where('id', '=', target.customerId)
      .execute()
    return { ...found(target), version: 1, problem: 'customer_missing' }
  },
}

const found = ({ customerId, version }: Target) => ({ customerId, version })

function eventsOf({ db, appId, customerId }: Target) {
  return db.deleteFrom('events').where('app_id', '=', appId).where('customer_id', '=', customerId)
}

async function edit(target: Target, columns: object): Promise<Found> {
  await target.db
    .updateTable('events')
    .set(columns)
    .where('app_id', '=', target.appId)
    .where('customer_id', '=', target.customerId)
    .where('version', '=', target.version)
    .execute()
  return { ...found(target), problem: 'hash_differs' }
}

async function renumber(target: Target, from: number, to: number): Promise<void> {
  await edit({ ...target, version: from }, { version: to })
}

async function editRow(
  target: Target,
  columns: object,
  problem: Found['problem'],
  version: number,
): Promise<Found> {
  await target.db
    .updateTable('customers')
    .set(columns)
    .where('app_id', '=', target.appId)
    .where('id', '=', target.customerId)
    .execute()
  return { customerId: target.customerId, version, problem }
}

const anyMutation = fc.record({
  lengths: fc.array(fc.integer({ min: 2, max: 6 }), { minLength: 2, maxLength: 5 }),
  pageRows: fc.integer({ min: 1, max: 9 }),
  name: fc.constantFrom(...Object.keys(mutations)),
  customer: fc.nat(),
  version: fc.nat(),
})

test('one change to a random history is found, and named where it is', async () => {
  await fc.assert(
    fc.asyncProperty(anyMutation, async ({ lengths, pageRows, name, customer, version }) => {
      const app = await newApp()
      const ids = await writeHistories(app, lengths)
      const walk = { appId: app.id, pageRows }
      const events = lengths.reduce((sum, length) => sum + length, 0)
      const whole = { apps: 1, customers: ids.length, events, broken: null }
      expect(await verifyChains(server.system, walk)).toEqual(whole)

      const index = customer % ids.length
      const otherIndex = (index + 1) % ids.length
      const last = lengths[index] ?? 0
      const expected = await server.system.database.transaction(
        async (db) =>
          await mutations[name]?.({
            db,
            appId: app.id,
            customerId: ids[index] ?? '',
            last,
            version: (version % last) + 1,
            other: { customerId: ids[otherIndex] ?? '', last: lengths[otherIndex] ?? 0 },
          }),
      )
      const { broken } = await verifyChains(server.system, walk)
      expect(broken).toEqual({ appId: app.id, ...expected })
    }),
    { numRuns: 100 * scale },
  )
})

test('of two broken customers the first one is named', async () => {
  const app = await newApp()
  const ids = await writeHistories(app, [3, 3, 3])
  await server.system.database.transaction(async (db) => {
    for (const customerId of ids.slice(1)) {
      const target = { db, appId: app.id, customerId, last: 3, version: 2 }
      await edit({ ...target, other: { customerId: '', last: 0 } }, { actor: 'nobody' })
    }
  })
  const { broken } = await verifyChains(server.system, { appId: app.id })
  expect(broken).toEqual({
    appId: app.id,
    customerId: ids[1],
    version: 2,
    problem: 'hash_differs',
  })
})

test('a history that was moved to an app that is not there is found', async () => {
  const own = await startTestServer()
  const { system, testApp } = own
  await createCustomer(own.contextOf(testApp), { kind: 'individual', name: 'Ana' })
  const unknownApp = system.ids()
  await system.database.transaction((db) =>
    db.updateTable('events').set({ app_id: unknownApp }).where('version', '=', 1).execute(),
  )
  await system.database.transaction((db) => db.deleteFrom('customers').execute())
  expect(await verifyChains(system)).toEqual({
    apps: 3,
    customers: 0,
    events: 0,
    broken: { appId: unknownApp, customerId: null, version: null, problem: 'app_missing' },
  })
  await own.close()
})

test('histories that grow during the walk are not called broken', async () => {
  const app = await newApp()
  const context = server.contextOf(app)
  const customers = await Promise.all(
    Array.from({ length: 8 }, () => createCustomer(context, { kind: 'individual', name: 'Ana' })),
  )
  let isWriting = true
  const writers = customers.map(async ({ id }, index) => {
    for (let round = 0; round < 15; round += 1) {
      await updateCustomer(context, id, { name: `Ana ${round}` })
      if (index === 0) await createCustomer(context, { kind: 'individual', name: 'Eva' })
    }
  })
  const written = Promise.all(writers).finally(() => {
    isWriting = false
  })
  let walks = 0
  do {
    const { broken } = await verifyChains(server.system, { appId: app.id, pageRows: 3 })
    expect(broken).toBeNull()
    walks += 1
  } while (isWriting && walks < 1_000)
  await written
  expect(await verifyChains(server.system, { appId: app.id })).toEqual({
    apps: 1,
    customers: 8 + 15,
    events: 8 + 8 * 15 + 15,
    broken: null,
  })
})

test('progress counts up to the whole, and an aborted walk ends', async () => {
  const app = await newApp()
  await writeHistories(app, [2, 3, 4])
  const seen: number[] = []
  const report = ({ events }: { events: number }) => seen.push(events)
  await verifyChains(server.system, { appId: app.id, pageRows: 2, report })
  expect(seen.at(-1)).toBe(9)
  expect(seen).toEqual([...seen].sort((left, right) => left - right))
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(verifyChains(server.system, { appId: app.id, signal })).rejects.toThrow('enough')
})
