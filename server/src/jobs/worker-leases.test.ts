// Owns the proof that a job is one worker's at a time, and that none is lost with a worker.
import { v7 } from 'uuid'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { engine } from '../../../test/harness.ts'
import { leaseJobs } from '../storage/job-queue.ts'
import { done, openWorkerBench, type Run, type WorkerBench } from './testing/worker-bench.ts'
import type { JobResult } from './worker.ts'

let bench: WorkerBench
beforeAll(async () => {
  bench = await openWorkerBench()
})
afterAll(() => bench.own.remove())
afterEach(() => bench.clear())

const leaseMs = 60_000

describe('a worker that dies with a job', () => {
  test('leaves it to another one when its lease has run out, and not before', async () => {
    const id = await bench.add()
    const { hang, began, hanging } = hangingRun()
    const first = bench.workerWith(hang, { clock: bench.deadClock }).runDue()
    await began
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

  test('on the embedded engine leaves it to the next process at once', async () => {
    await bench.add()
    const { hang, began, hanging } = hangingRun()
    const first = bench.workerWith(hang, { clock: bench.deadClock }).runDue()
    await began
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

test('a worker that lives keeps the lease of a job that takes longer than it lasts', async () => {
  await bench.add()
  const { hang, began, hanging } = hangingRun()
  const first = bench.workerWith(hang).runDue()
  await began
  const other = bench.workerWith(done)
  for (let step = 0; step < 10; step += 1) {
    bench.now += leaseMs / 3
    const renewed = async () => Number((await bench.rows())[0]?.leased_until) >= bench.now + leaseMs
    await expect.poll(renewed).toBe(true)
    expect(await other.runDue()).toBe(0)
  }
  hanging.resolve('done')
  await first
  expect(await bench.rows()).toEqual([])
})

test('a worker whose job was taken over renews nothing, and ends nothing', async () => {
  await bench.add()
  const one = hangingRun()
  const first = bench.workerWith(one.hang, { clock: bench.deadClock }).runDue()
  await one.began
  bench.now += leaseMs
  const two = hangingRun()
  const second = bench.workerWith(two.hang, { clock: bench.deadClock }).runDue()
  await two.began
  const held = await bench.rows()
  one.hanging.resolve('done')
  expect(await first).toBe(1)
  expect(await bench.rows()).toEqual(held)
  two.hanging.resolve('done')
  await second
  expect(await bench.rows()).toEqual([])
})

test('two workers at once do 2,000 jobs, each exactly once', async () => {
  const ids = await bench.addMany({ count: 2_000 })
  // On the embedded engine a second process cannot open the database.
  const isAlone = engine === 'sqlite'
  const another = isAlone ? bench.own.database : await bench.own.openAnother()
  const ran: [string[], string[]] = [[], []]
  const runInto =
    (list: string[]): Run =>
    async (job) => {
      list.push(job.id)
      await new Promise((resolve) => setImmediate(resolve))
      return 'done'
    }
  try {
    const workers = [bench.workerWith(runInto(ran[0]))]
    if (!isAlone) workers.push(bench.workerWith(runInto(ran[1]), { database: another }))
    const counts = await Promise.all(workers.map((worker) => worker.runDue()))
    expect(counts.reduce((sum, count) => sum + count)).toBe(2_000)
    expect(ran.flat().sort()).toEqual(ids.sort())
    expect(ran[1].length > 0).toBe(!isAlone)
    expect(await bench.rows()).toEqual([])
  } finally {
    if (another !== bench.own.database) await another.close()
  }
})

test('of 1,000 jobs whose workers break at random each is done, and none is lost', async () => {
  const ids = await bench.addMany({ count: 1_000 })
  const chance = seededChance(20_261)
  const effects = new Map<string, number>()
  const take = (id: string) => effects.set(id, (effects.get(id) ?? 0) + 1)
  const run: Run = async (job) => {
    take(job.id)
    // After its effect, so that it is done again: at least once.
    if (chance() < 0.2) throw new Error('broken before the job was put away')
    return 'done'
  }
  const worker = bench.workerWith(run, { attemptsMax: 50 })
  let abandoned = 0
  for (let round = 0; round < 200 && (await bench.rows()).length > 0; round += 1) {
    // Another process leases some, comes as far as the effect with a part of them, and is no more.
    const jobs = round < 20 ? await abandon(1 + Math.floor(chance() * 100)) : []
    for (const job of jobs) if (chance() < 0.5) take(job.id)
    abandoned += jobs.length
    await worker.runDue()
    bench.now += 20_000
  }
  expect(await bench.rows()).toEqual([])
  expect([...effects.keys()].sort()).toEqual(ids.sort())
  const runs = [...effects.values()].reduce((sum, count) => sum + count)
  expect([runs > 1_200, abandoned > 100]).toEqual([true, true])
})

function abandon(limit: number) {
  const query = { appId: bench.appId, kind: 'pay', dueAt: bench.now, limit }
  const lease = { token: v7(), now: bench.now, until: bench.now + leaseMs }
  return bench.own.database.transaction((db) => leaseJobs(db, query, lease))
}

function hangingRun() {
  const hanging = Promise.withResolvers<JobResult>()
  const began = Promise.withResolvers<void>()
  const hang: Run = () => {
    began.resolve()
    return hanging.promise
  }
  return { hang, hanging, began: began.promise }
}

/** The same numbers at every run: a linear congruential generator. */
function seededChance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}
