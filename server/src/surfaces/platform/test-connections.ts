// Owns what this surface's tests start from: a server, a provider that stands in, connections.
import { afterAll, beforeAll, beforeEach } from 'vitest'
import {
  type Answer,
  type CallOptions,
  startTestServer,
  type TestServer,
} from '../../../../test/harness.ts'
import { createMerchant } from '../../core/apps/app-service.ts'
import { type StandIn, startStandIn } from '../../providers/testing/stand-in.ts'

export interface TestConnections {
  /** The file's server: one for all of its tests. */
  readonly server: TestServer
  /** Answers like Bridge to every key but `refusedKey`; its requests are those of one test. */
  readonly standIn: StandIn
  /** The path is below `/v1`. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** Saves a connection to Bridge and answers it. */
  saveBridge(fields?: object, key?: string): Promise<Answer['json']>
  /** A key of an app that has nothing yet, in each mode. */
  newAppKeys(): Promise<{ test: string; live: string }>
  /** Everything that the connections table holds, as text: bytes as they are. */
  storedText(): Promise<string>
  countConnections(): Promise<number>
}

export const secrets = {
  apiKey: 'sk-test-S3cr3t-One-Canary',
  otherKey: 'sk-test-S3cr3t-Two-Canary',
  liveKey: 'sk-live-S3cr3t-Live-Canary',
  refusedKey: 'sk-test-S3cr3t-Bad-Canary',
}
export const anySecret = /S3cr3t|Canary/

/** Call it once at the top of a test file: it starts both servers and closes them. */
export function testConnections(more: Record<string, string> = {}): TestConnections {
  let server: TestServer | null = null
  let standIn: StandIn | null = null
  beforeAll(async () => {
    server = await startTestServer(more)
    standIn = await startStandIn(({ headers, path }) => {
      if (headers['api-key'] === secrets.refusedKey) {
        return { status: 401, body: { code: 'invalid_credentials', message: 'Invalid API key' } }
      }
      return path === '/customers'
        ? { status: 200, body: { count: 0, data: [] } }
        : { status: 404, body: { code: 'not_found', message: 'Not found' } }
    })
  })
  afterAll(async () => {
    await server?.close()
    await standIn?.close()
  })
  const parts = () => {
    if (!server || !standIn) throw new Error('the servers start before the first test')
    return { server, standIn }
  }
  beforeEach(() => {
    parts().standIn.requests.length = 0
    parts().standIn.badDay = null
  })
  const call = (method: string, path: string, options?: CallOptions) =>
    parts().server.call(method, `/v1${path}`, options)
  return {
    get server() {
      return parts().server
    },
    get standIn() {
      return parts().standIn
    },
    call,
    async saveBridge(fields = {}, key) {
      const credentials = { api_key: secrets.apiKey }
      const body = { credentials, base_url: parts().standIn.url, ...fields }
      const options = key === undefined ? { body } : { body, key }
      const answer = await call('PUT', '/connections/bridge', options)
      if (answer.status === 200) return answer.json
      throw new Error(`saving a connection answered ${answer.status}: ${answer.text}`)
    },
    newAppKeys: async () => {
      const { test, live } = await createMerchant(parts().server.system, 'Another merchant')
      const { createKey } = parts().server
      return { test: await createKey(test), live: await createKey(live) }
    },
    storedText: async () => {
      const rows = await parts().server.system.db.selectFrom('connections').selectAll().execute()
      return rows.flatMap((row) => Object.values(row).map(toText)).join('\n')
    },
    countConnections: async () => {
      const rows = await parts().server.system.db.selectFrom('connections').select('id').execute()
      return rows.length
    },
  }
}

const toText = (value: unknown) =>
  value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)

/** `2026-02-25T12:00:00.000Z` */
export const wireTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

/** Status, code and fields of a problem, and that it is RFC 9457 and nothing else. */
export function problemOf(answer: Answer) {
  const { type, title, status, code, detail, request_id, errors, ...rest } = answer.json
  const isProblem = answer.headers.get('content-type') === 'application/problem+json; charset=utf-8'
  const isWhole =
    isProblem &&
    status === answer.status &&
    type === `/docs/platform#${code}` &&
    request_id === answer.headers.get('request-id') &&
    [title, detail].every((text) => typeof text === 'string' && text !== '') &&
    Object.keys(rest).length === 0
  const pointers = errors?.map((error: { pointer: string }) => error.pointer)
  return { status: answer.status, code, pointers, isWhole }
}

/** What `problemOf` gives for a problem in the surface's form; the fields that it points at. */
export function problem(status: number, code: string, ...pointers: string[]) {
  const isPointing = pointers.length > 0
  return { status, code, pointers: isPointing ? pointers : undefined, isWhole: true }
}

/** Names of no provider. */
export const unknownProviders = ['paypal', 'Stripe', 'mercado-pago', 'sandbox', '__proto__', '0']
