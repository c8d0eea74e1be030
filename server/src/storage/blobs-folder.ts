// Owns blobs in a folder: whole and on disk, or not there at all.
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../lib/clock.ts'
import { systemCode } from '../lib/refusal.ts'
import { BlobMissing, type BlobStore, checkBlobName } from './blobs.ts'

const unfinished = '.part'
const folderMode = 0o700
const fileMode = 0o600

/** Sweeps what earlier processes left unfinished; what another one is writing now is younger. */
export async function openFolderBlobs(folder: string): Promise<BlobStore> {
  await mkdir(folder, { recursive: true, mode: folderMode })
  await sweepBlobs(folder, (entry) => entry.endsWith(unfinished))
  return {
    put: (name, bytes) => put(folder, name, bytes),
    async get(name) {
      const path = pathOf(folder, name)
      const found = await stat(path).catch((error: unknown) => missingOr(error))
      if (!found) throw new BlobMissing('there is no blob of this name')
      return readFrom(path)
    },
    async delete(name) {
      await rm(pathOf(folder, name), { force: true })
    },
    async check() {
      const path = join(folder, `check-${process.pid}${unfinished}`)
      try {
        // Over what an earlier check left: it must not fail every check after it.
        await writeDurably(path, once(new Uint8Array(1)), 'w')
      } finally {
        await rm(path, { force: true })
      }
    },
  }
}

/** Opens the file when somebody reads it, and not before. */
export async function* readFrom(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path)
}

async function put(folder: string, name: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const path = pathOf(folder, name)
  const parent = join(path, '..')
  const made = await mkdir(parent, { recursive: true, mode: folderMode })
  // A folder that is new is on disk only when the one that names it is.
  if (made !== undefined) await syncFolder(folder)
  const temporary = path + unfinished
  try {
    await writeDurably(temporary, bytes)
    await rename(temporary, path)
    await syncFolder(parent)
  } catch (error) {
    // What is there already is another's, who may be writing it now.
    if (systemCode(error) !== 'EEXIST') await rm(temporary, { force: true })
    throw error
  }
}

async function writeDurably(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  flag: 'w' | 'wx' = 'wx',
): Promise<void> {
  const file = await open(path, flag, fileMode)
  try {
    for await (const chunk of bytes) await file.writeFile(chunk)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** The name itself is on disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Two characters of the name make a folder: a million files in one would be slow to open. */
function pathOf(folder: string, name: string): string {
  return join(folder, checkBlobName(name).slice(0, 2), name)
}

const unfinishedMsMax = 60 * 60 * 1000

export async function sweepBlobs(
  folder: string,
  isLeft: (entry: string) => boolean,
): Promise<void> {
  const before = systemClock.now() - unfinishedMsMax
  for (const entry of await readdir(folder, { recursive: true })) {
    if (!isLeft(entry)) continue
    const path = join(folder, entry)
    const found = await stat(path).catch((error: unknown) => missingOr(error))
    if (found?.isFile() && found.mtimeMs < before) await rm(path, { force: true })
  }
}

function missingOr(error: unknown): null {
  if (systemCode(error) === 'ENOENT') return null
  throw error
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
