// Owns the proof that only a webhook signed with the secret, and lately, yields its event.
import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { ArgumentError, verifyWebhook, type WebhookToVerify } from './index.ts'

const secret = 'whsec_plJ3nmyCDGBKInavdOK15jsl'
const other = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const id = 'msg_loFOjxBNrRLzqYUf'
const timestamp = '1731705121'
const payload = '{"type":"customer.created","data":{"name":"Zoë"}}'

function sign(body = payload, by = secret): string {
  const key = Buffer.from(by.slice('whsec_'.length), 'base64')
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`)
  return `v1,${mac.digest('base64')}`
}

const headersOf = (signature: string) => ({
  'webhook-id': id,
  'webhook-timestamp': timestamp,
  'webhook-signature': signature,
})

/** `ok`, or what the refusal names. */
async function verdict(more: Partial<WebhookToVerify> = {}, seconds = 0): Promise<string> {
  const now = () => (Number(timestamp) + seconds) * 1_000
  const given = { payload, headers: headersOf(sign()), secret, now, ...more }
  const result = await verifyWebhook(given)
  if (result.ok) return 'ok'
  return result.error instanceof ArgumentError ? result.error.param : 'another error'
}

test('the published vector of the standard has a good signature', async () => {
  const body = '{"event_type":"ping","data":{"success":true}}'
  const published = 'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0='
  // It is no event of ours, so what is refused is the payload and no longer the signature.
  expect(await verdict({ payload: body, headers: headersOf(published) })).toBe('payload')
  expect(sign(body)).toBe(published)
})

test('a good webhook yields its event, from text, bytes and Headers alike', async () => {
  const now = () => Number(timestamp) * 1_000
  const headers = new Headers(headersOf(sign()))
  const bytes = new TextEncoder().encode(payload)
  for (const body of [payload, bytes]) {
    const result = await verifyWebhook({ payload: body, headers, secret, now })
    expect(result).toEqual({ ok: true, value: JSON.parse(payload) })
  }
})

test('a changed byte, a wrong secret or another version of signature is refused', async () => {
  expect(await verdict({ payload: payload.replace('Z', 'z') })).toBe('signature')
  expect(await verdict({ secret: other })).toBe('signature')
  expect(await verdict({ headers: headersOf(sign().replace('v1,', 'v2,')) })).toBe('signature')
  expect(await verdict({ headers: headersOf('v1,%%%') })).toBe('signature')
})

test('a timestamp is good up to the tolerance, before and after', async () => {
  expect([await verdict({}, 300), await verdict({}, -300)]).toEqual(['ok', 'ok'])
  expect([await verdict({}, 301), await verdict({}, -301)]).toEqual(['timestamp', 'timestamp'])
  expect(await verdict({ toleranceSeconds: 10 }, 11)).toBe('timestamp')
  expect(await verdict({ toleranceSeconds: Number.NaN })).toBe('toleranceSeconds')
})

test('each header must be there', async () => {
  for (const name of Object.keys(headersOf(''))) {
    expect(await verdict({ headers: { ...headersOf(sign()), [name]: undefined } })).toBe('headers')
  }
})

test('one good signature of several, and one good secret of several, is enough', async () => {
  const two = headersOf(`${sign(payload, other)} ${sign()}`)
  expect(await verdict({ headers: two })).toBe('ok')
  expect(await verdict({ secret: [other, secret] })).toBe('ok')
  expect(await verdict({ secret: [] })).toBe('secret')
  expect(await verdict({ secret: 'whsec_' })).toBe('secret')
})
