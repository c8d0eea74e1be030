// Owns what is read from multipart bodies, and what is refused by its form, over real sockets.
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemRandom } from '../lib/random.ts'
import {
  encodeParts,
  fileHeaders,
  type MultipartServer,
  multipartType,
  readAll,
  startMultipartServer,
} from './testing/multipart-server.ts'

const options = { filePart: 'file', filesMax: 3, fileBytesMax: 100_000, textParts: ['file_type'] }

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let server: MultipartServer
beforeAll(async () => {
  server = await startMultipartServer(
    options,
    async ({ fieldName, fileName, contentType, stream }) => {
      const bytes = await readAll(stream)
      return { fieldName, fileName, contentType, size: bytes.length, hash: hashOf(bytes) }
    },
  )
})
afterAll(() => server.close())

async function post(body: FormData | Uint8Array<ArrayBuffer>, contentType: string | null = null) {
  const headers = contentType === null ? {} : { 'content-type': contentType }
  const response = await fetch(server.url, { method: 'POST', body, headers })
  const answer: { code?: string; message: string; files: unknown; fields: unknown } = JSON.parse(
    await response.text(),
  )
  return { status: response.status, ...answer }
}

const send = (parts: Parameters<typeof encodeParts>[0], type = multipartType) =>
  post(new Uint8Array(encodeParts(parts)), type)

function formOf(files: [string, Uint8Array][], fields: [string, string][] = []): FormData {
  const form = new FormData()
  for (const [name, bytes] of files) {
    form.append('file', new File([new Uint8Array(bytes)], name, { type: 'application/pdf' }))
  }
  for (const [name, value] of fields) form.append(name, value)
  return form
}

const shown = (fileName: string, bytes: Uint8Array, contentType = 'application/pdf') => ({
  fieldName: 'file',
  fileName,
  contentType,
  size: bytes.length,
  hash: hashOf(bytes),
})

describe('a body is read', () => {
  test('file after file, with the text that stands beside them', async () => {
    const [one, two] = [systemRandom.bytes(70_000), systemRandom.bytes(10)]
    const form = formOf(
      [
        ['one.pdf', one],
        ['two.pdf', two],
      ],
      [['file_type', 'PASSPORT']],
    )
    expect(await post(form)).toEqual({
      status: 200,
      fields: { file_type: 'PASSPORT' },
      files: [shown('one.pdf', one), shown('two.pdf', two)],
    })
  })

  test('with the text before the files, without any, and with an empty file', async () => {
    const content = Buffer.from('x')
    const text = { headers: ['Content-Disposition: form-data; name="file_type"'], content: 'OTHER' }
    const before = await send([text, { headers: fileHeaders('a.pdf'), content }])
    expect(before).toEqual({
      status: 200,
      fields: { file_type: 'OTHER' },
      files: [shown('a.pdf', content)],
    })
    expect(await post(formOf([['a.pdf', content]]))).toMatchObject({ status: 200, fields: {} })
    const empty = Buffer.alloc(0)
    expect(await post(formOf([['a.pdf', empty]]))).toMatchObject({ files: [shown('a.pdf', empty)] })
  })

  test('byte for byte, whatever the bytes and however many files', async () => {
    const files = fc.array(fc.uint8Array({ maxLength: 50_000, size: 'max' }), {
      minLength: 1,
      maxLength: 3,
    })
    const property = fc.asyncProperty(files, async (all) => {
      const named = all.map((bytes, index): [string, Uint8Array] => [`${index}.pdf`, bytes])
      const { files: got } = await post(formOf(named))
      expect(got).toEqual(named.map(([name, bytes]) => shown(name, bytes)))
    })
    await fc.assert(property, { numRuns: 30 })
  })

  test('byte for byte where the content looks like its boundary', async () => {
    const content = '\r\n--a-boundar\r\n--a-boundarx--\r\n\r\n--\r\n-'
    expect(await send([{ headers: fileHeaders('a.pdf'), content }])).toMatchObject({
      files: [shown('a.pdf', Buffer.from(content))],
    })
  })

  test('with a name exactly as it was sent, paths and signs and all', async () => {
    const name = '../\u202egnp.ção %0D%0A.exe'
    const { files } = await post(formOf([[name, Buffer.from('x')]]))
    expect(files).toEqual([shown(name, Buffer.from('x'))])
  })

  test('where a file has neither name nor type', async () => {
    const headers = ['Content-Disposition: form-data; name="file"']
    const { files } = await send([{ headers, content: 'x' }])
    expect(files).toEqual([shown('', Buffer.from('x'), 'text/plain')])
  })
})

const file = { headers: fileHeaders('a.pdf'), content: 'x' }
const textPart = (name: string, content = 'x') => ({
  headers: [`Content-Disposition: form-data; name="${name}"`],
  content,
})
const times = (count: number) => Array.from({ length: count }, () => file)

describe('a body is refused', () => {
  const refusals: [string, Parameters<typeof encodeParts>[0], number, string, string][] = [
    ['without a file', [textPart('file_type')], 400, 'upload_file_missing', 'body: holds no file.'],
    ['without a part', [], 400, 'upload_file_missing', 'body: holds no file.'],
    [
      'with one file too many',
      times(4),
      400,
      'upload_files_too_many',
      'file: there are more than 3 files.',
    ],
    [
      'with a part that is not known',
      [file, textPart('owner')],
      400,
      'upload_part_unknown',
      'owner: is not a part of this body; known: file, file_type.',
    ],
    [
      'with a file in a part that is not known',
      [
        {
          headers: ['Content-Disposition: form-data; name="__proto__"; filename="a"'],
          content: '',
        },
      ],
      400,
      'upload_part_unknown',
      '__proto__: is not a part of this body; known: file, file_type.',
    ],
    [
      'with a text twice',
      [file, textPart('file_type'), textPart('file_type')],
      400,
      'upload_malformed',
      'file_type: is given twice.',
    ],
    [
      'with a text that is too long',
      [file, textPart('file_type', 'x'.repeat(1_025))],
      400,
      'upload_malformed',
      'file_type: is longer than 1024 bytes.',
    ],
    [
      'with a part without a name',
      [{ headers: ['Content-Disposition: form-data; filename="a.pdf"'], content: 'x' }],
      400,
      'upload_malformed',
      'body: holds a part without a name.',
    ],
    [
      'with a file one byte too large',
      [{ ...file, content: Buffer.alloc(100_001) }],
      413,
      'upload_file_too_large',
      'file: is larger than 100000 bytes.',
    ],
    [
      'where the only part breaks the line in its name',
      [{ headers: fileHeaders('a\nb.pdf'), content: 'x' }],
      400,
      'upload_file_missing',
      'body: holds no file.',
    ],
  ]
  test.each(refusals)('%s', async (_, parts, status, code, message) => {
    const answer = await send(parts)
    expect(answer).toMatchObject({ status, code })
    expect(answer.message.startsWith(message)).toBe(true)
  })

  test.each([
    ['application/json', 415, 'upload_not_multipart'],
    ['multipart/mixed; boundary=a-boundary', 415, 'upload_not_multipart'],
    ['multipart/form-database; boundary=a-boundary', 415, 'upload_not_multipart'],
    ['multipart/form-data', 400, 'upload_malformed'],
    ['multipart/form-data; boundary', 400, 'upload_malformed'],
    ['multipart/form-data; boundary=another', 400, 'upload_malformed'],
  ])('of the type %s', async (type, status, code) => {
    expect(await send([file], type)).toMatchObject({ status, code })
  })

  test('that is compressed', async () => {
    const headers = { 'content-type': multipartType, 'content-encoding': 'gzip' }
    const response = await fetch(server.url, { method: 'POST', body: 'x', headers })
    expect(response.status).toBe(415)
  })

  test('that ends anywhere before its closing boundary', async () => {
    const whole = encodeParts([textPart('file_type'), { ...file, content: 'content' }])
    const lengths = Array.from({ length: whole.length - 4 }, (_, length) => length)
    for (const length of lengths) {
      const answer = await post(new Uint8Array(whole.subarray(0, length)), multipartType)
      expect(answer).toMatchObject({ status: 400, code: 'upload_malformed' })
    }
    expect(await post(new Uint8Array(whole), multipartType)).toMatchObject({ status: 200 })
  })

  test('and the same connection takes the next one', async () => {
    expect((await send(times(4))).status).toBe(400)
    expect((await send(times(3))).status).toBe(200)
  })

  test('whatever bytes it is, or read: never anything else', async () => {
    const whole = encodeParts([textPart('file_type'), file, file])
    const noise = fc.uint8Array({ minLength: 1, maxLength: 8 })
    const property = fc.asyncProperty(fc.nat(whole.length), noise, async (at, bytes) => {
      const broken = Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at)])
      const answer = await post(new Uint8Array(broken), multipartType)
      expect([200, 400]).toContain(answer.status)
    })
    await fc.assert(property, { numRuns: 300 })
  })
})
