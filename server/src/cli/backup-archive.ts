// Owns the backup archive: a tar file whose last entries are the sums of all others, and their sum.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { Refusal } from '../lib/refusal.ts'
import { tarEnd, tarHeaderBytes, tarPadding, toTarHeader } from '../lib/tar.ts'

export const archiveNames = {
  database: 'clientele.db',
  filesFolder: 'files/',
  manifest: 'manifest.json',
  manifestSum: 'manifest.json.sha256',
} as const

const manifestSchema = Type.Object(
  {
    format: Type.Literal('clientele-backup-1'),
    createdAt: Type.String(),
    /** What the database has had, so that an older program does not take a newer one's. */
    migrations: Type.Array(Type.String()),
    files: Type.Array(
      Type.Object(
        { name: Type.String(), bytes: Type.Integer({ minimum: 0 }), sha256: Type.String() },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)
export type Manifest = Type.Static<typeof manifestSchema>
const manifestCheck = Compile(manifestSchema)

export type ArchivedFile = Manifest['files'][number]

export function parseManifest(text: string): Manifest | null {
  try {
    const value: unknown = JSON.parse(text)
    return manifestCheck.Check(value) ? value : null
  } catch {
    return null
  }
}

export function damaged(file: string, what: string): Refusal {
  return new Refusal('backup_damaged', `${file} is damaged: ${what}`, 'take another backup')
}

export interface ArchiveWriter {
  /** Copies the file at `path`; false when there is none any more. */
  add(name: string, path: string): Promise<boolean>
  /** Writes the manifest and makes everything durable; answers the sum of the manifest. */
  end(facts: Pick<Manifest, 'createdAt' | 'migrations'>): Promise<string>
  close(): Promise<void>
}

/** Throws EEXIST where something stands at `path` already. */
export async function openArchiveWriter(path: string): Promise<ArchiveWriter> {
  const archive = await open(path, 'wx', 0o600)
  const files: ArchivedFile[] = []
  const addText = async (name: string, text: string) => {
    const bytes = Buffer.from(text)
    const padding = new Uint8Array(tarPadding(bytes.length))
    await archive.writeFile(toTarHeader({ name, bytes: bytes.length }))
    await archive.writeFile(bytes)
    await archive.writeFile(padding)
  }
  return {
    async add(name, source) {
      const file = await copyInto(archive, name, source)
      if (file) files.push(file)
      return file !== null
    },
    async end(facts) {
      const manifest: Manifest = { format: 'clientele-backup-1', ...facts, files }
      const text = `${JSON.stringify(manifest, null, 2)}\n`
      const sum = createHash('sha256').update(text).digest('hex')
      await addText(archiveNames.manifest, text)
      await addText(archiveNames.manifestSum, `${sum}  ${archiveNames.manifest}\n`)
      await archive.writeFile(tarEnd)
      await archive.sync()
      return sum
    },
    close: () => archive.close(),
  }
}

/** `null`: a file that was deleted since it was listed. What is open stays whole. */
async function copyInto(
  archive: FileHandle,
  name: string,
  path: string,
): Promise<ArchivedFile | null> {
  const source = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (source === null) return null
  try {
    const { size: bytes } = await source.stat()
    await archive.writeFile(toTarHeader({ name, bytes }))
    const hash = createHash('sha256')
    const stream = source.createReadStream({ autoClose: false, end: Math.max(0, bytes - 1) })
    let copied = 0
    for await (const chunk of bytes === 0 ? [] : stream) {
      hash.update(chunk)
      copied += chunk.length
      await archive.writeFile(chunk)
    }
    if (copied !== bytes) throw new Error('a file became shorter while it was copied')
    await archive.writeFile(new Uint8Array(tarPadding(bytes)))
    return { name, bytes, sha256: hash.digest('hex') }
  } finally {
    await source.close()
  }
}

/** Bytes of the archive in order, in the pieces that its reader asks for. */
export class ArchiveBytes {
  readonly #chunks: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)

  constructor(path: string) {
    this.#chunks = createReadStream(path)[Symbol.asyncIterator]()
  }

  /** Exactly `count` bytes; fewer at the end. */
  async take(count: number): Promise<Buffer> {
    const parts: Buffer[] = []
    for await (const part of this.stream(count)) parts.push(part)
    return Buffer.concat(parts)
  }

  async *stream(count: number): AsyncGenerator<Buffer> {
    let left = count
    while (left > 0) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next()
        if (next.done) return
        this.#rest = next.value
      }
      const part = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(part.length)
      left -= part.length
      yield part
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return?.()
  }
}

export const headerBytes = tarHeaderBytes
