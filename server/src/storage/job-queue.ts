// Owns the SQL of the jobs table: putting jobs in, leasing, ending.
import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'
import type { Write } from './write-together.ts'

/** One piece of work that is done at least once; safe to repeat. */
export interface Job {
  appId: string
  id: string
  kind: string
  /** Id of what the job is about; never personal data. */
  subjectId: string
  /** Milliseconds since the epoch. */
  runAt: number
  attempts: number
}

export type NewJob = Omit<Job, 'attempts'> & { createdAt: number }

/** Inside the business transaction, so that the job exists exactly when its reason does. */
export function insertJob(db: Kysely<Tables>, job: NewJob): Write {
  return db.insertInto('jobs').values({
    app_id: job.appId,
    id: job.id,
    kind: job.kind,
    subject_id: job.subjectId,
    status: 'waiting',
    run_at: job.runAt,
    attempts: 0,
    lease_token: null,
    leased_until: null,
    last_error: null,
    created_at: job.createdAt,
  })
}

/** The kinds in each app that have a job which is due. */
export async function selectLanesWithDueJobs(
  db: Kysely<Tables>,
  query: { kinds: string[]; now: number },
): Promise<{ appId: string; kind: string }[]> {
  return db
    .selectFrom('jobs')
    .select(['app_id as appId', 'kind'])
    .distinct()
    .where('status', '=', 'waiting')
    .where('run_at', '<=', query.now)
    .where('kind', 'in', query.kinds)
    .execute()
}

export interface Lease {
  token: string
  now: number
  /** From then on another worker may take the job. */
  until: number
}

/** Leases up to `limit` due jobs of one app; two workers never hold the same one. */
export async function leaseJobs(
  db: Kysely<Tables>,
  query: { appId: string; kind: string; limit: number },
  lease: Lease,
): Promise<Job[]> {
  const due = db
    .selectFrom('jobs')
    .select('id')
    .where('app_id', '=', query.appId)
    .where('status', '=', 'waiting')
    .where('kind', '=', query.kind)
    .where('run_at', '<=', lease.now)
    .where((eb) => eb.or([eb('leased_until', 'is', null), eb('leased_until', '<=', lease.now)]))
    .orderBy('run_at')
    .limit(query.limit)
    .forUpdate()
    .skipLocked()
  const rows = await db
    .updateTable('jobs')
    .set((eb) => ({
      lease_token: lease.token,
      leased_until: lease.until,
      attempts: eb('attempts', '+', 1),
    }))
    .where('app_id', '=', query.appId)
    .where('id', 'in', due)
    .returningAll()
    .execute()
  return rows.map((row) => ({
    appId: row.app_id,
    id: row.id,
    kind: row.kind,
    subjectId: row.subject_id,
    runAt: row.run_at,
    attempts: row.attempts,
  }))
}

export interface HeldJob {
  appId: string
  id: string
  /** A worker whose lease ran out and was taken over changes nothing any more. */
  token: string
}

export async function deleteJob(db: Kysely<Tables>, job: HeldJob): Promise<void> {
  await db
    .deleteFrom('jobs')
    .where('app_id', '=', job.appId)
    .where('id', '=', job.id)
    .where('lease_token', '=', job.token)
    .execute()
}

/** A worker whose lease was taken over renews nothing. */
export async function updateJobLease(
  db: Kysely<Tables>,
  job: HeldJob,
  until: number,
): Promise<void> {
  await db
    .updateTable('jobs')
    .set({ leased_until: until })
    .where('app_id', '=', job.appId)
    .where('id', '=', job.id)
    .where('lease_token', '=', job.token)
    .execute()
}

/** Gives the lease back: to run again at `runAt`, or never when `isDead`. */
export async function updateJobFailed(
  db: Kysely<Tables>,
  job: HeldJob,
  failure: { error: string; runAt: number; isDead: boolean },
): Promise<void> {
  await db
    .updateTable('jobs')
    .set({
      status: failure.isDead ? 'dead' : 'waiting',
      run_at: failure.runAt,
      lease_token: null,
      leased_until: null,
      last_error: failure.error,
    })
    .where('app_id', '=', job.appId)
    .where('id', '=', job.id)
    .where('lease_token', '=', job.token)
    .execute()
}

/** Frees every lease: for an engine that only this process can have open. */
export async function releaseAllLeases(db: Kysely<Tables>): Promise<void> {
  await db
    .updateTable('jobs')
    .set({ lease_token: null, leased_until: null })
    .where('leased_until', 'is not', null)
    .execute()
}
