// Owns the promise that a webhook verifies exactly as it was sent, for five minutes (P26).
import { expect, test } from 'vitest'
import { ArgumentError, verifyWebhook } from '../sdk/src/index.ts'
import { systemRandom } from '../server/src/lib/random.ts'
import { createSigningSecret, signedHeaders } from '../server/src/webhooks/signature.ts'
import { runs, runsMsMax } from './runs.ts'

const sentAt = 1_795_168_800_000
const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const

interface Sent {
  body: Buffer
  headers: Record<string, string>
  secret: string
}

/** As the sender makes them, with any text in them. */
function send(count: number, more: string[] = []): Sent {
  const secret = createSigningSecret(systemRandom)
  const body = JSON.stringify({
    type: 'customer.updated',
    timestamp: '2026-11-20T10:00:00.000Z',
    data: {
      id: `evt_${count}`,
      customer_id: 'cust_01h455vb4pex5vsknk084sn02q',
      version: count + 1,
      previous_version: count,
      actor: 'key:1',
      changes: { name: systemRandom.bytes(count % 40).toString('utf8'), note: 'Zoë\u2028😀' },
    },
  })
  const headers = signedHeaders({ id: `evt_${count}`, sentAt, body }, [...more, secret])
  return { body: Buffer.from(body), headers, secret }
}

async function verdict({ body, headers, secret }: Sent, seconds = 0): Promise<string> {
  const now = () => sentAt + seconds * 1_000
  const result = await verifyWebhook({ payload: body, headers, secret, now })
  if (result.ok) return 'ok'
  return result.error instanceof ArgumentError ? result.error.param : 'another error'
}

test(
  'what the server signs verifies, whichever secret of a rotation it is',
  async () => {
    const verdicts = new Set<string>()
    for (let count = 0; count < runs({ few: 200, full: 10_000 }); count += 1) {
      const other = count % 3 === 0 ? [createSigningSecret(systemRandom)] : []
      verdicts.add(await verdict(send(count, other)))
    }
    expect([...verdicts]).toEqual(['ok'])
  },
  runsMsMax,
)

test(
  'one bit changed anywhere, in any message, is refused',
  async () => {
    const verdicts = new Set<string>()
    const flip = (bytes: Buffer) => {
      const bit = systemRandom.bytes(4).readUInt32BE() % (bytes.length * 8)
      bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      return bytes
    }
    for (let count = 0; count < runs({ few: 800, full: 100_000 }); count += 1) {
      const sent = send(count)
      const name = names[count % (names.length + 1)]
      if (name === undefined) sent.body = flip(sent.body)
      else sent.headers[name] = flip(Buffer.from(sent.headers[name] ?? '')).toString('latin1')
      verdicts.add(await verdict(sent))
    }
    expect([...verdicts].filter((one) => one !== 'signature' && one !== 'timestamp')).toEqual([])
    expect(verdicts.has('signature')).toBe(true)
  },
  runsMsMax,
)

test.each([
  [-301, 'timestamp'],
  [-300, 'ok'],
  [-299, 'ok'],
  [299, 'ok'],
  [300, 'ok'],
  [301, 'timestamp'],
])('%i seconds after it was sent it is judged %s', async (seconds, expected) => {
  expect(await verdict(send(1), seconds)).toBe(expected)
})
