// Owns the SQL that the doctor asks: versions, and jobs that nobody tries any more.
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../storage/tables.ts'

export async function selectSqliteVersion(db: Kysely<Tables>): Promise<string> {
  const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(db)
  return rows[0]?.version ?? ''
}

export async function selectPostgresqlVersion(
  db: Kysely<Tables>,
): Promise<{ version: string; major: number }> {
  const { rows } = await sql<{ version: string; major: number }>`
    select current_setting('server_version') as version,
      current_setting('server_version_num')::int / 10000 as major`.execute(db)
  return rows[0] ?? { version: '', major: 0 }
}

/** App by app, so that each count is a walk along the index of due jobs. */
export async function countDeadJobs(db: Kysely<Tables>): Promise<number> {
  const apps = await db.selectFrom('apps').select('id').execute()
  let count = 0
  for (const { id } of apps) {
    const row = await db
      .selectFrom('jobs')
      .select((eb) => eb.fn.countAll().as('dead'))
      .where('app_id', '=', id)
      .where('status', '=', 'dead')
      .executeTakeFirstOrThrow()
    count += Number(row.dead)
  }
  return count
}
