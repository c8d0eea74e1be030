// Owns a worker on a database of its own, whose time a test holds.
import type { Selectable } from 'kysely'
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
import { type Chore, createWorker, type JobKind, type JobResult, type Worker } from '../worker.ts'

export type Run = (job: Job) => Promise<JobResult>

export const done: Run = async () => 'done'
/** With a message that must be seen nowhere. */
export const fails: Run = async () => {
  throw Object.assign(new TypeError('to Gerardo Ratto'), { code: 'ECONNREFUSED' })
}

export interface WorkerMore extends Partial<JobKind> {
  database?: Database
  clock?: Clock
  /** Beside `pay`. */
  otherKinds?: Record<string, Run>
  chores?: Chore[]
}

export interface NewJobs {
  count: number
  kind?: string
  ofApp?: string
}

export interface WorkerBench {
  own: MigratedDatabase
  appId: string
  now: number
  logged: string[]
  /** Whatever waits by it waits for ever, or until it is called off. */
  deadClock: Clock
  workerWith(run: Run, more?: WorkerMore): Worker
  add(kind?: string, ofApp?: string): Promise<string>
  addMany(jobs: NewJobs): Promise<string[]>
  rows(): Promise<Selectable<JobRow>[]>
  /** No jobs, no log, the time and the app of a new one. */
  clear(): Promise<void>
}

/** In the middle: the jitter adds and takes nothing. */
const random = { ...systemRandom, fraction: () => 0.5 }
const startsAt = 1_000_000

export async function openWorkerBench(): Promise<WorkerBench> {
  const own = await createMigratedDatabase()
  const now = () => bench.now
  const clock: Clock = {
    now,
    wait: (_, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) resolve()
        else setImmediate(resolve)
      }),
  }
  const deadClock: Clock = {
    now,
    wait: (_, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) resolve()
        else signal?.addEventListener('abort', () => resolve(), { once: true })
      }),
  }
  const bench: WorkerBench = {
    own,
    appId: v7(),
    now: startsAt,
    logged: [],
    deadClock,
    workerWith: (run, more = {}) =>
      workerOf(run, { database: own.database, clock, ...more }, (line) => bench.logged.push(line)),
    async add(kind = 'pay', ofApp = bench.appId) {
      const [id = ''] = await bench.addMany({ count: 1, kind, ofApp })
      return id
    },
    async addMany({ count, kind = 'pay', ofApp = bench.appId }) {
      const ids = Array.from({ length: count }, () => v7())
      const more = { kind, runAt: bench.now, createdAt: bench.now }
      await own.database.transaction(async (db) => {
        for (const id of ids) {
          await insertJob(db, { appId: ofApp, id, subjectId: id, ...more }).execute()
        }
      })
      return ids
    },
    rows: () => own.database.reader.selectFrom('jobs').selectAll().orderBy('id').execute(),
    async clear() {
      await own.database.transaction((db) => db.deleteFrom('jobs').execute())
      Object.assign(bench, { appId: v7(), now: startsAt, logged: [] })
    },
  }
  return bench
}

type WorkerParts = WorkerMore & Required<Pick<WorkerMore, 'database' | 'clock'>>

function workerOf(run: Run, parts: WorkerParts, write: (line: string) => void): Worker {
  const { database, clock, otherKinds = {}, chores = [], ...kind } = parts
  const retry = { firstDelayMs: 100, delayMsMax: 1_000 }
  const kinds = Object.entries({ pay: run, ...otherKinds }).map(
    ([name, one]): [string, JobKind] => [
      name,
      { run: one, retry, attemptsMax: 3, ...(name === 'pay' ? kind : {}) },
    ],
  )
  return createWorker({
    database,
    clock,
    random,
    ids: createIds(clock, random),
    log: pino({ base: null }, { write }),
    kinds: Object.fromEntries(kinds),
    chores,
  })
}
