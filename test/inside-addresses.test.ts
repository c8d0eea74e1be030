// Owns the promise that no URL somebody gives us reaches an address inside (P36): saved or called.

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type LookupFunction, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createMerchant } from '../server/src/core/apps/app-service.ts'
import { checkConnection } from '../server/src/core/connections/connection-service.ts'
import type { Context } from '../server/src/core/context.ts'
import { createEgress } from '../server/src/lib/egress.ts'
import { createBridge } from '../server/src/providers/bridge/bridge.ts'
import { BlobStoreUnavailable } from '../server/src/storage/blobs.ts'
import { openS3Blobs } from '../server/src/storage/blobs-s3.ts'
import { pageDeliveries, sendTestMessage } from '../server/src/webhooks/delivery-service.ts'
import { changeEndpoint, createEndpoint } from '../server/src/webhooks/endpoint-service.ts'
import { deliverDue } from '../server/src/webhooks/sender.ts'
import { createTestDatabase, startTestServer, type TestServer } from './harness.ts'
import { runs, runsMsMax } from './runs.ts'

const folder = mkdtempSync(join(tmpdir(), 'clientele-inside-'))
/** Allows nothing, as an installation does without a setting. */
const guarded = createEgress({ allowedNetworks: [] })
/** Listens on every address of this machine, and counts who connects. */
let canary: Server
let connections = 0
let port = 0
let server: TestServer
let context: Context

const listen = (one: Server, host?: string, at = 0) =>
  new Promise<number>((resolve) =>
    one.listen(at, host, () => {
      const address = one.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    }),
  )

beforeAll(async () => {
  canary = createServer((socket) => {
    connections += 1
    socket.destroy()
  })
  port = await listen(canary)
  server = await startTestServer()
})
beforeEach(async () => {
  connections = 0
  context = server.contextOf((await createMerchant(server.system, 'Another merchant')).test)
})
afterAll(async () => {
  await guarded.close()
  await server.close()
  canary.close()
  rmSync(folder, { recursive: true, force: true })
})

/** This machine, as people have spelled it. */
const hosts = [
  ...['127.1', '127.0.0.1', '2130706433', '0177.0.0.1', '017700000001', '0x7f.1', '0x7f000001'],
  ...['[::ffff:127.0.0.1]', '[::FFFF:7f00:1]', '[::1]', '[::]', '0', '127.0.0.1.', '%31%32%37.1'],
  ...['localhost', 'LocalHost.', 'a.localhost', '１２７.0.0.1', '127。0。0。1'],
]
/** One of each range that is nobody's public address. */
const inside = [
  ...['0.0.0.1', '10.0.0.1', '100.64.0.1', '127.0.0.2', '169.254.169.254', '172.16.0.1'],
  ...['192.0.0.1', '192.0.2.1', '192.88.99.1', '192.168.0.1', '198.18.0.1', '198.51.100.1'],
  ...['203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255', '2852039166'],
  ...['[64:ff9b::7f00:1]', '[2001::1]', '[2002:7f00:1::]', '[2001:db8::1]', '[fc00::1]'],
  ...['[fe80::1]', '[ff02::1]', 'metadata.google.internal'],
]
const others = [
  ...['https://a@127.0.0.1', 'https://user:password@example.com', 'https:\\\\127.0.0.1'],
  ...['file:///etc/passwd', 'gopher://127.0.0.1', 'ftp://example.com', 'http://example.com'],
  ...['https://[fe80::1%25eth0]', '//127.0.0.1', 'https:', 'not a url'],
]
const urls = () => [
  ...hosts.flatMap((host) => [`http://${host}:${port}`, `https://${host}:${port}`]),
  ...inside.flatMap((host) => [`http://${host}`, `https://${host}`]),
  ...others,
]

const codeOf = async (work: () => Promise<unknown>): Promise<string> => {
  try {
    await work()
    return 'taken'
  } catch (error) {
    const { definition, code } = error as { definition?: { code: string }; code?: string }
    return definition?.code ?? code ?? String(error)
  }
}

/** Every URL, with what became of it where that is not what it should be. */
async function exceptions(expected: string, work: (url: string) => Promise<unknown>) {
  const found: string[] = []
  for (const url of urls()) {
    const code = await codeOf(() => work(url))
    if (code !== expected) found.push(`${url}: ${code}`)
  }
  return found
}

describe('a webhook endpoint', () => {
  test('is not saved, nor changed to', async () => {
    const own = { ...context, egress: guarded }
    const saving = (url: string) => createEndpoint(own, { url, events: ['*'] })
    expect(await exceptions('webhook_url_refused', saving)).toEqual([])
    const { endpoint } = await saving('https://example.com')
    const changing = (url: string) => changeEndpoint(own, endpoint.id, { url })
    expect(await exceptions('webhook_url_refused', changing)).toEqual([])
    expect(connections).toBe(0)
  })

  test('that was saved while its network was allowed is not called any more', async () => {
    for (const host of hosts) {
      const url = `http://${host}:${port}/hook`
      const saved = await createEndpoint(
        { ...context, egress: { ...guarded, checkUrl: () => {} } },
        { url, events: ['*'] },
      )
      await sendTestMessage(context, saved.endpoint.id)
      await deliverDue({ ...context, egress: guarded }, saved.endpoint.id)
      const page = { endpointId: saved.endpoint.id, limit: 10, cursor: null }
      expect(await pageDeliveries(context, page)).toMatchObject([
        { attempts: 1, status: 'waiting', reason: 'the address is not a public one' },
      ])
    }
    expect(connections).toBe(0)
  })

  test(
    'whose name turns inside after it was looked up is called outside alone',
    async () => {
      let arrived = 0
      const outside = createHttpServer((_request, response) => {
        arrived += 1
        response.writeHead(200, { connection: 'close' }).end()
      })
      const flipped = createServer((socket) => {
        connections += 1
        socket.destroy()
      })
      const at = await listen(flipped, '127.0.0.1')
      await listen(outside, '127.0.0.2', at)
      let asked = 0
      const lookup: LookupFunction = (_name, _options, callback) => {
        asked += 1
        callback(null, [{ address: asked % 2 === 1 ? '127.0.0.2' : '127.0.0.1', family: 4 }])
      }
      const egress = createEgress({ allowedNetworks: ['127.0.0.2/32'], lookup })
      // Time stands still: what was refused is not due again while the others are sent.
      const now = server.clock.now()
      const own = { ...context, egress, clock: { ...server.clock, now: () => now } }
      const url = `http://subscriber.example:${at}/hook`
      const { endpoint } = await createEndpoint(own, { url, events: ['*'] })
      const tries = runs({ few: 20, full: 1_000 })
      for (let count = 0; count < tries; count += 1) await sendTestMessage(own, endpoint.id)
      await deliverDue(own, endpoint.id)
      const rows = await context.db
        .selectFrom('webhook_deliveries')
        .select(['status', 'reason'])
        .where('app_id', '=', context.app.id)
        .execute()
      const delivered = rows.filter(({ status }) => status === 'delivered').length
      const refused = rows.filter(
        ({ reason }) => reason === 'the address is not a public one',
      ).length
      await egress.close()
      await Promise.all([outside, flipped].map((one) => one.close()))
      expect([delivered + refused, asked]).toEqual([tries, tries])
      expect([delivered, refused, arrived]).toEqual([tries / 2, tries / 2, tries / 2])
      expect(connections).toBe(0)
    },
    runsMsMax,
  )
})

describe('the base URL of a provider', () => {
  const input = { provider: 'bridge', mayReplaceLegalAddress: false } as const
  const credentials = { api_key: 'sk-test-key' }

  test('is not saved', async () => {
    const own = { ...context, egress: guarded }
    const checking = (baseUrl: string) => checkConnection(own, { ...input, credentials, baseUrl })
    expect(await exceptions('connection_url_refused', checking)).toEqual([])
    expect(connections).toBe(0)
  })

  test('is not called', async () => {
    const bridge = createBridge({ egress: guarded, clock: server.clock })
    const connection = { appId: 'app', connectionId: 'con', mode: 'test', credentials } as const
    const calling = (baseUrl: string) =>
      bridge.check({ ...connection, baseUrl, mayReplaceLegalAddress: false })
    expect(await exceptions('provider_unavailable', calling)).toEqual([])
    expect(connections).toBe(0)
  })
})

describe('the object store', () => {
  const access = { region: 'us-east-1', bucket: 'files', accessKeyId: 'a', secretAccessKey: 's' }

  test('is not called', async () => {
    for (const host of [...hosts, ...inside]) {
      const endpoint = `https://${host}:${port}`
      const blobs = await openS3Blobs({ ...access, endpoint, egress: guarded, spoolFolder: folder })
      const error = await blobs.get('a-blob').catch((thrown: unknown) => thrown)
      expect([endpoint, error]).toEqual([endpoint, expect.any(BlobStoreUnavailable)])
    }
    expect(connections).toBe(0)
  })

  test('is refused at the start', async () => {
    const database = await createTestDatabase()
    const environment = {
      CLIENTELE_S3_ENDPOINT: 'https://169.254.169.254',
      CLIENTELE_S3_BUCKET: 'files',
      CLIENTELE_S3_ACCESS_KEY_ID: 'a',
      CLIENTELE_S3_SECRET_ACCESS_KEY: 's',
    }
    expect(await codeOf(() => startTestServer(environment, database))).toBe('object_store_refused')
    await database.remove()
  })
})

test('the canary sings: an address that is allowed is reached', async () => {
  const egress = createEgress({ allowedNetworks: ['127.0.0.0/8'] })
  const sending = egress.send({
    ...{ method: 'GET', url: `http://127.1:${port}/`, timeoutMs: 5_000, responseBytesMax: 10 },
  })
  await expect(sending).rejects.toMatchObject({ reason: 'connection' })
  await egress.close()
  expect(connections).toBe(1)
})
