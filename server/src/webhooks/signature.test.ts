// Owns the proof that signatures are those of Standard Webhooks, by its published example.
import { expect, test } from 'vitest'
import { systemRandom } from '../lib/random.ts'
import { createSigningSecret, signedHeaders } from './signature.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const message = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  sentAt: 1_614_265_330_000,
  body: '{"test": 2432232314}',
}
const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='

test("the specification's own example is signed as it says", () => {
  expect(signedHeaders(message, [secret])).toEqual({
    'webhook-id': message.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': signature,
  })
})

test('the time is cut to the second, never rounded into the future', () => {
  const headers = signedHeaders({ ...message, sentAt: message.sentAt + 999 }, [secret])
  expect(headers['webhook-timestamp']).toBe('1614265330')
})

test('two secrets give two signatures, in their order', () => {
  const other = createSigningSecret(systemRandom)
  const signatures = signedHeaders(message, [other, secret])['webhook-signature'].split(' ')
  expect(signatures).toEqual([expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/), signature])
})

test('every secret is another one of 32 bytes', () => {
  const secrets = Array.from({ length: 100 }, () => createSigningSecret(systemRandom))
  expect(new Set(secrets).size).toBe(100)
  for (const one of secrets) {
    expect(one.startsWith('whsec_')).toBe(true)
    expect(Buffer.from(one.slice(6), 'base64')).toHaveLength(32)
  }
})
