// Owns the outcomes of uploading documents: sealed, replaced, refused, swept.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import { fieldRefusal, refused } from '../../../../test/refused.ts'
import { openStream } from '../../vault/seal-stream.ts'
import { SealBroken } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import { createCustomer } from '../customer/customer-service.ts'
import { fileErrors } from '../files/file.ts'
import { sweepBlobs } from '../files/file-service.ts'
import { makePdf, makePng } from '../files/testing/file-samples.ts'
import { applicationErrors, applicationEvents } from './application.ts'
import { discardDocument, keepDocument, receiveDocument } from './application-documents.ts'
import { addIndividual, removeIndividual } from './application-people.ts'
import { createApplication, getApplication } from './application-service.ts'
import {
  applicationAs,
  corporationApplication,
  director,
  personApplication,
  streamOf,
  upload,
} from './testing/application-samples.ts'

let server: TestServer
let context: Context

beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())

const hourMs = 60 * 60 * 1000
const unknownId = '01890a5d-ac96-774b-bcce-b302099a8057'

async function newDocument(more: object = {}) {
  const folder = await createApplication(context, { ...personApplication, ...more })
  return { id: folder.documents[0]?.id ?? '', applicationId: folder.application.id }
}

const receive = (id: string, bytes: Uint8Array, app = context) =>
  receiveDocument(app, id, { name: '../my passport.exe', stream: streamOf(bytes) })

const rowOf = (id: string) =>
  context.db
    .selectFrom('application_documents')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()

async function storedBytes(id: string, dataKeyOwner = id): Promise<Buffer> {
  const { app_id: appId, data_key, blob_name } = await rowOf(id)
  const dataKey = context.vault.openDataKey({ appId, ownerId: dataKeyOwner }, data_key)
  const place = { appId, ownerId: dataKeyOwner, field: `document.bytes:${blob_name}` }
  const sealed = await context.blobs.get(blob_name ?? '')
  const chunks: Buffer[] = []
  for await (const chunk of openStream(dataKey, place, sealed)) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

describe('uploading', () => {
  test('the file is UPLOADED, and its bytes are sealed under a key of the document', async () => {
    const { id, applicationId } = await newDocument()
    const bytes = makePdf('passport')
    const document = await keepDocument(context, id, await receive(id, bytes), 'Front page')
    expect(document).toEqual({
      id,
      applicationId,
      individualId: null,
      type: 'IDENTITY',
      status: 'UPLOADED',
      file: {
        name: 'my passport_exe.pdf',
        description: 'Front page',
        contentType: 'application/pdf',
        size: bytes.length,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      createdAt: expect.any(Number),
      uploadedAt: expect.any(Number),
    })
    const folder = await getApplication(context, applicationId)
    expect(folder.documents).toEqual([document])
    expect(folder.application.status).toBe('READY_FOR_SUBMISSION')
    expect((await storedBytes(id)).equals(bytes)).toBe(true)
    await expect(storedBytes(id, applicationId)).rejects.toThrow(SealBroken)
    const row = await rowOf(id)
    expect(JSON.stringify(row) + Buffer.from(row.details ?? []).toString('latin1')).not.toMatch(
      /passport|Front/,
    )
  })

  test('what was kept stays for good; what it replaced is swept', async () => {
    const { id } = await newDocument()
    await upload(context, id, 'first')
    const { blob_name: first } = await rowOf(id)
    await keepDocument(context, id, await receive(id, makePng()), null)
    server.clock.advance(2 * hourMs)
    await sweepBlobs(context)
    await expect(context.blobs.get(first ?? '')).rejects.toThrow()
    expect((await storedBytes(id)).equals(makePng())).toBe(true)
  })

  test('received and not kept, the bytes go: at once when discarded, else with the sweep', async () => {
    const { id } = await newDocument()
    const one = await receive(id, makePdf('one'))
    await discardDocument(context, one)
    await expect(context.blobs.get(one.blobName)).rejects.toThrow()
    const two = await receive(id, makePdf('two'))
    server.clock.advance(2 * hourMs)
    await sweepBlobs(context)
    await expect(context.blobs.get(two.blobName)).rejects.toThrow()
    const error = await refused(() => keepDocument(context, id, two, null))
    expect(error.definition).toBe(fileErrors.file_upload_expired)
    expect(
      (await getApplication(context, (await rowOf(id)).application_id)).documents,
    ).toMatchObject([{ status: 'REQUIRED', file: null }])
  })

  test('the record that the application names knows what arrived, not its bytes', async () => {
    const customer = await createCustomer(context, { kind: 'individual' })
    const { id, applicationId } = await newDocument({ customerId: customer.id })
    const { file } = await upload(context, id)
    const last = (await historyOf(context, customer.id)).at(-1)
    expect(last?.type).toBe(applicationEvents.updated)
    expect(last?.changes).toEqual({
      application: {
        id: applicationId,
        document: { id, status: 'UPLOADED', file },
        status: 'READY_FOR_SUBMISSION',
      },
    })
  })
})

describe('refused', () => {
  test.each<[string, Uint8Array]>([
    ['file_type_unsupported', Buffer.from('hello, this is only text')],
    ['file_malformed', makePng().subarray(0, 40)],
    ['file_malformed', Buffer.alloc(0)],
    ['file_too_large', makePdf('a'.repeat(10 * 1024 * 1024))],
    ['file_image_too_large', makePng({ width: 50_000, height: 50_000 })],
  ])('%s, and nothing is left', async (code, bytes) => {
    const { id } = await newDocument()
    const blobs = async () => (await context.db.selectFrom('blobs').select('name').execute()).length
    const before = await blobs()
    expect((await refused(() => receive(id, bytes))).definition.code).toBe(code)
    expect(await blobs()).toBe(before)
    expect((await rowOf(id)).status).toBe('REQUIRED')
  })

  test("a document that does not exist, another app's, or a removed person's", async () => {
    const { id } = await newDocument()
    const live = server.contextOf(server.liveApp)
    const company = await createApplication(context, corporationApplication)
    const added = await addIndividual(context, company.application.id, director)
    const removed = added.documents[0]?.id ?? ''
    const received = await receive(removed, makePdf('a'))
    await removeIndividual(context, company.application.id, added.individuals[0]?.id ?? '')
    for (const work of [
      () => receive(unknownId, makePdf('a')),
      () => receive(id, makePdf('a'), live),
      () => receive(removed, makePdf('a')),
      () => keepDocument(context, removed, received, null),
    ]) {
      expect((await refused(work)).definition).toBe(applicationErrors.document_not_found)
    }
  })

  test('a blank description', async () => {
    const { id } = await newDocument()
    const received = await receive(id, makePdf('a'))
    expect(await fieldRefusal(() => keepDocument(context, id, received, ' '))).toBe(
      'description: is blank',
    )
  })

  test.each(['SUBMITTED', 'APPROVED', 'REJECTED'] as const)(
    '%s: nothing is kept',
    async (status) => {
      const { documents } = await applicationAs(context, status)
      const id = documents[0]?.id ?? ''
      const { blob_name } = await rowOf(id)
      const received = await receive(id, makePdf('late'))
      const { definition } = await refused(() => keepDocument(context, id, received, null))
      expect(definition).toBe(applicationErrors.application_status_refused)
      expect((await rowOf(id)).blob_name).toBe(blob_name)
    },
  )
})
