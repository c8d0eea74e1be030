// Owns one run of one job: the lease that is kept meanwhile, and what its end does to the row.
import { systemCode } from '../lib/refusal.ts'
import { retryDelayMs } from '../lib/retry.ts'
import {
  deleteJob,
  type HeldJob,
  type Job,
  updateJobFailed,
  updateJobLease,
  updateJobPostponed,
} from '../storage/job-queue.ts'
import type { JobKind, JobResult, WorkerOptions } from './worker.ts'

export const leaseMs = 60_000
/** A job that runs on keeps its lease: a provider may take its time. */
const renewMs = leaseMs / 3
/** No longer, whatever the other side says: it is not for it to end a job. */
const askedMsMax = 24 * 60 * 60 * 1000

/** Rejects when the row could not be written: the lease runs out then, and the job runs again. */
export async function runJob(
  options: WorkerOptions,
  kind: JobKind,
  { job, token }: { job: Job; token: string },
): Promise<void> {
  const held = { appId: job.appId, id: job.id, token }
  const ended = new AbortController()
  const renewing = keepLease(options, held, ended.signal)
  try {
    const outcome = await tryOnce(kind, job)
    if ('error' in outcome) await keepFailure(options, kind, { job, held, error: outcome.error })
    else await keepResult(options, kind, { job, held, result: outcome.result })
  } finally {
    ended.abort()
    await renewing
  }
}

/** The name and the code, never the message: it may quote a value. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Error'
  const code: unknown = Object(Reflect.get(error, 'definition')).code
  return `${error.name} ${typeof code === 'string' ? code : systemCode(error)}`.trim()
}

/** The work alone: a row that cannot be written afterwards is no failure of the job. */
async function tryOnce(
  kind: JobKind,
  job: Job,
): Promise<{ result: JobResult } | { error: unknown }> {
  try {
    return { result: await kind.run(job) }
  } catch (error) {
    return { error }
  }
}

async function keepResult(
  { database, clock, random }: WorkerOptions,
  kind: JobKind,
  { job, held, result }: { job: Job; held: HeldJob; result: JobResult },
): Promise<void> {
  if (result === 'done') return database.transaction((db) => deleteJob(db, held))
  const scheduledMs = retryDelayMs(kind.retry, job.attempts, random)
  const runAt = clock.now() + wholeMs(result === 'again' ? scheduledMs : result.againAfterMs)
  await database.transaction((db) => updateJobPostponed(db, held, runAt))
}

async function keepFailure(
  options: WorkerOptions,
  kind: JobKind,
  { job, held, error }: { job: Job; held: HeldJob; error: unknown },
): Promise<void> {
  const { database, clock, random, log } = options
  const failures = job.failures + 1
  const reason = reasonOf(error)
  const line = { jobId: job.id, kind: job.kind, attempts: job.attempts, reason }
  log.warn(line, 'a job failed')
  const isDead = failures >= kind.attemptsMax && (await isTold(options, kind, { job, reason }))
  const scheduledMs = retryDelayMs(kind.retry, failures, random)
  const runAt = clock.now() + wholeMs(Math.max(scheduledMs, askedMs(error)))
  await database.transaction((db) => updateJobFailed(db, held, { error: reason, runAt, isDead }))
}

/** What nobody could be told of is not over: the job is tried, and told, once more. */
async function isTold(
  { log }: WorkerOptions,
  kind: JobKind,
  { job, reason }: { job: Job; reason: string },
): Promise<boolean> {
  try {
    await kind.onDead?.(job, reason)
    return true
  } catch (error) {
    const line = { jobId: job.id, kind: job.kind, reason: reasonOf(error) }
    log.warn(line, 'the end of a job could not be told')
    return false
  }
}

async function keepLease(
  { database, clock, log }: WorkerOptions,
  held: HeldJob,
  ended: AbortSignal,
): Promise<void> {
  await clock.wait(renewMs, ended)
  while (!ended.aborted) {
    const until = clock.now() + leaseMs
    // One that is missed is made up by the next: a lease outlasts two of them.
    await database
      .transaction((db) => updateJobLease(db, held, until))
      .catch((error: unknown) => log.warn({ reason: reasonOf(error) }, 'a lease was not renewed'))
    await clock.wait(renewMs, ended)
  }
}

/** What the other side asked to wait, as in `Retry-After`. */
function askedMs(error: unknown): number {
  const seconds = error instanceof Error ? Reflect.get(error, 'retryAfterSeconds') : undefined
  if (typeof seconds !== 'number' || !(seconds > 0)) return 0
  return Math.min(seconds * 1000, askedMsMax)
}

/** The columns hold whole numbers. Never at once, so that a job cannot run in circles. */
function wholeMs(ms: number): number {
  return Math.max(1, Math.ceil(ms))
}
