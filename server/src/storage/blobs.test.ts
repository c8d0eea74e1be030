// Owns the proof of what both blob stores promise: whole, as they were put, or not there at all.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BlobMissing, type BlobStore } from './blobs.ts'
import {
  type BlobsUnderTest,
  openFolderUnderTest,
  openS3UnderTest,
} from './testing/blob-samples.ts'

const mebibyte = 1024 * 1024

describe.each([
  ['the folder', openFolderUnderTest],
  ['the S3 store', openS3UnderTest],
])('%s', (_name, open) => {
  let under: BlobsUnderTest
  let blobs: BlobStore
  beforeAll(async () => {
    under = await open()
    blobs = under.blobs
  })
  afterAll(() => under.close())

  test.each([
    ['no byte', []],
    ['one byte', ['x']],
    ['bytes in several chunks', ['first ', '', 'second']],
    ['bytes that are no text', [Buffer.from([0, 255, 13, 10, 128]), Buffer.alloc(3)]],
  ])('hands out what was put: %s', async (_what, chunks) => {
    await blobs.put('as-put', inChunks(chunks))
    const bytes = Buffer.concat(chunks.map((chunk) => Buffer.from(chunk)))
    expect(await gather(blobs, 'as-put')).toEqual(bytes)
    expect(await gather(blobs, 'as-put')).toEqual(bytes)
  })

  test('keeps each blob by its own name', async () => {
    const names = ['a', 'aa', 'aab', 'aac', '-', '0'.repeat(100), 'check']
    for (const name of names) await blobs.put(name, inChunks([`of ${name}`]))
    for (const name of names) expect(String(await gather(blobs, name))).toBe(`of ${name}`)
    await blobs.delete('aab')
    await expect(gather(blobs, 'aab')).rejects.toThrow(BlobMissing)
    expect(String(await gather(blobs, 'aac'))).toBe('of aac')
  })

  test('puts over what is there', async () => {
    await blobs.put('twice', inChunks(['a long first one']))
    await blobs.put('twice', inChunks(['second']))
    expect(String(await gather(blobs, 'twice'))).toBe('second')
  })

  test('says that a blob is missing: never put, or deleted', async () => {
    await expect(gather(blobs, 'never')).rejects.toThrow(BlobMissing)
    await blobs.put('gone', inChunks(['x']))
    await blobs.delete('gone')
    await expect(gather(blobs, 'gone')).rejects.toThrow(BlobMissing)
  })

  test('deletes what is not there without a word', async () => {
    await expect(blobs.delete('never')).resolves.toBeUndefined()
  })

  test('checks out, again and at the same time, and leaves nothing', async () => {
    const before = await under.everything()
    await blobs.check()
    await Promise.all(Array.from({ length: 20 }, () => blobs.check()))
    expect(await under.everything()).toEqual(before)
  })

  test.each([
    ...['', '.', '..', '../secret', '../../etc/passwd', '/etc/passwd', 'a/b', 'a\\b', 'a/../b'],
    ...['a.part', 'A', 'a b', 'a\0b', 'a\n', '%2e%2e%2fsecret', 'a?b', 'a#b', 'é', 'a'.repeat(101)],
  ])('takes no name that a path could mean: %j', async (name) => {
    const before = await under.everything()
    for (const work of [
      () => blobs.put(name, inChunks(['x'])),
      () => blobs.get(name),
      () => blobs.delete(name),
    ]) {
      await expect(work()).rejects.toThrow('a blob is named by 1 to 100 of a-z, 0-9 and -')
    }
    expect(await under.everything()).toEqual(before)
  })

  test('shows nothing of a blob before it is whole', async () => {
    const seen: string[] = []
    async function* watched() {
      for (let count = 0; count < 3; count += 1) {
        yield Buffer.alloc(65_536, count)
        seen.push(await blobs.get('watched').then(String, (error: Error) => error.name))
      }
    }
    await blobs.put('watched', watched())
    expect(seen).toEqual(['BlobMissing', 'BlobMissing', 'BlobMissing'])
    expect((await gather(blobs, 'watched')).length).toBe(3 * 65_536)
  })

  test('keeps nothing of a blob whose stream fails, and what was there before', async () => {
    const before = await under.everything()
    await expect(blobs.put('broken', failing())).rejects.toThrow('the sender went away')
    expect(await under.everything()).toEqual(before)
    await blobs.put('broken', inChunks(['whole']))
    await expect(blobs.put('broken', failing())).rejects.toThrow('the sender went away')
    expect(String(await gather(blobs, 'broken'))).toBe('whole')
  })

  test('of two that put one name at once, what is there is whole', async () => {
    const large = (value: number) => inChunks(Array.from({ length: 16 }, () => page(value)))
    const outcomes = await Promise.allSettled([1, 2].map((v) => blobs.put('raced', large(v))))
    expect(outcomes.map(({ status }) => status)).toContain('fulfilled')
    const bytes = await gather(blobs, 'raced')
    const [first = 0] = bytes
    expect(outcomes[first - 1]?.status).toBe('fulfilled')
    expect(bytes.equals(Buffer.alloc(16 * 65_536, first))).toBe(true)
  })

  test('takes a large blob as it comes, and hands it out unchanged', async () => {
    const sent = createHash('sha256')
    let given = 0
    let waiting = 0
    async function* large() {
      for (; given < 12 * mebibyte; given += 65_536) {
        const chunk = page(given / 65_536)
        sent.update(chunk)
        // What has been asked for and is not on a disk yet: one chunk at most.
        waiting = Math.max(waiting, given - (await under.bytesUnfinished()))
        yield chunk
      }
    }
    await blobs.put('large', large())
    const read = createHash('sha256')
    let size = 0
    for await (const chunk of await blobs.get('large')) {
      read.update(chunk)
      size += chunk.length
    }
    expect([given, size, waiting]).toEqual([12 * mebibyte, 12 * mebibyte, 0])
    expect(read.digest('hex')).toBe(sent.digest('hex'))
    expect(await under.bytesUnfinished()).toBe(0)
  })
})

const page = (value: number) => Buffer.alloc(65_536, value % 251)

async function* inChunks(chunks: readonly (string | Buffer)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk)
}

async function* failing(): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(100_000)
  throw new Error('the sender went away')
}

async function gather(blobs: BlobStore, name: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of await blobs.get(name)) chunks.push(chunk)
  return Buffer.concat(chunks)
}
