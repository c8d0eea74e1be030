// Owns the policies that hold back the rows of other apps, for every table that has an `app_id`.
import { type Kysely, sql } from 'kysely'
import { everyApp, scopeSetting } from './row-scope.ts'

/**
 * Every migration that makes tables calls it at its end; on the embedded engine there is nothing to
 * do. Forced, so that the policy binds the owner of the tables too.
 */
export async function protectApps(db: Kysely<unknown>): Promise<void> {
  for (const name of await selectUnprotected(db)) {
    const table = sql.table(name)
    await sql`create policy of_app on ${table} using (${isShown()})`.execute(db)
    await sql`alter table ${table} enable row level security, force row level security`.execute(db)
  }
}

/** The tables with an `app_id` that row level security does not bind everybody on. */
export async function selectUnprotected<DB>(db: Kysely<DB>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select relname as name
    from pg_class join pg_attribute on attrelid = pg_class.oid
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
      and attname = 'app_id' and not attisdropped
      and not (relrowsecurity and relforcerowsecurity)
    order by relname`.execute(db)
  return rows.map(({ name }) => name)
}

/**
 * The sub-select is read once a statement, not once a row. `is not null` says the same as the
 * condition in it, and the planner takes it for "nearly every row", which is so: the statement
 * names the app itself. Taken for a second `app_id = …`, it made the planner expect next to
 * nothing, and leave the index that gives a list its order.
 */
function isShown() {
  const shown = sql`(select nullif(current_setting(${sql.lit(scopeSetting)}, true), '')::uuid)`
  return sql`nullif(${shown} in (app_id, ${sql.lit(everyApp)}::uuid), false) is not null`
}
