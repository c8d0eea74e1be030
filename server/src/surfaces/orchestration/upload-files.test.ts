// Owns the outcomes of POST /api/v1/customers/{id}/files.
import { describe, expect, test } from 'vitest'
import type { FormPart } from '../../../../test/examples/surface-examples.ts'
import { makeJpeg, makePdf, makePng } from '../../core/files/testing/file-samples.ts'
import {
  notFound,
  refusal,
  refusalOf,
  testCustomers,
  unknownIds,
  uuidOf,
  wireTime,
} from './test-customers.ts'

const customers = testCustomers()
const file = (fileName: string, value: Uint8Array | string): FormPart => ({
  name: 'file',
  fileName,
  value,
})
const pdf = makePdf('a')
const listOf = async (id: string) =>
  (await customers.call('GET', `/customers/${id}/files`)).json.data

describe('201', () => {
  test('answers the created entry; OTHER by default', async () => {
    const { id } = await customers.saveCustomer()
    const answer = await customers.upload(id, [file('passport.pdf', pdf)])
    expect(answer.status).toBe(201)
    expect(answer.json).toEqual({
      msg: 'Files uploaded',
      data: [
        {
          id: expect.stringMatching(/^file_[0-7][0-9a-hjkmnp-tv-z]{25}$/),
          name: 'passport.pdf',
          file_type: 'OTHER',
          content_type: 'application/pdf',
          size: pdf.length,
          created_at: expect.stringMatching(wireTime),
        },
      ],
    })
    expect(await listOf(id)).toEqual(answer.json.data)
  })

  test('several files of each kind, told apart by their first bytes, in their order', async () => {
    const { id } = await customers.saveCustomer()
    const parts = [file('a.pdf', pdf), file('b.png', makePng()), file('c.jpg', makeJpeg())]
    const { json } = await customers.upload(id, parts)
    const seen = json.data.map((one: Record<string, string>) => [one.name, one.content_type])
    expect(seen).toEqual([
      ['a.pdf', 'application/pdf'],
      ['b.png', 'image/png'],
      ['c.jpg', 'image/jpeg'],
    ])
  })

  test.each(['SSN_FRONT', 'SSN_BACK', 'CPF_DOCUMENT', 'PASSPORT', 'ADDRESS_PROOF', 'OTHER'])(
    'file_type %s, before or after the file that it is about',
    async (value) => {
      const { id } = await customers.saveCustomer()
      const type = { name: 'file_type', value }
      for (const parts of [
        [type, file('a.pdf', pdf)],
        [file('a.pdf', pdf), type],
      ]) {
        const { json } = await customers.upload(id, parts)
        expect(json.data[0].file_type).toBe(value)
      }
    },
  )

  test('the history holds one event for all files of a call, without their bytes', async () => {
    const { id } = await customers.saveCustomer()
    const { json } = await customers.upload(id, [file('a.pdf', pdf), file('b.png', makePng())])
    expect(await customers.historyOf(id)).toEqual(['1 customer.created', '2 customer.file.added'])
    const [, added] = await customers.eventsOf(id)
    expect(added?.actor).toMatch(/^key:/)
    const ids = json.data.map((one: { id: string }) => ({ id: uuidOf('file', one.id) }))
    expect(added?.changes).toMatchObject({ files: ids })
    expect(JSON.stringify(added?.changes)).not.toContain('%PDF')
  })

  test('ten files in one call', async () => {
    const { id } = await customers.saveCustomer()
    const parts = Array.from({ length: 10 }, (_, index) => file(`${index}.pdf`, pdf))
    expect((await customers.upload(id, parts)).json.data).toHaveLength(10)
  })

  test('the name does not decide: it ends as its bytes say, and holds no path', async () => {
    const { id } = await customers.saveCustomer()
    const { json } = await customers.upload(id, [file('../../etc/x.exe', makePng())])
    expect(json.data[0]).toMatchObject({ name: 'x_exe.png', content_type: 'image/png' })
  })

  test('a retry with the same Idempotency-Key makes no second file; another file is refused', async () => {
    const { id } = await customers.saveCustomer()
    const headers = { 'idempotency-key': `upload-${id}` }
    const first = await customers.upload(id, [file('a.pdf', pdf)], { headers })
    const again = await customers.upload(id, [file('a.pdf', pdf)], { headers })
    expect([again.status, again.text]).toEqual([201, first.text])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    const other = await customers.upload(id, [file('a.pdf', makePdf('b'))], { headers })
    expect(other.status).toBe(409)
    expect(await listOf(id)).toHaveLength(1)
  })

  test('a provider that waits for documents gets them, and the customer is DOCUMENT_PENDING', async () => {
    const { id } = await customers.saveCustomer({ email: 'alice+documents@example.com' })
    const body = { provider: 'stripe', target_role: 'customer' }
    await customers.call('POST', `/customers/${id}/platforms`, { body })
    const { clock, worker } = customers.server
    const statusOf = async () => (await customers.call('GET', `/customers/${id}`)).json.data.status
    for (let round = 0; round < 8; round += 1) {
      clock.advance(500)
      await worker.runDue()
    }
    expect(await statusOf()).toBe('DOCUMENT_REQUIRED')
    await customers.upload(id, [file('a.pdf', pdf)])
    expect(await statusOf()).toBe('DOCUMENT_PENDING')
    await customers.server.drainJobs()
    expect(await statusOf()).toBe('APPROVED')
  })
})

describe('refused, and nothing is kept', () => {
  const six = 6 * 1024 * 1024
  const many = Array.from({ length: 11 }, (_, index) => file(`${index}.pdf`, pdf))
  test.each<[number, string, FormPart[], string[]]>([
    [415, 'text with the name of a PDF', [file('a.pdf', 'hello')], ['file']],
    [415, 'HTML', [file('a.html', '<html><script>1</script></html>')], ['file']],
    [400, 'an empty file', [file('a.pdf', '')], ['file']],
    [400, 'a picture cut short', [file('a.png', makePng().subarray(0, 40))], ['file']],
    [413, 'one byte over 10 MiB', [file('a.pdf', makePdf('a'.repeat(10 * 1024 * 1024)))], ['file']],
    [
      413,
      'a picture of too many pixels',
      [file('a.png', makePng({ width: 50_000, height: 50_000 }))],
      ['file'],
    ],
    [400, 'no file', [{ name: 'file_type', value: 'OTHER' }], []],
    [400, 'eleven files', many, ['file']],
    [400, 'an unknown part', [file('a.pdf', pdf), { name: 'kind', value: 'x' }], ['kind']],
    [
      400,
      'an unknown file_type',
      [file('a.pdf', pdf), { name: 'file_type', value: 'DNI' }],
      ['file_type'],
    ],
    [
      415,
      'a good file before a bad one',
      [file('a.pdf', makePdf('a'.repeat(six))), file('b', 'x')],
      ['file'],
    ],
  ])('%i: %s', async (status, _name, parts, fields) => {
    const { id } = await customers.saveCustomer()
    const before = await customers.countRows()
    const answer = await customers.upload(id, parts)
    expect(refusalOf(answer)).toEqual(refusal(status, ...fields))
    expect(answer.json.msg).toContain(`${fields[0] ?? 'body'}: `)
    expect(await customers.countRows()).toEqual(before)
    expect(await listOf(id)).toEqual([])
  })

  test('a JSON body', async () => {
    const { id } = await customers.saveCustomer()
    const answer = await customers.call('POST', `/customers/${id}/files`, { body: { file: 'x' } })
    expect(refusalOf(answer)).toMatchObject({ status: 415, isWhole: true })
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('%s is no customer', async (id) => {
    const answer = await customers.upload(id, [file('a.pdf', pdf)])
    expect([answer.status, answer.json]).toEqual([404, notFound])
  })

  test("another app's customer looks missing, and gets no file", async () => {
    const { id } = await customers.saveCustomer()
    const key = await customers.newAppKey()
    const answer = await customers.upload(id, [file('a.pdf', pdf)], { key })
    expect([answer.status, answer.json]).toEqual([404, notFound])
    expect(await listOf(id)).toEqual([])
  })
})
