// Owns what the tests of `backup` and `restore` share: a database, a backup of it, empty places.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { createTestDatabase, startTestServer } from '../../../test/harness.ts'
import { type Environment, runInProcess } from './test-process.ts'

export type Place = Environment & { CLIENTELE_DATA_DIR: string }

export interface BackupBench {
  folder: string
  /** Where the backup is to stand. */
  archive: string
  environment: Environment
  key: string
  customer: { path: string; text: string }
  blob: { name: string; bytes: Buffer }
  /** Settings with an empty data folder, and the master key of the database unless told. */
  emptyPlace(more?: Environment): Place
  remove(): Promise<void>
}

export const run = (environment: Environment, ...args: string[]) =>
  runInProcess([...args, '--json'], environment)

export async function refusalOf(environment: Environment, ...args: string[]) {
  const { code, out } = await run(environment, ...args)
  const { error } = JSON.parse(out) as { error?: { code: string; message: string; fix: string } }
  expect([code, typeof error]).toEqual([1, 'object'])
  return error ?? { code: '', message: '', fix: '' }
}

/** Nothing but what a lock leaves: no database that a server would start on. */
export function expectNothingRestored({ CLIENTELE_DATA_DIR: dataDir }: Place): void {
  const entries = readdirSync(dataDir, { recursive: true })
    .map(String)
    .filter((name) => !/^(lock\.db|holder\.json)/.test(name))
  expect(entries.filter((name) => name !== 'files')).toEqual([])
}

/** Two customers and a file, left by a server; the backup of them is yet to be made. */
export async function openBackupBench(): Promise<BackupBench> {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-backup-'))
  const database = await createTestDatabase()
  const server = await startTestServer({}, database)
  const customer = { path: '', text: '' }
  for (const name of ['Ana Canary', 'Bea Canary']) {
    const body = { type: 'individual', name, country: 'AR' }
    const made = await server.call('POST', '/payouts/customers', { body })
    customer.path = `/payouts/customers/${made.json.customerId}`
  }
  customer.text = (await server.call('GET', customer.path)).text
  const blob = { name: 'ab-canary-blob', bytes: Buffer.alloc(70_001, 'sealed ') }
  await server.system.blobs.put(blob.name, once(blob.bytes))
  await server.stop()
  let places = 0
  return {
    folder,
    archive: join(folder, 'good.tar'),
    environment: database.environment,
    key: server.key,
    customer,
    blob,
    emptyPlace(more = {}) {
      places += 1
      const own = { ...database.environment, ...more }
      return { ...own, CLIENTELE_DATA_DIR: join(folder, `place-${places}`) }
    },
    async remove() {
      await database.remove()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
