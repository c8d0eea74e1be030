// Owns sealing bytes of any length as they pass: frames that open whole, in order, in place.
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { assert } from '../lib/assert.ts'
import type { Random } from '../lib/random.ts'
import { type DataKey, type Place, SealBroken } from './vault.ts'

/** Of the plain bytes; only the last frame holds fewer. */
export const frameBytes = 64 * 1024

const streamIdBytes = 16
const nonceBytes = 12
const tagBytes = 16
const sealedFrameBytes = nonceBytes + frameBytes + tagBytes
/** Far above every file we take, and below what one key may seal (NIST SP 800-38D). */
const framesMax = 2 ** 24
const algorithm = 'aes-256-gcm'

/**
 * A random id of this stream, then its frames, each nonce ‖ ciphertext ‖ tag. Every frame is bound
 * to its place, its stream, its number and whether it is the last one, so frames that are missing,
 * moved or taken from elsewhere do not open. Holds one frame in memory.
 */
export async function* sealStream(
  key: DataKey,
  place: Place,
  random: Random,
  plain: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  const streamId = Buffer.from(random.bytes(streamIdBytes))
  // What stands between two ciphertexts goes out with the next one, and no ciphertext is copied.
  let between: Buffer = streamId
  let index = 0
  // Held back until more bytes come: only then is it known not to be the last one.
  for await (const { bytes, isLast } of cut(plain, frameBytes)) {
    const frame: Frame = { place, streamId, index, isLast }
    const nonce = random.bytes(nonceBytes)
    const cipher = createCipheriv(algorithm, key.bytes, nonce)
    cipher.setAAD(associatedData(frame))
    yield Buffer.concat([between, nonce])
    if (bytes.length > 0) yield cipher.update(bytes)
    cipher.final()
    between = cipher.getAuthTag()
    index += 1
    assert(index < framesMax, 'a sealed stream ends before its frames run out')
  }
  yield between
}

/** The plain bytes, frame by frame; each was authenticated. Throws `SealBroken`. */
export async function* openStream(
  key: DataKey,
  place: Place,
  sealed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  const source = cutFirst(sealed, streamIdBytes)
  const streamId = await source.first()
  let index = 0
  for await (const { bytes, isLast } of cut(source.rest(), sealedFrameBytes)) {
    const plain = openFrame(key, { place, streamId, index, isLast }, bytes)
    if (plain.length > 0) yield plain
    index += 1
  }
}

interface Frame {
  place: Place
  streamId: Buffer
  index: number
  isLast: boolean
}

function openFrame(key: DataKey, frame: Frame, sealed: Buffer): Buffer {
  if (sealed.length < nonceBytes + tagBytes) throw broken(frame.place)
  const end = sealed.length - tagBytes
  const decipher = createDecipheriv(algorithm, key.bytes, sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(associatedData(frame))
  decipher.setAuthTag(sealed.subarray(end))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, end)), decipher.final()])
  } catch {
    throw broken(frame.place)
  }
}

/** No value that the vault seals in one piece has such a field: frames and values never mix. */
function associatedData({ place, streamId, index, isLast }: Frame): Buffer {
  const position = `${streamId.toString('hex')} ${index} ${isLast ? 'last' : 'more'}`
  return Buffer.from(`${place.appId}\n${place.ownerId}\n${place.field}\nframe ${position}`)
}

interface Piece {
  /** Valid until the next piece is asked for. */
  bytes: Buffer
  isLast: boolean
}

/** Pieces of `size` bytes; the last one, always there, has the rest: 0 bytes only when alone. */
async function* cut(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Piece> {
  const bytes = Buffer.alloc(size)
  let filled = 0
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      if (filled === size) {
        yield { bytes, isLast: false }
        filled = 0
      }
      const taken = chunk.subarray(at, at + size - filled)
      bytes.set(taken, filled)
      filled += taken.length
      at += taken.length
    }
  }
  yield { bytes: bytes.subarray(0, filled), isLast: true }
}

/** The first `size` bytes of a source, and what comes after them. */
function cutFirst(source: AsyncIterable<Uint8Array>, size: number) {
  const chunks = source[Symbol.asyncIterator]()
  let left = Buffer.alloc(0)
  return {
    async first(): Promise<Buffer> {
      let gathered = Buffer.alloc(0)
      while (gathered.length < size) {
        const next = await chunks.next()
        if (next.done) return gathered
        gathered = Buffer.concat([gathered, next.value])
      }
      left = gathered.subarray(size)
      return gathered.subarray(0, size)
    },
    async *rest(): AsyncGenerator<Uint8Array> {
      try {
        yield left
        for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
          yield next.value
        }
      } finally {
        await chunks.return?.()
      }
    },
  }
}

function broken(place: Place): SealBroken {
  return new SealBroken(`a sealed stream does not open in its place (${place.field})`)
}
