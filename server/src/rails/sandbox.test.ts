// Owns the proof that the sandbox rail behaves like a bank: by amount, once an attempt, per app.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import type { Context } from '../core/context.ts'
import type { Transfer } from '../core/payouts/rail.ts'
import { railByMode } from '../core/payouts/rail.ts'
import { rails } from './rails.ts'
import { sandboxRail } from './sandbox.ts'

let server: TestServer
let context: Context

beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())

const transferOf = (amountMinor: number, attempt = 1, payoutId = context.ids()): Transfer => ({
  payoutId,
  attempt,
  amountMinor,
  currency: 'ARS',
  accountNumber: '0070327530004025541644',
  holderName: 'Gerardo Ratto',
})
const completed = { state: 'completed' }
const refusedFor = (cents: number) => ({
  state: 'failed',
  reason: `The sandbox rail refuses amounts that end in .${cents}.`,
})

const rowsOf = (payoutId: string) =>
  context.db.selectFrom('sandbox_transfers').selectAll().where('payout_id', '=', payoutId).execute()

describe('the amount decides', () => {
  test.each([
    [500_000, [completed, completed, completed, completed]],
    [13, [refusedFor(13), refusedFor(13), refusedFor(13), refusedFor(13)]],
    [500_013, [refusedFor(13), refusedFor(13), refusedFor(13), refusedFor(13)]],
    [14, [refusedFor(14), refusedFor(14), completed, completed]],
    [700_014, [refusedFor(14), refusedFor(14), completed, completed]],
    [1_300, [completed, completed, completed, completed]],
    [1_400, [completed, completed, completed, completed]],
    [113_000, [completed, completed, completed, completed]],
  ])('%i minor units', async (amountMinor, outcomes) => {
    const payoutId = context.ids()
    for (const [at, outcome] of outcomes.entries()) {
      const transfer = transferOf(amountMinor, at + 1, payoutId)
      expect(await sandboxRail.transfer(context, transfer)).toEqual(outcome)
    }
    expect(await rowsOf(payoutId)).toHaveLength(outcomes.length)
  })
})

test.each([500_000, 13])(
  '%i: the same attempt has the same answer and one record',
  async (amount) => {
    const transfer = transferOf(amount)
    const first = await sandboxRail.transfer(context, transfer)
    for (let time = 0; time < 3; time += 1) {
      expect(await sandboxRail.transfer(context, transfer)).toEqual(first)
    }
    expect(await rowsOf(transfer.payoutId)).toHaveLength(1)
  },
)

test('the first answer stands, also when the question comes back with another amount', async () => {
  const transfer = transferOf(500_000)
  await sandboxRail.transfer(context, transfer)
  const changed = { ...transfer, amountMinor: 13 }
  expect(await sandboxRail.transfer(context, changed)).toEqual(completed)
})

test('ten questions for one attempt at once have one answer and one record', async () => {
  const transfer = transferOf(14)
  const asked = Array.from({ length: 10 }, () => sandboxRail.transfer(context, transfer))
  expect(await Promise.all(asked)).toEqual(Array.from({ length: 10 }, () => refusedFor(14)))
  expect(await rowsOf(transfer.payoutId)).toHaveLength(1)
})

test('two apps do not see each other’s transfers', async () => {
  const transfer = transferOf(500_000)
  await sandboxRail.transfer(context, transfer)
  const otherApp = server.contextOf(server.liveApp)
  const changed = { ...transfer, amountMinor: 13 }
  expect(await sandboxRail.transfer(otherApp, changed)).toEqual(refusedFor(13))
  for (const { db, app } of [context, otherApp]) {
    const rows = await db
      .selectFrom('sandbox_transfers')
      .select('outcome')
      .where('payout_id', '=', transfer.payoutId)
      .where('app_id', '=', app.id)
      .execute()
    expect(rows).toEqual([{ outcome: app === context.app ? 'completed' : 'failed' }])
  }
})

test('no personal value is recorded', async () => {
  const transfer = transferOf(500_000)
  await sandboxRail.transfer(context, transfer)
  const [row] = await rowsOf(transfer.payoutId)
  expect(row).toEqual({
    app_id: context.app.id,
    payout_id: transfer.payoutId,
    attempt: 1,
    outcome: 'completed',
    reason: null,
    created_at: expect.any(Number),
  })
})

test('test apps pay by the sandbox; in live apps nothing is sent', () => {
  expect(Object.keys(rails)).toEqual(['sandbox'])
  expect(railByMode.test).toMatchObject({ name: 'sandbox', isAutomatic: true })
  expect(railByMode.live).toMatchObject({ name: 'manual', isAutomatic: false })
})
