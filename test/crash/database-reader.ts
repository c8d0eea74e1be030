// Owns looking into a server's database from outside, past every promise of the server itself.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { everyApp, scopeSetting } from '../../server/src/storage/row-scope.ts'

export type Row = Record<string, unknown>

export interface DatabaseReader {
  rows(text: string): Promise<Row[]>
  /** All that `work` reads is of one moment, whatever the server does meanwhile. */
  snapshot(work: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** Opened by the settings that a server is started with. On SQLite it can only read. */
export async function openDatabaseReader(
  environment: Record<string, string>,
): Promise<DatabaseReader> {
  const url = environment['DATABASE_URL']
  if (url !== undefined) {
    const options = `-c ${scopeSetting}=${everyApp}`
    const client = new pg.Client({ connectionString: url, options })
    await client.connect()
    const rows = async (text: string) => (await client.query(text)).rows
    const snapshot = snapshotOver(rows, 'begin isolation level repeatable read')
    return { rows, snapshot, close: () => client.end() }
  }
  const file = join(environment['CLIENTELE_DATA_DIR'] ?? '', 'clientele.db')
  const connection = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  const rows = async (text: string) => connection.prepare(text).all()
  return { rows, snapshot: snapshotOver(rows, 'begin'), close: async () => connection.close() }
}

/** One look, on a connection of its own. */
export async function readRows(environment: Record<string, string>, text: string): Promise<Row[]> {
  const reader = await openDatabaseReader(environment)
  try {
    return await reader.rows(text)
  } finally {
    await reader.close()
  }
}

function snapshotOver(rows: DatabaseReader['rows'], begin: string): DatabaseReader['snapshot'] {
  return async (work) => {
    await rows(begin)
    try {
      await work()
    } finally {
      await rows('rollback')
    }
  }
}
