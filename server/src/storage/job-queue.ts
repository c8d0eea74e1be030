// Owns the SQL of the jobs table: putting jobs in, leasing, ending.
import { type Insertable, type Kysely, type RawBuilder, sql } from 'kysely'
import type { JobRow, Tables } from './tables.ts'
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
  /** How often it was begun, this time included. */
  attempts: number
  /** How often it failed. */
  failures: number
}

export type NewJob = Omit<Job, 'attempts' | 'failures'> & { createdAt: number }

/** Inside the business transaction, so that the job exists exactly when its reason does. */
export function insertJob(db: Kysely<Tables>, job: NewJob): Write {
  return db.insertInto('jobs').values(toRow(job))
}

/** As `insertJob`; a job of this id that waits already is only brought forward. */
export function upsertJob(db: Kysely<Tables>, job: NewJob): Write {
  return db
    .insertInto('jobs')
    .values(toRow(job))
    .onConflict((conflict) =>
      conflict.columns(['app_id', 'id']).doUpdateSet((eb) => ({
        status: 'waiting',
        run_at: eb
          .case()
          .when('jobs.run_at', '<', eb.ref('excluded.run_at'))
          .then(eb.ref('jobs.run_at'))
          .else(eb.ref('excluded.run_at'))
          .end(),
      })),
    )
}

/** As `insertJob`; where a job of this id is there already, it stays as it is. */
export function insertJobIfAbsent(db: Kysely<Tables>, job: NewJob): Write {
  return insertJobsIfAbsent(db, [job])
}

/** As `insertJobIfAbsent`, each; one at least. */
export function insertJobsIfAbsent(db: Kysely<Tables>, jobs: NewJob[]): Write {
  return db
    .insertInto('jobs')
    .values(jobs.map(toRow))
    .onConflict((conflict) => conflict.columns(['app_id', 'id']).doNothing())
}

/** For a query over what has jobs of its own id: that there is none. */
export function hasNoJob(appId: string, idColumn: string): RawBuilder<boolean> {
  return sql<boolean>`not exists (select 1 from jobs
    where jobs.app_id = ${appId} and jobs.id = ${sql.ref(idColumn)})`
}

function toRow(job: NewJob): Insertable<JobRow> {
  return {
    app_id: job.appId,
    id: job.id,
    kind: job.kind,
    subject_id: job.subjectId,
    status: 'waiting',
    run_at: job.runAt,
    attempts: 0,
    failures: 0,
    lease_token: null,
    leased_until: null,
    last_error: null,
    created_at: job.createdAt,
  }
}

/**
 * The kinds in each app that have a job which is due by `dueAt` and which nobody holds at `now`.
 * Steps from app to app and asks for the first job of each kind: with a million jobs waiting it
 * reads as little as with ten. A plain `distinct` would read every one of them, at every look.
 */
export async function selectLanesWithDueJobs(
  db: Kysely<Tables>,
  query: { kinds: string[]; dueAt: number; now: number },
): Promise<{ appId: string; kind: string }[]> {
  if (query.kinds.length === 0) return []
  const names = sql.join(query.kinds.map((kind) => sql`(cast(${kind} as text))`))
  const nextApp = sql`select app_id from jobs where app_id > holders.app_id order by app_id limit 1`
  // As a value, not as `exists`: PostgreSQL may turn that one into a join that reads all of them.
  const firstDue = sql`select 1 from jobs where app_id = holders.app_id and status = 'waiting'
    and kind = names.kind and run_at <= ${query.dueAt}
    and (leased_until is null or leased_until <= ${query.now}) order by run_at limit 1`
  return db
    .withRecursive(
      'holders(app_id)',
      () => sql<{ app_id: string }>`(select (select app_id from jobs order by app_id limit 1)
        union all select (${nextApp}) from holders where holders.app_id is not null)`,
    )
    .with('names(kind)', () => sql<{ kind: string }>`(values ${names})`)
    .with(
      'lanes',
      () => sql<{ app_id: string; kind: string }>`(select holders.app_id, names.kind
        from holders cross join names where holders.app_id is not null
        and (${firstDue}) is not null)`,
    )
    .selectFrom('lanes')
    .select(['app_id as appId', 'kind'])
    .execute()
}

export interface Lease {
  token: string
  now: number
  /** From then on another worker may take the job. */
  until: number
}

export interface LeaseQuery {
  appId: string
  kind: string
  dueAt: number
  limit: number
}

/** Leases up to `limit` jobs, longest due first; two workers never hold the same one. */
export async function leaseJobs(
  db: Kysely<Tables>,
  { appId, kind, dueAt, limit }: LeaseQuery,
  lease: Lease,
): Promise<Job[]> {
  const due = await db
    .selectFrom('jobs')
    .select(['id', 'subject_id', 'run_at', 'attempts', 'failures'])
    .where('app_id', '=', appId)
    .where('status', '=', 'waiting')
    .where('kind', '=', kind)
    .where('run_at', '<=', dueAt)
    .where((eb) => eb.or([eb('leased_until', 'is', null), eb('leased_until', '<=', lease.now)]))
    .orderBy('run_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
  if (due.length === 0) return []
  // By their ids: as one statement PostgreSQL may choose to go through every job of the app.
  const ids = due.map((row) => row.id)
  await db
    .updateTable('jobs')
    .set((eb) => ({
      lease_token: lease.token,
      leased_until: lease.until,
      attempts: eb('attempts', '+', 1),
    }))
    .where('app_id', '=', appId)
    .where('id', 'in', ids)
    .execute()
  return due.map((row) => ({
    appId,
    id: row.id,
    kind,
    subjectId: row.subject_id,
    runAt: row.run_at,
    attempts: row.attempts + 1,
    failures: row.failures,
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

/** The worker that holds it goes on for longer. */
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

/** Gives the lease back: to run again at `runAt`, which is no failure. */
export async function updateJobPostponed(
  db: Kysely<Tables>,
  job: HeldJob,
  runAt: number,
): Promise<void> {
  await db
    .updateTable('jobs')
    .set({ run_at: runAt, lease_token: null, leased_until: null, last_error: '' })
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
    .set((eb) => ({
      status: failure.isDead ? 'dead' : 'waiting',
      run_at: failure.runAt,
      failures: eb('failures', '+', 1),
      lease_token: null,
      leased_until: null,
      last_error: failure.error,
    }))
    .where('app_id', '=', job.appId)
    .where('id', '=', job.id)
    .where('lease_token', '=', job.token)
    .execute()
}

/** As if they had never been leased. */
export async function releaseJobs(
  db: Kysely<Tables>,
  held: { appId: string; ids: string[]; token: string },
): Promise<void> {
  if (held.ids.length === 0) return
  await db
    .updateTable('jobs')
    .set((eb) => ({ lease_token: null, leased_until: null, attempts: eb('attempts', '-', 1) }))
    .where('app_id', '=', held.appId)
    .where('id', 'in', held.ids)
    .where('lease_token', '=', held.token)
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

export interface JobCount {
  kind: string
  status: string
  count: number
}

/** How many jobs of each kind an app has waiting, and how many dead. Reads the index alone. */
export async function countJobs(db: Kysely<Tables>, appId: string): Promise<JobCount[]> {
  return db
    .selectFrom('jobs')
    .select((eb) => ['kind', 'status', eb.fn.countAll<number>().as('count')])
    .where('app_id', '=', appId)
    .groupBy(['status', 'kind'])
    .orderBy('status')
    .orderBy('kind')
    .execute()
}
