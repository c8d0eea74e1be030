// Owns where the master key comes from, and the proof that it is the one this database was made with.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import type { Random } from '../lib/random.ts'
import { Refusal } from '../lib/refusal.ts'
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
  const key = random.bytes(masterKeyBytes)
  writeFileSync(source.file, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  return key
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

function parseMasterKey(text: string, origin: string): Buffer {
  const trimmed = text.trim()
  const key = /^[0-9a-f]{64}$/i.test(trimmed)
    ? Buffer.from(trimmed, 'hex')
    : Buffer.from(trimmed, 'base64')
  if (key.length === masterKeyBytes) return key
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
  return parseMasterKey(readFileSync(file, 'utf8'), file)
}

function missing(file: string): Refusal {
  return new Refusal(
    'master_key_missing',
    `this database has its data sealed, and there is no master key in ${file}`,
    'set CLIENTELE_MASTER_KEY or CLIENTELE_MASTER_KEY_FILE to the key of this database',
  )
}
