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
  type HeldJob,
  type Job,
  leaseJobs,
  releaseAllLeases,
  selectLanesWithDueJobs,
  updateJobFailed,
  updateJobLease,
} from '../storage/job-queue.ts'

/**
 * `again` runs the job once more after the wait of its schedule, and a number of milliseconds after
 * that; neither counts as a failure.
 */
export type JobResult = 'done' | 'again' | { againAfterMs: number }

export interface JobKind {
  run(job: Job): Promise<JobResult>
  retry: RetrySchedule
  /** After as many tries the job stays as `dead`, for an operator to look at. */
  attemptsMax: number
  /** The last try failed; told before the job is put away, and again if that is interrupted. */
  onDead?(job: Job, reason: string): Promise<void>
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
/** A job that runs on keeps its lease: a provider may take its time. */
const renewMs = leaseMs / 3
/** At once, of one kind in one app: what hangs keeps only its own kind and app waiting. */
const lanesMax = 20
/** At once in one process. */
const runningMax = 200

export function createWorker(options: WorkerOptions): Worker {
  const stopping = new AbortController()
  const running = new Running()
  let loop: Promise<void> = Promise.resolve()
  return {
    async runDue() {
      const started = await startDue(options, running)
      await running.allEnded()
      running.throwFailure()
      return started
    },
    start: () => {
      loop = runLoop(options, running, stopping.signal)
    },
    async stop() {
      stopping.abort()
      await loop
      await running.allEnded()
    },
  }
}

/** The jobs under way, counted by lane: a kind in an app. */
class Running {
  readonly #jobs = new Set<Promise<void>>()
  readonly #lanes = new Map<string, number>()
  readonly #failures: unknown[] = []

  freeIn(lane: string): number {
    const free = lanesMax - (this.#lanes.get(lane) ?? 0)
    return Math.max(0, Math.min(free, runningMax - this.#jobs.size))
  }

  add(lane: string, job: Promise<void>): void {
    this.#lanes.set(lane, (this.#lanes.get(lane) ?? 0) + 1)
    const ended = job
      .catch((error: unknown) => {
        this.#failures.push(error)
      })
      .finally(() => {
        this.#jobs.delete(ended)
        const left = (this.#lanes.get(lane) ?? 1) - 1
        if (left === 0) this.#lanes.delete(lane)
        else this.#lanes.set(lane, left)
      })
    this.#jobs.add(ended)
  }

  /** As soon as one has ended, or after `ms`. */
  async oneEnded(wait: Promise<void>): Promise<void> {
    await Promise.race([wait, ...this.#jobs])
  }

  async allEnded(): Promise<void> {
    while (this.#jobs.size > 0) await Promise.all(this.#jobs)
  }

  /** Throws what kept a job from being put away, as a database that is gone. */
  throwFailure(): void {
    const [failure] = this.#failures.splice(0)
    if (failure !== undefined) throw failure
  }
}

async function runLoop(
  options: WorkerOptions,
  running: Running,
  signal: AbortSignal,
): Promise<void> {
  const { database, clock, log, chores } = options
  const choreDueAt = new Map<string, number>()
  // Only this process can have the embedded database open: leases of the one before are void.
  if (database.engine === 'sqlite') await database.transaction(releaseAllLeases)
  while (!signal.aborted) {
    let started = 0
    try {
      running.throwFailure()
      started = await startDue(options, running, signal)
      for (const chore of chores) {
        if ((choreDueAt.get(chore.name) ?? 0) > clock.now()) continue
        choreDueAt.set(chore.name, clock.now() + chore.everyMs)
        await chore.run()
      }
    } catch (error) {
      log.warn({ code: systemCode(error) }, 'the worker could not reach the database; it goes on')
    }
    const ended = new AbortController()
    const pause = clock.wait(pollMs, AbortSignal.any([signal, ended.signal]))
    // With nothing to start, a job that ends is no reason to look again at once.
    await (started > 0 ? running.oneEnded(pause) : pause)
    ended.abort()
  }
}

/** Starts what is due and fits into its lane; answers how many jobs that were. */
async function startDue(
  options: WorkerOptions,
  running: Running,
  signal?: AbortSignal,
): Promise<number> {
  const { database, clock, ids } = options
  const kinds = Object.keys(options.kinds)
  const lanes = await selectLanesWithDueJobs(database.reader, { kinds, now: clock.now() })
  let started = 0
  for (const { appId, kind } of lanes) {
    const lane = `${appId} ${kind}`
    const limit = running.freeIn(lane)
    if (limit === 0) continue
    if (signal?.aborted) return started
    const now = clock.now()
    const lease = { token: ids(), now, until: now + leaseMs }
    const jobs = await database.transaction((db) => leaseJobs(db, { appId, kind, limit }, lease))
    for (const job of jobs) running.add(lane, runJob(options, job, lease.token))
    started += jobs.length
  }
  return started
}

async function runJob(options: WorkerOptions, job: Job, token: string): Promise<void> {
  const { database, clock, random, log } = options
  const held = { appId: job.appId, id: job.id, token }
  const kind = present(options.kinds[job.kind], 'only jobs of known kinds are leased')
  const ended = new AbortController()
  const renewing = keepLease(options, held, ended.signal)
  try {
    const result = await kind.run(job)
    if (result === 'done') return await database.transaction((db) => deleteJob(db, held))
    const delayMs = typeof result === 'object' ? result.againAfterMs : scheduledMs()
    await postpone({ error: '', delayMs, isDead: false })
  } catch (error) {
    const reason = reasonOf(error)
    const isDead = job.attempts >= kind.attemptsMax
    log.warn({ jobId: job.id, kind: job.kind, attempts: job.attempts, reason }, 'a job failed')
    if (isDead) await kind.onDead?.(job, reason)
    await postpone({ error: reason, delayMs: Math.max(scheduledMs(), askedMs(error)), isDead })
  } finally {
    ended.abort()
    await renewing
  }

  function scheduledMs(): number {
    return retryDelayMs(kind.retry, job.attempts, random)
  }

  async function postpone(end: { error: string; delayMs: number; isDead: boolean }): Promise<void> {
    const failure = { error: end.error, isDead: end.isDead, runAt: clock.now() + end.delayMs }
    await database.transaction((db) => updateJobFailed(db, held, failure))
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
      .catch((error: unknown) => log.warn({ code: systemCode(error) }, 'a lease was not renewed'))
    await clock.wait(renewMs, ended)
  }
}

/** The name and the code, never the message: it may quote a value. */
function reasonOf(error: unknown): string {
  const name = error instanceof Error ? error.name : 'Error'
  const definition = error instanceof Error ? Reflect.get(error, 'definition') : undefined
  const code = Object(definition).code ?? systemCode(error)
  return `${name} ${code}`.trim()
}

/** What the other side asked to wait, as in `Retry-After`. */
function askedMs(error: unknown): number {
  const seconds = error instanceof Error ? Reflect.get(error, 'retryAfterSeconds') : undefined
  return typeof seconds === 'number' ? seconds * 1000 : 0
}
