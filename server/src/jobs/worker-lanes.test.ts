// Owns the proof that kinds and apps do not wait for each other, and of how a worker stops.
import { v7 } from 'uuid'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../storage/database.ts'
import { done, fails, openWorkerBench, type Run, type WorkerBench } from './testing/worker-bench.ts'
import type { Worker } from './worker.ts'

let bench: WorkerBench
beforeAll(async () => {
  bench = await openWorkerBench()
})
afterAll(() => bench.own.remove())
afterEach(() => bench.clear())

describe('lanes', () => {
  test('what hangs keeps neither another kind nor another app waiting', async () => {
    await bench.addMany({ count: 30, kind: 'hang' })
    const quick = [await bench.add('pay'), await bench.add('hang too', v7()), await bench.add()]
    const ended: string[] = []
    const quickly: Run = async (job) => {
      ended.push(job.id)
      return 'done'
    }
    const { run: hang, release } = held()
    const otherKinds = { hang, 'hang too': quickly }
    const worker = bench.workerWith(quickly, { otherKinds })
    worker.start()
    await expect.poll(() => ended.length).toBe(3)
    expect(ended.sort()).toEqual(quick.sort())
    // And what comes while it hangs does not wait either.
    const later = [await bench.add('pay'), await bench.add('hang too', v7())]
    await expect.poll(() => ended.length).toBe(5)
    expect(ended.slice(3).sort()).toEqual(later.sort())
    release()
    await worker.stop()
    expect((await bench.rows()).every((row) => row.lease_token === null)).toBe(true)
  })

  test.each([
    [{}, 20],
    [{ concurrencyMax: 3 }, 3],
    [{ concurrencyMax: 35 }, 35],
  ])('with %o has %i jobs of a kind in flight in each app, and no more', async (more, max) => {
    const apps = [v7(), v7()]
    for (const ofApp of apps) await bench.addMany({ count: 40, ofApp })
    const { run, release, inFlight, mostIn } = held()
    const worker = bench.workerWith(run, more)
    const ran = worker.runDue()
    await expect.poll(() => apps.map((app) => inFlight.get(app) ?? 0)).toEqual([max, max])
    release()
    expect(await ran).toBe(80)
    expect(apps.map((app) => mostIn.get(app))).toEqual([max, max])
    expect(await bench.rows()).toEqual([])
  })

  test('beyond 200 jobs in flight nothing begins, and every app has its share of them', async () => {
    const apps = Array.from({ length: 16 }, () => v7())
    for (const ofApp of apps) await bench.addMany({ count: 20, ofApp })
    const { run, release, inFlight, most } = held()
    const ran = bench.workerWith(run).runDue()
    await expect.poll(() => sum(inFlight.values()), { timeout: 20_000 }).toBe(200)
    expect(new Set(apps.map((app) => inFlight.get(app)))).toEqual(new Set([12, 13]))
    release()
    expect(await ran).toBe(320)
    expect(most()).toBe(200)
  })

  test('the place of a job that ends is taken at once, without a wait for the next look', async () => {
    const ids = await bench.addMany({ count: 6 })
    const ran: string[] = []
    const all = Promise.withResolvers<void>()
    const run: Run = async (job) => {
      ran.push(job.id)
      if (ran.length === ids.length) all.resolve()
      return 'done'
    }
    const worker = bench.workerWith(run, { concurrencyMax: 1, clock: bench.deadClock })
    worker.start()
    await all.promise
    await worker.stop()
    expect(ran.sort()).toEqual(ids.sort())
  })
})

describe('stop', () => {
  test('waits for the jobs that run, and takes no more', async () => {
    await bench.addMany({ count: 30 })
    const { run, release, inFlight } = held()
    let ended = 0
    const worker = bench.workerWith(async (job) => {
      await run(job)
      ended += 1
      return 'done'
    })
    worker.start()
    await expect.poll(() => sum(inFlight.values())).toBe(20)
    let isStopped = false
    const stopped = worker.stop().then(() => {
      isStopped = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(isStopped).toBe(false)
    release()
    await stopped
    const left = await bench.rows()
    expect([ended, left.length]).toEqual([20, 10])
    expect(left.every((row) => row.lease_token === null && row.attempts === 0)).toBe(true)
    expect(await worker.runDue()).toBe(0)
  })

  test('while jobs are being leased begins none of them, and gives them back unused', async () => {
    await bench.addMany({ count: 3 })
    const stopping = Promise.withResolvers<void>()
    let worker: Worker | null = null
    const database: Database = {
      ...bench.own.database,
      transaction: async (work) => {
        const result = await bench.own.database.transaction(work)
        const isLease = Array.isArray(result) && result.length === 3
        if (isLease) void worker?.stop().then(stopping.resolve, stopping.reject)
        return result
      },
    }
    let runs = 0
    worker = bench.workerWith(
      async () => {
        runs += 1
        return 'done'
      },
      { database },
    )
    worker.start()
    await stopping.promise
    const rows = await bench.rows()
    expect(runs).toBe(0)
    expect(rows.map((row) => [row.attempts, row.lease_token])).toEqual(Array(3).fill([0, null]))
  })

  test('waits also when the row of one of them cannot be written', async () => {
    const bad = await bench.add()
    await bench.add()
    const { run, release, inFlight } = held()
    let isEnded = false
    let isBroken = false
    const database: Database = {
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
        await run(job)
        isEnded = true
        return 'done'
      },
      { database, clock: bench.deadClock },
    )
    worker.start()
    await expect.poll(() => sum(inFlight.values())).toBe(1)
    const stopped = worker.stop().then(() => isEnded)
    setImmediate(release)
    expect(await stopped).toBe(true)
  })
})

test('a chore that takes long keeps no job and no other chore waiting, nor one that fails', async () => {
  const hold = Promise.withResolvers<void>()
  const ran: string[] = []
  const chore = (name: string, run: () => Promise<void>) => ({
    name,
    everyMs: 1_000,
    run: async () => {
      ran.push(name)
      await run()
    },
  })
  const chores = [
    chore('break', () => Promise.reject(new RangeError('of Gerardo'))),
    chore('sweep', () => hold.promise),
    chore('tick', async () => {}),
  ]
  const worker = bench.workerWith(done, { chores })
  worker.start()
  await expect.poll(() => ran).toEqual(['break', 'sweep', 'tick'])
  await bench.add()
  await expect.poll(() => bench.rows()).toEqual([])
  expect(bench.logged.map((line) => JSON.parse(line))).toMatchObject([
    { chore: 'break', reason: 'RangeError', msg: 'a chore failed' },
  ])
  bench.now += 1_000
  const again = () => ran.slice(3).toSorted()
  await expect.poll(again).toEqual(['break', 'tick'])
  hold.resolve()
  await expect.poll(again).toEqual(['break', 'sweep', 'tick'])
  await worker.stop()
})

/** Jobs that hang until they are released, counted by app. */
function held() {
  const hold = Promise.withResolvers<void>()
  const inFlight = new Map<string, number>()
  const mostIn = new Map<string, number>()
  let mostEver = 0
  const run: Run = async ({ appId }) => {
    const now = (inFlight.get(appId) ?? 0) + 1
    inFlight.set(appId, now)
    mostIn.set(appId, Math.max(now, mostIn.get(appId) ?? 0))
    mostEver = Math.max(mostEver, sum(inFlight.values()))
    await hold.promise
    inFlight.set(appId, (inFlight.get(appId) ?? 0) - 1)
    return 'done'
  }
  return { run, release: () => hold.resolve(), inFlight, mostIn, most: () => mostEver }
}

function sum(counts: Iterable<number>): number {
  return [...counts].reduce((total, count) => total + count, 0)
}
