// Owns the proof of leases: who holds a job, and for how long.
import { v7 } from 'uuid'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  createMigratedDatabase,
  type MigratedDatabase,
} from '../../../test/crash/migrated-database.ts'
import { engine } from '../../../test/harness.ts'
import {
  deleteJob,
  insertJob,
  type Job,
  leaseJobs,
  releaseAllLeases,
  selectLanesWithDueJobs,
  updateJobFailed,
} from './job-queue.ts'

const now = 1_000_000
const appId = v7()
const otherAppId = v7()
const kind = 'payout.submit'
const kinds = [kind]

let own: MigratedDatabase
beforeAll(async () => {
  own = await createMigratedDatabase()
})
afterAll(() => own.remove())
afterEach(() => own.database.transaction((db) => db.deleteFrom('jobs').execute()))

test('the oldest due jobs are leased, up to the limit, with their try counted', async () => {
  const [late, early, later] = [await add(30), await add(10), await add(50)]
  const first = await lease({ limit: 2 })
  const begun = { appId, kind, attempts: 1, failures: 0 }
  expect(first).toEqual([
    { ...begun, id: early, subjectId: early, runAt: 10 },
    { ...begun, id: late, subjectId: late, runAt: 30 },
  ])
  expect((await lease({ limit: 2 })).map((job) => job.id)).toEqual([later])
})

test('a job that is not due, of another app, of another kind or dead is left alone', async () => {
  await add(now + 1)
  await add(1, { appId: otherAppId })
  await add(1, { kind: 'webhook.send' })
  const dead = await add(1)
  const [job] = await lease()
  await fail(job, { isDead: true })
  expect(job?.id).toBe(dead)
  expect(await lease()).toEqual([])
})

test('the kinds that have a due job in an app are named once each, where they are known', async () => {
  await add(1)
  await add(2)
  await add(now + 1, { appId: otherAppId })
  await add(1, { appId: otherAppId, kind: 'webhook.send' })
  expect(await selectLanesWithDueJobs(own.database.reader, { kinds, dueAt: now, now })).toEqual([
    { appId, kind: 'payout.submit' },
  ])
})

test('a leased job is nobody else’s until the lease has run out', async () => {
  const id = await add(1)
  await lease({ until: now + 100 })
  expect(await lease({ at: now + 99 })).toEqual([])
  const again = await lease({ at: now + 100 })
  expect(again.map((job) => [job.id, job.attempts])).toEqual([[id, 2]])
})

test('who has lost the lease can neither end nor postpone the job', async () => {
  await add(1)
  const token = v7()
  const [job] = await lease({ token, until: now + 1 })
  const [taken] = await lease({ at: now + 1 })
  if (!job || !taken) throw new Error('the job is leased twice, one after the other')
  await own.database.transaction((db) => deleteJob(db, { ...job, token }))
  await fail(job, { token })
  const rows = await own.database.reader.selectFrom('jobs').selectAll().execute()
  expect(rows).toMatchObject([{ id: job.id, status: 'waiting', attempts: 2, last_error: null }])
  expect(rows[0]?.lease_token).not.toBeNull()
})

test('a failure gives the lease back and says when and why', async () => {
  await add(1)
  const token = v7()
  const [job] = await lease({ token })
  await fail(job, { token, error: 'Error ECONNREFUSED', runAt: now + 200 })
  expect(await own.database.reader.selectFrom('jobs').selectAll().execute()).toMatchObject([
    {
      status: 'waiting',
      run_at: now + 200,
      lease_token: null,
      leased_until: null,
      last_error: 'Error ECONNREFUSED',
    },
  ])
})

test('a job that is done is gone', async () => {
  await add(1)
  const token = v7()
  const [job] = await lease({ token })
  if (!job) throw new Error('the job is leased')
  await own.database.transaction((db) => deleteJob(db, { ...job, token }))
  expect(await own.database.reader.selectFrom('jobs').selectAll().execute()).toEqual([])
})

test('leases of a process that is gone can be freed at once', async () => {
  const id = await add(1)
  await lease()
  await own.database.transaction(releaseAllLeases)
  expect((await lease()).map((job) => job.id)).toEqual([id])
})

test('workers that lease at the same moment never hold the same job', async () => {
  const ids = await Promise.all(Array.from({ length: 40 }, (_, n) => add(n)))
  // On the embedded engine a second process cannot open the database.
  const another = engine === 'postgresql' ? await own.openAnother() : own.database
  try {
    const databases = Array.from({ length: 16 }, (_, n) => (n % 2 === 0 ? own.database : another))
    const leases = await Promise.all(
      databases.map((database) =>
        database.transaction((db) =>
          leaseJobs(
            db,
            { appId, kind, dueAt: now, limit: 5 },
            { token: v7(), now, until: now + 1 },
          ),
        ),
      ),
    )
    const held = leases.flat().map((job) => job.id)
    expect(new Set(held).size).toBe(held.length)
    // SKIP LOCKED may leave a worker with less than its limit; whoever asks again gets the rest.
    const rest = await lease({ limit: 40 })
    expect([...held, ...rest.map((job) => job.id)].sort()).toEqual(ids.sort())
  } finally {
    if (another !== own.database) await another.close()
  }
})

async function add(runAt: number, more: { appId?: string; kind?: string } = {}): Promise<string> {
  const id = v7()
  const job = { appId, kind: 'payout.submit', ...more, id, subjectId: id, runAt, createdAt: 0 }
  await own.database.transaction((db) => insertJob(db, job).execute())
  return id
}

function lease(
  options: { limit?: number; token?: string; at?: number; until?: number } = {},
): Promise<Job[]> {
  const { limit = 20, token = v7(), at = now, until = at + 60_000 } = options
  lastToken = token
  return own.database.transaction((db) =>
    leaseJobs(db, { appId, kind, dueAt: at, limit }, { token, now: at, until }),
  )
}

let lastToken = ''

async function fail(
  job: Job | undefined,
  options: { token?: string; error?: string; runAt?: number; isDead?: boolean },
): Promise<void> {
  if (!job) throw new Error('there is a job to fail')
  const { token = lastToken, error = 'Error', runAt = now, isDead = false } = options
  await own.database.transaction((db) =>
    updateJobFailed(db, { ...job, token }, { error, runAt, isDead }),
  )
}
