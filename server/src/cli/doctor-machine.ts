// Owns the doctor's checks of the machine: folder, disk, master key, port, running server.
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import type { Config } from '../config.ts'
import { findMasterKeyCheck } from '../installation.ts'
import { systemRandom } from '../lib/random.ts'
import { Refusal, systemCode } from '../lib/refusal.ts'
import { readMasterKey, verifyMasterKey } from '../vault/master-key.ts'
import type { Host, Inspection } from './command.ts'
import type { Check } from './doctor.ts'
import { hasTable } from './doctor-database.ts'

const mebibyte = 1024 * 1024
const freeBytesFail = 100 * mebibyte
const freeBytesWarn = 1024 * mebibyte

/** On PostgreSQL nothing of ours is written to the folder, unless the master key is made there. */
const unused = 'not used: the data is in PostgreSQL'

export function checkFolder({ databaseUrl, dataDir }: Config): Check {
  const name = 'data folder'
  if (databaseUrl !== undefined) return { name, state: 'ok', detail: unused }
  const folder = nearestFolder(dataDir)
  const detail = folder === dataDir ? dataDir : `${dataDir} does not exist yet: a start makes it`
  const fix = 'make it writable for this user, or set CLIENTELE_DATA_DIR to another folder'
  if (!statSync(folder).isDirectory()) {
    return { name, state: 'fail', detail: `${folder} is not a folder`, fix }
  }
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    return { name, state: 'ok', detail }
  } catch (error) {
    return {
      name,
      state: 'fail',
      detail: `${folder} cannot be written (${systemCode(error)})`,
      fix,
    }
  }
}

export async function checkDisk({ databaseUrl, dataDir }: Config): Promise<Check> {
  if (databaseUrl !== undefined) return { name: 'disk', state: 'ok', detail: unused }
  const { bavail, bsize } = await statfs(nearestFolder(dataDir))
  return judgeDisk(bavail * bsize)
}

export function judgeDisk(freeBytes: number): Check {
  const detail = `${Math.floor(freeBytes / mebibyte).toLocaleString('en-US')} MiB free`
  const fix = 'free some space, or move the data folder to a larger disk'
  if (freeBytes < freeBytesFail) return { name: 'disk', state: 'fail', detail, fix }
  if (freeBytes < freeBytesWarn) return { name: 'disk', state: 'warn', detail, fix }
  return { name: 'disk', state: 'ok', detail }
}

export async function checkMasterKey(host: Host, inspection: Inspection): Promise<Check> {
  const name = 'master key'
  const { masterKey: value, masterKeyFile: file } = host.config
  const origin = value === undefined ? file : 'CLIENTELE_MASTER_KEY'
  const isMade = await hasTable(inspection, 'settings')
  const check = isMade ? await findMasterKeyCheck(inspection.reader) : null
  try {
    const key = readMasterKey({ value, file, mayCreate: false }, systemRandom)
    if (check) verifyMasterKey(key, check, systemRandom)
    const detail = check ? `${origin} is the one of this database` : `from ${origin}`
    return { name, state: 'ok', detail }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.code === 'master_key_missing' && !check) {
      return { name, state: 'ok', detail: `none yet: the first start makes ${file}` }
    }
    return { name, state: 'fail', detail: error.message, fix: error.fix }
  }
}

export function checkServer({ config, server }: Host): Check {
  const name = 'server'
  if (config.databaseUrl !== undefined) {
    return { name, state: 'ok', detail: 'any number may share the database' }
  }
  if (server) return { name, state: 'ok', detail: `process ${process.pid} runs and answers` }
  if (!isHeld(config.dataDir)) return { name, state: 'ok', detail: 'none runs on this folder' }
  return {
    name,
    state: 'warn',
    detail: `${holder(config.dataDir)} holds the data folder and does not answer commands`,
    fix: 'see its log; stop it if it hangs',
  }
}

export async function checkPort({ config, server }: Host): Promise<Check> {
  const name = 'port'
  if (server) return { name, state: 'ok', detail: `this server listens at ${server.origin}` }
  const { host, port } = config
  if (port === 0) return { name, state: 'ok', detail: 'PORT=0: any free one' }
  const problem = await tryPort(host, port)
  if (problem === null) return { name, state: 'ok', detail: `${port} on ${host} is free` }
  if (problem === 'EADDRINUSE' && (await isClientele(host, port))) {
    return { name, state: 'ok', detail: `a Clientele server answers on ${port} of ${host}` }
  }
  if (problem === 'EADDRINUSE') {
    const detail = `${port} on ${host} is in use by another program`
    return { name, state: 'fail', detail, fix: 'stop it, or set PORT to another port' }
  }
  return {
    name,
    state: 'fail',
    detail: `cannot listen on ${port} of ${host} (${problem})`,
    fix: 'set HOST to an address of this machine and PORT to a port that this user may use',
  }
}

function tryPort(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error) => resolve(systemCode(error)))
    probe.listen({ host, port }, () => probe.close(() => resolve(null)))
  })
}

const answerMsMax = 1_000

function isClientele(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host, port, path: '/livez', timeout: answerMsMax, agent: false })
    request.once('error', () => resolve(false))
    request.once('timeout', () => request.destroy())
    request.once('response', async (response) => {
      try {
        resolve((await text(response)) === JSON.stringify({ status: 'alive' }))
      } catch {
        resolve(false)
      }
    })
    request.once('close', () => resolve(false))
  })
}

/** The folder, or the nearest one above it that exists. */
function nearestFolder(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestFolder(dirname(folder))
}

/** Whether a process has the lock; looking does not take it. */
function isHeld(dataDir: string): boolean {
  const file = join(dataDir, 'lock.db')
  if (!existsSync(file)) return false
  const lock = new DatabaseSync(file, { readOnly: true })
  try {
    lock.prepare('select count(*) from sqlite_schema').get()
    return false
  } catch {
    return true
  } finally {
    lock.close()
  }
}

function holder(dataDir: string): string {
  try {
    return `process ${JSON.parse(readFileSync(join(dataDir, 'holder.json'), 'utf8')).pid}`
  } catch {
    return 'another process'
  }
}
