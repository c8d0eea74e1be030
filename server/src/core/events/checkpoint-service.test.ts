// Owns the proof that a checkpoint finds what the chains alone cannot: what is gone without trace.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { runs } from '../../../../test/runs.ts'
import { createMerchant } from '../apps/app-service.ts'
import type { Context } from '../context.ts'
import { createCustomer, updateCustomer } from '../customer/customer-service.ts'
import { type CheckpointLine, compareHeads, listHeads } from './checkpoint-service.ts'
import { chainStart, linkHash } from './event.ts'
import { writeHistories } from './testing/broken-histories.ts'
import { verifyChains } from './verify-chains.ts'

let server: TestServer
let context: Context
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())
beforeEach(async () => {
  context = server.contextOf((await createMerchant(server.system, 'checked')).test)
})

/** Of the one app: other tests have theirs. */
async function linesOfApp(): Promise<CheckpointLine[]> {
  const pages = await Array.fromAsync(listHeads(server.system))
  return pages.flat().filter(({ appId }) => appId === context.app.id)
}

async function* from<T>(list: T[]): AsyncGenerator<T> {
  yield* list
}

const compare = (lines: CheckpointLine[], system = server.system) =>
  compareHeads(system, from(lines))

test('it says each customer’s newest event, of every app, in their order', async () => {
  const ids = await writeHistories(context, [3, 1])
  const other = server.contextOf((await createMerchant(server.system, 'other')).test)
  const [otherId] = await writeHistories(other, [2])
  const all = (await Array.fromAsync(listHeads(server.system))).flat()
  const places = all.map(({ appId, customerId }) => `${appId} ${customerId}`)
  expect(places).toEqual(places.toSorted())
  const versions = all.map(({ customerId, head }) => [customerId, head.version])
  const own = new Set([...ids, otherId])
  expect(versions.filter(([id]) => own.has(String(id)))).toEqual([
    [ids[0], 3],
    [ids[1], 1],
    [otherId, 2],
  ])
})

test('what has only grown since is borne out, over more than a page', async () => {
  const customers = await Promise.all(
    Array.from({ length: 3 }, () => createCustomer(context, { kind: 'individual', name: 'Ana' })),
  )
  await writeHistories(
    context,
    Array.from({ length: 450 }, (_, at) => 1 + (at % 3)),
  )
  const lines = await linesOfApp()
  expect(lines).toHaveLength(453)
  for (const { id } of customers) await updateCustomer(context, id, { name: 'Eva' })
  await createCustomer(context, { kind: 'individual', name: 'Bob' })
  const seen: number[] = []
  const report = (count: number) => seen.push(count)
  expect(await compareHeads(server.system, from(lines), { report })).toBeNull()
  expect(seen).toEqual([200, 400, 453])
  expect(await compare([])).toBeNull()
})

test('an aborted comparison ends', async () => {
  await writeHistories(context, [1])
  const signal = AbortSignal.abort(new Error('enough'))
  const comparing = compareHeads(server.system, from(await linesOfApp()), { signal })
  await expect(comparing).rejects.toThrow('enough')
})

describe('what leaves every chain whole', () => {
  type Forgery = (db: Context['db'], of: { customerId: string; version: number }) => Promise<void>

  const customersOf = (db: Context['db'], customerId: string) =>
    db.updateTable('customers').where('app_id', '=', context.app.id).where('id', '=', customerId)

  /** By somebody who may write to the database, and knows how a chain is made. */
  const forgeries: Record<string, [string, Forgery]> = {
    'a customer erased with the whole history': [
      'customer_erased',
      async (db, { customerId }) => {
        const { id: appId } = context.app
        const events = db.deleteFrom('events').where('app_id', '=', appId)
        await events.where('customer_id', '=', customerId).execute()
        const row = db.deleteFrom('customers').where('app_id', '=', appId)
        await row.where('id', '=', customerId).execute()
      },
    ],
    'a tail cut off, and the row set back': [
      'history_shortened',
      async (db, { customerId, version }) => {
        const events = db.deleteFrom('events').where('app_id', '=', context.app.id)
        const own = events.where('customer_id', '=', customerId)
        await own.where('version', '>=', version).execute()
        const { hash } = await newest(db, customerId)
        const set = { version: version - 1, head_hash: hash }
        await customersOf(db, customerId).set(set).execute()
      },
    ],
    'a history written anew from one version on': [
      'history_rewritten',
      async (db, { customerId, version }) => {
        const events = db.updateTable('events').where('app_id', '=', context.app.id)
        const own = events.where('customer_id', '=', customerId)
        await own.where('version', '=', version).set({ actor: 'nobody' }).execute()
        const hash = await chainAnew(db, customerId)
        await customersOf(db, customerId).set({ head_hash: hash }).execute()
      },
    ],
  }

  async function newest(db: Context['db'], customerId: string) {
    const events = db.selectFrom('events').select(['version', 'hash'])
    const own = events.where('app_id', '=', context.app.id).where('customer_id', '=', customerId)
    return own.orderBy('version', 'desc').limit(1).executeTakeFirstOrThrow()
  }

  async function chainAnew(db: Context['db'], customerId: string): Promise<Uint8Array> {
    const appId = context.app.id
    const own = db.selectFrom('events').selectAll().where('app_id', '=', appId)
    const rows = await own.where('customer_id', '=', customerId).orderBy('version').execute()
    let { hash } = chainStart
    for (const { version, type, actor, at, changes: sealedChanges } of rows) {
      hash = linkHash(hash, { appId, customerId, version, type, actor, at, sealedChanges })
      const row = db.updateTable('events').set({ hash }).where('app_id', '=', appId)
      await row.where('customer_id', '=', customerId).where('version', '=', version).execute()
    }
    return hash
  }

  test.each(Object.entries(forgeries))('%s is found', async (_name, [problem, forge]) => {
    const lengths = Array.from({ length: 12 }, (_, at) => 2 + (at % 4))
    const ids = await writeHistories(context, lengths)
    const lines = await linesOfApp()
    const appId = context.app.id
    for (let round = 0; round < runs({ few: 8, full: 334 }); round += 1) {
      const index = (round * 7 + 3) % ids.length
      const last = lengths[index] ?? 0
      const customerId = ids[index] ?? ''
      // From the second on: without its first event a customer is as good as erased.
      const version = 2 + (round % (last - 1))
      const undone = server.system.database.transaction(async (db) => {
        await forge(db, { customerId, version })
        const system = { ...server.system, db }
        expect((await verifyChains(system, { appId })).broken).toBeNull()
        const broken = await compare(lines, system)
        expect(broken).toEqual({ appId, customerId, version: last, problem })
        throw new Error('to be undone')
      })
      await expect(undone).rejects.toThrow('to be undone')
    }
    expect(await compare(lines)).toBeNull()
  })

  test('a history written anew that has grown since is found at the version of the checkpoint', async () => {
    const { id: customerId } = await createCustomer(context, { kind: 'individual', name: 'Ana' })
    await updateCustomer(context, customerId, { name: 'Eva' })
    const lines = await linesOfApp()
    await updateCustomer(context, customerId, { name: 'Ida' })
    const appId = context.app.id
    await server.system.database.transaction(async (db) => {
      await forgeries['a history written anew from one version on']?.[1](db, {
        customerId,
        version: 1,
      })
    })
    expect((await verifyChains(server.system, { appId })).broken).toBeNull()
    const expected = { appId, customerId, version: 2, problem: 'history_rewritten' }
    expect(await compare(lines)).toEqual(expected)
  })
})
