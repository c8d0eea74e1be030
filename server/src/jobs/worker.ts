// Owns doing the jobs: takes what is due, as much at once as each kind in each app may have.
import type { Logger } from 'pino'
import { present } from '../lib/assert.ts'
import type { Clock } from '../lib/clock.ts'
import type { Ids } from '../lib/id.ts'
import type { Random } from '../lib/random.ts'
import type { RetrySchedule } from '../lib/retry.ts'
import type { Database } from '../storage/database.ts'
import {
  type Job,
  leaseJobs,
  releaseAllLeases,
  releaseJobs,
  selectLanesWithDueJobs,
} from '../storage/job-queue.ts'
import { leaseMs, reasonOf, runJob } from './run-job.ts'
import { RunningJobs } from './running-jobs.ts'

/**
 * `again` runs the job once more after the wait of its schedule, and a number of milliseconds after
 * that; neither counts as a failure.
 */
export type JobResult = 'done' | 'again' | { againAfterMs: number }

export interface JobKind {
  /** What is thrown may carry `retryAfterSeconds`: the next try waits at least as long. */
  run(job: Job): Promise<JobResult>
  retry: RetrySchedule
  /** After as many failures the job stays as `dead`, for an operator to look at. */
  attemptsMax: number
  /** At once in one app, 20 unless told: what hangs keeps only its own kind and app waiting. */
  concurrencyMax?: number
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
const concurrencyMaxDefault = 20
/** At once in one process, whatever the kinds and apps. */
const runningMax = 200

export function createWorker(options: WorkerOptions): Worker {
  const stopping = new AbortController()
  const running = new RunningJobs(runningMax)
  let loops: Promise<unknown> = Promise.resolve()
  return {
    runDue: () => runDue(options, running, stopping.signal),
    start: () => {
      const jobs = runLoop(options, running, stopping.signal)
      loops = Promise.all([jobs, runChores(options, stopping.signal)])
    },
    async stop() {
      stopping.abort()
      running.wake()
      await loops
      await running.allEnded()
    },
  }
}

/** A job that asks to run again is due later, by a millisecond at least: so this ends. */
async function runDue(
  options: WorkerOptions,
  running: RunningJobs,
  signal: AbortSignal,
): Promise<number> {
  const dueAt = options.clock.now()
  let total = 0
  for (;;) {
    const ended = running.nextEnd
    const started = await startDue(options, running, { dueAt, signal })
    total += started
    if (running.count === 0 && started === 0) break
    if (running.count > 0) await aborted(ended)
  }
  running.throwFailure()
  return total
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

async function runLoop(
  options: WorkerOptions,
  running: RunningJobs,
  signal: AbortSignal,
): Promise<void> {
  const { database, clock, log } = options
  let isFresh = database.engine === 'sqlite'
  while (!signal.aborted) {
    // Before the look: a job that ends meanwhile is a reason for another one.
    const ended = running.nextEnd
    try {
      running.throwFailure()
      // Only this process can have the embedded database open: leases of the one before are void.
      if (isFresh) await database.transaction(releaseAllLeases)
      isFresh = false
      await startDue(options, running, { dueAt: clock.now(), signal })
    } catch (error) {
      const reason = reasonOf(error)
      log.warn({ reason }, 'the worker could not reach the database; it goes on')
    }
    await clock.wait(pollMs, ended)
  }
}

/** Each on its own: neither the jobs nor another chore wait for a long one, or fail with it. */
async function runChores(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  await Promise.all(options.chores.map((chore) => runChore(options, chore, signal)))
}

async function runChore(options: WorkerOptions, chore: Chore, signal: AbortSignal): Promise<void> {
  const { clock, log } = options
  const { name, everyMs } = chore
  let dueAt = 0
  while (!signal.aborted) {
    if (dueAt <= clock.now()) {
      dueAt = clock.now() + everyMs
      try {
        await chore.run()
      } catch (error) {
        log.warn({ chore: name, reason: reasonOf(error) }, 'a chore failed')
      }
    }
    await clock.wait(Math.min(everyMs, pollMs), signal)
  }
}

/** Starts what is due and has room; answers how many jobs that were. */
async function startDue(
  options: WorkerOptions,
  running: RunningJobs,
  when: { dueAt: number; signal: AbortSignal },
): Promise<number> {
  if (when.signal.aborted || running.room === 0) return 0
  const kinds = Object.keys(options.kinds)
  const due = { kinds, dueAt: when.dueAt, now: options.clock.now() }
  const lanes = (await selectLanesWithDueJobs(options.database.reader, due)).map((lane) => ({
    ...lane,
    name: `${lane.appId} ${lane.kind}`,
  }))
  // The emptiest first, and no more than its share of the room: none takes what others need.
  lanes.sort((left, right) => running.countIn(left.name) - running.countIn(right.name))
  let started = 0
  for (const [index, lane] of lanes.entries()) {
    const { concurrencyMax = concurrencyMaxDefault } = kindOf(options, lane.kind)
    const share = Math.ceil(running.room / (lanes.length - index))
    const limit = Math.min(concurrencyMax - running.countIn(lane.name), share)
    if (limit <= 0) continue
    started += await startInLane(options, running, { ...lane, ...when, limit })
  }
  return started
}

async function startInLane(
  options: WorkerOptions,
  running: RunningJobs,
  lane: {
    name: string
    appId: string
    kind: string
    dueAt: number
    limit: number
    signal: AbortSignal
  },
): Promise<number> {
  const { database, clock, ids } = options
  if (lane.signal.aborted) return 0
  const now = clock.now()
  const lease = { token: ids(), now, until: now + leaseMs }
  const jobs = await database.transaction((db) => leaseJobs(db, lane, lease))
  if (lane.signal.aborted) {
    const held = { appId: lane.appId, ids: jobs.map((job) => job.id), token: lease.token }
    await database.transaction((db) => releaseJobs(db, held))
    return 0
  }
  const kind = kindOf(options, lane.kind)
  for (const job of jobs) running.add(lane.name, runJob(options, kind, { job, token: lease.token }))
  return jobs.length
}

function kindOf(options: WorkerOptions, name: string): JobKind {
  return present(options.kinds[name], 'only jobs of known kinds are leased')
}
