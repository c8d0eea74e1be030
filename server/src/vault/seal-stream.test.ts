// Owns the proof that sealed streams open whole, in order and in their own place only.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { systemRandom } from '../lib/random.ts'
import { frameBytes, openStream, sealStream } from './seal-stream.ts'
import { createVault, type DataKey, type Place, SealBroken } from './vault.ts'

const vault = createVault(systemRandom.bytes(32), systemRandom)
const place: Place = { appId: 'app', ownerId: 'customer', field: 'file.bytes:1' }
const key = vault.createDataKey(place)

const idBytes = 16
const overheadBytes = 12 + 16
const sealedFrameBytes = frameBytes + overheadBytes

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function gather(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const seal = (plain: Uint8Array, chunkBytes = 50_000, at = place) =>
  gather(sealStream(key, at, systemRandom, chunksOf(plain, chunkBytes)))
const open = (sealed: Uint8Array, chunkBytes = 50_000, at = place, under: DataKey = key) =>
  gather(openStream(under, at, chunksOf(sealed, chunkBytes)))

function framesOf(sealed: Buffer): Buffer[] {
  const frames: Buffer[] = []
  for (let at = idBytes; at < sealed.length; at += sealedFrameBytes) {
    frames.push(sealed.subarray(at, at + sealedFrameBytes))
  }
  return frames
}

const join = (sealed: Buffer, frames: Buffer[]) =>
  Buffer.concat([sealed.subarray(0, idBytes), ...frames])

const fourFrames = systemRandom.bytes(3 * frameBytes + 1_000)

describe('a sealed stream opens to the same bytes', () => {
  const sizes = [0, 1, frameBytes - 1, frameBytes, frameBytes + 1, 3 * frameBytes, 4 * frameBytes]
  test.each(sizes)('of %i bytes, with as many frames as it needs', async (size) => {
    const plain = systemRandom.bytes(size)
    const sealed = await seal(plain)
    const frames = Math.max(1, Math.ceil(size / frameBytes))
    expect(sealed.length).toBe(idBytes + size + frames * overheadBytes)
    expect((await open(sealed)).equals(plain)).toBe(true)
  })

  test('of any size, however its bytes arrive', async () => {
    const size = fc.integer({ min: 0, max: 3 * frameBytes + 5 })
    const chunk = fc.integer({ min: 1, max: 100_000 })
    const property = fc.asyncProperty(size, chunk, chunk, async (bytes, writes, reads) => {
      const plain = systemRandom.bytes(bytes)
      // Steps of a byte over hundreds of kilobytes would take seconds and show nothing more.
      const least = Math.ceil(bytes / 2_000) + 1
      const sealed = await seal(plain, Math.max(writes, least))
      const opened = await open(sealed, Math.max(reads, least))
      expect(opened.equals(plain)).toBe(true)
    })
    await fc.assert(property, { numRuns: 60 })
  })

  test('byte by byte', async () => {
    const plain = systemRandom.bytes(300)
    expect((await open(await seal(plain, 1), 1)).equals(plain)).toBe(true)
  })
})

test('nothing of the plain bytes is to be seen, and no two sealings are alike', async () => {
  const plain = Buffer.alloc(2 * frameBytes, 'passport')
  const [one, other] = [await seal(plain), await seal(plain)]
  expect(one.includes('passport')).toBe(false)
  expect(framesOf(one).some((frame) => framesOf(other).some((next) => next.equals(frame)))).toBe(
    false,
  )
  const nonces = [...framesOf(one), ...framesOf(other)].map((frame) => frame.toString('hex', 0, 12))
  expect(new Set(nonces).size).toBe(4)
})

describe('a stream is refused', () => {
  test('with any bit of any frame changed', async () => {
    const sealed = await seal(fourFrames)
    const at = fc.integer({ min: 0, max: sealed.length - 1 })
    const property = fc.asyncProperty(at, fc.integer({ min: 0, max: 7 }), async (index, bit) => {
      const changed = Buffer.from(sealed)
      changed.writeUInt8(changed.readUInt8(index) ^ (1 << bit), index)
      await expect(open(changed)).rejects.toThrow(SealBroken)
    })
    await fc.assert(property, { numRuns: 100 })
  })

  test('cut at any length', async () => {
    const sealed = await seal(fourFrames)
    const boundaries = [0, 1, 2, 3].map((frame) => idBytes + frame * sealedFrameBytes)
    for (const length of [...boundaries, 1, idBytes - 1, idBytes + 1, sealed.length - 1]) {
      await expect(open(sealed.subarray(0, length))).rejects.toThrow(SealBroken)
    }
    const property = fc.asyncProperty(fc.nat(sealed.length - 1), async (length) => {
      await expect(open(sealed.subarray(0, length))).rejects.toThrow(SealBroken)
    })
    await fc.assert(property, { numRuns: 50 })
  })

  test('that goes on after its end', async () => {
    const sealed = await seal(fourFrames)
    const last = framesOf(sealed)[3] ?? Buffer.alloc(0)
    for (const more of [Buffer.alloc(1), last, sealed]) {
      await expect(open(Buffer.concat([sealed, more]))).rejects.toThrow(SealBroken)
    }
  })

  test('with its frames in any other order, one missing, or one twice', async () => {
    const sealed = await seal(systemRandom.bytes(4 * frameBytes))
    const frames = framesOf(sealed)
    const selection = fc
      .array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 })
      .filter((order) => order.join() !== '0,1,2,3')
    const property = fc.asyncProperty(selection, async (order) => {
      const chosen = order.map((index) => frames[index] ?? Buffer.alloc(0))
      await expect(open(join(sealed, chosen))).rejects.toThrow(SealBroken)
    })
    await fc.assert(property, { numRuns: 100 })
  })

  test('with a frame of another stream in the same place', async () => {
    const plain = systemRandom.bytes(2 * frameBytes)
    const [one, other] = [await seal(plain), await seal(plain)]
    const [first = one] = framesOf(one)
    const [, second = other] = framesOf(other)
    await expect(open(join(one, [first, second]))).rejects.toThrow(SealBroken)
    await expect(open(join(other, framesOf(one)))).rejects.toThrow(SealBroken)
  })

  const otherPlaces: [string, Place][] = [
    ['another app', { ...place, appId: 'other' }],
    ['another customer', { ...place, ownerId: 'other' }],
    ['another file', { ...place, field: 'file.bytes:2' }],
  ]
  test.each(otherPlaces)('in the place of %s', async (_, other) => {
    const sealed = await seal(fourFrames)
    await expect(open(sealed, 50_000, other)).rejects.toThrow(SealBroken)
  })

  test("under another customer's key, by a message that names no more than the field", async () => {
    const otherKey = vault.createDataKey(place)
    const sealed = await seal(fourFrames)
    await expect(open(sealed, 50_000, place, otherKey)).rejects.toThrow(
      'a sealed stream does not open in its place (file.bytes:1)',
    )
  })

  test('when it is a value that was sealed in one piece, and the other way round', async () => {
    const value = vault.seal(key, place, 'x'.repeat(100))
    await expect(open(value)).rejects.toThrow(SealBroken)
    await expect(open(Buffer.concat([Buffer.alloc(16), value]))).rejects.toThrow(SealBroken)
    const [frame = Buffer.alloc(0)] = framesOf(await seal(Buffer.from('x')))
    expect(() => vault.open(key, place, frame)).toThrow(SealBroken)
  })
})

describe('a reader', () => {
  test('gets the bytes before a damage, none after it, and never all of them', async () => {
    const sealed = await seal(fourFrames)
    sealed.writeUInt8(sealed.readUInt8(sealed.length - 1) ^ 1, sealed.length - 1)
    const got: Buffer[] = []
    const read = async () => {
      for await (const bytes of openStream(key, place, chunksOf(sealed, 50_000))) got.push(bytes)
    }
    await expect(read()).rejects.toThrow(SealBroken)
    expect(Buffer.concat(got).equals(fourFrames.subarray(0, 3 * frameBytes))).toBe(true)
  })

  test('who leaves early closes the source', async () => {
    const sealed = await seal(fourFrames)
    let isClosed = false
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield* chunksOf(sealed, 10_000)
      } finally {
        isClosed = true
      }
    }
    for await (const _ of openStream(key, place, source())) break
    expect(isClosed).toBe(true)
  })

  test('who takes one frame makes the writer read at most one frame ahead', async () => {
    let given = 0
    async function* source(): AsyncGenerator<Uint8Array> {
      for (;;) {
        given += 1_024
        yield Buffer.alloc(1_024)
      }
    }
    const chunks = sealStream(key, place, systemRandom, source())
    let taken = 0
    for await (const chunk of chunks) {
      taken += chunk.length
      expect(given).toBeLessThanOrEqual(taken + frameBytes + 1_024)
      if (taken > 5 * frameBytes) break
    }
    expect(given).toBeGreaterThan(5 * frameBytes)
  })
})
