// Owns the proof that a history is appended to, chained, sealed, and read back in order.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { SealBroken } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import { chainStart, linkHash } from './event.ts'
import { appendEvent, eventPageMax, listEvents } from './event-service.ts'

let server: TestServer
let context: Context

beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())

/** A subject with `count` events whose changes are their numbers. */
async function subjectWith(count: number) {
  const customerId = context.ids()
  const dataKey = context.vault.createDataKey({ appId: context.app.id, ownerId: customerId })
  const head = await inTransaction(context, async (tx) => {
    let current = chainStart
    for (let number = 1; number <= count; number += 1) {
      const type = `customer.test.${number}`
      const event = appendEvent(tx, current, { customerId, dataKey, type, changes: { number } })
      await event.write(tx.db).execute()
      current = event.head
    }
    return current
  })
  return { customerId, dataKey, head }
}

const rowsOf = (customerId: string) =>
  context.db
    .selectFrom('events')
    .selectAll()
    .where('app_id', '=', context.app.id)
    .where('customer_id', '=', customerId)
    .orderBy('version')
    .execute()

test('events read back oldest first, with who, when and the opened changes', async () => {
  const before = context.clock.now()
  const { customerId, dataKey, head } = await subjectWith(3)
  const events = await listEvents(context, { customerId, dataKey, afterVersion: 0 })
  expect(events).toEqual(
    [1, 2, 3].map((number) => ({
      customerId,
      version: number,
      type: `customer.test.${number}`,
      actor: 'operator:test',
      at: expect.any(Number),
      changes: { number },
      hash: expect.anything(),
    })),
  )
  for (const { at } of events) {
    expect(at).toBeGreaterThanOrEqual(before)
    expect(at).toBeLessThanOrEqual(context.clock.now())
  }
  expect(head.version).toBe(3)
  expect(Buffer.from(events[2]?.hash ?? []).equals(Buffer.from(head.hash))).toBe(true)
})

test('reading goes on after a version', async () => {
  const subject = await subjectWith(5)
  const versionsAfter = async (afterVersion: number) =>
    (await listEvents(context, { ...subject, afterVersion })).map((event) => event.version)
  expect(await versionsAfter(0)).toEqual([1, 2, 3, 4, 5])
  expect(await versionsAfter(3)).toEqual([4, 5])
  expect(await versionsAfter(5)).toEqual([])
})

test('one reading is bounded, and the next one goes on where it ended', async () => {
  const subject = await subjectWith(eventPageMax + 2)
  const first = await listEvents(context, { ...subject, afterVersion: 0 })
  expect(first).toHaveLength(eventPageMax)
  const rest = await listEvents(context, { ...subject, afterVersion: eventPageMax })
  expect(rest.map((event) => event.version)).toEqual([eventPageMax + 1, eventPageMax + 2])
})

test('each link follows from the one before', async () => {
  const { customerId } = await subjectWith(3)
  let previous = chainStart.hash
  for (const row of await rowsOf(customerId)) {
    const { version, type, actor, at, changes: sealedChanges } = row
    const content = { appId: row.app_id, customerId, version, type, actor, at, sealedChanges }
    expect(Buffer.from(row.hash).equals(linkHash(previous, content))).toBe(true)
    previous = row.hash
  }
})

test('changes are sealed to their customer and version: moved elsewhere they do not open', async () => {
  const { customerId, dataKey } = await subjectWith(2)
  const [first, second] = await rowsOf(customerId)
  expect(Buffer.from(first?.changes ?? []).includes('number')).toBe(false)
  await inTransaction(context, async (tx) => {
    await tx.db
      .updateTable('events')
      .set({ changes: second?.changes ?? new Uint8Array() })
      .where('app_id', '=', tx.app.id)
      .where('customer_id', '=', customerId)
      .where('version', '=', 1)
      .execute()
  })
  const reading = listEvents(context, { customerId, dataKey, afterVersion: 0 })
  await expect(reading).rejects.toThrow(SealBroken)
})

test('a version that is taken is not written again', async () => {
  const { customerId, dataKey } = await subjectWith(1)
  const again = inTransaction(context, (tx) => {
    const event = { customerId, dataKey, type: 'customer.test.again', changes: {} }
    return appendEvent(tx, chainStart, event).write(tx.db).execute()
  })
  await expect(again).rejects.toThrow(/unique|duplicate/i)
  expect(await rowsOf(customerId)).toHaveLength(1)
})

test("another app's history is empty", async () => {
  const subject = await subjectWith(1)
  const otherApp = server.contextOf(server.liveApp)
  expect(await listEvents(otherApp, { ...subject, afterVersion: 0 })).toEqual([])
})
