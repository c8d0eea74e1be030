// Owns personal data at rest: one data key per owner, sealing, opening, and keyed hashes.
import { createCipheriv, createDecipheriv, createHmac, hash, hkdfSync } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Random } from '../lib/random.ts'

/** What a sealed value belongs to, authenticated with it: moved elsewhere, it does not open. */
export interface Place {
  appId: string
  /** The customer, or the row itself where there is no customer. */
  ownerId: string
  /** What it holds: `customer.profile`, `bank_account.details:<id>`. */
  field: string
}

/** A data key in the clear, and as it is stored. Only the vault looks inside. */
export interface DataKey {
  readonly bytes: Uint8Array
  readonly wrapped: Uint8Array
}

export interface Vault {
  createDataKey(owner: Owner): DataKey
  openDataKey(owner: Owner, wrapped: Uint8Array): DataKey
  seal(key: DataKey, place: Place, text: string): Buffer
  /** Throws `SealBroken` when the bytes were changed or belong to another place or key. */
  open(key: DataKey, place: Place, sealed: Uint8Array): string
  /** Equality search over a sealed field: the same value in two apps has unequal tokens. */
  blindIndex(appId: string, field: string, normalForm: string): Buffer
  /** Keyed hash of an API key's secret, as stored. */
  hashSecret(secret: string): Buffer
  /** Keyed hash of a request, as stored with its reply. */
  fingerprint(appId: string, text: string): Buffer
  /** Says of a document outside the database, by its digest, that this installation wrote it. */
  sign(documentDigest: Uint8Array): Buffer
}

export type Owner = Pick<Place, 'appId' | 'ownerId'>

export class SealBroken extends Error {
  override readonly name = 'SealBroken'
}

export const masterKeyBytes = 32
const nonceBytes = 12
const tagBytes = 16
const algorithm = 'aes-256-gcm'
/** 96 bits: no two values of an app collide by chance, and half of the hash is never stored. */
export const blindIndexBytes = 12
/** Opened data keys kept in memory, about 0.3 KiB each. */
const openKeysMax = 20_000
const appKeysMax = 1_000
/** Blind indexes kept in memory: people share their names, and companies their domains. */
const knownIndexesMax = 10_000

export function createVault(masterKey: Uint8Array, random: Random): Vault {
  const wrapping = deriveKey(masterKey, 'wrap data keys')
  const secrets = deriveKey(masterKey, 'hash api keys')
  const signing = deriveKey(masterKey, 'sign documents')
  const openKeys = new LRUCache<string, DataKey>({ max: openKeysMax })
  const knownIndexes = new LRUCache<string, Buffer>({ max: knownIndexesMax })
  const appKey = appKeys(masterKey)

  return {
    createDataKey(owner) {
      const bytes = random.bytes(32)
      const wrapped = encrypt(wrapping, wrapPlace(owner), bytes, random)
      return { bytes, wrapped }
    },
    openDataKey(owner, wrapped) {
      // Keyed by the stored bytes, so an entry cannot go stale: other bytes are another entry.
      const cacheKey = Buffer.from(wrapped).toString('latin1')
      const known = openKeys.get(cacheKey)
      if (known) return known
      const key = { bytes: decrypt(wrapping, wrapPlace(owner), wrapped), wrapped }
      openKeys.set(cacheKey, key)
      return key
    },
    seal: (key, place, text) => encrypt(key.bytes, place, Buffer.from(text), random),
    open: (key, place, sealed) => decrypt(key.bytes, place, sealed).toString('utf8'),
    blindIndex(appId, field, normalForm) {
      const text = `${field}\n${normalForm}`
      const name = `${appId}\n${text}`
      const known = knownIndexes.get(name)
      if (known) return known
      const index = mac(appKey(appId, 'blind index'), text).subarray(0, blindIndexBytes)
      knownIndexes.set(name, index)
      return index
    },
    hashSecret: (secret) => mac(secrets, secret),
    fingerprint: (appId, text) => mac(appKey(appId, 'fingerprint'), text),
    sign: (documentDigest) => mac(signing, documentDigest),
  }
}

/** SHA-256 of the parts, each with its length before it, so that no two lists run together. */
export function digest(parts: (string | Uint8Array)[]): Buffer {
  const chunks: Uint8Array[] = []
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    chunks.push(length, bytes)
  }
  return hash('sha256', Buffer.concat(chunks), 'buffer')
}

function appKeys(masterKey: Uint8Array): (appId: string, purpose: string) => Uint8Array {
  const known = new LRUCache<string, Uint8Array>({ max: appKeysMax })
  return (appId, purpose) => {
    const name = `${purpose} of ${appId}`
    const found = known.get(name)
    if (found) return found
    const key = deriveKey(masterKey, name)
    known.set(name, key)
    return key
  }
}

function deriveKey(masterKey: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', masterKey, '', `clientele ${purpose}`, 32))
}

function wrapPlace(owner: Owner): Place {
  return { appId: owner.appId, ownerId: owner.ownerId, field: 'data key' }
}

function associatedData(place: Place): Buffer {
  return Buffer.from(`${place.appId}\n${place.ownerId}\n${place.field}`)
}

/** nonce ‖ ciphertext ‖ tag, with a fresh random nonce (at most 2^32 per key, NIST SP 800-38D). */
function encrypt(key: Uint8Array, place: Place, plain: Uint8Array, random: Random): Buffer {
  const nonce = random.bytes(nonceBytes)
  const cipher = createCipheriv(algorithm, key, nonce)
  cipher.setAAD(associatedData(place))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: Uint8Array, place: Place, sealed: Uint8Array): Buffer {
  if (sealed.length < nonceBytes + tagBytes) throw new SealBroken('too short to be a sealed value')
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(associatedData(place))
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
  try {
    const plain = decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes))
    return Buffer.concat([plain, decipher.final()])
  } catch {
    throw new SealBroken(`a sealed value does not open in its place (${place.field})`)
  }
}

function mac(key: Uint8Array, content: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(content).digest()
}
