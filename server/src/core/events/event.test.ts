// Owns the proof that a link's hash vouches for everything the link says.
import { expect, test } from 'vitest'
import { chainStart, type LinkContent, linkHash } from './event.ts'

const link: LinkContent = {
  appId: 'app',
  customerId: 'customer',
  version: 1,
  type: 'customer.created',
  actor: 'key:1',
  at: 1_700_000_000_000,
  sealedChanges: new Uint8Array([1, 2, 3]),
}
const hashOf = (changed: Partial<LinkContent> = {}, previous = chainStart.hash) =>
  linkHash(previous, { ...link, ...changed }).toString('hex')

test('the chain starts before the first event, with nothing', () => {
  expect(chainStart).toEqual({ version: 0, hash: new Uint8Array(32) })
})

test('the same link has the same hash: 32 bytes, the ones that stand in databases', () => {
  expect(hashOf()).toBe(hashOf())
  // Another value here would break every chain that is on a disk.
  expect(hashOf()).toBe('7de1fc244447c5dbbca42b36e34c0fccf7593ed91591c60a7c08147e7a78464e')
})

test.each<[string, Partial<LinkContent>]>([
  ['another app', { appId: 'app2' }],
  ['another customer', { customerId: 'customer2' }],
  ['another version', { version: 2 }],
  ['another type', { type: 'customer.updated' }],
  ['another actor', { actor: 'key:2' }],
  ['a millisecond later', { at: link.at + 1 }],
  ['one bit of the changes', { sealedChanges: new Uint8Array([1, 2, 2]) }],
  ['changes cut short', { sealedChanges: new Uint8Array([1, 2]) }],
])('%s is another hash', (_what, changed) => {
  expect(hashOf(changed)).not.toBe(hashOf())
})

test('another link before it is another hash', () => {
  const other = new Uint8Array(32)
  other[31] = 1
  expect(hashOf({}, other)).not.toBe(hashOf())
})

test('neighbouring values do not run together', () => {
  expect(hashOf({ appId: 'ab', customerId: 'c' })).not.toBe(
    hashOf({ appId: 'a', customerId: 'bc' }),
  )
  expect(hashOf({ type: 'a', actor: 'bc' })).not.toBe(hashOf({ type: 'ab', actor: 'c' }))
})
