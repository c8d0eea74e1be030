// Owns a worker on a database of its own, whose time a test holds.
import { pino } from 'pino'
import { v7 } from 'uuid'
import {
  createMigratedDatabase,
  type MigratedDatabase,
} from '../../../../test/crash/migrated-database.ts'
import type { Clock } from '../../lib/clock.ts'
import { createIds } from '../../lib/id.ts'
import { systemRandom } from '../../lib/random.ts'
import type { Database } from '../../storage/database.ts'
import { insertJob, type Job } from '../../storage/job-queue.ts'
import type { JobRow } from '../../storage/tables.ts'
import { createWorker, type JobKind, type JobResult, type Worker } from '../worker.ts'

export type Run = (job: Job) => Promise<JobResult>

export interface WorkerMore extends Partial<JobKind> {
  database?: Database
  clock?: Clock
  /** Beside `pay`. */
  otherKinds?: Record<string, Run>
}

export interface WorkerBench {
  own: MigratedDatabase
  appId: string
  now: number
  logged: string[]
  /** Of a worker that died: whatever it waits for never comes. */
  deadClock: Clock
  workerWith(run: Run, more?: WorkerMore): Worker
  add(kind?: string, ofApp?: string): Promise<string>
  rows(): Promise<JobRow[]>
}

/** In the middle: the jitter adds and takes nothing. */
const random = { ...systemRandom, fraction: () => 0.5 }

export async function openWorkerBench(): Promise<WorkerBench> {
  const own = await createMigratedDatabase()
  const clock: Clock = {
    now: () => bench.now,
    wait: (_, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) resolve()
        else setImmediate(resolve)
      }),
  }
  const deadClock: Clock = {
    now: () => bench.now,
    wait: (_, signal) =>
      new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true })),
  }
  const bench: WorkerBench = {
    own,
    appId: v7(),
    now: 1_000_000,
    logged: [],
    deadClock,
    workerWith(run, more = {}) {
      const { database = own.database, clock: ownClock = clock, otherKinds = {}, ...kind } = more
      const retry = { firstDelayMs: 100, delayMsMax: 1_000 }
      const others = Object.entries(otherKinds).map(([name, other]): [string, JobKind] => [
        name,
        { run: other, retry, attemptsMax: 3 },
      ])
      return createWorker({
        database,
        clock: ownClock,
        random,
        ids: createIds(ownClock, random),
        log: pino({ base: null }, { write: (line) => bench.logged.push(line) }),
        kinds: { pay: { run, retry, attemptsMax: 3, ...kind }, ...Object.fromEntries(others) },
        chores: [],
      })
    },
    async add(kind = 'pay', ofApp = bench.appId) {
      const id = v7()
      const { now } = bench
      const job = { appId: ofApp, id, kind, subjectId: id, runAt: now, createdAt: now }
      await own.database.transaction((db) => insertJob(db, job).execute())
      return id
    },
    rows: () => own.database.reader.selectFrom('jobs').selectAll().orderBy('id').execute(),
  }
  return bench
}
