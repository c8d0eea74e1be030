// Owns the proof that sealed values open in their own place only.
import { describe, expect, test } from 'vitest'
import { equalSecrets } from '../lib/equal-secrets.ts'
import { systemRandom } from '../lib/random.ts'
import { createVault, digest, type Place, SealBroken } from './vault.ts'

const masterKey = systemRandom.bytes(32)
const vault = createVault(masterKey, systemRandom)
const place: Place = { appId: 'app', ownerId: 'customer', field: 'customer.profile' }
const key = vault.createDataKey(place)
const text = 'Gerardo Ratto, 0070327530004025541644 – ñ 🎈'

describe('a sealed value', () => {
  test('opens in its place under its key, also after a restart', () => {
    const sealed = vault.seal(key, place, text)
    const restarted = createVault(masterKey, systemRandom)
    expect(restarted.open(restarted.openDataKey(place, key.wrapped), place, sealed)).toBe(text)
  })

  const otherPlaces: [string, Place][] = [
    ['another app', { ...place, appId: 'other' }],
    ['another customer', { ...place, ownerId: 'other' }],
    ['another field', { ...place, field: 'bank_account.details:1' }],
    ['parts that read the same when joined', { appId: 'app\ncustomer', ownerId: '', field: '' }],
  ]
  test.each(otherPlaces)('does not open in %s', (_, other) => {
    const sealed = vault.seal(key, place, text)
    expect(() => vault.open(key, other, sealed)).toThrow(SealBroken)
  })

  test('does not open under another key', () => {
    const other = vault.createDataKey(place)
    expect(() => vault.open(other, place, vault.seal(key, place, text))).toThrow(SealBroken)
  })

  test('does not open when any one of its bytes was changed, or its end is missing', () => {
    const sealed = vault.seal(key, place, text)
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed)
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index)
      expect(() => vault.open(key, place, changed)).toThrow(SealBroken)
    }
    for (const length of [0, 27, 28, sealed.length - 1]) {
      expect(() => vault.open(key, place, sealed.subarray(0, length))).toThrow(SealBroken)
    }
  })

  test('is another one each time, and holds nothing of the text', () => {
    const all = Array.from({ length: 1_000 }, () => vault.seal(key, place, text))
    const nonces = new Set(all.map((sealed) => sealed.subarray(0, 12).toString('hex')))
    expect(nonces.size).toBe(1_000)
    expect(all.some((sealed) => sealed.includes('Gerardo'))).toBe(false)
  })

  test('says by its refusal where it was opened, never what it holds', () => {
    const sealed = vault.seal(key, place, text)
    expect(() => vault.open(key, { ...place, appId: 'other' }, sealed)).toThrow(
      'a sealed value does not open in its place (customer.profile)',
    )
  })
})

describe('a data key', () => {
  test.each([
    ['app', { appId: 'other', ownerId: 'customer' }],
    ['customer', { appId: 'app', ownerId: 'other' }],
  ])('does not open for another %s', (_, owner) => {
    const fresh = createVault(masterKey, systemRandom)
    expect(() => fresh.openDataKey(owner, key.wrapped)).toThrow(SealBroken)
  })

  test('does not open for another owner after its own has opened it', () => {
    const fresh = createVault(masterKey, systemRandom)
    fresh.openDataKey(place, key.wrapped)
    const other = { appId: 'other', ownerId: 'customer' }
    const opened = () => fresh.open(fresh.openDataKey(other, key.wrapped), other as Place, sealed)
    const sealed = fresh.seal(key, place, text)
    expect(opened).toThrow(SealBroken)
  })

  test('does not open under another master key', () => {
    const other = createVault(systemRandom.bytes(32), systemRandom)
    expect(() => other.openDataKey(place, key.wrapped)).toThrow(SealBroken)
  })

  test('is not stored in the clear', () => {
    expect(Buffer.from(key.wrapped).includes(key.bytes)).toBe(false)
  })
})

describe('a blind index', () => {
  const token = (appId: string, field: string, value: string) =>
    vault.blindIndex(appId, field, value).toString('hex')

  test('is the same for the same value, and 12 bytes long', () => {
    expect(token('app', 'email', 'a@b.c')).toBe(token('app', 'email', 'a@b.c'))
    expect(token('app', 'email', 'a@b.c')).toHaveLength(24)
  })

  test('of one value differs in every app', () => {
    const apps = Array.from({ length: 10_000 }, (_, n) => token(`app-${n}`, 'email', 'a@b.c'))
    expect(new Set(apps).size).toBe(10_000)
  })

  test('of one value differs by field, and by the master key', () => {
    expect(token('app', 'email', 'x')).not.toBe(token('app', 'phone', 'x'))
    const other = createVault(systemRandom.bytes(32), systemRandom)
    expect(other.blindIndex('app', 'email', 'x').toString('hex')).not.toBe(
      token('app', 'email', 'x'),
    )
  })

  test('of two values differs', () => {
    const values = Array.from({ length: 10_000 }, (_, n) => token('app', 'email', `${n}@b.c`))
    expect(new Set(values).size).toBe(10_000)
  })
})

test('keyed hashes of keys and requests differ by purpose, app and master key', () => {
  const other = createVault(systemRandom.bytes(32), systemRandom)
  const hashes = [
    vault.hashSecret('x'),
    other.hashSecret('x'),
    vault.fingerprint('app', 'x'),
    vault.fingerprint('other', 'x'),
    other.fingerprint('app', 'x'),
  ].map((hash) => hash.toString('hex'))
  expect(new Set(hashes).size).toBe(5)
  expect(hashes.every((hash) => hash.length === 64)).toBe(true)
})

test('a digest tells lists apart that read the same when joined', () => {
  const lists = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', '']]
  expect(new Set(lists.map((list) => digest(list).toString('hex'))).size).toBe(4)
  expect(digest(['ab', 'c'])).toEqual(digest([Buffer.from('ab'), 'c']))
})

test('secrets are equal only byte by byte', () => {
  expect(equalSecrets(Buffer.from('abc'), Buffer.from('abc'))).toBe(true)
  expect(equalSecrets(Buffer.from('abc'), Buffer.from('abd'))).toBe(false)
  expect(equalSecrets(Buffer.from('abc'), Buffer.from('ab'))).toBe(false)
})
