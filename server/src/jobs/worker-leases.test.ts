// Owns the proof that a job is one worker's at a time, and that none is lost with a worker.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { engine } from '../../../test/harness.ts'
import type { Database } from '../storage/database.ts'
import { openWorkerBench, type Run, type WorkerBench } from './testing/worker-bench.ts'
import type { JobResult } from './worker.ts'

let bench: WorkerBench
beforeEach(async () => {
  bench = await openWorkerBench()
})
afterEach(() => bench.own.remove())

const leaseMs = 60_000
const fails: Run = async () => {
  throw Object.assign(new TypeError('to Gerardo Ratto'), { code: 'ECONNREFUSED' })
}

describe('a worker that dies with a job', () => {
  test('leaves it to another one when its lease has run out, and not before', async () => {
    const id = await bench.add()
    const hanging = Promise.withResolvers<JobResult>()
    const began = Promise.withResolvers<void>()
    const hang = () => {
      began.resolve()
      return hanging.promise
    }
    const first = bench.workerWith(hang, { clock: bench.deadClock }).runDue()
    await began.promise
    const ran: [string, number][] = []
    const other = bench.workerWith(async (job) => {
      ran.push([job.id, job.attempts])
      return 'done'
    })
    bench.now += leaseMs - 1
    expect(await other.runDue()).toBe(0)
    bench.now += 1
    expect(await other.runDue()).toBe(1)
    expect(ran).toEqual([[id, 2]])
    // The first one was only slow: that it comes to its end now changes nothing.
    hanging.resolve('again')
    await first
    expect(await bench.rows()).toEqual([])
  })

  test('keeps the lease of a job that takes longer than it lasts', async () => {
    await bench.add()
    const hanging = Promise.withResolvers<JobResult>()
    const began = Promise.withResolvers<void>()
    const first = bench
      .workerWith(() => {
        began.resolve()
        return hanging.promise
      })
      .runDue()
    await began.promise
    const other = bench.workerWith(async () => 'done')
    for (let step = 0; step < 10; step += 1) {
      bench.now += leaseMs / 3
      const renewed = async () =>
        Number((await bench.rows())[0]?.leased_until) >= bench.now + leaseMs
      await expect.poll(renewed).toBe(true)
      expect(await other.runDue()).toBe(0)
    }
    hanging.resolve('done')
    await first
    expect(await bench.rows()).toEqual([])
  })

  test('on the embedded engine leaves it to the next process at once', async () => {
    await bench.add()
    const hanging = Promise.withResolvers<JobResult>()
    const began = Promise.withResolvers<void>()
    const hang = () => {
      began.resolve()
      return hanging.promise
    }
    const first = bench.workerWith(hang, { clock: bench.deadClock }).runDue()
    await began.promise
    const ran = Promise.withResolvers<number>()
    const next = bench.workerWith(async (job) => {
      ran.resolve(job.attempts)
      return 'done'
    })
    if (engine === 'postgresql') bench.now += leaseMs
    next.start()
    expect(await ran.promise).toBe(2)
    await next.stop()
    hanging.resolve('done')
    await first
  })
})

test('two workers never hold one job', async () => {
  const ids = await Promise.all(Array.from({ length: 60 }, () => bench.add()))
  // On the embedded engine a second process cannot open the database.
  const another = engine === 'postgresql' ? await bench.own.openAnother() : bench.own.database
  const ran: string[] = []
  const run: Run = async (job) => {
    ran.push(job.id)
    await new Promise((resolve) => setImmediate(resolve))
    return 'done'
  }
  try {
    const workers = [bench.workerWith(run), bench.workerWith(run, { database: another })]
    for (let round = 0; round < 60 && ran.length < ids.length; round += 1) {
      await Promise.all(workers.map((worker) => worker.runDue()))
    }
    expect(ran.sort()).toEqual(ids.sort())
    expect(await bench.rows()).toEqual([])
  } finally {
    if (another !== bench.own.database) await another.close()
  }
})

describe('stop', () => {
  test('waits for the jobs that run, and takes no more', async () => {
    await Promise.all(Array.from({ length: 30 }, () => bench.add()))
    const hold = Promise.withResolvers<void>()
    const began = Promise.withResolvers<void>()
    let ended = 0
    const worker = bench.workerWith(async () => {
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
    const left = await bench.rows()
    // One lease takes at most 20; all of those ended, and none is held any more.
    expect([ended, left.length]).toEqual([20, 10])
    expect(left.every((row) => row.lease_token === null && row.attempts === 0)).toBe(true)
  })

  test('waits also when the row of one of them cannot be written', async () => {
    const bad = await bench.add()
    await bench.add()
    const hold = Promise.withResolvers<void>()
    const began = Promise.withResolvers<void>()
    let isEnded = false
    let isBroken = false
    const brokenFor: Database = {
      ...bench.own.database,
      transaction: (work) => {
        if (!isBroken) return bench.own.database.transaction(work)
        isBroken = false
        return Promise.reject(new Error('disk I/O error'))
      },
    }
    const worker = bench.workerWith(
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

describe('lanes', () => {
  test('what hangs keeps neither another kind nor another app waiting', async () => {
    const otherApp = '01900000-0000-7000-8000-000000000009'
    const hold = Promise.withResolvers<void>()
    const ended: string[] = []
    for (let index = 0; index < 30; index += 1) await bench.add('hang')
    const quick = [await bench.add('pay'), await bench.add('pay', otherApp)]
    const pay: Run = async (job) => {
      ended.push(job.id)
      return 'done'
    }
    const hang: Run = async () => {
      await hold.promise
      return 'done'
    }
    const worker = bench.workerWith(pay, { otherKinds: { hang } })
    worker.start()
    await expect.poll(() => ended.length).toBe(2)
    expect(ended.sort()).toEqual(quick.sort())
    hold.resolve()
    await worker.stop()
    expect((await bench.rows()).every((row) => row.lease_token === null)).toBe(true)
  })

  test('a thousand jobs whose workers break at random are each done, and none is lost', async () => {
    const ids = new Set<string>()
    for (let index = 0; index < 1_000; index += 1) ids.add(await bench.add())
    const effects = new Map<string, number>()
    let count = 0
    const run: Run = async (job) => {
      effects.set(job.id, (effects.get(job.id) ?? 0) + 1)
      count += 1
      // After its effect, so that it is done again: at least once.
      if (count % 7 === 0) throw new Error('broken before the job was put away')
      return 'done'
    }
    const worker = bench.workerWith(run, { attemptsMax: 50 })
    for (let round = 0; round < 200 && (await bench.rows()).length > 0; round += 1) {
      await worker.runDue()
      bench.now += 2_000
    }
    expect(await bench.rows()).toEqual([])
    expect(new Set(effects.keys())).toEqual(ids)
    expect(count).toBeGreaterThan(ids.size)
  })
})

test('a wait that the other side asks for is kept, and one of its own counts as no failure', async () => {
  await bench.add()
  const asked = Object.assign(new Error('slow down'), { retryAfterSeconds: 30 })
  const results: (() => Promise<JobResult>)[] = [
    () => Promise.reject(asked),
    async () => ({ againAfterMs: 5_000 }),
    async () => 'done',
  ]
  const worker = bench.workerWith(() => (results.shift() ?? (async () => 'done' as const))())
  expect(await worker.runDue()).toBe(1)
  bench.now += 29_999
  expect(await worker.runDue()).toBe(0)
  bench.now += 1
  expect(await worker.runDue()).toBe(1)
  bench.now += 4_999
  expect(await worker.runDue()).toBe(0)
  bench.now += 1
  expect(await worker.runDue()).toBe(1)
  expect(await bench.rows()).toEqual([])
})

test('the last failure is told before the job is put away as dead', async () => {
  const id = await bench.add()
  const told: [string, string][] = []
  const onDead = async (job: { id: string }, reason: string) => {
    told.push([job.id, reason])
  }
  const worker = bench.workerWith(fails, { attemptsMax: 2, onDead })
  await worker.runDue()
  expect(told).toEqual([])
  bench.now += 1_000
  await worker.runDue()
  expect(told).toEqual([[id, 'TypeError ECONNREFUSED']])
  expect(await bench.rows()).toMatchObject([{ id, status: 'dead' }])
})
