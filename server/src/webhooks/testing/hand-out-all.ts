// Owns handing out, in a test, all that has happened, also what is not in the feed yet.
import { sql } from 'kysely'
import type { Context } from '../../core/context.ts'
import { handOutEvents } from '../fan-out.ts'

const looksMax = 2_000
const lookEveryMs = 5

/** As `handOutEvents`, of all that has happened. */
export async function handOutAll(context: Context): Promise<void> {
  await waitForFeed(context)
  await handOutEvents(context)
}

/**
 * Until the feed has every event. On PostgreSQL an event waits for every older transaction of the
 * whole cluster, and there other tests have theirs.
 */
export async function waitForFeed(context: Context): Promise<void> {
  const isWaiting = async () => {
    if (context.database.engine === 'sqlite') return false
    const row = await context.db
      .selectFrom('events')
      .select('version')
      .where('app_id', '=', context.app.id)
      .where(sql<boolean>`tx >= pg_snapshot_xmin(pg_current_snapshot())`)
      .limit(1)
      .executeTakeFirst()
    return row !== undefined
  }
  for (let look = 0; look < looksMax && (await isWaiting()); look += 1) {
    await context.clock.wait(lookEveryMs)
  }
}
