// Owns the proof that a payout's destination is sealed to its payout and its owner.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { present } from '../../lib/assert.ts'
import { SealBroken } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import { createCustomer } from '../customer/customer-service.ts'
import { openDestinations, openPayout, openPayouts } from './payout-seal.ts'
import { createPayout, getPayout } from './payout-service.ts'
import { type StoredPayout, selectPayout } from './payout-store.ts'

let server: TestServer
let context: Context

beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())

const seedNumber = '0070327530004025541644'
const target = { cbu: seedNumber, name: 'Ana Paz', cuit: '20221370075' }

async function newCustomer(): Promise<string> {
  return (await createCustomer(context, { kind: 'individual', name: 'Ana' })).id
}

async function newStored(customerId: string | null): Promise<StoredPayout> {
  const input = { amount: '1.00', currency: 'ARS', customerId, ...target }
  const { id } = await createPayout(context, input)
  return present(await selectPayout(context.db, { appId: context.app.id, id }), 'just created')
}

test('payouts of several owners open together, each to its own destination', async () => {
  const customerId = await newCustomer()
  const rows = [
    await newStored(customerId),
    await newStored(null),
    await newStored(await newCustomer()),
    await newStored(customerId),
  ]
  const opened = await openPayouts(context, rows)
  expect(opened).toEqual(await Promise.all(rows.map((row) => getPayout(context, row.id))))
  for (const payout of opened) expect(payout.destination).toEqual(target)
  expect(await openPayouts(context, [])).toEqual([])
})

test('what is really paid is sealed with it, and is no part of the payout that is shown', async () => {
  const stored = await newStored(null)
  const destination = (await openDestinations(context, [stored])).get(stored.id)
  expect(destination).toEqual({ ...target, accountNumber: seedNumber })
  expect((await openPayout(context, stored)).destination).toEqual(target)
})

test('with a customer the key is the customer’s, without one the payout has its own', async () => {
  expect((await newStored(await newCustomer())).wrappedKey).toBeNull()
  expect((await newStored(null)).wrappedKey).toBeInstanceOf(Uint8Array)
})

test('no value of the destination stands in the row', async () => {
  for (const stored of [await newStored(null), await newStored(await newCustomer())]) {
    const bytes = Object.values(stored).map((value) =>
      value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value)),
    )
    for (const secret of [...Object.values(target), seedNumber.slice(-4)]) {
      expect(bytes.some((value) => value.includes(secret))).toBe(false)
    }
  }
})

test('a destination does not open in another payout’s row', async () => {
  const customerId = await newCustomer()
  const [left, right] = [await newStored(customerId), await newStored(customerId)]
  const moved = { ...left, sealedDestination: right.sealedDestination }
  await expect(openPayout(context, moved)).rejects.toThrow(SealBroken)
})

test('a payout’s own key does not open in another payout’s row', async () => {
  const [left, right] = [await newStored(null), await newStored(null)]
  const moved = {
    ...left,
    wrappedKey: right.wrappedKey,
    sealedDestination: right.sealedDestination,
  }
  await expect(openPayout(context, moved)).rejects.toThrow(SealBroken)
})

test('one changed bit is noticed', async () => {
  const stored = await newStored(null)
  const sealedDestination = Buffer.from(stored.sealedDestination)
  const at = sealedDestination.length - 1
  sealedDestination.writeUInt8(sealedDestination.readUInt8(at) ^ 1, at)
  await expect(openPayout(context, { ...stored, sealedDestination })).rejects.toThrow(SealBroken)
})
