// Owns `restore`: a backup becomes an installation when all of it is proven, or not at all.
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Config } from '../config.ts'
import { type ChainReport, verifyChains } from '../core/events/verify-chains.ts'
import { openInstallation, openInstallationDatabase } from '../installation.ts'
import { Refusal } from '../lib/refusal.ts'
import { lockFolder } from '../storage/lock.ts'
import { migrationNames } from '../storage/migrations.ts'
import { databaseFileName } from '../storage/sqlite.ts'
import { archivePath, refusePostgresql, syncFolder } from './backup.ts'
import { archiveNames, damaged, type Manifest } from './backup-archive.ts'
import { defineCommand, type Host, type Job } from './command.ts'
import { type Receiver, readArchive } from './read-archive.ts'

interface RestoreResult {
  /** When the backup was made. */
  createdAt: string
  files: number
  /** What the chains held: all of it whole. */
  apps: number
  customers: number
  events: number
}

export const restore = defineCommand<RestoreResult>({
  name: 'restore',
  summary: 'put a backup into an empty data folder, and verify every hash chain',
  declare: (syntax) =>
    syntax.argument('<file>', 'archive that `backup` has made', (path) => resolve(path)),
  async run(host, args, job) {
    const { config } = host
    const instead = 'pg_restore --no-owner --dbname="$DATABASE_URL" FILE'
    refusePostgresql(config, instead)
    refuseServer(host)
    const file = archivePath(args)
    refuseMissing(file)
    const lock = lockFolder(config.dataDir)
    try {
      refuseFull(config)
      return await restoreInto(config, { file, job })
    } finally {
      lock.release()
    }
  },
  render: ({ createdAt, files, apps, customers, events }) =>
    [
      `Restored the backup of ${createdAt}: ${files} files`,
      `Whole: ${events} events of ${customers} customers in ${apps} apps`,
    ].join('\n'),
})

function refuseServer({ server, config }: Host): void {
  if (server === null) return
  throw new Refusal(
    'data_folder_in_use',
    `a server works on the data folder ${config.dataDir}`,
    'stop it, or set CLIENTELE_DATA_DIR to an empty folder',
  )
}

function refuseMissing(file: string): void {
  if (existsSync(file)) return
  throw new Refusal('file_missing', `there is no file ${file}`, 'check its path')
}

/** The key is to be there already; the others belong to the lock, which is held now. */
function refuseFull({ dataDir, filesDir, masterKeyFile }: Config): void {
  const own = new Set(['lock.db', 'lock.db-journal', 'holder.json'])
  if (dirname(masterKeyFile) === dataDir) own.add(basename(masterKeyFile))
  if (dirname(filesDir) === dataDir) own.add(basename(filesDir))
  const inFiles = existsSync(filesDir) ? readdirSync(filesDir) : []
  const found = [...readdirSync(dataDir).filter((name) => !own.has(name)), ...inFiles]
  const [first] = found
  if (first === undefined) return
  throw new Refusal(
    'data_folder_not_empty',
    `the data folder ${dataDir} is not empty: it has ${first}`,
    'set CLIENTELE_DATA_DIR to an empty folder with nothing in it but the master key',
  )
}

const stageName = 'restoring'

async function restoreInto(
  config: Config,
  { file, job }: { file: string; job: Job },
): Promise<RestoreResult> {
  const stage = join(config.dataDir, stageName)
  const filesStage = join(config.filesDir, stageName)
  try {
    await mkdir(stage, { recursive: true, mode: 0o700 })
    await mkdir(filesStage, { recursive: true, mode: 0o700 })
    job.report('reading the backup')
    const manifest = await readArchive(file, receiveInto({ stage, filesStage }))
    refuseNewer(manifest)
    const isComplete = manifest.files.some(({ name }) => name === archiveNames.database)
    if (!isComplete) throw damaged(file, 'it holds no database')
    checkIntegrity(join(stage, databaseFileName), file)
    const report = await proveChains({ ...config, dataDir: stage, filesDir: filesStage }, job)
    for (const folder of await readdir(filesStage)) {
      await rename(join(filesStage, folder), join(config.filesDir, folder))
    }
    await syncFolder(config.filesDir)
    // Last: until the database is in its place there is nothing that a server would start on.
    await rename(join(stage, databaseFileName), join(config.dataDir, databaseFileName))
    await syncFolder(config.dataDir)
    const { apps, customers, events } = report
    return {
      createdAt: manifest.createdAt,
      files: manifest.files.length - 1,
      ...{ apps, customers, events },
    }
  } finally {
    await rm(stage, { recursive: true, force: true })
    await rm(filesStage, { recursive: true, force: true })
  }
}

/** Names were checked by the reader: none leads out of the two folders. */
function receiveInto({ stage, filesStage }: { stage: string; filesStage: string }): Receiver {
  return async ({ name }, bytes) => {
    const path =
      name === archiveNames.database
        ? join(stage, databaseFileName)
        : join(filesStage, name.slice(archiveNames.filesFolder.length))
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const target = await open(path, 'w', 0o600)
    try {
      for await (const part of bytes) await target.writeFile(part)
      await target.sync()
    } finally {
      await target.close()
    }
  }
}

function refuseNewer({ migrations }: Manifest): void {
  const unknown = migrations.filter((name) => !migrationNames.includes(name))
  if (unknown.length === 0) return
  throw new Refusal(
    'backup_newer',
    `the backup is of a newer version: it has had the migrations ${unknown.join(', ')}`,
    'install the version that made it, or a newer one',
  )
}

function checkIntegrity(path: string, file: string): void {
  const connection = new DatabaseSync(path)
  try {
    const found = connection.prepare('pragma integrity_check').get()?.['integrity_check']
    if (found !== 'ok') throw damaged(file, 'its database is not sound')
  } finally {
    connection.close()
  }
}

/** Brings an older backup to this version, opens it with the master key, and walks its chains. */
async function proveChains(config: Config, job: Job): Promise<ChainReport> {
  const database = await openInstallationDatabase(config)
  try {
    await database.migrate()
    const system = await openInstallation(database, config)
    const report = await verifyChains(system, {
      signal: job.signal,
      report: ({ events }) => job.report(`${events} events verified`),
    })
    await system.egress.close()
    if (report.broken === null) return report
    const { customerId, version, problem } = report.broken
    throw new Refusal(
      'history_broken',
      `the history in the backup is broken: customer ${customerId}, version ${version}, ${problem}`,
      'restore an older backup, and compare',
    )
  } finally {
    await database.close()
  }
}
