// Owns the outcomes of the file service on a real database and a real blob store.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import { refused } from '../../../../test/refused.ts'
import { runs, runsMsMax } from '../../../../test/runs.ts'
import { systemRandom } from '../../lib/random.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { SealBroken } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import { createCustomer } from '../customer/customer-service.ts'
import { type FileEntry, type FileType, filesPerCustomerMax } from './file.ts'
import { keepFiles, listFiles, openFile, type ReceivedFile, receiveFile } from './file-service.ts'
import { unkeptMsMax } from './received-bytes.ts'
import { gather, inChunks, makeJpeg, makePdf, makePng } from './testing/file-samples.ts'

let server: TestServer
let context: Context
let otherApp: Context

beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
  otherApp = server.contextOf(server.liveApp)
})
afterAll(() => server.close())

const unknownId = '01890a5d-ac96-774b-bcce-b302099a8057'
const newCustomer = async () =>
  (await createCustomer(context, { kind: 'individual', name: 'Ana Souza' })).id

const receive = (
  customerId: string,
  bytes: Uint8Array,
  { name = 'passport.pdf', fileType = 'PASSPORT' as FileType, by = context } = {},
) => receiveFile(by, customerId, { fileType, name, stream: inChunks(bytes, 30_000) })

async function add(customerId: string, bytes: Uint8Array, name?: string): Promise<FileEntry> {
  const received = await receive(customerId, bytes, name === undefined ? {} : { name })
  const [entry] = await keepFiles(context, customerId, [received])
  if (!entry) throw new Error('a file that is kept has an entry')
  return entry
}

const read = async (customerId: string, id: string, by = context) =>
  gather((await openFile(by, customerId, id)).bytes)

const blobRows = (names: string[]) =>
  context.db
    .selectFrom('blobs')
    .select(['name', 'kept_at'])
    .where('app_id', '=', context.app.id)
    .where('name', 'in', names)
    .execute()

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
/** A JPEG may go on after its picture, so it can be of any size. */
const jpegOf = (size: number) => {
  const picture = makeJpeg()
  return Buffer.concat([picture, systemRandom.bytes(size - picture.length)])
}

describe('keeping', () => {
  test('answers the entries, lists them, and writes one fact of history', async () => {
    const customerId = await newCustomer()
    const [pdf, png] = [makePdf(), makePng()]
    const received = [
      await receive(customerId, pdf),
      await receive(customerId, png, { name: '../front.exe', fileType: 'SSN_FRONT' }),
    ]
    const entries = await keepFiles(context, customerId, received)
    const shown = [
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        customerId,
        name: 'passport.pdf',
        fileType: 'PASSPORT',
        contentType: 'application/pdf',
        size: pdf.length,
        sha256: hashOf(pdf),
        createdAt: expect.any(Number),
      },
      {
        id: expect.any(String),
        customerId,
        name: 'front_exe.png',
        fileType: 'SSN_FRONT',
        contentType: 'image/png',
        size: png.length,
        sha256: hashOf(png),
        createdAt: expect.any(Number),
      },
    ]
    expect(entries).toEqual(shown)
    expect(await listFiles(context, customerId)).toEqual(entries)
    const history = await historyOf(context, customerId)
    expect(history.slice(1)).toEqual([
      {
        version: 2,
        type: 'customer.file.added',
        actor: 'operator:test',
        changes: { files: entries },
      },
    ])
  })

  test('is all or nothing: with one file too old, none is kept and nothing is written', async () => {
    const customerId = await newCustomer()
    const early = await receive(customerId, makePdf())
    server.clock.advance(unkeptMsMax / 2 + 1)
    const late = await receive(customerId, makePdf())
    const { definition } = await refused(() => keepFiles(context, customerId, [late, early]))
    expect(definition.code).toBe('file_upload_expired')
    expect(await listFiles(context, customerId)).toEqual([])
    expect(await historyOf(context, customerId)).toHaveLength(1)
    expect(await keepFiles(context, customerId, [late])).toHaveLength(1)
  })

  test('what was kept is not kept again', async () => {
    const customerId = await newCustomer()
    const received = await receive(customerId, makePdf())
    await keepFiles(context, customerId, [received])
    const { definition } = await refused(() => keepFiles(context, customerId, [received]))
    expect(definition.code).toBe('file_upload_expired')
    expect(await listFiles(context, customerId)).toHaveLength(1)
  })

  test('ends with the transaction around it: what that takes back was never there', async () => {
    const customerId = await newCustomer()
    const received = await receive(customerId, makePdf())
    const undone = inTransaction(context, async (tx) => {
      await keepFiles(tx, customerId, [received])
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(await listFiles(context, customerId)).toEqual([])
    expect(await blobRows([received.blobName])).toEqual([
      { name: received.blobName, kept_at: null },
    ])
  })

  test('is refused above the number of files that a customer may hold', async () => {
    const customerId = await newCustomer()
    const first = await add(customerId, makePdf())
    const row = await context.db
      .selectFrom('files')
      .selectAll()
      .where('app_id', '=', context.app.id)
      .where('id', '=', first.id)
      .executeTakeFirstOrThrow()
    const more = Array.from({ length: filesPerCustomerMax - 2 }, () => ({
      ...row,
      id: context.ids(),
    }))
    for (let at = 0; at < more.length; at += 50) {
      const rows = more.slice(at, at + 50)
      await inTransaction(context, ({ db }) => db.insertInto('files').values(rows).execute())
    }
    const last = [await receive(customerId, makePdf()), await receive(customerId, makePdf())]
    const { definition } = await refused(() => keepFiles(context, customerId, last))
    expect(definition.code).toBe('file_limit_reached')
    expect(await keepFiles(context, customerId, last.slice(1))).toHaveLength(1)
  })

  test.each([0, 11])('of %i files at once is a defect of ours', async (count) => {
    const received = await receive(await newCustomer(), makePdf())
    const files: ReceivedFile[] = Array.from({ length: count }, () => received)
    expect(() => keepFiles(context, unknownId, files)).toThrow('1 to 10 files are kept at once')
  })
})

describe('reading', () => {
  const sent = 'gives the bytes as they were sent, each time, by their SHA-256'
  test(sent, { timeout: runsMsMax }, async () => {
    const customerId = await newCustomer()
    const samples = Array.from({ length: 20 }, (_, n) => jpegOf(1_000 + n * 4_001))
    for (let round = 0; round < runs({ few: 5, full: 50 }); round += 1) {
      const files = await Promise.all(samples.map((bytes) => receive(customerId, bytes)))
      const entries: FileEntry[] = []
      for (let at = 0; at < files.length; at += 10) {
        entries.push(...(await keepFiles(context, customerId, files.slice(at, at + 10))))
      }
      const hashes = await Promise.all(
        entries.map(async ({ id }) => hashOf(await read(customerId, id))),
      )
      expect(hashes).toEqual(samples.map(hashOf))
      expect(entries.map(({ sha256 }) => sha256)).toEqual(hashes)
      await context.database.transaction((db) =>
        db.deleteFrom('files').where('app_id', '=', context.app.id).execute(),
      )
    }
  })

  test("is for the customer's own app and the customer alone", async () => {
    const [customerId, other] = [await newCustomer(), await newCustomer()]
    const { id } = await add(customerId, makePdf())
    const code = async (work: () => Promise<unknown>) => (await refused(work)).definition.code
    expect(await code(() => openFile(context, other, id))).toBe('file_not_found')
    expect(await code(() => openFile(context, customerId, unknownId))).toBe('file_not_found')
    expect(await code(() => openFile(otherApp, customerId, id))).toBe('customer_not_found')
    expect(await code(() => listFiles(otherApp, customerId))).toBe('customer_not_found')
    expect(await code(() => listFiles(context, unknownId))).toBe('customer_not_found')
    expect(await listFiles(context, other)).toEqual([])
  })

  test('refuses bytes that were swapped with those of another file or customer', async () => {
    const [one, two] = [await newCustomer(), await newCustomer()]
    const [a, b, c] = [
      await add(one, makePdf('a')),
      await add(one, makePdf('b')),
      await add(two, makePdf('c')),
    ]
    const blobOf = async (id: string) =>
      (
        await context.db
          .selectFrom('files')
          .select('blob_name')
          .where('app_id', '=', context.app.id)
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
      ).blob_name
    for (const other of [b, c]) {
      const bytes = await gather(await context.blobs.get(await blobOf(other.id)))
      const swapped: Context = {
        ...context,
        blobs: { ...context.blobs, get: async () => inChunks(bytes) },
      }
      await expect(read(one, a.id, swapped)).rejects.toThrow(SealBroken)
    }
  })

  test('is impossible without the key: neither bytes nor name are on disk as they were', async () => {
    const customerId = await newCustomer()
    const mark = 'a-mark-of-the-content'
    const received = await receive(customerId, makePdf(mark), { name: 'ana-souza.pdf' })
    await keepFiles(context, customerId, [received])
    const sealed = await gather(await context.blobs.get(received.blobName))
    expect(sealed.includes(mark)).toBe(false)
    const rows = await context.db
      .selectFrom('files')
      .selectAll()
      .where('app_id', '=', context.app.id)
      .where('customer_id', '=', customerId)
      .execute()
    const plain = rows.map((row) => Buffer.concat([row.details, Buffer.from(JSON.stringify(row))]))
    expect(Buffer.concat(plain).includes('souza')).toBe(false)
    expect(received.blobName).toMatch(/^[0-9a-f]{32}$/)
  })
})
