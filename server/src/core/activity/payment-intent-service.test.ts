// Owns the proof of payment intents through the service: moves from every state, seals, queries.
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { recordQueries } from '../../../../test/recorded-queries.ts'
import type { Context } from '../context.ts'
import { createCustomer, requireCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { listEvents } from '../events/event-service.ts'
import { type IntentStatus, intentMachine, intentStatuses } from './payment-intent.ts'
import type { NewAuthorization, NewPaymentIntent } from './payment-intent-rules.ts'
import {
  authorizePaymentIntent,
  cancelPaymentIntent,
  capturePaymentIntent,
  createPaymentIntent,
  getPaymentIntent,
  listPaymentIntents,
  refundPaymentIntent,
} from './payment-intent-service.ts'

let server: TestServer
let context: Context
let customerId: string
beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
  customerId = (await createCustomer(context, { kind: 'individual', name: 'Ada' })).id
})
afterAll(() => server.close())
afterEach(() => vi.restoreAllMocks())

const newIntent: NewPaymentIntent = {
  customerId: null,
  externalId: null,
  amount: '25.00',
  currency: 'USD',
  allowedChains: 'ALL',
  allowedTokens: 'ALL',
  captureMode: 'MANUAL',
  successUrl: null,
  cancelUrl: null,
  metadata: {},
}
const authorization: NewAuthorization = {
  walletId: null,
  method: 'PERMIT',
  chainId: 8453,
  tokenKey: 'USDC-8453',
  cryptoAmount: '25',
  txHash: null,
}

/** Each move that a caller can make, and where it leads. */
const moves = {
  authorize: {
    to: 'AUTHORIZED',
    make: (id: string) => authorizePaymentIntent(context, id, authorization),
  },
  capture: {
    to: 'CAPTURED',
    make: (id: string) => capturePaymentIntent(context, id, { txHash: null }),
  },
  cancel: { to: 'CANCELLED', make: (id: string) => cancelPaymentIntent(context, id) },
  refund: {
    to: 'REFUNDED',
    make: (id: string) => refundPaymentIntent(context, id, { reason: 'Back' }),
  },
} as const satisfies Record<string, { to: IntentStatus; make(id: string): Promise<unknown> }>

const force = (id: string, status: string) =>
  server.system.database.transaction((db) =>
    db.updateTable('payment_intents').set({ status }).where('id', '=', id).execute(),
  )

/** The code of a refusal, or `done`. */
async function outcomeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act
    return 'done'
  } catch (error) {
    if (error instanceof AppError) return `${error.definition.kind} ${error.definition.code}`
    throw error
  }
}

const refused = 'conflict payment_intent_status_refused'

describe('moves', () => {
  test.each(Object.entries(moves))('%s from every state, as the table says', async (_, move) => {
    for (const from of intentStatuses) {
      const { id } = await createPaymentIntent(context, newIntent)
      await force(id, from)
      const isMove = intentMachine.canMove(from, move.to)
      expect([from, await outcomeOf(move.make(id))]).toEqual([from, isMove ? 'done' : refused])
      expect((await getPaymentIntent(context, id)).status).toBe(isMove ? move.to : from)
    }
  })

  test('whatever is tried in whatever order, the state and the history agree', async () => {
    const names = fc.constantFrom(...(Object.keys(moves) as (keyof typeof moves)[]))
    await fc.assert(
      fc.asyncProperty(fc.array(names, { maxLength: 6 }), fc.boolean(), async (tried, isOwned) => {
        const owner = isOwned ? customerId : null
        const { id } = await createPaymentIntent(context, { ...newIntent, customerId: owner })
        const before = (await historyOf()).length
        let status: IntentStatus = 'CREATED'
        let made = 0
        for (const name of tried) {
          const move = moves[name]
          const isMove = intentMachine.canMove(status, move.to)
          expect(await outcomeOf(move.make(id))).toBe(isMove ? 'done' : refused)
          if (!isMove) continue
          status = move.to
          made += 1
        }
        const intent = await getPaymentIntent(context, id)
        expect(intent.status).toBe(status)
        expect((await historyOf()).length - before).toBe(isOwned ? made : 0)
      }),
      { numRuns: 25 },
    )
  })

  test('each time stands where its move was made, and nowhere else', async () => {
    const { id } = await createPaymentIntent(context, newIntent)
    await moves.authorize.make(id)
    await moves.capture.make(id)
    const { createdAt, authorizedAt, capturedAt, refundedAt, cancelledAt, updatedAt } =
      await moves.refund.make(id)
    const times = [createdAt, authorizedAt, capturedAt, refundedAt].map(Number)
    expect(times).toEqual(times.toSorted((left, right) => left - right))
    expect([cancelledAt, updatedAt]).toEqual([null, refundedAt])
  })

  test('another app cannot move it', async () => {
    const { id } = await createPaymentIntent(context, newIntent)
    const other = server.contextOf(server.liveApp)
    const act = cancelPaymentIntent(other, id)
    expect(await outcomeOf(act)).toBe('missing payment_intent_not_found')
  })
})

describe('at rest', () => {
  test('what is sealed opens at its own row alone', async () => {
    const metadata = { note: 'x' }
    const ids: string[] = []
    for (const owner of [customerId, customerId, null, null]) {
      ids.push(
        (await createPaymentIntent(context, { ...newIntent, customerId: owner, metadata })).id,
      )
    }
    const [one = '', two = '', three = '', four = ''] = ids
    for (const [from, to] of [
      [one, two],
      [three, four],
      [one, three],
    ] as const) {
      const row = (id: string) =>
        server.system.db
          .selectFrom('payment_intents')
          .selectAll()
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
      const { details } = await row(from)
      const own = (await row(to)).details
      const put = (bytes: Uint8Array) =>
        server.system.database.transaction((db) =>
          db.updateTable('payment_intents').set({ details: bytes }).where('id', '=', to).execute(),
        )
      await put(details)
      await expect(getPaymentIntent(context, to)).rejects.toMatchObject({ name: 'SealBroken' })
      await put(own)
      expect((await getPaymentIntent(context, to)).metadata).toEqual(metadata)
    }
  })

  test('a refused or failed change leaves neither row, nor event, nor count', async () => {
    const counts = () => server.system.db.selectFrom('activity_counts').selectAll().execute()
    const rows = () => server.system.db.selectFrom('payment_intents').select('id').execute()
    const before = [await counts(), (await rows()).length, await historyOf()]
    const failing = server.system.database.transaction(async (db) => {
      await createPaymentIntent({ ...context, db }, { ...newIntent, customerId })
      throw new Error('afterwards')
    })
    await expect(failing).rejects.toThrow('afterwards')
    expect([await counts(), (await rows()).length, await historyOf()]).toEqual(before)
  })
})

test('a page takes as many queries for 40 customers as for one', async () => {
  const queriesOf = async (limit: number) => {
    const recorded = recordQueries(server)
    const { intents } = await listPaymentIntents(context, { status: null }, { limit, offset: 0 })
    vi.restoreAllMocks()
    return [intents.length, recorded.length]
  }
  for (let index = 0; index < 40; index += 1) {
    const { id } = await createCustomer(context, { kind: 'individual', name: 'Ada' })
    await createPaymentIntent(context, { ...newIntent, customerId: id })
  }
  expect(await queriesOf(1)).toEqual([1, 4])
  expect(await queriesOf(40)).toEqual([40, 4])
})

async function historyOf(): Promise<string[]> {
  const dataKey = await requireCustomer(context, customerId)
  const events = await listEvents(context, { customerId, dataKey, afterVersion: 0 })
  return events.map(({ type }) => type)
}
