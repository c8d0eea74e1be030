// Owns the proof of the folder store on a disk: its rights, and what a killed process leaves.
import { mkdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openFolderBlobs } from './blobs-folder.ts'
import { type BlobsUnderTest, openFolderUnderTest, pathsUnder } from './testing/blob-samples.ts'

let under: BlobsUnderTest
beforeEach(async () => {
  under = await openFolderUnderTest()
})
afterEach(() => under.close())

async function* bytes(text = 'sealed bytes'): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)

test('nobody but the owner reads a blob, or the folders that it is in', async () => {
  const folder = join(under.folder, 'made', 'here')
  await (await openFolderBlobs(folder)).put('ab-blob', bytes())
  expect(await modeOf(folder)).toBe('700')
  expect(await modeOf(join(folder, 'ab'))).toBe('700')
  expect(await modeOf(join(folder, 'ab', 'ab-blob'))).toBe('600')
})

test('what was left unfinished an hour ago is swept; what is younger or whole stays', async () => {
  await under.blobs.put('ab-whole', bytes())
  const inFolder = (name: string) => join(under.folder, 'ab', name)
  for (const name of ['ab-old.part', 'ab-young.part']) await writeFile(inFolder(name), 'half')
  await mkdir(inFolder('folder.part'))
  const before = new Date(Date.now() - 61 * 60 * 1000)
  for (const name of ['ab-old.part', 'ab-whole', 'folder.part']) {
    await utimes(inFolder(name), before, before)
  }
  await openFolderBlobs(under.folder)
  expect((await pathsUnder(under.folder)).toSorted()).toEqual(
    ['ab-whole', 'ab-young.part'].map(inFolder),
  )
})

test('a check passes over what a killed one left', async () => {
  const left = join(under.folder, `check-${process.pid}.part`)
  await writeFile(left, 'x')
  await expect(under.blobs.check()).resolves.toBeUndefined()
  expect(await pathsUnder(under.folder)).toEqual([])
})

test.each([
  ['is gone', async () => {}],
  ['is no folder any more', (path: string) => writeFile(path, '')],
])('a check fails when the folder %s', async (_what, replace) => {
  const folder = join(under.folder, 'files')
  const blobs = await openFolderBlobs(folder)
  await rm(folder, { recursive: true })
  await replace(folder)
  await expect(blobs.check()).rejects.toThrow(/ENOENT|ENOTDIR/)
})

test('what another one is writing under a name is not taken away from it', async () => {
  const [theirs, parent] = [join(under.folder, 'ab', 'ab-blob.part'), join(under.folder, 'ab')]
  await mkdir(parent)
  await writeFile(theirs, 'half')
  await expect(under.blobs.put('ab-blob', bytes())).rejects.toThrow('EEXIST')
  expect(await pathsUnder(under.folder)).toEqual([theirs])
})

test('no more than a few blocks of a blob are in memory at once', async () => {
  await under.blobs.put('ab-blob', bytes('x'.repeat(1024 * 1024)))
  const sizes: number[] = []
  for await (const chunk of await under.blobs.get('ab-blob')) sizes.push(chunk.length)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1024 * 1024)
  expect(Math.max(...sizes)).toBe(64 * 1024)
})
