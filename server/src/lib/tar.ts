// Owns the tar format, as far as our archives use it: plain files by short names, POSIX ustar.

const blockBytes = 512
/** What the format's octal field can hold: 8 GiB less one. Larger sizes are written in binary. */
const octalSizeMax = 0o77777777777

export interface TarFile {
  name: string
  bytes: number
}

/** Fields of a header: where they begin, and how long they are. */
const fields = {
  name: [0, 100],
  mode: [100, 8],
  owner: [108, 8],
  group: [116, 8],
  size: [124, 12],
  time: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  magic: [257, 8],
} as const

export const tarHeaderBytes = blockBytes

/** Of a file of mode 0600 without owner and time. `name` is ASCII, of 100 bytes at most. */
export function toTarHeader({ name, bytes }: TarFile): Buffer {
  if (!/^[\x21-\x7e]{1,100}$/.test(name)) throw new TypeError('a name is 1 to 100 of ASCII')
  const header = Buffer.alloc(blockBytes)
  header.write(name, ...fields.name, 'ascii')
  header.write(octal(0o600, 8), ...fields.mode, 'ascii')
  header.write(octal(0, 8), ...fields.owner, 'ascii')
  header.write(octal(0, 8), ...fields.group, 'ascii')
  writeSize(header, bytes)
  header.write(octal(0, 12), ...fields.time, 'ascii')
  header.write('0', ...fields.type, 'ascii')
  header.write('ustar\x0000', ...fields.magic, 'ascii')
  header.write(`${octal(checksumOf(header), 7)}\0 `, ...fields.checksum, 'ascii')
  return header
}

/** `null`: the end of the archive. Throws a RangeError for what `toTarHeader` has not written. */
export function fromTarHeader(header: Uint8Array): TarFile | null {
  const block = Buffer.from(header)
  if (block.every((byte) => byte === 0)) return null
  const [nameAt, nameBytes] = fields.name
  const name = block.toString('ascii', nameAt, nameAt + nameBytes).replace(/\0+$/, '')
  const bytes = readSize(block)
  // Whatever differs from our own spelling was changed, so it is not looked at one by one.
  if (/^[\x21-\x7e]+$/.test(name) && bytes !== null && toTarHeader({ name, bytes }).equals(block)) {
    return { name, bytes }
  }
  throw new RangeError('this is no header of ours')
}

/** The zeros after a file, up to the next block. */
export function tarPadding(bytes: number): number {
  return (blockBytes - (bytes % blockBytes)) % blockBytes
}

/** Two empty blocks. */
export const tarEnd: Uint8Array = new Uint8Array(2 * blockBytes)

/** Octal digits that fill a field but for the zero at its end. */
function octal(value: number, length: number): string {
  return value.toString(8).padStart(length - 1, '0')
}

/** The sum of all bytes, with spaces where it is written itself. */
function checksumOf(header: Buffer): number {
  const [start, length] = fields.checksum
  const rest = [...header.subarray(0, start), ...header.subarray(start + length)]
  return rest.reduce((sum, byte) => sum + byte, length * 0x20)
}

function writeSize(header: Buffer, bytes: number): void {
  const [start, length] = fields.size
  if (bytes <= octalSizeMax) {
    header.write(octal(bytes, length), start, length, 'ascii')
    return
  }
  header.writeUInt8(0x80, start)
  header.writeBigUInt64BE(BigInt(bytes), start + length - 8)
}

function readSize(header: Buffer): number | null {
  const [start, length] = fields.size
  if (header.readUInt8(start) === 0x80) {
    const bytes = Number(header.readBigUInt64BE(start + length - 8))
    return Number.isSafeInteger(bytes) ? bytes : null
  }
  const text = header.toString('ascii', start, start + length - 1)
  return /^[0-7]{11}$/.test(text) ? Number.parseInt(text, 8) : null
}
