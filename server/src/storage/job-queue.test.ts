// Owns the proof of leases: who holds a job, and for how long.
import { v7 } from 'uuid'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  createMigratedDatabase,
  type MigratedDatabase,
} from '../../../test/crash/migrated-database.ts'
import { engine } from '../../../test/harness.ts'
import {
  countJobs,
  deleteJob,
  insertJob,
  type Job,
  leaseJobs,
  releaseAllLeases,
  releaseJobs,
  selectLanesWithDueJobs,
  updateJobFailed,
  updateJobLease,
  updateJobPostponed,
} from './job-queue.ts'

const now = 1_000_000
const appId = v7()
const otherAppId = v7()
const kind = 'payout.submit'

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
  await add(now)
  await add(now + 1, { appId: otherAppId })
  await add(1, { appId: otherAppId, kind: 'webhook.send' })
  expect(await lanes()).toEqual([{ appId, kind }])
  const both = await lanes({ kinds: ['webhook.send', kind, 'none'] })
  expect(both.map((lane) => [lane.appId, lane.kind]).sort()).toEqual(
    [
      [appId, kind],
      [otherAppId, 'webhook.send'],
    ].sort(),
  )
  expect(await lanes({ dueAt: now + 1 })).toHaveLength(2)
  expect(await lanes({ kinds: [] })).toEqual([])
})

test('a kind whose due jobs are all held or dead is not named, until a lease has run out', async () => {
  expect(await lanes()).toEqual([])
  await add(1)
  const token = v7()
  const [job] = await lease({ token, until: now + 100 })
  expect(await lanes({ now: now + 99 })).toEqual([])
  expect(await lanes({ now: now + 100 })).toEqual([{ appId, kind }])
  await fail(job, { token, isDead: true })
  expect(await lanes()).toEqual([])
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
  const [row] = await rows()
  expect(row).toMatchObject({ id: job.id, status: 'waiting', attempts: 2, last_error: null })
  expect(row?.lease_token).not.toBeNull()
})

test('a failure gives the lease back and says when and why', async () => {
  await add(1)
  const token = v7()
  const [job] = await lease({ token })
  await fail(job, { token, error: 'Error ECONNREFUSED', runAt: now + 200 })
  expect(await rows()).toMatchObject([
    {
      status: 'waiting',
      failures: 1,
      run_at: now + 200,
      lease_token: null,
      leased_until: null,
      last_error: 'Error ECONNREFUSED',
    },
  ])
})

test('what is postponed gives the lease back, and has not failed', async () => {
  await add(1)
  const token = v7()
  const [job] = await lease({ token })
  if (!job) throw new Error('the job is leased')
  await own.database.transaction((db) => updateJobPostponed(db, { ...job, token: v7() }, now + 9))
  expect(await rows()).toMatchObject([{ run_at: 1, lease_token: token }])
  await own.database.transaction((db) => updateJobPostponed(db, { ...job, token }, now + 9))
  const free = { status: 'waiting', lease_token: null, leased_until: null, last_error: '' }
  expect(await rows()).toMatchObject([{ ...free, run_at: now + 9, attempts: 1, failures: 0 }])
})

test('who holds a job keeps it for longer, and nobody else does that for it', async () => {
  await add(1)
  const token = v7()
  const [job] = await lease({ token, until: now + 100 })
  if (!job) throw new Error('the job is leased')
  const renew = (by: string, until: number) =>
    own.database.transaction((db) => updateJobLease(db, { ...job, token: by }, until))
  await renew(v7(), now + 300)
  await renew(token, now + 200)
  expect(await rows()).toMatchObject([{ lease_token: token, leased_until: now + 200 }])
})

test('jobs that were leased and not begun are as if they had never been leased', async () => {
  const ids = [await add(1), await add(2), await add(3)]
  const before = await rows()
  const token = v7()
  await lease({ token })
  const release = (by: string) =>
    own.database.transaction((db) => releaseJobs(db, { appId, ids: ids.slice(0, 2), token: by }))
  await release(v7())
  expect((await rows()).map((row) => row.attempts)).toEqual([1, 1, 1])
  await release(token)
  const after = await rows()
  expect(after.slice(0, 2)).toEqual(before.slice(0, 2))
  expect(after[2]).toMatchObject({ id: ids[2], attempts: 1, lease_token: token })
})

test('the jobs of an app are counted by kind and status', async () => {
  for (const runAt of [1, now + 1]) await add(runAt)
  await add(1, { kind: 'webhook.send' })
  await add(1, { appId: otherAppId })
  const token = v7()
  const [job] = await lease({ token, limit: 1 })
  await fail(job, { token, isDead: true })
  expect(await countJobs(own.database.reader, appId)).toEqual([
    { kind, status: 'dead', count: 1 },
    { kind, status: 'waiting', count: 1 },
    { kind: 'webhook.send', status: 'waiting', count: 1 },
  ])
})

test('a job that is done is gone', async () => {
  await add(1)
  const token = v7()
  const [job] = await lease({ token })
  if (!job) throw new Error('the job is leased')
  await own.database.transaction((db) => deleteJob(db, { ...job, token }))
  expect(await rows()).toEqual([])
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

function lanes(more: { kinds?: string[]; dueAt?: number; now?: number } = {}) {
  return selectLanesWithDueJobs(own.database.reader, { kinds: [kind], dueAt: now, now, ...more })
}

function rows() {
  return own.database.reader.selectFrom('jobs').selectAll().orderBy('id').execute()
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
