// Owns both blob stores as tests open them: in folders that go away, before a stand-in of S3.
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEgress } from '../../lib/egress.ts'
import type { BlobStore } from '../blobs.ts'
import { openFolderBlobs } from '../blobs-folder.ts'
import { openS3Blobs, type S3Options } from '../blobs-s3.ts'
import { type S3StandIn, startS3StandIn } from './s3-stand-in.ts'

export interface BlobsUnderTest {
  blobs: BlobStore
  folder: string
  /** What is stored, finished or not: name and bytes, in order. */
  everything(): Promise<string[]>
  /** On disk, of what is being put. */
  bytesUnfinished(): Promise<number>
  close(): Promise<void>
}

export interface S3UnderTest extends BlobsUnderTest {
  s3: S3StandIn
  options: S3Options
}

export const s3Samples = {
  bucket: 'identity-files',
  region: 'eu-central-1',
  accessKeyId: 'AKIDSAMPLE',
  secretAccessKey: 'sample/secret+key',
}

const newFolder = () => mkdtemp(join(tmpdir(), 'clientele-blobs-'))

export async function openFolderUnderTest(): Promise<BlobsUnderTest> {
  const folder = await newFolder()
  return {
    blobs: await openFolderBlobs(folder),
    folder,
    everything: () => filesUnder(folder),
    bytesUnfinished: () => bytesUnfinished(folder),
    close: () => rm(folder, { recursive: true }),
  }
}

export async function openS3UnderTest(): Promise<S3UnderTest> {
  const folder = await newFolder()
  const s3 = await startS3StandIn(s3Samples)
  const egress = createEgress({ allowedNetworks: ['127.0.0.0/8'] })
  const options = { ...s3Samples, endpoint: s3.url, egress, spoolFolder: folder, timeoutMs: 5_000 }
  return {
    blobs: await openS3Blobs(options),
    folder,
    s3,
    options,
    async everything() {
      const objects = [...s3.objects].map(([name, bytes]) => `${name} ${bytes.toString('base64')}`)
      return [...objects.toSorted(), ...(await filesUnder(folder))]
    },
    bytesUnfinished: () => bytesUnfinished(folder),
    async close() {
      await egress.close()
      await s3.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** Paths of files below a folder. */
export async function pathsUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
}

async function filesUnder(folder: string): Promise<string[]> {
  const paths = (await pathsUnder(folder)).toSorted()
  return Promise.all(paths.map(async (path) => `${path} ${await readFile(path, 'base64')}`))
}

async function bytesUnfinished(folder: string): Promise<number> {
  const paths = (await pathsUnder(folder)).filter((path) => path.endsWith('.part'))
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
