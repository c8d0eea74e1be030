// Owns the root key, from which all others come: it lies sealed once the master key was replaced.
import type { Random } from '../lib/random.ts'
import { createVault } from './vault.ts'

const owner = { appId: 'installation', ownerId: 'installation' }
const place = { ...owner, field: 'root key' }
const wrappedKeyBytes = 12 + 32 + 16

/** Until then the first master key is the root key itself. */
export function sealRootKey(masterKey: Uint8Array, rootKey: Uint8Array, random: Random): Buffer {
  const vault = createVault(masterKey, random)
  const key = vault.createDataKey(owner)
  const text = Buffer.from(rootKey).toString('base64')
  return Buffer.concat([key.wrapped, vault.seal(key, place, text)])
}

/** Throws `SealBroken` under any other master key. */
export function openRootKey(masterKey: Uint8Array, sealed: Uint8Array, random: Random): Buffer {
  const vault = createVault(masterKey, random)
  const key = vault.openDataKey(owner, sealed.subarray(0, wrappedKeyBytes))
  return Buffer.from(vault.open(key, place, sealed.subarray(wrappedKeyBytes)), 'base64')
}
