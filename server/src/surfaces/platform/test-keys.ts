// Owns what the tests of apps and keys start from: a server, and keys of every kind.
import { afterAll, beforeAll } from 'vitest'
import {
  type Answer,
  type CallOptions,
  startTestServer,
  type TestServer,
} from '../../../../test/harness.ts'
import { createKey, createMerchant } from '../../core/apps/app-service.ts'
import type { App } from '../../core/context.ts'
import { printId } from '../../lib/id.ts'

export interface TestKeys {
  readonly server: TestServer
  /** The path is below `/v1`. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** Makes a key of the app itself, not over the wire. */
  make(app: App, terms?: Terms): Promise<{ id: string; secret: string }>
  newMerchant(): Promise<{ test: App; live: App }>
  /** The status of a read on the platform with this secret. */
  statusWith(key: string, headers?: Record<string, string>): Promise<number>
}

interface Terms {
  scopes?: string[]
  isOperator?: boolean
  expiresAt?: number | null
}

/** Call it once at the top of a test file. */
export function testKeys(): TestKeys {
  let started: TestServer | null = null
  beforeAll(async () => {
    started = await startTestServer()
  })
  afterAll(async () => {
    await started?.close()
  })
  const server = () => {
    if (!started) throw new Error('the server starts before the first test')
    return started
  }
  const call = (method: string, path: string, options?: CallOptions) =>
    server().call(method, `/v1${path}`, options)
  return {
    get server() {
      return server()
    },
    call,
    async make(app, terms = {}) {
      const input = { app, name: 'made', scopes: ['*'], ...terms }
      const { key, secret } = await createKey(server().system, input)
      return { id: printId('key', key.id), secret }
    },
    newMerchant: () => createMerchant(server().system, 'Another merchant'),
    statusWith: async (key, headers = {}) => (await call('GET', '/apps', { key, headers })).status,
  }
}
