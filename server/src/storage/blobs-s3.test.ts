// Owns the proof of talking to S3: signed for real, and clear about each way in which it fails.
import { mkdir, readdir, readlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { BadDay, StandInReply } from '../providers/testing/stand-in.ts'
import { BlobMissing, type BlobStore, BlobStoreUnavailable } from './blobs.ts'
import { openS3Blobs, type S3Options } from './blobs-s3.ts'
import { openS3UnderTest, pathsUnder, type S3UnderTest, s3Samples } from './testing/blob-samples.ts'

let under: S3UnderTest
beforeAll(async () => {
  under = await openS3UnderTest()
})
afterEach(() => {
  Object.assign(under.s3, { badDay: null, rewrite: null })
  under.s3.requests.length = 0
  under.s3.objects.clear()
  expect(under.s3.violations).toEqual([])
})
afterAll(() => under.close())

const openWith = (other: Partial<S3Options>) => openS3Blobs({ ...under.options, ...other })

async function* bytes(text = 'sealed bytes'): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

async function text(blobs: BlobStore, name: string): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of await blobs.get(name)) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

async function unavailable(work: () => Promise<unknown>): Promise<string> {
  const error = await work().catch((thrown: unknown) => thrown)
  if (!(error instanceof BlobStoreUnavailable)) throw error ?? new Error('nothing failed')
  // Read as a storage that is away: a caller is told to come back.
  expect(error.code).toBe('ECONNREFUSED')
  return error.message.replace('the object store did not take a request: ', '')
}

/** Everything that the store can be asked, each by itself. */
const works = (blobs: BlobStore): (() => Promise<unknown>)[] => [
  () => blobs.put('a-blob', bytes()),
  () => blobs.get('a-blob'),
  () => blobs.delete('a-blob'),
  () => blobs.check(),
]

test('a blob goes to its bucket in one request, with its length and its signature', async () => {
  await under.blobs.put('a-blob', bytes())
  expect(under.s3.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'PUT /identity-files/a-blob',
  ])
  const { headers } = under.s3.requests[0] ?? {}
  expect(headers?.['content-length']).toBe('12')
  expect(headers?.['transfer-encoding']).toBeUndefined()
  expect(headers?.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDSAMPLE\/\d{8}\/eu-central-1\/s3\/aws4_request, /,
  )
  expect(headers?.authorization).not.toContain(s3Samples.secretAccessKey)
  expect(String(under.s3.objects.get('a-blob'))).toBe('sealed bytes')
  expect(await pathsUnder(under.folder)).toEqual([])
})

describe('the store is refused, once and for good, by', () => {
  test.each<[string, Partial<S3Options>, string]>([
    ['a wrong secret', { secretAccessKey: 'sample/secret+kez' }, 'SignatureDoesNotMatch'],
    ['an unknown key', { accessKeyId: 'AKIDOTHER' }, 'InvalidAccessKeyId'],
    ['another region', { region: 'us-east-1' }, 'AuthorizationHeaderMalformed'],
  ])('%s', async (_what, other, code) => {
    const codes: string[] = []
    under.s3.rewrite = (reply) => {
      codes.push(/<Code>(\w+)</.exec(String(reply.body))?.[1] ?? '')
      return reply
    }
    for (const work of works(await openWith(other))) {
      expect(await unavailable(work)).toBe('it answered 403')
    }
    expect(codes).toEqual([code, code, code, code])
    expect(under.s3.objects.size).toBe(0)
    expect(await pathsUnder(under.folder)).toEqual([])
  })

  test('a request that somebody changed or sends again much later', async () => {
    await under.blobs.put('a-blob', bytes())
    await text(under.blobs, 'a-blob')
    const [, sent] = under.s3.requests
    const headers = Object.entries(sent?.headers ?? {}).map(([name, value]) => [
      name,
      String(value),
    ])
    const replay = async (path: string, changed: Record<string, string> = {}) => {
      const response = await under.options.egress.send({
        method: 'GET',
        url: `${under.s3.url}/identity-files/${path}`,
        headers: { ...Object.fromEntries(headers), ...changed },
        timeoutMs: 5_000,
        responseBytesMax: 10_000,
      })
      return /<Code>(\w+)</.exec(String(response.body))?.[1] ?? response.status
    }
    expect(await replay('a-blob')).toBe(200)
    expect(await replay('b-blob')).toBe('SignatureDoesNotMatch')
    expect(await replay('a-blob?versionId=1')).toBe('SignatureDoesNotMatch')
    expect(await replay('a-blob', { 'x-amz-date': '20200101T000000Z' })).toBe(
      'RequestTimeTooSkewed',
    )
    expect(await replay('a-blob', { 'x-amz-acl': 'public-read' })).toBe('AccessDenied')
    const otherHash = { 'x-amz-content-sha256': '0'.repeat(64) }
    expect(await replay('a-blob', otherHash)).toBe('XAmzContentSHA256Mismatch')
    expect(await replay('a-blob', { authorization: '' })).toBe('AccessDenied')
  })
})

test('a bucket that is missing is an outage: nothing was put, and no blob is missing', async () => {
  for (const work of works(await openWith({ bucket: 'no-such-bucket' }))) {
    expect(await unavailable(work)).toBe('it answered 404')
  }
  expect(under.s3.requests.length).toBe(4)
})

test('a put that is answered 404 has put nothing, whatever the answer says', async () => {
  under.s3.rewrite = () => ({ status: 404 })
  expect(await unavailable(() => under.blobs.put('a-blob', bytes()))).toBe('it answered 404')
})

describe('a bad day is clear, after three tries, and leaves nothing in the spool:', () => {
  test.each<[BadDay, string]>([
    ['error_500', 'it answered 500'],
    ['limited_429', 'it answered 429'],
    ['reset', 'the connection failed'],
    ['hang', 'no answer in time'],
  ])('%s', async (badDay, reason) => {
    under.s3.badDay = badDay
    const blobs = await openWith({ timeoutMs: badDay === 'hang' ? 60 : 5_000 })
    for (const work of works(blobs)) {
      under.s3.requests.length = 0
      expect(await unavailable(work)).toBe(reason)
      expect(under.s3.requests.length).toBe(3)
    }
    expect(await pathsUnder(under.folder)).toEqual([])
  })

  test('nobody listens', async () => {
    const gone = await openS3UnderTest()
    await gone.s3.close()
    for (const work of works(gone.blobs)) {
      expect(await unavailable(work)).toBe('the connection failed')
    }
    expect(await pathsUnder(gone.folder)).toEqual([])
    expect(await openFilesUnder(gone.folder)).toEqual([])
    await gone.close()
  })

  test('an endpoint that the door refuses, without a file left open', async () => {
    const blobs = await openWith({ endpoint: 'https://169.254.169.254' })
    for (const work of works(blobs)) {
      expect(await unavailable(work)).toBe('the address is not a public one')
    }
    expect(await openFilesUnder(under.folder)).toEqual([])
    expect(under.s3.requests.length).toBe(0)
  })
})

describe('a blob survives', () => {
  test('a first try that fails: the second one sends it whole', async () => {
    let tries = 0
    under.s3.rewrite = (reply): StandInReply => {
      tries += 1
      return tries === 1 ? { status: 503 } : reply
    }
    await under.blobs.put('a-blob', bytes('x'.repeat(200_000)))
    expect(under.s3.requests.map(({ body }) => body.length)).toEqual([200_000, 200_000])
    tries = 0
    expect(await text(under.blobs, 'a-blob')).toBe('x'.repeat(200_000))
  })

  test('an answer that is cut short: less than the whole is never handed out', async () => {
    await under.blobs.put('a-blob', bytes())
    under.s3.rewrite = (reply) => ({ ...reply, headers: { 'content-length': '13' } })
    const blobs = await openWith({ timeoutMs: 100 })
    expect(await unavailable(() => blobs.get('a-blob'))).toBe('no answer in time')
  })
})

test('an answer over what a blob is at most is refused, and not gathered', async () => {
  under.s3.badDay = 'huge'
  const reason = await unavailable(() => under.blobs.get('a-blob'))
  expect(reason).toBe('the answer is over 16777216 bytes')
})

test('only 404 is a missing blob', async () => {
  await expect(under.blobs.get('never')).rejects.toThrow(BlobMissing)
  for (const status of [301, 400, 403, 410]) {
    under.s3.rewrite = () => ({ status })
    expect(await unavailable(() => under.blobs.get('never'))).toBe(`it answered ${status}`)
  }
})

test('what a process that was killed left in the spool is gone an hour later', async () => {
  const spool = join(under.folder, 'ab')
  const [old, oldPart, young] = ['ab-old', 'ab-old.part', 'ab-young'].map((n) => join(spool, n))
  if (!old || !oldPart || !young) throw new Error('no paths')
  await mkdir(spool, { recursive: true })
  for (const path of [old, oldPart, young]) await writeFile(path, 'sealed')
  const before = new Date(Date.now() - 61 * 60 * 1000)
  for (const path of [old, oldPart, spool]) await utimes(path, before, before)
  await openWith({})
  expect(await pathsUnder(under.folder)).toEqual([young])
})

/** Files below a folder that this process holds open; nothing where the system does not tell. */
async function openFilesUnder(folder: string): Promise<string[]> {
  const numbers = await readdir('/proc/self/fd').catch(() => [])
  const targets = numbers.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''))
  return (await Promise.all(targets)).filter((target) => target.startsWith(folder))
}
