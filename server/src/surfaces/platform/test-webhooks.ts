// Owns what the tests of webhooks start from: a server, and endpoints whose events can be sent.
import { afterAll, beforeAll, expect } from 'vitest'
import {
  type Answer,
  type CallOptions,
  startTestServer,
  type TestServer,
} from '../../../../test/harness.ts'
import { createCustomer } from '../../core/customer/customer-service.ts'
import { handOutAll } from '../../webhooks/testing/hand-out-all.ts'
import { type Subscriber, startSubscriber } from '../../webhooks/testing/subscriber.ts'

export interface TestWebhooks {
  readonly server: TestServer
  readonly subscriber: Subscriber
  /** The path is below `/v1/webhook-endpoints`. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** A new endpoint of the test app, at the subscriber. */
  create(body?: object): Promise<Answer['json']>
  /** Makes an event, and sends what is due. */
  happen(): Promise<void>
  send(): Promise<void>
}

export const missingEndpoint = '/we_01h455vb4pex5vsknk084sn02q'

/** Call it once at the top of a test file. */
export function testWebhooks(): TestWebhooks {
  let started: { server: TestServer; subscriber: Subscriber } | null = null
  beforeAll(async () => {
    started = { server: await startTestServer(), subscriber: await startSubscriber() }
  })
  afterAll(async () => {
    await started?.server.close()
    await started?.subscriber.close()
  })
  const parts = () => {
    if (!started) throw new Error('the server starts before the first test')
    return started
  }
  const call = (method: string, path: string, options?: CallOptions) =>
    parts().server.call(method, `/v1/webhook-endpoints${path}`, options)
  const send = async () => {
    const { server } = parts()
    await handOutAll(server.contextOf(server.testApp))
    await server.worker.runDue()
  }
  return {
    get server() {
      return parts().server
    },
    get subscriber() {
      return parts().subscriber
    },
    call,
    async create(body = {}) {
      const events = ['*']
      const answer = await call('POST', '', {
        body: { url: parts().subscriber.url, events, ...body },
      })
      expect(answer.status).toBe(201)
      return answer.json
    },
    send,
    async happen() {
      const { server } = parts()
      const input = { kind: 'individual', name: 'Alice Smith' } as const
      await createCustomer(server.contextOf(server.testApp), input)
      await send()
    },
  }
}
