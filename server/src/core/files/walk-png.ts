// Owns the structure of a PNG: its header, chunk after chunk, and an end with nothing after it.
import { crc32 } from 'node:zlib'
import { imagePixelsMax } from './file.ts'
import { checkPixels, refuseMalformed, type Walk } from './structure.ts'

export const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex')

const crcBytes = 4
const chunkBytesMax = 2 ** 31 - 1

/** Errors: `file_malformed`, `file_image_too_large`. */
export function* walkPng(): Walk {
  yield { skip: pngSignature.length }
  yield* readHeader()
  for (;;) {
    const { length, type } = yield* readChunkStart()
    if (type === 'IHDR') refuseMalformed('is a PNG with two headers')
    // Bytes first: a length of nothing is not a step.
    yield { skip: length + crcBytes }
    if (type === 'IEND') {
      if (length > 0) refuseMalformed('is a PNG with content in its end')
      return
    }
  }
}

function* readHeader(): Walk {
  const { length, type } = yield* readChunkStart()
  if (type !== 'IHDR' || length !== 13) refuseMalformed('is a PNG without a header')
  const header = yield { take: length }
  const crc = yield { take: crcBytes }
  if (crc32(header, crc32('IHDR')) !== crc.readUInt32BE(0)) {
    refuseMalformed('is a PNG whose header does not match its check sum')
  }
  checkPixels({ width: header.readUInt32BE(0), height: header.readUInt32BE(4) }, imagePixelsMax)
  // Depth, colour, compression, filter and interlace have few values; a decoder relies on them.
  const [depth = 0, colour = -1, compression, filter, interlace = 2] = header.subarray(8)
  const isKnown = depths[colour]?.includes(depth) && compression === 0 && filter === 0
  if (!isKnown || interlace > 1) refuseMalformed('is a PNG whose header makes no sense')
}

/** Depths that each colour type may have. */
const depths: Record<number, number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

function* readChunkStart(): Generator<{ take: number }, { length: number; type: string }, Buffer> {
  const start = yield { take: 8 }
  const length = start.readUInt32BE(0)
  const type = start.toString('latin1', 4)
  if (length > chunkBytesMax || !/^[a-z]{4}$/i.test(type)) {
    refuseMalformed('is a PNG with a chunk that is none')
  }
  return { length, type }
}
