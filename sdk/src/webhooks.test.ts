// Owns the proof that only a webhook signed with the secret, and lately, yields its event.
import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { ArgumentError, verifyWebhook, type WebhookToVerify } from './index.ts'

const secret = 'whsec_plJ3nmyCDGBKInavdOK15jsl'
const other = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const id = 'msg_loFOjxBNrRLzqYUf'
const timestamp = '1731705121'
const event = {
  type: 'customer.created',
  timestamp: '2024-11-15T21:12:01.000Z',
  data: {
    id: 'evt_01h455vb4pex5vsknk084sn02q_1',
    customer_id: 'cust_01h455vb4pex5vsknk084sn02q',
    version: 1,
    previous_version: 0,
    actor: 'key:01890a5d-ac96-774b-bcce-b302099a8057',
    changes: { name: 'Zoë' },
  },
}
const payload = JSON.stringify(event)

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

test('the published vectors of the standard have good signatures', async () => {
  const body = '{"event_type":"ping","data":{"success":true}}'
  const published = 'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0='
  // They are no events of ours, so what is refused is the payload and no longer the signature.
  expect(await verdict({ payload: body, headers: headersOf(published) })).toBe('payload')
  expect(sign(body)).toBe(published)
  const ofLibrary = {
    payload: '{"test": 2432232314}',
    secret: other,
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    now: () => 1_614_265_330_000,
  }
  expect(await verdict(ofLibrary)).toBe('payload')
  expect(await verdict({ ...ofLibrary, secret })).toBe('signature')
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

test('a wrong secret, another version or a part of a signature is refused', async () => {
  expect(await verdict({ secret: other })).toBe('signature')
  expect(await verdict({ headers: headersOf(sign().replace('v1,', 'v2,')) })).toBe('signature')
  expect(await verdict({ headers: headersOf(sign().replace('v1,', 'v1a,')) })).toBe('signature')
  for (const signature of ['v1,%%%', 'v1,', 'v1', sign().slice(0, -8), sign().slice(3)]) {
    expect(await verdict({ headers: headersOf(signature) })).toBe('signature')
  }
})

const flip = (bytes: Buffer, bit: number): Buffer => {
  const changed = Buffer.from(bytes)
  changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
  return changed
}

test('no single bit of body, id, time or signature can change unnoticed', async () => {
  const verdicts = new Map<string, number>()
  const note = (found: string) => verdicts.set(found, (verdicts.get(found) ?? 0) + 1)
  const body = Buffer.from(payload)
  for (let bit = 0; bit < body.length * 8; bit += 1) {
    note(await verdict({ payload: flip(body, bit) }))
  }
  const headers = headersOf(sign())
  for (const [name, value] of Object.entries(headers)) {
    const bytes = Buffer.from(value)
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = { ...headers, [name]: flip(bytes, bit).toString('latin1') }
      note(await verdict({ headers: changed }))
    }
  }
  const bits = 8 * (body.length + Object.values(headers).join('').length)
  expect(bits).toBeGreaterThan(2_500)
  const { signature = 0, timestamp: time = 0, ...others } = Object.fromEntries(verdicts)
  expect(others).toEqual({})
  expect(signature + time).toBe(bits)
})

test('a timestamp is good up to the tolerance, before and after', async () => {
  expect([await verdict({}, 300), await verdict({}, -300)]).toEqual(['ok', 'ok'])
  expect([await verdict({}, 301), await verdict({}, -301)]).toEqual(['timestamp', 'timestamp'])
  expect(await verdict({ toleranceSeconds: 10 }, 11)).toBe('timestamp')
  expect(await verdict({ toleranceSeconds: Number.NaN })).toBe('toleranceSeconds')
})

test.each<[string, object]>([
  ['no object', []],
  ['another type', { ...event, type: 3 }],
  ['no time', { ...event, timestamp: undefined }],
  ['no data', { ...event, data: null }],
  ['no id', { ...event, data: { ...event.data, id: 3 } }],
  ['no version', { ...event, data: { ...event.data, version: '1' } }],
  ['changes that are none', { ...event, data: { ...event.data, changes: 'all' } }],
])('what is signed and no event is refused: %s', async (_name, body) => {
  const text = JSON.stringify(body)
  expect(await verdict({ payload: text, headers: headersOf(sign(text)) })).toBe('payload')
})

test('a type that this version does not know is handed on', async () => {
  const text = JSON.stringify({ ...event, type: 'customer.later.added' })
  expect(await verdict({ payload: text, headers: headersOf(sign(text)) })).toBe('ok')
})

test('each header must be there', async () => {
  for (const name of Object.keys(headersOf(''))) {
    expect(await verdict({ headers: { ...headersOf(sign()), [name]: undefined } })).toBe('headers')
  }
})

test('one good signature of several, and one good secret of several, is enough', async () => {
  const two = headersOf(`${sign(payload, other)} ${sign()}`)
  expect(await verdict({ headers: two })).toBe('ok')
  const withAsymmetric = headersOf(`v1a,${'A'.repeat(86)}== ${sign()}`)
  expect(await verdict({ headers: withAsymmetric })).toBe('ok')
  expect(await verdict({ secret: [other, secret] })).toBe('ok')
  expect(await verdict({ secret: [] })).toBe('secret')
  expect(await verdict({ secret: 'whsec_' })).toBe('secret')
})
