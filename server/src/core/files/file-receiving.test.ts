// Owns the bounds of receiving: refusals leave nothing, a stream without end is stopped, sweeping.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { refused } from '../../../../test/refused.ts'
import { inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import { createCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { fileBytesMax, fileErrors, readFileType } from './file.ts'
import {
  discardFiles,
  keepFiles,
  listFiles,
  type ReceivedFile,
  receiveFile,
  sweepBlobs,
} from './file-service.ts'
import { unkeptMsMax } from './received-bytes.ts'
import {
  gather,
  inChunks,
  jpegSegment,
  makeJpeg,
  makePdf,
  makePng,
} from './testing/file-samples.ts'

let server: TestServer
let context: Context
let customerId: string

beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
  customerId = (await createCustomer(context, { kind: 'individual', name: 'Ana Souza' })).id
})
afterAll(() => server.close())

const mebibyte = 1024 * 1024

const receive = (stream: AsyncIterable<Uint8Array>, by = context) =>
  receiveFile(by, customerId, { fileType: 'OTHER', name: 'a.pdf', stream })
const receivePdf = () => receive(inChunks(makePdf()))

const namesOfBlobs = async () => {
  const rows = await context.db
    .selectFrom('blobs')
    .select('name')
    .where('app_id', '=', context.app.id)
    .execute()
  return rows.map(({ name }) => name)
}

const isThere = (name: string) =>
  context.blobs.get(name).then(
    async (bytes) => (await gather(bytes)).length > 0,
    () => false,
  )

/** A picture that never ends: a segment after another, without its pixels. */
async function* endless(onChunk: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const segment = jpegSegment(0xe2, Buffer.alloc(64 * 1024 - 4))
  yield makeJpeg().subarray(0, 20)
  for (;;) {
    onChunk(segment.length)
    yield segment
  }
}

const nothing = () => {}

/** What is in memory because something holds it: garbage is taken away before the look. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** Takes what it is given and keeps none of it. */
const sink = (): Context => ({
  ...context,
  blobs: {
    ...context.blobs,
    async put(_name, bytes) {
      for await (const _ of bytes);
    },
  },
})

describe('a file that is too large', () => {
  test('by one byte is refused, and of exactly 10 MiB is taken', async () => {
    const picture = makeJpeg()
    const ofSize = (size: number) => Buffer.concat([picture, Buffer.alloc(size - picture.length)])
    const { definition, param } = await refused(() =>
      receive(inChunks(ofSize(fileBytesMax + 1), 65_536)),
    )
    expect([definition.code, param]).toEqual(['file_too_large', 'file'])
    const received = await receive(inChunks(ofSize(fileBytesMax), 65_536))
    expect(received.size).toBe(fileBytesMax)
    await discardFiles(context, [received])
  })

  test('because it never ends is stopped at the bound', async () => {
    let given = 0
    const stream = endless((bytes) => {
      given += bytes
    })
    const { definition } = await refused(() => receive(stream))
    expect(definition.code).toBe('file_too_large')
    expect(given).toBeLessThanOrEqual(fileBytesMax + 65_536)
    expect(await namesOfBlobs()).toEqual([])
  })

  test('costs no memory, also three at once', async () => {
    const into = sink()
    await refused(() => receive(endless(nothing), into))
    const before = heldBytes()
    let most = before
    let chunks = 0
    const look = () => {
      chunks += 1
      if (chunks % 50 === 0) most = Math.max(most, heldBytes())
    }
    const all = Array.from({ length: 3 }, () => refused(() => receive(endless(look), into)))
    expect((await Promise.all(all)).map(({ definition }) => definition.code)).toEqual([
      'file_too_large',
      'file_too_large',
      'file_too_large',
    ])
    expect(chunks).toBeGreaterThan(450)
    expect(most - before).toBeLessThan(8 * mebibyte)
  })
})

describe('a file that is refused', () => {
  const lateBy = Buffer.concat([makePng(), Buffer.of(0)])
  const refusals: [string, string, Buffer][] = [
    ['by its first bytes', 'file_type_unsupported', Buffer.from('<svg onload=alert(1)>')],
    ['by its last bytes', 'file_type_unsupported', lateBy],
    ['by its pixels', 'file_image_too_large', makePng({ width: 50_000, height: 50_000 })],
    ['for being empty', 'file_malformed', Buffer.alloc(0)],
  ]
  test.each(refusals)('%s leaves neither bytes nor row', async (_, code, bytes) => {
    expect((await refused(() => receive(inChunks(bytes, 10)))).definition.code).toBe(code)
    expect(await namesOfBlobs()).toEqual([])
  })

  test('by the stream itself is refused with what the stream threw', async () => {
    const thrown = new AppError(fileErrors.file_malformed, { detail: 'file: broke.' })
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield makePdf()
      throw thrown
    }
    await expect(receive(broken())).rejects.toBe(thrown)
    expect(await namesOfBlobs()).toEqual([])
  })

  test('for its customer is refused before anything is read or stored', async () => {
    let isRead = false
    async function* watched(): AsyncGenerator<Uint8Array> {
      isRead = true
      yield makePdf()
    }
    const file = { fileType: 'OTHER', name: 'a.pdf', stream: watched() } as const
    for (const [by, id] of [
      [context, '01890a5d-ac96-774b-bcce-b302099a8057'],
      [server.contextOf(server.liveApp), customerId],
    ] as const) {
      const { definition } = await refused(() => receiveFile(by, id, file))
      expect(definition.code).toBe('customer_not_found')
    }
    expect(isRead).toBe(false)
    expect(await namesOfBlobs()).toEqual([])
  })

  test('by the blob store is refused with its failure, and the row stays for the sweep', async () => {
    const away = async () => {
      throw new Error('the store is away')
    }
    const without = { ...context, blobs: { ...context.blobs, put: away, delete: away } }
    await expect(receive(inChunks(makePdf()), without)).rejects.toThrow('the store is away')
    const [name = ''] = await namesOfBlobs()
    expect(name).toMatch(/^[0-9a-f]{32}$/)
    server.clock.advance(unkeptMsMax + 1)
    expect(await sweepBlobs(context)).toBe(1)
    expect(await namesOfBlobs()).toEqual([])
  })

  test('is refused with that, also where the blob store makes another failure of it', async () => {
    const put: Context['blobs']['put'] = async (_name, bytes) => {
      await gather(bytes).catch(() => {
        throw new Error('the upload failed')
      })
    }
    const wrapping = { ...context, blobs: { ...context.blobs, put } }
    const { definition } = await refused(() => receive(inChunks(Buffer.from('<html>')), wrapping))
    expect(definition.code).toBe('file_type_unsupported')
  })

  test('is never received within a transaction', async () => {
    await expect(inTransaction(context, (tx) => receive(inChunks(makePdf()), tx))).rejects.toThrow(
      'bytes are received outside of a transaction',
    )
  })
})

describe('what was received and not kept', () => {
  test('goes at once when it is discarded; what was kept stays', async () => {
    const [kept, dropped] = [await receivePdf(), await receivePdf()]
    await keepFiles(context, customerId, [kept])
    await discardFiles(context, [kept, dropped])
    expect([await isThere(kept.blobName), await isThere(dropped.blobName)]).toEqual([true, false])
    expect(await namesOfBlobs()).toEqual([kept.blobName])
    await discardFiles(context, [])
  })

  test('goes an hour later by the sweep; what was kept stays', async () => {
    const files: ReceivedFile[] = []
    for (let count = 0; count < 105; count += 1) files.push(await receivePdf())
    const kept = files.slice(0, 2)
    await keepFiles(context, customerId, kept)
    server.clock.advance(unkeptMsMax - 60_000)
    expect(await sweepBlobs(context)).toBe(0)
    server.clock.advance(60_001)
    const young = await receivePdf()
    expect(await sweepBlobs(context)).toBe(103)
    const left = await namesOfBlobs()
    expect(left).toEqual(expect.arrayContaining([...kept.map((f) => f.blobName), young.blobName]))
    expect(await isThere(young.blobName)).toBe(true)
    const swept = files.slice(2).map(({ blobName }) => isThere(blobName))
    expect(await Promise.all(swept)).toEqual(Array.from({ length: 103 }, () => false))
    const { definition } = await refused(() => keepFiles(context, customerId, files.slice(2, 3)))
    expect(definition.code).toBe('file_upload_expired')
    expect(await listFiles(context, customerId)).toHaveLength(3)
  })

  test("of another app is none of the sweep's business", async () => {
    const received = await receivePdf()
    server.clock.advance(unkeptMsMax + 1)
    expect(await sweepBlobs(server.contextOf(server.liveApp))).toBe(0)
    expect(await isThere(received.blobName)).toBe(true)
  })
})

test('what a file proves is one of six words', async () => {
  expect(readFileType('CPF_DOCUMENT')).toBe('CPF_DOCUMENT')
  for (const text of ['', 'passport', 'toString', 'PASSPORT ']) {
    const { definition, param } = await refused(() => readFileType(text))
    expect([definition.code, param]).toEqual(['field_invalid', 'fileType'])
  }
})
