// Owns small whole files for tests, made by hand: what a decoder would take, and pieces to break.
import { crc32, deflateSync } from 'node:zlib'

export function pngChunk(type: string, content: Uint8Array = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  crc.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, crc])
}

export const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex')

export function pngHeader(width: number, height: number, rest = '0800000000'): Buffer {
  const size = Buffer.alloc(8)
  size.writeUInt32BE(width)
  size.writeUInt32BE(height, 4)
  return pngChunk('IHDR', Buffer.concat([size, Buffer.from(rest, 'hex')]))
}

/** A grey picture; `more` stands before its pixels, which are left out of a large one. */
export function makePng({ width = 4, height = 4, more = [] as Buffer[] } = {}): Buffer {
  const rows = width * height > 1_000_000 ? 1 : height
  const pixels = deflateSync(Buffer.alloc(rows * (width + 1)))
  return Buffer.concat([
    pngSignature,
    pngHeader(width, height),
    ...more,
    pngChunk('IDAT', pixels),
    pngChunk('IEND'),
  ])
}

export function jpegSegment(code: number, content: Uint8Array): Buffer {
  const start = Buffer.from([0xff, code, 0, 0])
  start.writeUInt16BE(content.length + 2, 2)
  return Buffer.concat([start, content])
}

export function jpegFrame(width: number, height: number, code = 0xc0): Buffer {
  const frame = Buffer.from('080000000001011100', 'hex')
  frame.writeUInt16BE(height, 1)
  frame.writeUInt16BE(width, 3)
  return jpegSegment(code, frame)
}

export const jpegStart = Buffer.from([0xff, 0xd8])
export const jpegEnd = Buffer.from([0xff, 0xd9])
const jfif = jpegSegment(0xe0, Buffer.from('4a46494600010100000100010000', 'hex'))
const quantization = jpegSegment(0xdb, Buffer.alloc(65, 1))
const huffman = jpegSegment(
  0xc4,
  Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(15), Buffer.of(0)]),
)
/** Coded data holds stuffed bytes, restarts and fill bytes. */
export const jpegScan = Buffer.concat([
  jpegSegment(0xda, Buffer.from('01010000003f00', 'hex').subarray(0, 6)),
  Buffer.from('12ff0034ffd056ffff00', 'hex'),
])

export function makeJpeg({ width = 4, height = 4, more = [] as Buffer[] } = {}): Buffer {
  const tables = [jfif, ...more, quantization, jpegFrame(width, height), huffman]
  return Buffer.concat([jpegStart, ...tables, jpegScan, jpegEnd])
}

export function makePdf(content = ''): Buffer {
  return Buffer.from(
    `%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n${content}\ntrailer\n` +
      '<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n',
    'latin1',
  )
}

/** With one stored entry, or with an entry that unpacks to far more than it is. */
export function makeZip(name: string, content: Uint8Array): Buffer {
  const packed = deflateSync(content).subarray(2, -4)
  const entry = Buffer.alloc(26)
  entry.writeUInt16LE(20, 0)
  entry.writeUInt16LE(8, 4)
  entry.writeUInt32LE(crc32(content), 10)
  entry.writeUInt32LE(packed.length, 14)
  entry.writeUInt32LE(content.length, 18)
  entry.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), entry, Buffer.from(name), packed])
  const place = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00', 'latin1'),
    entry,
    Buffer.alloc(14),
    Buffer.from(name),
  ])
  const end = Buffer.alloc(18)
  end.writeUInt16LE(1, 4)
  end.writeUInt16LE(1, 6)
  end.writeUInt32LE(place.length, 8)
  end.writeUInt32LE(local.length, 12)
  return Buffer.concat([local, place, Buffer.from('PK\x05\x06'), end])
}

/** In two pieces, so that no scanner takes this source for it. */
export const eicar = Buffer.from(
  `${'X5O!P%@AP[4\\PZX54(P^)7CC)7}'}${'$EICAR-STANDARD-'}${'ANTIVIRUS-TEST-FILE!$H+H*'}`,
)

export async function* inChunks(bytes: Uint8Array, size = 1_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

export async function gather(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  // Copied: a chunk may be valid until the next one only.
  for await (const chunk of source) chunks.push(Uint8Array.from(chunk))
  return Buffer.concat(chunks)
}
