// Owns the outcomes of GET /v1/applications/{id}/documents/{document_id}.
import { describe, expect, test } from 'vitest'
import { applicationAs } from '../../core/applications/testing/application-samples.ts'
import { createMerchant } from '../../core/apps/app-service.ts'
import { makePdf } from '../../core/files/testing/file-samples.ts'
import { printId } from '../../lib/id.ts'
import { problem, problemOf } from './test-connections.ts'
import { testRecords } from './test-records.ts'

const records = testRecords()

async function pathOf(status: 'SUBMITTED' | 'INCOMPLETE', documentId?: string) {
  const { application, documents } = await applicationAs(records.context(), status)
  const document = documentId ?? printId('applicationDocument', documents[0]?.id ?? '')
  return `/applications/${printId('application', application.id)}/documents/${document}`
}

describe('200', () => {
  test('the bytes as they were sent, always as an attachment that no browser interprets', async () => {
    const path = await pathOf('SUBMITTED')
    const { url, key } = records.server
    const response = await fetch(`${url}/v1${path}`, {
      headers: { authorization: `Bearer ${key}` },
    })
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="passport.pdf"; filename*=UTF-8''passport.pdf`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    expect(Buffer.from(await response.arrayBuffer()).equals(makePdf('passport'))).toBe(true)
  })
})

describe('404', () => {
  test('what was not uploaded yet is told apart', async () => {
    const answer = await records.call('GET', await pathOf('INCOMPLETE'))
    expect(problemOf(answer)).toEqual(problem(404, 'document_not_uploaded'))
  })

  test.each(['x', 'doc_01h455vb4pex5vsknk084sn02q'])('document %s', async (id) => {
    const answer = await records.call('GET', await pathOf('SUBMITTED', id))
    expect(problemOf(answer)).toEqual(problem(404, 'document_not_found'))
  })

  test('a document of another application, and an application of another app', async () => {
    const { documents } = await applicationAs(records.context(), 'SUBMITTED')
    const id = printId('applicationDocument', documents[0]?.id ?? '')
    const elsewhere = await records.call('GET', await pathOf('SUBMITTED', id))
    expect(problemOf(elsewhere)).toEqual(problem(404, 'document_not_found'))
    const { server } = records
    const { test: other } = await createMerchant(server.system, 'Another merchant')
    const key = await server.createKey(other)
    const foreign = await records.call('GET', await pathOf('SUBMITTED'), { key })
    expect(problemOf(foreign)).toEqual(problem(404, 'document_not_found'))
  })

  test('no application', async () => {
    const answer = await records.call('GET', '/applications/x/documents/x')
    expect(problemOf(answer)).toEqual(problem(404, 'application_not_found'))
  })
})
