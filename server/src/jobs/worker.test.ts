// Owns the proof that a job is done at least once: its tries, its waits, its end.
import { v7 } from 'uuid'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openWorkerBench, type Run, type WorkerBench } from './testing/worker-bench.ts'

let bench: WorkerBench
beforeEach(async () => {
  bench = await openWorkerBench()
})
afterEach(() => bench.own.remove())

const done: Run = async () => 'done'
const fails: Run = async () => {
  throw Object.assign(new TypeError('to Gerardo Ratto'), { code: 'ECONNREFUSED' })
}

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

  test('names its kind of error in row and log, never its message', async () => {
    await bench.add()
    await bench.workerWith(fails).runDue()
    expect(bench.logged.map((line) => JSON.parse(line))).toMatchObject([
      { kind: 'pay', attempts: 1, reason: 'TypeError ECONNREFUSED', msg: 'a job failed' },
    ])
    expect(`${bench.logged}${JSON.stringify(await bench.rows())}`).not.toContain('Gerardo')
  })

  test('does not keep the others from being done', async () => {
    const bad = await bench.add()
    await bench.add()
    const worker = bench.workerWith((job) => (job.id === bad ? fails(job) : done(job)))
    expect(await worker.runDue()).toBe(2)
    expect((await bench.rows()).map((row) => row.id)).toEqual([bad])
  })
})

test('a job that asks to run again waits its time and is not a failure', async () => {
  await bench.add()
  let runs = 0
  const worker = bench.workerWith(async () => {
    runs += 1
    return runs < 3 ? 'again' : 'done'
  })
  await worker.runDue()
  expect(await bench.rows()).toMatchObject([
    { status: 'waiting', run_at: bench.now + 100, last_error: '' },
  ])
  bench.now += 100
  await worker.runDue()
  bench.now += 200
  await worker.runDue()
  expect([runs, await bench.rows(), bench.logged]).toEqual([3, [], []])
})
