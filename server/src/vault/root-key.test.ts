// Owns the proof that the root key opens under its master key alone.
import { expect, test } from 'vitest'
import { systemRandom } from '../lib/random.ts'
import { openRootKey, sealRootKey } from './root-key.ts'
import { SealBroken } from './vault.ts'

const [master, root] = [systemRandom.bytes(32), systemRandom.bytes(32)]

test('it comes back under its master key, and under no other', () => {
  const sealed = sealRootKey(master, root, systemRandom)
  expect(openRootKey(master, sealed, systemRandom)).toEqual(Buffer.from(root))
  expect(sealed.includes(root)).toBe(false)
  for (const other of [root, systemRandom.bytes(32)]) {
    expect(() => openRootKey(other, sealed, systemRandom)).toThrow(SealBroken)
  }
})

test('what is changed anywhere does not open', () => {
  const sealed = sealRootKey(master, root, systemRandom)
  for (const at of sealed.keys()) {
    const changed = Buffer.from(sealed)
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
    expect(() => openRootKey(master, changed, systemRandom)).toThrow(SealBroken)
  }
})
