// Owns what this surface's tests start from: a server, customers of the bank, their histories.
import { afterAll, beforeAll } from 'vitest'
import { makeBankingCustomer, setBankingStatus } from '../../../../test/banking-customers.ts'
import {
  type Answer,
  type CallOptions,
  startTestServer,
  type TestServer,
} from '../../../../test/harness.ts'
import { type Fact, historyOf } from '../../../../test/history.ts'
import { createMerchant } from '../../core/apps/app-service.ts'
import type { App } from '../../core/context.ts'
import type { BankingStatus } from '../../core/customer/banking-status.ts'
import { type IdNoun, parseId } from '../../lib/id.ts'

type Made = Parameters<typeof makeBankingCustomer>[1]

export interface TestBanking {
  /** The file's server: one for all of its tests. */
  readonly server: TestServer
  /** The path is below `/banking`. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** Makes a customer of the test app's bank and answers its wire ids. */
  save(made?: Made): ReturnType<typeof makeBankingCustomer>
  setStatus(customerId: string, status: BankingStatus): Promise<void>
  /** An app that holds nothing yet, of another merchant, and a key of it. */
  newApp(): Promise<{ app: App; key: string }>
  /** Every fact of the customer, oldest first; fails on a broken chain. */
  factsOf(customerId: string): Promise<Fact[]>
}

/** Call it once at the top of a test file: it starts the server and closes it. */
export function testBanking(): TestBanking {
  let started: TestServer | null = null
  const server = () => {
    if (!started) throw new Error('the server starts before the first test')
    return started
  }
  beforeAll(async () => {
    started = await startTestServer()
  })
  afterAll(() => started?.close())
  const context = () => server().contextOf(server().testApp)
  return {
    get server() {
      return server()
    },
    call: (method, path, options) => server().call(method, `/banking${path}`, options),
    save: (made) => makeBankingCustomer(context(), made),
    setStatus: (id, status) => setBankingStatus(context(), uuidOf('customer', id), status),
    async newApp() {
      const { test: app } = await createMerchant(server().system, 'Another merchant')
      return { app, key: await server().createKey(app) }
    },
    factsOf: (id) => historyOf(context(), uuidOf('customer', id)),
  }
}

export function uuidOf(noun: IdNoun, text: string): string {
  const uuid = parseId(noun, text)
  if (uuid === null) throw new Error(`${text} is no id of a ${noun}`)
  return uuid
}

/** `2026-01-15T10:30:00Z` */
export const wireTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/

/** Status, code and fields of a refusal; fails when it is in another form than the surface's. */
export function refusalOf(answer: Answer) {
  const { code, message, details, ...rest } = answer.json.error
  const isWhole =
    typeof message === 'string' &&
    message !== '' &&
    Object.keys(rest).length === 0 &&
    Object.keys(answer.json).length === 1
  if (!isWhole) throw new Error(`not in the form of this surface: ${answer.text}`)
  const fields: string[] = details.map((detail: { field: string }) => detail.field)
  return { status: answer.status, code, fields }
}

export function refusal(status: number, code: string, ...fields: string[]) {
  return { status, code, fields }
}

/** Spellings that no record of this kind has. */
export const unknownIds = (prefix: string) => [
  `${prefix}_01h455vb4pex5vsknk084sn02q`,
  `${prefix}_81h455vb4pex5vsknk084sn02q`,
  '01890a5d-ac96-774b-bcce-b302099a8057',
  'po_01h455vb4pex5vsknk084sn02q',
  'x',
]
