// Owns the tests of proving histories whole, by changing them behind the server.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { runs } from '../../../../test/runs.ts'
import { createMerchant } from '../apps/app-service.ts'
import type { App } from '../context.ts'
import { createCustomer, updateCustomer } from '../customer/customer-service.ts'
import { edit, mutations, writeHistories } from './testing/broken-histories.ts'
import { verifyChains } from './verify-chains.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

async function newApp(): Promise<App> {
  return (await createMerchant(server.system, 'chains')).test
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
      const ids = await writeHistories(server.contextOf(app), lengths)
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
    { numRuns: runs({ few: 60, full: 1_000 }) },
  )
})

const figures = runs({ few: 60, full: 2_000 })

test('in one large history each change is found where it is, and gone when it is undone', async () => {
  const app = await newApp()
  const lengths = Array.from({ length: figures }, (_, at) => 2 + (at % 7))
  const ids = await writeHistories(server.contextOf(app), lengths)
  const names = Object.keys(mutations)
  const whole = { apps: 1, customers: figures, events: lengths.reduce((sum, one) => sum + one, 0) }
  for (let round = 0; round < runs({ few: 24, full: 1_000 }); round += 1) {
    const index = (round * 7_919 + 13) % figures
    const otherIndex = (index + 1) % figures
    const last = lengths[index] ?? 0
    const undone = server.system.database.transaction(async (db) => {
      const expected = await mutations[names[round % names.length] ?? '']?.({
        ...{ db, appId: app.id, customerId: ids[index] ?? '', last },
        version: ((round * 31) % last) + 1,
        other: { customerId: ids[otherIndex] ?? '', last: lengths[otherIndex] ?? 0 },
      })
      const { broken } = await verifyChains({ ...server.system, db }, { appId: app.id })
      expect(broken).toEqual({ appId: app.id, ...expected })
      throw new Error('to be undone')
    })
    await expect(undone).rejects.toThrow('to be undone')
  }
  expect(await verifyChains(server.system, { appId: app.id })).toEqual({ ...whole, broken: null })
})

test('of two broken customers the first one is named', async () => {
  const app = await newApp()
  const ids = await writeHistories(server.contextOf(app), [3, 3, 3])
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
  await writeHistories(server.contextOf(app), [2, 3, 4])
  const seen: number[] = []
  const report = ({ events }: { events: number }) => seen.push(events)
  await verifyChains(server.system, { appId: app.id, pageRows: 2, report })
  expect(seen.at(-1)).toBe(9)
  expect(seen).toEqual([...seen].sort((left, right) => left - right))
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(verifyChains(server.system, { appId: app.id, signal })).rejects.toThrow('enough')
})
