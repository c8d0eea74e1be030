// Owns an open database with every table and no row, on the engine under test.
import { readConfig } from '../../server/src/config.ts'
import type { Database } from '../../server/src/storage/database.ts'
import { openDatabase } from '../../server/src/storage/database.ts'
import { createTestDatabase } from '../harness.ts'

export interface MigratedDatabase {
  database: Database
  environment: Record<string, string>
  /** The same database by another process's eyes; on PostgreSQL only. */
  openAnother(): Promise<Database>
  remove(): Promise<void>
}

export async function createMigratedDatabase(): Promise<MigratedDatabase> {
  const { environment, remove } = await createTestDatabase()
  const { databaseUrl: url, dataDir } = readConfig(environment)
  const open = async () => (await openDatabase({ url, dataDir, connectionsMax: 5 })).ofEveryApp()
  const database = await open()
  await database.migrate()
  return {
    database,
    environment,
    openAnother: open,
    async remove() {
      await database.close()
      await remove()
    },
  }
}
