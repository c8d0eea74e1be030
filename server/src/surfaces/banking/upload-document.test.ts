// Owns the outcomes of POST /v1/documents/{id}/upload.
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { FormPart } from '../../../../test/examples/surface-examples.ts'
import { makeJpeg, makePdf, makePng } from '../../core/files/testing/file-samples.ts'
import { newCorporation, pdf, testApplications } from './test-applications.ts'
import { refusal, refusalOf, unknownIds, wireTime } from './test-banking.ts'

const banking = testApplications()
const file = (fileName: string, value: Uint8Array | string): FormPart => ({
  name: 'file',
  fileName,
  value,
})

async function newDocument() {
  const { id, documents } = await banking.create()
  return { id, document: documents[0].id as string }
}

describe('200', () => {
  test('the document with its file; the application lacks it no more', async () => {
    const { id, document } = await newDocument()
    const description = { name: 'description', value: 'Front page' }
    const answer = await banking.upload(document, [description, pdf])
    expect([answer.status, answer.json]).toEqual([
      200,
      {
        id: document,
        type: 'IDENTITY',
        status: 'UPLOADED',
        individual_id: null,
        file: {
          name: 'passport.pdf',
          description: 'Front page',
          content_type: 'application/pdf',
          size: makePdf('passport').length,
        },
        uploaded_at: expect.stringMatching(wireTime),
      },
    ])
    const { json } = await banking.at('GET', `/${id}`)
    expect([json.status, json.documents]).toEqual(['READY_FOR_SUBMISSION', [answer.json]])
  })

  test.each<[string, string, Uint8Array]>([
    ['a.png', 'image/png', makePng()],
    ['a.jpg', 'image/jpeg', makeJpeg()],
    ['a.pdf', 'application/pdf', makePdf('a')],
  ])('%s: %s by its content, in the place of what was there', async (name, type, bytes) => {
    const { document } = await newDocument()
    await banking.upload(document)
    const { json } = await banking.upload(document, [file(name, bytes)])
    expect(json.file).toEqual({
      name,
      description: null,
      content_type: type,
      size: bytes.length,
    })
  })

  test('a repeat with the same idempotency id is answered alike, also after submission', async () => {
    const { id, document } = await newDocument()
    const headers = { 'x-bultra-idempotency-id': randomUUID() }
    const first = await banking.upload(document, [pdf], { headers })
    expect((await banking.at('POST', `/${id}/submit`)).status).toBe(200)
    const again = await banking.upload(document, [pdf], { headers })
    expect([again.status, again.text]).toEqual([200, first.text])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    const other = await banking.upload(document, [file('b.pdf', makePdf('b'))], { headers })
    expect(refusalOf(other)).toEqual(refusal(409, 'CONFLICT', 'Idempotency-Key'))
  })
})

describe('refused, and nothing is kept', () => {
  test.each<[number, string, FormPart[], string[]]>([
    [415, 'text with the name of a PDF', [file('a.pdf', 'hello')], ['file']],
    [400, 'an empty file', [file('a.pdf', '')], ['file']],
    [400, 'a picture cut short', [file('a.png', makePng().subarray(0, 40))], ['file']],
    [413, 'one byte over 10 MiB', [file('a.pdf', makePdf('a'.repeat(10 * 1024 * 1024)))], ['file']],
    [400, 'no file', [{ name: 'description', value: 'x' }], []],
    [400, 'two files', [pdf, pdf], ['file']],
    [400, 'an unknown part', [pdf, { name: 'type', value: 'x' }], ['type']],
    [400, 'a blank description', [pdf, { name: 'description', value: ' ' }], ['description']],
  ])('%d: %s', async (status, _what, parts, fields) => {
    const { id, document } = await newDocument()
    const answer = await banking.upload(document, parts)
    expect({ ...refusalOf(answer), code: '' }).toEqual(refusal(status, '', ...fields))
    const { json } = await banking.at('GET', `/${id}`)
    expect(json.documents).toMatchObject([{ status: 'REQUIRED', file: null }])
  })

  test.each(unknownIds('doc'))('404: %s', async (id) => {
    expect(refusalOf(await banking.upload(id))).toEqual(refusal(404, 'NOT_FOUND'))
  })

  test('404: the document of an individual who was removed', async () => {
    const { id } = await banking.create(newCorporation)
    const one = await banking.addIndividual(id)
    const { json } = await banking.at('GET', `/${id}`)
    await banking.at('DELETE', `/${id}/individuals/${one.id}`)
    const answer = await banking.upload(json.documents[0].id)
    expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND'))
  })

  test.each(['SUBMITTED', 'APPROVED', 'REJECTED'] as const)('409: %s', async (status) => {
    const { documents } = await banking.reach(status)
    const answer = await banking.upload(documents[0].id, [file('late.pdf', makePdf('late'))])
    expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT'))
  })
})
