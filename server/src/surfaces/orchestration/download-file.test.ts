// Owns the outcomes of GET /api/v1/customers/{id}/files/{file_id}.
import { describe, expect, test } from 'vitest'
import { makePdf, makePng } from '../../core/files/testing/file-samples.ts'
import { notFound, testCustomers, unknownIds, uuidOf } from './test-customers.ts'

const customers = testCustomers()
const upload = async (id: string, fileName: string, value: Uint8Array) =>
  (await customers.upload(id, [{ name: 'file', fileName, value }])).json.data[0]
const get = (id: string, fileId: string, key?: string) =>
  customers.call('GET', `/customers/${id}/files/${fileId}`, key === undefined ? {} : { key })

async function fetchBytes(id: string, fileId: string) {
  const { url, key } = customers.server
  const response = await fetch(`${url}/orchestration/api/v1/customers/${id}/files/${fileId}`, {
    headers: { authorization: `Bearer ${key}` },
  })
  return { response, bytes: Buffer.from(await response.arrayBuffer()) }
}

const noFile = {
  status: 404,
  msg: "The customer has no file with this id. Take the id from the list of the customer's files.",
}

describe('200', () => {
  test('the bytes as they were sent, always as an attachment that no browser interprets', async () => {
    const { id } = await customers.saveCustomer()
    const png = makePng({ width: 300, height: 300 })
    const entry = await upload(id, 'Führer "schein".png', png)
    const { response, bytes } = await fetchBytes(id, entry.id)
    expect(response.status).toBe(200)
    expect(bytes.equals(png)).toBe(true)
    const headers = Object.fromEntries(response.headers)
    expect(headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(png.length),
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    expect(headers['content-disposition']).toMatch(/^attachment; filename="[\x20-\x7e]+\.png"; /)
  })

  test('a file of more than one block comes whole', async () => {
    const { id } = await customers.saveCustomer()
    const pdf = makePdf('x'.repeat(1_000_000))
    const entry = await upload(id, 'long.pdf', pdf)
    const { bytes } = await fetchBytes(id, uuidOf('file', entry.id))
    expect(bytes.equals(pdf)).toBe(true)
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('%s is no customer', async (id) => {
    const customer = await customers.saveCustomer()
    const entry = await upload(customer.id, 'a.pdf', makePdf())
    const answer = await get(id, entry.id)
    expect([answer.status, answer.json]).toEqual([404, notFound])
  })

  test.each(unknownIds('file'))('%s is no file', async (fileId) => {
    const { id } = await customers.saveCustomer()
    const answer = await get(id, fileId)
    expect([answer.status, answer.json.msg]).toEqual([noFile.status, noFile.msg])
    expect(answer.json.data).toBeNull()
    expect(answer.json.errors ?? []).not.toContainEqual(
      expect.objectContaining({ field: 'fileId' }),
    )
  })

  test("another customer's file looks missing, and so does another app's", async () => {
    const [owner, other] = [await customers.saveCustomer(), await customers.saveCustomer()]
    const entry = await upload(owner.id, 'a.pdf', makePdf())
    expect((await get(other.id, entry.id)).json.msg).toBe(noFile.msg)
    const foreign = await get(owner.id, entry.id, await customers.newAppKey())
    expect([foreign.status, foreign.json]).toEqual([404, notFound])
  })
})
