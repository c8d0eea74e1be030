// Owns the guarantees of inbound webhooks over HTTP: the bytes as they came, and a receipt.
import { generateKeyPairSync, sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import { sendRaw } from '../../../test/raw-request.ts'
import { saveConnection } from '../core/connections/connection-service.ts'
import type { App } from '../core/context.ts'
import { printId } from '../lib/id.ts'
import { limits } from './limits.ts'

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
const otherKeys = generateKeyPairSync('rsa', { modulusLength: 2048 })

let server: TestServer
/** The webhook path of the test app's connection to Bridge, and of the live app's. */
let path: string
let livePath: string
beforeAll(async () => {
  server = await startTestServer()
  path = await connect(server.testApp, keys)
  livePath = await connect(server.liveApp, otherKeys)
})
afterAll(() => server.close())

async function connect(app: App, { publicKey }: typeof keys, of = server): Promise<string> {
  const { id } = await saveConnection(of.contextOf(app), {
    provider: 'bridge',
    credentials: {
      api_key: `sk-${app.mode}-key`,
      webhook_public_key: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    },
    baseUrl: null,
    mayReplaceLegalAddress: false,
    checkedAt: 0,
  })
  return `/hooks/bridge/${printId('connection', id)}`
}

const minuteMs = 60_000
const person = 'Lia Prado Gaivota'
const personal = /Lia|Prado|Gaivota|gaivota/
const remoteId = '00000000-0000-4000-8000-000000000001'
let count = 0

/** A fact that no other test has told. */
function newEvent(): string {
  count += 1
  return JSON.stringify({
    event_id: `wh_${count}`,
    event_category: 'customer',
    event_type: 'customer.updated',
    event_object_id: remoteId,
    event_object: { id: remoteId, first_name: person, email: 'lia@gaivota.example' },
    event_created_at: '2026-11-20T11:59:00.000Z',
  })
}

function signatureOf(body: string | Uint8Array, with_ = keys, at = server.clock.now()): string {
  const message = Buffer.concat([Buffer.from(`${at}.`), Buffer.from(body)])
  return `t=${at},v0=${sign('RSA-SHA256', message, with_.privateKey).toString('base64')}`
}

interface Sent {
  to?: string
  signature?: string
  headers?: Record<string, string>
}

function post(body: string | Uint8Array, sent: Sent = {}) {
  const { to = path, signature = signatureOf(body), headers = {} } = sent
  const all = { 'x-webhook-signature': signature, ...headers }
  return server.call('POST', to, { key: null, body, headers: all })
}

async function stored() {
  const { db } = server.system
  const notices = await db.selectFrom('provider_notices').selectAll().execute()
  const jobs = await db.selectFrom('jobs').select('id').execute()
  return { notices: notices.length, jobs: jobs.length }
}

/** What a refusal is, and that it left nothing behind. */
async function refusalOf(answering: () => ReturnType<typeof post>) {
  const before = await stored()
  const { status, json, text } = await answering()
  expect(await stored()).toEqual(before)
  expect(text).not.toMatch(personal)
  expect(json).toEqual({
    error: { code: expect.any(String), message: expect.stringMatching(/./) },
  })
  return [status, json.error.code]
}

describe('the signature is checked over the bytes as they came', () => {
  test.each([
    ['application/json'],
    ['application/json; charset=utf-8'],
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/octet-stream'],
  ])('of type %s', async (type) => {
    // Spaces, order and escapes are gone in whatever was parsed and written again.
    const body = ` ${newEvent().replace('Lia', '\\u004c\\u0069a').replace(',', ' ,\r\n\t')}\n`
    const before = await stored()
    expect((await post(body, { headers: { 'content-type': type } })).json).toEqual({ received: 1 })
    expect(await stored()).toEqual({ notices: before.notices + 1, jobs: before.jobs + 1 })
  })

  test('without a content type', async () => {
    const body = newEvent()
    const headers = { 'x-webhook-signature': signatureOf(body) }
    const answer = await sendRaw(server.url, { method: 'POST', path, headers, body })
    expect([answer.status, answer.text]).toEqual([200, '{"received":1}'])
  })

  test('but not of a type that is none', async () => {
    const headers = { 'content-type': 'anything' }
    const refusal = await refusalOf(() => post(newEvent(), { headers }))
    expect(refusal).toEqual([415, 'media_type_unsupported'])
  })

  test.each<[string, Uint8Array]>([
    ['every byte there is', Uint8Array.from({ length: 256 }, (_, byte) => byte)],
    ['a byte order mark', Buffer.from('\uFEFF[]')],
    ['bytes that are no UTF-8', Buffer.of(0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80)],
    ['what unpacks to an event', Buffer.from('1f8b08000000000000ff', 'hex')],
    ['nothing', new Uint8Array()],
  ])('%s', async (_, body) => {
    const headers = { 'content-encoding': 'gzip' }
    // Signed, and so believed to be the provider's: then it is no event.
    expect(await refusalOf(() => post(body, { headers }))).toEqual([400, 'webhook_malformed'])
    const other = Buffer.concat([body, Buffer.of(0x20)])
    const signature = signatureOf(body)
    expect(await refusalOf(() => post(other, { headers, signature }))).toEqual(signatureInvalid)
  })
})

const signatureInvalid = [401, 'webhook_signature_invalid']

describe('refused, and nothing stored', () => {
  test.each<[string, (body: string) => Sent]>([
    ['no signature', () => ({ signature: '' })],
    ['a signature of nothing', () => ({ signature: `t=${server.clock.now()},v0=` })],
    ['a body with one byte changed', (body) => ({ signature: signatureOf(`${body} `) })],
    ["another key's signature", (body) => ({ signature: signatureOf(body, otherKeys) })],
    ["another app's signature at this app's connection", () => ({ to: livePath })],
    ['an old signature', (body) => ({ signature: signedAgo(body, 11 * minuteMs) })],
    ['one from the future', (body) => ({ signature: signedAgo(body, -11 * minuteMs) })],
  ])('%s', async (_, sentOf) => {
    const body = newEvent()
    expect(await refusalOf(() => post(body, sentOf(body)))).toEqual(signatureInvalid)
    expect((await post(body)).json).toEqual({ received: 1 })
  })

  test("an app's key opens no door: the signature alone does", async () => {
    const headers = { authorization: `Bearer ${server.key}` }
    expect(await refusalOf(() => post(newEvent(), { headers, signature: '' }))).toEqual(
      signatureInvalid,
    )
  })

  test.each([
    ['no JSON', person],
    ['a text', JSON.stringify(person)],
    ['a list', `[${JSON.stringify(person)}]`],
    ['an object of nothing', '{}'],
    ['an id that is no text', JSON.stringify({ event_id: 5, name: person })],
    ['nested beyond any depth', '['.repeat(100_000)],
  ])('a signed body that is %s', async (_, body) => {
    expect(await refusalOf(() => post(body))).toEqual([400, 'webhook_malformed'])
  })
})

const signedAgo = (body: string, ms: number) => signatureOf(body, keys, server.clock.now() - ms)

describe('413', () => {
  const padded = (size: number) => {
    const event = newEvent()
    return event + ' '.repeat(size - event.length)
  }

  test('at the limit a body is read whole, and one byte more is refused', async () => {
    expect((await post(padded(limits.bodyBytesMax))).json).toEqual({ received: 1 })
    const over = padded(limits.bodyBytesMax + 1)
    expect(await refusalOf(() => post(over))).toEqual([413, 'body_too_large'])
  })

  test('also where no length was announced', async () => {
    const before = await stored()
    const body = padded(limits.bodyBytesMax + 1)
    const { status } = await fetch(server.url + path, {
      method: 'POST',
      headers: { 'x-webhook-signature': signatureOf(body) },
      body: new Blob([body]).stream(),
      duplex: 'half',
    })
    expect(status).toBe(413)
    expect(await stored()).toEqual(before)
  })
})

describe('404', () => {
  const idOf = (of: string) => of.slice('/hooks/bridge/'.length)
  const unknown = '01890a5d-ac96-774b-bcce-b302099a8057'

  test.each<[string, () => string]>([
    ['an unknown provider', () => `/hooks/paypal/${idOf(path)}`],
    ['a provider in another spelling', () => `/hooks/Bridge/${idOf(path)}`],
    ['the sandbox', () => `/hooks/sandbox/${idOf(path)}`],
    ['a name that every object has', () => `/hooks/__proto__/${idOf(path)}`],
    ['a provider that the connection is not to', () => `/hooks/stripe/${idOf(path)}`],
    ['an unknown connection', () => `/hooks/bridge/${printId('connection', unknown)}`],
    ['the id of something else', () => `/hooks/bridge/${printId('app', server.testApp.id)}`],
    ['no id', () => `/hooks/bridge/${encodeURIComponent(person)}`],
    ['a quote', () => `/hooks/bridge/'%20or%20''='`],
  ])('%s', async (_, to) => {
    expect(await refusalOf(() => post(newEvent(), { to: to() }))).toEqual([
      404,
      'connection_not_found',
    ])
  })

  test.each<[string, () => string]>([
    ['no connection', () => '/hooks/bridge'],
    ['a path below a connection', () => `${path}/${encodeURIComponent(person)}`],
  ])('%s is no route', async (_, to) => {
    const { status, json, text } = await post(newEvent(), { to: to() })
    expect([status, json.error.code]).toEqual([404, 'route_not_found'])
    expect(text).not.toMatch(personal)
  })
})

test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])('405: %s', async (method) => {
  const answer = await server.call(method, path, { key: null })
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
  if (method !== 'HEAD') expect(answer.json.error.code).toBe('method_not_allowed')
})

describe('the same fact again', () => {
  test('is stored once, also from a retry that is signed anew', async () => {
    const body = newEvent()
    expect((await post(body)).json).toEqual({ received: 1 })
    const before = await stored()
    server.clock.advance(minuteMs)
    expect((await post(body)).json).toEqual({ received: 0 })
    expect(await stored()).toEqual(before)
  })

  test('is stored once when it comes twenty times at the same moment', async () => {
    const body = newEvent()
    const before = await stored()
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(body)))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(answers.reduce((sum, { json }) => sum + json.received, 0)).toBe(1)
    expect(await stored()).toEqual({ notices: before.notices + 1, jobs: before.jobs + 1 })
  })

  test("at another app's connection is that app's own", async () => {
    const body = newEvent()
    await post(body)
    const signature = signatureOf(body, otherKeys)
    expect((await post(body, { to: livePath, signature })).json).toEqual({ received: 1 })
  })
})

test('whatever came, no line of the log holds a value of it', async () => {
  const to = `/hooks/bridge/${encodeURIComponent(person)}?name=${encodeURIComponent(person)}`
  const start = server.logLines.length
  const headers = { 'user-agent': person }
  await post(newEvent(), { headers })
  await post(newEvent(), { headers, signature: person })
  await post(person, { headers })
  await post(newEvent(), { headers, to })
  await server.call('DELETE', to, { key: null })
  const lines = server.logLines.slice(start).map((line) => JSON.parse(line))
  const route = '/hooks/:provider/:connection'
  expect(lines.map((line) => [line.route, line.status])).toEqual(
    [200, 401, 400, 404, 405].map((status) => [route, status]),
  )
  expect(server.logLines.join('')).not.toMatch(personal)
})

test('429: a sender of too many is told when to come again', async () => {
  const slow = await startTestServer({ CLIENTELE_REQUESTS_PER_SECOND: '1' })
  try {
    const to = `${slow.url}${await connect(slow.testApp, keys, slow)}`
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => fetch(to, { method: 'POST' })),
    )
    const limited = answers.find(({ status }) => status === 429)
    expect(limited?.headers.get('retry-after')).toBe('1')
    expect(await limited?.json()).toMatchObject({ error: { code: 'too_many_requests' } })
  } finally {
    await slow.close()
  }
})
