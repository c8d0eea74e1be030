// Owns where the master key comes from, and the proof that it is the one of this database.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Random } from '../lib/random.ts'
import { Refusal, systemCode } from '../lib/refusal.ts'
import { createVault, masterKeyBytes, SealBroken } from './vault.ts'

export interface MasterKeySource {
  /** From the environment: 32 bytes in base64 or hex. */
  value: string | undefined
  /** Read when there is no value, and made when `mayCreate`. */
  file: string
  mayCreate: boolean
}

/** The installation's master key. Made once, 0600, when there is none and one may be made. */
export function readMasterKey(source: MasterKeySource, random: Random): Buffer {
  if (source.value !== undefined) return parseMasterKey(source.value, 'CLIENTELE_MASTER_KEY')
  if (existsSync(source.file)) return readFile(source.file)
  if (!source.mayCreate) throw missing(source.file)
  return makeFile(source.file, random.bytes(masterKeyBytes))
}

/** A sealed constant: only the right master key opens it again. */
export function sealMasterKeyCheck(masterKey: Uint8Array, random: Random): Buffer {
  const vault = createVault(masterKey, random)
  const key = vault.createDataKey(checkOwner)
  const sealed = vault.seal(key, checkPlace, 'clientele')
  return Buffer.concat([key.wrapped, sealed])
}

/** Refuses when `check` was sealed under another master key. */
export function verifyMasterKey(masterKey: Uint8Array, check: Uint8Array, random: Random): void {
  const vault = createVault(masterKey, random)
  try {
    const key = vault.openDataKey(checkOwner, check.subarray(0, wrappedKeyBytes))
    vault.open(key, checkPlace, check.subarray(wrappedKeyBytes))
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error
    throw new Refusal(
      'master_key_wrong',
      'the master key is not the one that this database was made with',
      'set CLIENTELE_MASTER_KEY or CLIENTELE_MASTER_KEY_FILE to the key of this database',
    )
  }
}

const checkOwner = { appId: 'installation', ownerId: 'installation' }
const checkPlace = { ...checkOwner, field: 'master key check' }
const wrappedKeyBytes = 12 + 32 + 16

/** On the disk before anything is sealed under it: data that outlives its key is lost. */
function makeFile(file: string, key: Buffer): Buffer {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  try {
    writeFileSync(file, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  } catch (error) {
    // Another process made it meanwhile: that key stands.
    if (systemCode(error) === 'EEXIST') return readFile(file)
    // Half a key would pass for a damaged one at the next start.
    rmSync(file, { force: true })
    throw error
  }
  const folder = openSync(dirname(file), 'r')
  fsyncSync(folder)
  closeSync(folder)
  return key
}

function parseMasterKey(text: string, origin: string): Buffer {
  const trimmed = text.trim()
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex')
  const key = /^[\w+/-]{43}=?$/.test(trimmed) ? Buffer.from(trimmed, 'base64') : null
  if (key?.length === masterKeyBytes) return key
  throw new Refusal(
    'master_key_malformed',
    `the master key in ${origin} is not ${masterKeyBytes} bytes in base64 or hex`,
    `make one with: openssl rand -base64 ${masterKeyBytes}`,
  )
}

function readFile(file: string): Buffer {
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new Refusal(
      'master_key_exposed',
      `the master key file ${file} can be read by other users`,
      `run: chmod 600 ${file}`,
    )
  }
  return parseMasterKey(readText(file), file)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Refusal(
      'master_key_unreadable',
      `the master key file ${file} cannot be read (${systemCode(error)})`,
      'let the user of this process read it',
    )
  }
}

function missing(file: string): Refusal {
  return new Refusal(
    'master_key_missing',
    `this database has its data sealed, and there is no master key in ${file}`,
    'set CLIENTELE_MASTER_KEY or CLIENTELE_MASTER_KEY_FILE to the key of this database',
  )
}
