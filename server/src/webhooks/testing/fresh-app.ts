// Owns what the tests of webhooks start from: a server, an app that holds nothing, a subscriber.
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { createMerchant } from '../../core/apps/app-service.ts'
import type { Context } from '../../core/context.ts'
import { type Subscriber, startSubscriber } from './subscriber.ts'

export interface FreshApp {
  /** The file's server: one for all of its tests. */
  readonly server: TestServer
  /** Of another merchant in each test, for events stay where they are. */
  readonly context: Context
  /** Each test has its own: what is sent late reaches no other test. */
  readonly subscriber: Subscriber
}

/** Call it once at the top of a test file: it starts the server and closes it. */
export function freshApp(): FreshApp {
  let server: TestServer
  let context: Context
  let subscriber: Subscriber
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(() => server.close())
  beforeEach(async () => {
    const { test: app } = await createMerchant(server.system, 'Another merchant')
    context = server.contextOf(app)
    subscriber = await startSubscriber()
  })
  afterEach(() => subscriber.close())
  return {
    get server() {
      return server
    },
    get context() {
      return context
    },
    get subscriber() {
      return subscriber
    },
  }
}
