// Owns gathering everything that a server has stored, to search it for what must not be there.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readRows } from './database-reader.ts'

/** The names of all tables. */
export async function tableNames(environment: Record<string, string>): Promise<string[]> {
  const query =
    environment['DATABASE_URL'] === undefined
      ? "select name from sqlite_schema where type = 'table'"
      : "select table_name as name from information_schema.tables where table_schema = 'public'"
  return (await readRows(environment, query)).map((row) => String(row['name']))
}

/** The name and the value of every column of every row. */
export async function everyColumn(environment: Record<string, string>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for (const table of await tableNames(environment)) {
    for (const row of await readRows(environment, `select * from ${table}`)) {
      for (const [name, value] of Object.entries(row)) chunks.push(bytesOf(name), bytesOf(value))
    }
  }
  return Buffer.concat(chunks)
}

/** Every file of a data folder, by its path, and the bytes of all of them with their paths. */
export function everyFile(dataDir: string): { names: string[]; bytes: Buffer } {
  // Copied by another process: to close a file that this one has open would drop its locks.
  const copy = mkdtempSync(join(tmpdir(), 'clientele-copy-'))
  try {
    const copied = spawnSync('cp', ['-R', `${dataDir}/.`, copy])
    if (copied.status !== 0) throw new Error(`cp ended with ${copied.status}: ${copied.stderr}`)
    const names = readdirSync(copy, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(copy, name)).isFile(),
    )
    const bytes = names.flatMap((name) => [Buffer.from(name), readFileSync(join(copy, name))])
    return { names, bytes: Buffer.concat(bytes) }
  } finally {
    rmSync(copy, { recursive: true })
  }
}

function bytesOf(value: unknown): Buffer {
  return value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value))
}
