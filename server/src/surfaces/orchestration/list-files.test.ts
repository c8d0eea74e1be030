// Owns the outcomes of GET /api/v1/customers/{id}/files.
import { describe, expect, test } from 'vitest'
import { makePdf } from '../../core/files/testing/file-samples.ts'
import { notFound, testCustomers, unknownIds, uuidOf } from './test-customers.ts'

const customers = testCustomers()
const list = (id: string, key?: string) =>
  customers.call('GET', `/customers/${id}/files`, key === undefined ? {} : { key })
const upload = async (id: string, fileName: string) => {
  const part = { name: 'file', fileName, value: makePdf(fileName) }
  return (await customers.upload(id, [part])).json.data[0]
}

describe('200', () => {
  test('a customer without files has an empty list', async () => {
    const { id } = await customers.saveCustomer()
    const answer = await list(id)
    expect([answer.status, answer.json]).toEqual([200, { msg: 'Files found', data: [] }])
  })

  test('every file as it was answered, oldest first, and no other customer’s', async () => {
    const { id } = await customers.saveCustomer()
    const other = await customers.saveCustomer()
    const first = await upload(id, 'first.pdf')
    await upload(other.id, 'other.pdf')
    const second = await upload(id, 'second.pdf')
    const answer = await list(id)
    expect(answer.json.data).toEqual([first, second])
    expect((await list(uuidOf('customer', id))).json).toEqual(answer.json)
  })

  test('reading writes nothing', async () => {
    const { id } = await customers.saveCustomer()
    await upload(id, 'first.pdf')
    const before = await customers.countRows()
    await list(id)
    expect(await customers.countRows()).toEqual(before)
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('%s is no customer', async (id) => {
    const answer = await list(id)
    expect([answer.status, answer.json]).toEqual([404, notFound])
  })

  test("another app's customer looks missing", async () => {
    const { id } = await customers.saveCustomer()
    await upload(id, 'first.pdf')
    const answer = await list(id, await customers.newAppKey())
    expect([answer.status, answer.json]).toEqual([404, notFound])
  })
})
