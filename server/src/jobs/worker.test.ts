// Owns the proof that a job is done at least once, by one worker at a time.
import { pino } from 'pino'
import { v7 } from 'uuid'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createMigratedDatabase,
  type MigratedDatabase,
} from '../../../test/crash/migrated-database.ts'
import { engine } from '../../../test/harness.ts'
import type { Clock } from '../lib/clock.ts'
import { createIds } from '../lib/id.ts'
import { systemRandom } from '../lib/random.ts'
import type { Database } from '../storage/database.ts'
import { insertJob, type Job } from '../storage/job-queue.ts'
import { createWorker, type JobKind, type JobResult, type Worker } from './worker.ts'

const appId = v7()
const leaseMs = 60_000
/** In the middle: the jitter adds and takes nothing. */
const random = { ...systemRandom, fraction: () => 0.5 }

let own: MigratedDatabase
let now: number
let logged: string[]

beforeEach(async () => {
  own = await createMigratedDatabase()
  now = 1_000_000
  logged = []
})
afterEach(() => own.remove())

const clock: Clock = {
  now: () => now,
  wait: (_, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) resolve()
      else setImmediate(resolve)
    }),
}

/** Of a worker that died: whatever it waits for never comes. */
const deadClock: Clock = {
  now: () => now,
  wait: (_, signal) =>
    new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true })),
}

type Run = (job: Job) => Promise<JobResult>

function workerWith(
  run: Run,
  more: Partial<JobKind> & { database?: Database; clock?: Clock } = {},
): Worker {
  const { database = own.database, clock: ownClock = clock, ...kind } = more
  const retry = { firstDelayMs: 100, delayMsMax: 1_000 }
  return createWorker({
    database,
    clock: ownClock,
    random,
    ids: createIds(clock, random),
    log: pino({ base: null }, { write: (line) => logged.push(line) }),
    kinds: { pay: { run, retry, attemptsMax: 3, ...kind } },
    chores: [],
  })
}

async function add(kind = 'pay', ofApp = appId): Promise<string> {
  const id = v7()
  const job = { appId: ofApp, id, kind, subjectId: id, runAt: now, createdAt: now }
  await own.database.transaction((db) => insertJob(db, job).execute())
  return id
}

function rows() {
  return own.database.reader.selectFrom('jobs').selectAll().orderBy('id').execute()
}

const done: Run = async () => 'done'
const fails: Run = async () => {
  throw Object.assign(new TypeError('to Gerardo Ratto'), { code: 'ECONNREFUSED' })
}

test('each due job runs once and is gone, whatever app it is of', async () => {
  const ids = [await add(), await add('pay', v7()), await add()]
  const ran: string[] = []
  const worker = workerWith(async (job) => {
    ran.push(job.id)
    return 'done'
  })
  expect(await worker.runDue()).toBe(3)
  expect(await worker.runDue()).toBe(0)
  expect(ran.sort()).toEqual(ids.sort())
  expect(await rows()).toEqual([])
})

test('a job of a kind that is not known stays for a process that knows it', async () => {
  const id = await add('pay later')
  expect(await workerWith(done).runDue()).toBe(0)
  expect(await rows()).toMatchObject([
    { id, kind: 'pay later', status: 'waiting', attempts: 0, lease_token: null },
  ])
})

describe('a job that fails', () => {
  test('waits twice as long after each try, up to the limit', async () => {
    await add()
    const worker = workerWith(fails, { attemptsMax: 10 })
    const waits: number[] = []
    for (let attempt = 0; attempt < 6; attempt += 1) {
      expect(await worker.runDue()).toBe(1)
      const runAt = (await rows())[0]?.run_at ?? 0
      waits.push(runAt - now)
      expect(await worker.runDue()).toBe(0)
      now = runAt
    }
    expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000])
  })

  test('is dead after its last try: it stays, with its reason, and runs no more', async () => {
    const id = await add()
    const worker = workerWith(fails)
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await worker.runDue()
      now += 10_000
    }
    expect(await rows()).toMatchObject([
      { id, status: 'dead', attempts: 3, last_error: 'TypeError ECONNREFUSED', lease_token: null },
    ])
  })

  test('names its kind of error in row and log, never its message', async () => {
    await add()
    await workerWith(fails).runDue()
    expect(logged.map((line) => JSON.parse(line))).toMatchObject([
      { kind: 'pay', attempts: 1, reason: 'TypeError ECONNREFUSED', msg: 'a job failed' },
    ])
    expect(`${logged}${JSON.stringify(await rows())}`).not.toContain('Gerardo')
  })

  test('does not keep the others from being done', async () => {
    const bad = await add()
    await add()
    const worker = workerWith((job) => (job.id === bad ? fails(job) : done(job)))
    expect(await worker.runDue()).toBe(2)
    expect((await rows()).map((row) => row.id)).toEqual([bad])
  })
})

test('a job that asks to run again waits its time and is not a failure', async () => {
  await add()
  let runs = 0
  const worker = workerWith(async () => {
    runs += 1
    return runs < 3 ? 'again' : 'done'
  })
  await worker.runDue()
  expect(await rows()).toMatchObject([{ status: 'waiting', run_at: now + 100, last_error: '' }])
  now += 100
  await worker.runDue()
  now += 200
  await worker.runDue()
  expect([runs, await rows(), logged]).toEqual([3, [], []])
})

describe('a worker that dies with a job', () => {
  test('leaves it to another one when its lease has run out, and not before', async () => {
    const id = await add()
    const hanging = Promise.withResolvers<JobResult>()
    const began = Promise.withResolvers<void>()
    const hang = () => {
      began.resolve()
      return hanging.promise
    }
    const first = workerWith(hang, { clock: deadClock }).runDue()
    await began.promise
    const ran: [string, number][] = []
    const other = workerWith(async (job) => {
      ran.push([job.id, job.attempts])
      return 'done'
    })
    now += leaseMs - 1
    expect(await other.runDue()).toBe(0)
    now += 1
    expect(await other.runDue()).toBe(1)
    expect(ran).toEqual([[id, 2]])
    // The first one was only slow: that it comes to its end now changes nothing.
    hanging.resolve('again')
    await first
    expect(await rows()).toEqual([])
  })

  test('keeps the lease of a job that takes longer than it lasts', async () => {
    await add()
    const hanging = Promise.withResolvers<JobResult>()
    const began = Promise.withResolvers<void>()
    const first = workerWith(() => {
      began.resolve()
      return hanging.promise
    }).runDue()
    await began.promise
    const other = workerWith(async () => 'done')
    for (let step = 0; step < 10; step += 1) {
      now += leaseMs / 3
      const renewed = async () => Number((await rows())[0]?.leased_until) >= now + leaseMs
      await expect.poll(renewed).toBe(true)
      expect(await other.runDue()).toBe(0)
    }
    hanging.resolve('done')
    await first
    expect(await rows()).toEqual([])
  })

  test('on the embedded engine leaves it to the next process at once', async () => {
    await add()
    const hanging = Promise.withResolvers<JobResult>()
    const began = Promise.withResolvers<void>()
    const first = workerWith(() => {
      began.resolve()
      return hanging.promise
    }).runDue()
    await began.promise
    const ran = Promise.withResolvers<number>()
    const next = workerWith(async (job) => {
      ran.resolve(job.attempts)
      return 'done'
    })
    if (engine === 'postgresql') now += leaseMs
    next.start()
    expect(await ran.promise).toBe(2)
    await next.stop()
    hanging.resolve('done')
    await first
  })
})

test('two workers never hold one job', async () => {
  const ids = await Promise.all(Array.from({ length: 60 }, () => add()))
  // On the embedded engine a second process cannot open the database.
  const another = engine === 'postgresql' ? await own.openAnother() : own.database
  const ran: string[] = []
  const run: Run = async (job) => {
    ran.push(job.id)
    await new Promise((resolve) => setImmediate(resolve))
    return 'done'
  }
  try {
    const workers = [workerWith(run), workerWith(run, { database: another })]
    for (let round = 0; round < 60 && ran.length < ids.length; round += 1) {
      await Promise.all(workers.map((worker) => worker.runDue()))
    }
    expect(ran.sort()).toEqual(ids.sort())
    expect(await rows()).toEqual([])
  } finally {
    if (another !== own.database) await another.close()
  }
})

describe('stop', () => {
  test('waits for the jobs that run, and takes no more', async () => {
    await Promise.all(Array.from({ length: 30 }, () => add()))
    const hold = Promise.withResolvers<void>()
    const began = Promise.withResolvers<void>()
    let ended = 0
    const worker = workerWith(async () => {
      began.resolve()
      await hold.promise
      ended += 1
      return 'done'
    })
    worker.start()
    await began.promise
    let isStopped = false
    const stopped = worker.stop().then(() => {
      isStopped = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(isStopped).toBe(false)
    hold.resolve()
    await stopped
    const left = await rows()
    // One lease takes at most 20; all of those ended, and none is held any more.
    expect([ended, left.length]).toEqual([20, 10])
    expect(left.every((row) => row.lease_token === null && row.attempts === 0)).toBe(true)
  })

  test('waits also when the row of one of them cannot be written', async () => {
    const bad = await add()
    await add()
    const hold = Promise.withResolvers<void>()
    const began = Promise.withResolvers<void>()
    let isEnded = false
    let isBroken = false
    const brokenFor: Database = {
      ...own.database,
      transaction: (work) => {
        if (!isBroken) return own.database.transaction(work)
        isBroken = false
        return Promise.reject(new Error('disk I/O error'))
      },
    }
    const worker = workerWith(
      async (job) => {
        if (job.id === bad) {
          isBroken = true
          return fails(job)
        }
        began.resolve()
        await hold.promise
        isEnded = true
        return 'done'
      },
      { database: brokenFor },
    )
    worker.start()
    await began.promise
    const stopped = worker.stop().then(() => isEnded)
    setImmediate(hold.resolve)
    expect(await stopped).toBe(true)
  })
})
