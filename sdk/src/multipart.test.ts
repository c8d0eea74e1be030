// Owns the proof that a form arrives as it was made, whatever stands in its names and files.
import { mkdtempSync, openAsBlob, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ArgumentError } from './errors.ts'
import { encodeForm } from './multipart.ts'

/** What a parser that is not ours reads. */
async function arrives(form: FormData): Promise<FormData> {
  const { contentType, body } = await encodeForm(form)
  return new Response(body, { headers: { 'content-type': contentType } }).formData()
}

const names = [
  'a.pdf',
  'Paß 護照.png',
  'a "b".pdf',
  'a%22b',
  '../../etc/passwd',
  '\u202egpj.exe',
  '',
]

test.each(names)('a file called %j keeps its name, type and bytes', async (name) => {
  const bytes = Uint8Array.from({ length: 1_000 }, (_none, index) => (index * 7) % 256)
  const form = new FormData()
  form.append('file', new File([bytes], name, { type: 'image/png' }))
  const file = (await arrives(form)).get('file')
  if (!(file instanceof File)) throw new Error('no file arrived')
  expect([file.name.replaceAll('%22', '"'), file.type]).toEqual([
    name.replaceAll('%22', '"'),
    'image/png',
  ])
  expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes)
})

test('fields keep their order, names and values; line breaks become CRLF', async () => {
  const form = new FormData()
  form.append('file_type', 'PASSPORT')
  form.append('note', 'first\nsecond\rthird\r\n')
  form.append('file_type', '')
  form.append('name "x"', '--boundary--')
  expect([...(await arrives(form))]).toEqual([
    ['file_type', 'PASSPORT'],
    ['note', 'first\r\nsecond\r\nthird\r\n'],
    ['file_type', ''],
    ['name "x"', '--boundary--'],
  ])
})

test('a name cannot write a header or a part of its own', async () => {
  const name = 'x.png"\r\nContent-Type: text/html\r\n\r\n<script>'
  const form = new FormData()
  form.append('file', new File(['%PDF'], name, { type: 'application/pdf' }))
  const text = await (await encodeForm(form)).body.text()
  const lines = text.split('\r\n')
  expect(lines[1]).toBe(
    'Content-Disposition: form-data; name="file"; ' +
      'filename="x.png%22%0D%0AContent-Type: text/html%0D%0A%0D%0A<script>"',
  )
  expect(lines.slice(2, 5)).toEqual(['Content-Type: application/pdf', '', '%PDF'])
})

test('a file without a type is bytes; a form without parts is one all the same', async () => {
  const form = new FormData()
  form.append('file', new Blob(['x']))
  const [file] = (await arrives(form)).getAll('file')
  expect(file).toMatchObject({ name: 'blob', type: 'application/octet-stream' })
  const { contentType, body } = await encodeForm(new FormData())
  expect(await body.text()).toBe(`--${contentType.split('boundary=')[1]}--\r\n`)
})

test('a file that has changed since it was chosen is an ArgumentError', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-upload-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'passport.pdf')
  writeFileSync(path, 'as it was chosen')
  const form = new FormData()
  form.set('file', await openAsBlob(path), 'passport.pdf')
  writeFileSync(path, 'something else since then')
  const error = await encodeForm(form).catch((thrown: unknown) => thrown)
  if (!(error instanceof ArgumentError)) throw new Error('not an ArgumentError')
  expect(error.message).toBe('files has a file that cannot be read.')
})
