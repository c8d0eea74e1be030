// Owns what this folder's tests start from: a server, and an app at a provider that they script.
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { startTestServer, type TestServer } from '../../../../../test/harness.ts'
import type { Context } from '../../context.ts'
import { connectedContext, type ScriptedProvider, scriptedProvider } from './scripted-provider.ts'

export interface ScriptedApp {
  /** The file's server: one for all of its tests. */
  readonly server: TestServer
  /** Each test has its own, for a test puts its own answers in place. */
  readonly provider: ScriptedProvider
  readonly context: Context
  readonly connectionId: string
}

/** Call it once at the top of a test file: it starts the server and closes it. */
export function scriptedApp(): ScriptedApp {
  let server: TestServer
  let provider: ScriptedProvider
  let connected: Awaited<ReturnType<typeof connectedContext>>
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(() => server.close())
  beforeEach(async () => {
    provider = scriptedProvider()
    connected = await connectedContext(server, provider)
  })
  return {
    get server() {
      return server
    },
    get provider() {
      return provider
    },
    get context() {
      return connected.context
    },
    get connectionId() {
      return connected.connectionId
    },
  }
}
