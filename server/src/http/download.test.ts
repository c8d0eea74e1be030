// Owns the guarantee that a download is an attachment under its own name, whatever the name holds.
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sendDownload } from './download.ts'

const blocks = [Buffer.from('%PDF-'), Buffer.of(0, 0xff), Buffer.from('1.7')]
const content = Buffer.concat(blocks)

/** Of the next download. */
let fileName = ''
let server: FastifyInstance
beforeAll(async () => {
  server = fastify()
  server.get('/', (_, reply) => {
    const bytes = (async function* () {
      yield* blocks
    })()
    const contentType = 'application/pdf'
    return sendDownload(reply, 200, { contentType, fileName, size: content.length, bytes })
  })
  await server.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => server.close())

function download(name: string): Promise<Response> {
  fileName = name
  return fetch(server.listeningOrigin)
}

test('the bytes come as they are, with their length, and nothing in them may run', async () => {
  const response = await download('scan.pdf')
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/pdf',
    'content-length': String(content.length),
    'content-disposition': `attachment; filename="scan.pdf"; filename*=UTF-8''scan.pdf`,
    'content-security-policy': "default-src 'none'; sandbox",
  })
  expect(Buffer.from(await response.arrayBuffer())).toEqual(content)
})

/** The name, what stands between the quotes, and what stands after `UTF-8''`. */
const names: [what: string, name: string, ascii: string, full: string][] = [
  ['letters of Latin', 'Führer.pdf', 'F_hrer.pdf', 'F%C3%BChrer.pdf'],
  [
    'letters beyond two bytes',
    '身分証😀.pdf',
    '_____.pdf',
    '%E8%BA%AB%E5%88%86%E8%A8%BC%F0%9F%98%80.pdf',
  ],
  ['a turn of direction', 'a\u202Efdp.exe', 'a_fdp.exe', 'a%E2%80%AEfdp.exe'],
  ['quotes', 'a".exe;x=".pdf', 'a_.exe;x=_.pdf', 'a%22.exe%3Bx%3D%22.pdf'],
  ['an escape of a quote', 'a\\".pdf', 'a__.pdf', 'a%5C%22.pdf'],
  ["the signs of RFC 5987's own grammar", "a'(b)*!.pdf", "a'(b)*!.pdf", 'a%27%28b%29%2A!.pdf'],
  ['what reads as encoded', 'a%22b.pdf', 'a_22b.pdf', 'a%2522b.pdf'],
  ['a path', '../../etc/passwd', '.._.._etc_passwd', '..%2F..%2Fetc%2Fpasswd'],
  ['a path of Windows', 'C:\\run.exe', 'C:_run.exe', 'C%3A%5Crun.exe'],
  [
    'the end of a header',
    'a\r\nset-cookie: b=1\0.pdf',
    'a__set-cookie: b=1_.pdf',
    'a%0D%0Aset-cookie%3A%20b%3D1%00.pdf',
  ],
  ['half a character', 'a\uD800.pdf', 'a_.pdf', 'a%EF%BF%BD.pdf'],
]

describe('a name with', () => {
  test.each(names)('%s stays one name in one header', async (_, name, ascii, full) => {
    const { status, headers } = await download(name)
    expect(status).toBe(200)
    const expected = `attachment; filename="${ascii}"; filename*=UTF-8''${full}`
    expect(headers.get('content-disposition')).toBe(expected)
    expect(headers.get('set-cookie')).toBeNull()
    // RFC 5987: attr-char and pct-encoded, nothing else.
    expect(full).toMatch(/^(?:[\w!#$&+.^`|~-]|%[0-9A-F]{2})+$/)
  })
})
