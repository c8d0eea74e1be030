// Owns the ninth schema: on PostgreSQL, an app's rows are shown to that app alone.
import type { Kysely } from 'kysely'
import type { ColumnTypes } from '../migrations.ts'
import { protectApps } from '../row-level-security.ts'

export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  if (types.engine === 'postgresql') await protectApps(db)
}
