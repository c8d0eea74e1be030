// Owns doing the jobs: takes what is due, runs it, retries with growing waits, never twice at once.
import type { Logger } from 'pino'
import { present } from '../lib/assert.ts'
import type { Clock } from '../lib/clock.ts'
import type { Ids } from '../lib/id.ts'
import type { Random } from '../lib/random.ts'
import { systemCode } from '../lib/refusal.ts'
import { type RetrySchedule, retryDelayMs } from '../lib/retry.ts'
import type { Database } from '../storage/database.ts'
import {
  deleteJob,
  type Job,
  leaseJobs,
  releaseAllLeases,
  selectAppsWithDueJobs,
  updateJobFailed,
} from '../storage/job-queue.ts'

/** `again` runs the job once more after the wait of its schedule, without counting as a failure. */
export type JobResult = 'done' | 'again'

export interface JobKind {
  run(job: Job): Promise<JobResult>
  retry: RetrySchedule
  /** After as many tries the job stays as `dead`, for an operator to look at. */
  attemptsMax: number
}

/** Work that recurs, in every app, without a row of its own. */
export interface Chore {
  name: string
  everyMs: number
  run(): Promise<void>
}

export interface WorkerOptions {
  database: Database
  clock: Clock
  random: Random
  ids: Ids
  log: Logger
  /** A job of another kind stays for a process that knows it: a newer one, while two run. */
  kinds: Record<string, JobKind>
  chores: Chore[]
}

export interface Worker {
  /** Runs what is due now, and returns when it has ended; answers how many jobs ran. */
  runDue(): Promise<number>
  start(): void
  /** Takes no more jobs; resolves when the running ones have ended. */
  stop(): Promise<void>
}

const pollMs = 250
const leaseMs = 60_000
/** Leased at a time from one app, so that no app keeps the others waiting. */
const jobsPerAppMax = 20

export function createWorker(options: WorkerOptions): Worker {
  const stopping = new AbortController()
  let loop: Promise<void> = Promise.resolve()
  return {
    runDue: () => runDue(options),
    start: () => {
      loop = runLoop(options, stopping.signal)
    },
    stop: () => {
      stopping.abort()
      return loop
    },
  }
}

async function runLoop(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  const { database, clock, log, chores } = options
  const choreDueAt = new Map<string, number>()
  // Only this process can have the embedded database open: leases of the one before are void.
  if (database.engine === 'sqlite') await database.transaction(releaseAllLeases)
  while (!signal.aborted) {
    let count = 0
    try {
      count = await runDue(options, signal)
      for (const chore of chores) {
        if ((choreDueAt.get(chore.name) ?? 0) > clock.now()) continue
        choreDueAt.set(chore.name, clock.now() + chore.everyMs)
        await chore.run()
      }
    } catch (error) {
      log.warn({ code: systemCode(error) }, 'the worker could not reach the database; it goes on')
    }
    if (count === 0) await clock.wait(pollMs, signal)
  }
}

async function runDue(options: WorkerOptions, signal?: AbortSignal): Promise<number> {
  const { database, clock, ids } = options
  const kinds = Object.keys(options.kinds)
  const appIds = await selectAppsWithDueJobs(database.reader, { kinds, now: clock.now() })
  let count = 0
  for (const appId of appIds) {
    if (signal?.aborted) return count
    const now = clock.now()
    const lease = { token: ids(), now, until: now + leaseMs }
    const query = { appId, kinds, limit: jobsPerAppMax }
    const jobs = await database.transaction((db) => leaseJobs(db, query, lease))
    await allEnded(jobs.map((job) => runJob(options, job, lease.token)))
    count += jobs.length
  }
  return count
}

/** As `Promise.all`, but a failure leaves none of the others running behind our back. */
async function allEnded(running: Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(running)) {
    if (result.status === 'rejected') throw result.reason
  }
}

async function runJob(options: WorkerOptions, job: Job, token: string): Promise<void> {
  const { database, clock, random, log } = options
  const held = { appId: job.appId, id: job.id, token }
  const kind = present(options.kinds[job.kind], 'only jobs of known kinds are leased')
  try {
    const result = await kind.run(job)
    if (result === 'done') return await database.transaction((db) => deleteJob(db, held))
    await postpone('', false)
  } catch (error) {
    const name = error instanceof Error ? error.name : 'Error'
    const reason = `${name} ${systemCode(error)}`.trim()
    log.warn({ jobId: job.id, kind: job.kind, attempts: job.attempts, reason }, 'a job failed')
    await postpone(reason, job.attempts >= kind.attemptsMax)
  }

  async function postpone(error: string, isDead: boolean): Promise<void> {
    const delayMs = retryDelayMs(kind.retry, job.attempts, random)
    const failure = { error, isDead, runAt: clock.now() + delayMs }
    await database.transaction((db) => updateJobFailed(db, held, failure))
  }
}
