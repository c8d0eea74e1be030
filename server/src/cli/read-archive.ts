// Owns reading a backup archive: every byte is accounted for, or the archive is refused.
import { createHash } from 'node:crypto'
import { fromTarHeader, type TarFile, tarEnd, tarPadding } from '../lib/tar.ts'
import {
  ArchiveBytes,
  type ArchivedFile,
  archiveNames,
  damaged,
  headerBytes,
  type Manifest,
  parseManifest,
} from './backup-archive.ts'

/** Where a file of the archive goes; `null` only reads it. */
export type Receiver = (file: TarFile, bytes: AsyncIterable<Uint8Array>) => Promise<void>

const namePattern = /^(?:clientele\.db|files\/([a-z0-9-]{2})\/\1[a-z0-9-]{0,98})$/
const manifestBytesMax = 512 * 1024 * 1024

/** Hands over each file as it comes, and answers the manifest once every sum is right. */
export async function readArchive(path: string, receive: Receiver): Promise<Manifest> {
  const archive = new ArchiveBytes(path)
  try {
    return await readEntries({ archive, path, receive })
  } finally {
    await archive.close()
  }
}

interface Reading {
  archive: ArchiveBytes
  path: string
  receive: Receiver
}

async function readEntries(reading: Reading): Promise<Manifest> {
  const { archive, path } = reading
  const found: ArchivedFile[] = []
  for (;;) {
    const entry = await readHeader(reading)
    if (entry.name === archiveNames.manifest) {
      const manifest = await readManifest(reading, entry)
      if (!isSame(manifest.files, found)) throw damaged(path, 'a file differs from its sum')
      return manifest
    }
    if (!namePattern.test(entry.name)) throw damaged(path, 'it holds a file of another kind')
    const hash = createHash('sha256')
    let bytes = 0
    const content = async function* () {
      for await (const part of archive.stream(entry.bytes)) {
        hash.update(part)
        bytes += part.length
        yield part
      }
    }
    await reading.receive(entry, content())
    if (bytes !== entry.bytes) throw damaged(path, 'it ends too early')
    await readPadding(reading, entry.bytes)
    found.push({ ...entry, sha256: hash.digest('hex') })
  }
}

async function readHeader({ archive, path }: Reading): Promise<TarFile> {
  const block = await archive.take(headerBytes)
  if (block.length < headerBytes) throw damaged(path, 'it ends too early')
  let header: TarFile | null
  try {
    header = fromTarHeader(block)
  } catch (error) {
    if (error instanceof RangeError) throw damaged(path, 'a header of it is not what was written')
    throw error
  }
  if (header === null) throw damaged(path, 'it has no manifest')
  return header
}

async function readPadding({ archive, path }: Reading, bytes: number): Promise<void> {
  const padding = await archive.take(tarPadding(bytes))
  if (padding.length === tarPadding(bytes) && padding.every((byte) => byte === 0)) return
  throw damaged(path, 'there is something between its files')
}

/** The manifest, its sum, and the end; nothing may come behind. */
async function readManifest(reading: Reading, entry: TarFile): Promise<Manifest> {
  const { archive, path } = reading
  if (entry.bytes > manifestBytesMax) throw damaged(path, 'its manifest is too large')
  const text = await archive.take(entry.bytes)
  await readPadding(reading, entry.bytes)
  const sum = createHash('sha256').update(text).digest('hex')
  const sumEntry = await readHeader(reading)
  const expected = Buffer.from(`${sum}  ${archiveNames.manifest}\n`)
  const written = await archive.take(Math.min(sumEntry.bytes, expected.length))
  const isSum = sumEntry.name === archiveNames.manifestSum && sumEntry.bytes === expected.length
  if (!isSum || !written.equals(expected)) throw damaged(path, 'its manifest differs from its sum')
  await readPadding(reading, sumEntry.bytes)
  const end = await archive.take(tarEnd.length + 1)
  if (!end.equals(tarEnd)) throw damaged(path, 'its end is not what was written')
  const manifest = parseManifest(text.toString('utf8'))
  if (manifest === null) throw damaged(path, 'its manifest is not one that this version reads')
  return manifest
}

function isSame(expected: ArchivedFile[], found: ArchivedFile[]): boolean {
  const line = ({ name, bytes, sha256 }: ArchivedFile) => `${name} ${bytes} ${sha256}`
  return expected.map(line).join('\n') === found.map(line).join('\n')
}
