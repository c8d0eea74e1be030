// Owns what the tests of customers on this surface start from: a server, and calls below `/v1`.
import { afterAll, beforeAll } from 'vitest'
import {
  type Answer,
  type CallOptions,
  startTestServer,
  type TestServer,
} from '../../../../test/harness.ts'
import type { Context } from '../../core/context.ts'
import { parseId } from '../../lib/id.ts'

export interface TestRecords {
  readonly server: TestServer
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** Answers the record. */
  create(fields?: object): Promise<Answer['json']>
  patch(id: string, ifMatch: string | null, body: object): Promise<Answer>
  context(): Context
}

export const alice = { kind: 'individual', name: 'Alice Smith', country: 'BR' }

/** Call it once at the top of a test file. */
export function testRecords(): TestRecords {
  let started: TestServer | null = null
  beforeAll(async () => {
    started = await startTestServer()
  })
  afterAll(() => started?.close())
  const server = () => {
    if (started) return started
    throw new Error('the server starts before the first test')
  }
  const call = (method: string, path: string, options?: CallOptions) =>
    server().call(method, `/v1${path}`, options)
  return {
    get server() {
      return server()
    },
    call,
    async create(fields = {}) {
      const answer = await call('POST', '/customers', { body: { ...alice, ...fields } })
      if (answer.status === 201) return answer.json
      throw new Error(`creating a customer answered ${answer.status}: ${answer.text}`)
    },
    patch: (id, ifMatch, body) =>
      call('PATCH', `/customers/${id}`, {
        body,
        headers: ifMatch === null ? {} : { 'if-match': ifMatch },
      }),
    context: () => server().contextOf(server().testApp),
  }
}

export const uuidOf = (id: string) => parseId('customer', id) ?? ''
