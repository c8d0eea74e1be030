// Owns `backup`: one verified archive of the embedded database and its files, beside a server.
import { existsSync } from 'node:fs'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { backup as copyDatabase, DatabaseSync } from 'node:sqlite'
import type { Config } from '../config.ts'
import { systemClock } from '../lib/clock.ts'
import { Refusal } from '../lib/refusal.ts'
import { migrationNames } from '../storage/migrations.ts'
import { everyApp, scopeSetting } from '../storage/row-scope.ts'
import { databaseFileName } from '../storage/sqlite.ts'
import { type ArchiveWriter, archiveNames, openArchiveWriter } from './backup-archive.ts'
import { type Args, defineCommand, type Host, type Job } from './command.ts'
import { readArchive } from './read-archive.ts'

interface BackupResult {
  file: string
  bytes: number
  files: number
  /** False: they are in an object store, and not in this archive. */
  hasFiles: boolean
  /** Of the manifest, which holds the sum of everything else: to be noted elsewhere. */
  sha256: string
}

/** Whoever says no app is shown no row, and the dump would be without any. */
const dumpCommand =
  `PGOPTIONS="-c ${scopeSetting}=${everyApp}" ` +
  'pg_dump --enable-row-security --format=custom --file=FILE "$DATABASE_URL"'

export const backup = defineCommand<BackupResult>({
  name: 'backup',
  summary: 'write the embedded database and its files into one archive, and read it back',
  declare: (syntax) =>
    // Where the command is typed: a server that runs it may be in another folder.
    syntax.argument('<file>', 'archive to make; the master key is not in it', (path) =>
      resolve(path),
    ),
  async run(host, args, job) {
    refusePostgresql(host.config, dumpCommand)
    const file = archivePath(args)
    if (existsSync(file)) throw fileExists(file)
    if (!(await host.inspect()).exists) throw noDatabase(host.config)
    // Holds the folder: beside a server this is the server's own.
    const database = await host.openDatabase()
    const pending = await database.pendingMigrations()
    const migrations = migrationNames.filter((name) => !pending.includes(name))
    return writeBackup({ host, job, file, migrations })
  },
  render: ({ file, bytes, files, hasFiles, sha256 }) =>
    [
      `Wrote ${file}: ${bytes.toLocaleString('en-US')} bytes, ${files} files, read back and whole`,
      `  manifest sha256  ${sha256}`,
      ...(hasFiles ? [] : ['  Files are in the object store: back it up there']),
      '  The master key is not in it: keep a copy of it in another place',
    ].join('\n'),
})

export const archivePath = (args: Args) => String(args['file'])

/** The address is not repeated: it may hold a password. */
export function refusePostgresql(config: Config, instead: string): void {
  if (config.databaseUrl === undefined) return
  throw new Refusal(
    'not_for_postgresql',
    'DATABASE_URL names a PostgreSQL, which has tools of its own for this',
    `run: ${instead}, and see docs/operating/backup.md`,
  )
}

function fileExists(file: string): Refusal {
  return new Refusal('file_exists', `${file} exists already`, 'name another file')
}

function noDatabase({ dataDir }: Config): Refusal {
  const fix = 'set CLIENTELE_DATA_DIR to the folder that has one'
  return new Refusal('no_database', `there is no database in ${dataDir}`, fix)
}

interface Making {
  host: Host
  job: Job
  file: string
  migrations: string[]
}

/** Under its name only when it is whole: what breaks off in the middle leaves nothing. */
async function writeBackup({ host, job, file, migrations }: Making): Promise<BackupResult> {
  const { config } = host
  const part = `${file}.part`
  const snapshot = `${file}.database`
  const createdAt = new Date(systemClock.now()).toISOString()
  const writer = await openArchiveWriter(part).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? fileExists(part) : notWritable(file, error)
  })
  try {
    await reportWhile(job, 'copying the database', takeSnapshot(config.dataDir, snapshot))
    // After the database: every file that it names was there before.
    const copying = addAll(writer, config, snapshot)
    const files = await reportWhile(job, 'copying files', copying)
    const sha256 = await writer.end({ createdAt, migrations })
    await reportWhile(job, 'reading it back', readArchive(part, drain))
    await rename(part, file)
    await syncFolder(dirname(file))
    const { size: bytes } = await stat(file)
    return { file, bytes, files, hasFiles: config.objectStore === undefined, sha256 }
  } finally {
    await writer.close()
    for (const path of [part, snapshot, `${snapshot}-journal`]) await rm(path, { force: true })
  }
}

function notWritable(file: string, error: NodeJS.ErrnoException): Refusal {
  return new Refusal(
    'file_not_writable',
    `${file} cannot be written (${error.code ?? error.name})`,
    'name a file in a folder that the user of the server may write to',
  )
}

/** All of them: 8 TiB of pages. */
const pagesAtOnce = 2 ** 31 - 1

/**
 * One step over a connection of its own, outside this thread: the copy is of one moment, writers go
 * on meanwhile. In smaller steps each write of theirs would make it begin again.
 */
async function takeSnapshot(dataDir: string, path: string): Promise<void> {
  const source = new DatabaseSync(join(dataDir, databaseFileName), { readOnly: true })
  try {
    await copyDatabase(source, path, { rate: pagesAtOnce })
  } finally {
    source.close()
  }
}

async function addAll(writer: ArchiveWriter, config: Config, snapshot: string): Promise<number> {
  await writer.add(archiveNames.database, snapshot)
  if (config.objectStore) return 0
  let count = 0
  for (const name of await listBlobs(config.filesDir)) {
    const isThere = await writer.add(archiveNames.filesFolder + name, join(config.filesDir, name))
    if (isThere) count += 1
  }
  return count
}

/** Whole blobs only; what is being written, or spooled, has other names. */
async function listBlobs(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return []
  const entries = await readdir(folder, { recursive: true })
  return entries.filter((entry) => /^([a-z0-9-]{2})\/\1[a-z0-9-]*$/.test(entry)).sort()
}

/** A command whose server is silent for long is given up: so it is told that work goes on. */
async function reportWhile<T>(job: Job, what: string, work: Promise<T>): Promise<T> {
  const ended = new AbortController()
  const reporting = (async () => {
    while (!ended.signal.aborted) {
      job.report(what)
      await systemClock.wait(1_000, ended.signal)
    }
  })()
  try {
    return await work
  } finally {
    ended.abort()
    await reporting
  }
}

async function drain(_file: unknown, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const part of bytes) void part
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
