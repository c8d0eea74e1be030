// Owns the proof that a job is done at least once: its tries, its waits, its end.
import { v7 } from 'uuid'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { AppError, type ErrorDefinition } from '../core/errors.ts'
import type { Database } from '../storage/database.ts'
import { done, fails, openWorkerBench, type Run, type WorkerBench } from './testing/worker-bench.ts'
import type { JobResult } from './worker.ts'

let bench: WorkerBench
beforeAll(async () => {
  bench = await openWorkerBench()
})
afterAll(() => bench.own.remove())
afterEach(() => bench.clear())

const leaseMs = 60_000

test('each due job runs once and is gone, whatever app it is of', async () => {
  const ids = [await bench.add(), await bench.add('pay', v7()), await bench.add()]
  const ran: string[] = []
  const worker = bench.workerWith(async (job) => {
    ran.push(job.id)
    return 'done'
  })
  expect(await worker.runDue()).toBe(3)
  expect(await worker.runDue()).toBe(0)
  expect(ran.sort()).toEqual(ids.sort())
  expect(await bench.rows()).toEqual([])
})

test('a job of a kind that is not known stays for a process that knows it', async () => {
  const id = await bench.add('pay later')
  expect(await bench.workerWith(done).runDue()).toBe(0)
  expect(await bench.rows()).toMatchObject([
    { id, kind: 'pay later', status: 'waiting', attempts: 0, lease_token: null },
  ])
})

describe('a job that fails', () => {
  test('waits twice as long after each try, up to the limit', async () => {
    await bench.add()
    const worker = bench.workerWith(fails, { attemptsMax: 10 })
    const waits: number[] = []
    for (let attempt = 0; attempt < 6; attempt += 1) {
      expect(await worker.runDue()).toBe(1)
      const runAt = (await bench.rows())[0]?.run_at ?? 0
      waits.push(runAt - bench.now)
      expect(await worker.runDue()).toBe(0)
      bench.now = runAt
    }
    expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000])
  })

  test('is dead after its last try: it stays, with its reason, and runs no more', async () => {
    const id = await bench.add()
    const worker = bench.workerWith(fails)
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await worker.runDue()
      bench.now += 10_000
    }
    expect(await bench.rows()).toMatchObject([
      { id, status: 'dead', attempts: 3, last_error: 'TypeError ECONNREFUSED', lease_token: null },
    ])
  })

  const rejected: ErrorDefinition = {
    code: 'provider_rejected',
    kind: 'upstream',
    title: 'Rejected',
    detail: 'It does not like Gerardo Ratto.',
    fix: 'Ask Gerardo.',
  }
  const errors: [unknown, string][] = [
    [
      Object.assign(new TypeError('to Gerardo'), { code: 'ECONNREFUSED' }),
      'TypeError ECONNREFUSED',
    ],
    [new AppError(rejected), 'AppError provider_rejected'],
    [Object.assign(new RangeError('of Gerardo'), { definition: null, code: 7 }), 'RangeError'],
    ['Gerardo', 'Error'],
    [{ message: 'Gerardo', name: 'Gerardo' }, 'Error'],
    [undefined, 'Error'],
  ]
  test.each(errors)(
    'names its kind of error in row and log, never its message: %#',
    async (error, reason) => {
      await bench.add()
      await bench.workerWith(() => Promise.reject(error)).runDue()
      expect(bench.logged.map((line) => JSON.parse(line))).toMatchObject([
        { kind: 'pay', attempts: 1, reason, msg: 'a job failed' },
      ])
      expect(await bench.rows()).toMatchObject([{ last_error: reason, failures: 1 }])
      expect(`${bench.logged}${JSON.stringify(await bench.rows())}`).not.toContain('Gerardo')
    },
  )

  test('does not keep the others from being done', async () => {
    const bad = await bench.add()
    await bench.add()
    const worker = bench.workerWith((job) => (job.id === bad ? fails(job) : done(job)))
    expect(await worker.runDue()).toBe(2)
    expect((await bench.rows()).map((row) => row.id)).toEqual([bad])
  })

  const dayMs = 24 * 60 * 60 * 1000
  test.each([
    [30, 30_000],
    [0.0015, 100],
    [0.1015, 102],
    [-5, 100],
    [Number.NaN, 100],
    ['30', 100],
    [Number.POSITIVE_INFINITY, dayMs],
    [1e15, dayMs],
  ])('waits at least what the other side asks, up to a day: %s seconds', async (asked, waits) => {
    await bench.add()
    const error = Object.assign(new Error('slow down'), { retryAfterSeconds: asked })
    await bench.workerWith(() => Promise.reject(error)).runDue()
    expect(await bench.rows()).toMatchObject([{ status: 'waiting', run_at: bench.now + waits }])
  })
})

describe('a job that asks to run again', () => {
  test('waits by its schedule, longer each time', async () => {
    await bench.add()
    let runs = 0
    const worker = bench.workerWith(async () => {
      runs += 1
      return runs < 3 ? 'again' : 'done'
    })
    await worker.runDue()
    expect(await bench.rows()).toMatchObject([
      { status: 'waiting', run_at: bench.now + 100, failures: 0, last_error: '' },
    ])
    bench.now += 100
    await worker.runDue()
    expect(await bench.rows()).toMatchObject([{ run_at: bench.now + 200 }])
    bench.now += 200
    await worker.runDue()
    expect([runs, await bench.rows(), bench.logged]).toEqual([3, [], []])
  })

  test.each([
    [5_000, 5_000],
    [2.5, 3],
    // In the same millisecond it would run in circles.
    [0, 1],
  ])('after %s milliseconds waits so long', async (againAfterMs, waits) => {
    await bench.add()
    const worker = bench.workerWith(async () => ({ againAfterMs }))
    expect(await worker.runDue()).toBe(1)
    expect(await bench.rows()).toMatchObject([{ run_at: bench.now + waits, failures: 0 }])
  })

  test('has not failed, however often: its tries are all left when it does', async () => {
    await bench.add()
    let result: () => Promise<JobResult> = async () => 'again'
    const worker = bench.workerWith(() => result())
    for (let round = 0; round < 10; round += 1) {
      if (round === 5) result = async () => ({ againAfterMs: 10 })
      await worker.runDue()
      bench.now += 1_000
    }
    result = () => Promise.reject(new Error('at last'))
    await worker.runDue()
    expect(await bench.rows()).toMatchObject([
      { status: 'waiting', attempts: 11, failures: 1, run_at: bench.now + 100 },
    ])
  })
})

describe('the last failure', () => {
  test('is told once, before the job is put away as dead', async () => {
    const id = await bench.add()
    const told: unknown[] = []
    const onDead = async (job: { id: string }, reason: string) => {
      told.push([job.id, reason, (await bench.rows()).map((row) => row.status)])
    }
    const worker = bench.workerWith(fails, { attemptsMax: 2, onDead })
    await worker.runDue()
    expect(told).toEqual([])
    bench.now += 1_000
    await worker.runDue()
    bench.now += leaseMs
    await worker.runDue()
    expect(told).toEqual([[id, 'TypeError ECONNREFUSED', ['waiting']]])
    expect(await bench.rows()).toMatchObject([{ id, status: 'dead', failures: 2 }])
  })

  test('is told again when that failed, and the job is not dead before', async () => {
    await bench.add()
    let tellings = 0
    const onDead = async () => {
      tellings += 1
      if (tellings === 1) throw new RangeError('nobody hears of Gerardo')
    }
    const worker = bench.workerWith(fails, { attemptsMax: 1, onDead })
    await worker.runDue()
    expect(await bench.rows()).toMatchObject([{ status: 'waiting', lease_token: null }])
    expect(bench.logged.map((line) => JSON.parse(line))).toMatchObject([
      { msg: 'a job failed', reason: 'TypeError ECONNREFUSED' },
      { msg: 'the end of a job could not be told', reason: 'RangeError' },
    ])
    bench.now += 1_000
    await worker.runDue()
    expect([tellings, (await bench.rows())[0]?.status]).toEqual([2, 'dead'])
    expect(bench.logged.join()).not.toContain('Gerardo')
  })

  test('is not what it is when work was done and only its row could not be deleted', async () => {
    await bench.add()
    let isBroken = false
    const database: Database = {
      ...bench.own.database,
      transaction: (work) => {
        if (!isBroken) return bench.own.database.transaction(work)
        isBroken = false
        return Promise.reject(new Error('disk I/O error'))
      },
    }
    let runs = 0
    const run: Run = async () => {
      runs += 1
      isBroken = runs === 1
      return 'done'
    }
    const told: string[] = []
    const onDead = async (_: unknown, reason: string) => {
      told.push(reason)
    }
    const worker = bench.workerWith(run, {
      attemptsMax: 1,
      onDead,
      database,
      clock: bench.deadClock,
    })
    await expect(worker.runDue()).rejects.toThrow('disk I/O error')
    expect(await worker.runDue()).toBe(0)
    bench.now += leaseMs
    expect(await worker.runDue()).toBe(1)
    expect([runs, told, await bench.rows()]).toEqual([2, [], []])
  })
})
