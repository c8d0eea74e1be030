// Owns the outcomes of POST /v1/customers/search.
import { describe, expect, test } from 'vitest'
import { createMerchant } from '../../core/apps/app-service.ts'
import { problem, problemOf } from './test-connections.ts'
import { testRecords } from './test-records.ts'

const records = testRecords()
const search = (body?: object, key?: string) =>
  records.call('POST', '/customers/search', {
    ...(body === undefined ? {} : { body }),
    ...(key === undefined ? {} : { key }),
  })

const cbu = '0070327530004025541644'
const wallet = '0x52908400098527886E0F7030069857D2E4169EE7'

/** A customer with what each surface hangs on it. */
async function makeWhole() {
  const { call } = records.server
  const made = await records.create({ email: 'whole@example.com', phone: '+5513991234567' })
  const account = { country: 'AR', currency: 'ARS', rail: 'OTHER', accountType: 'checking' }
  const added = await call('POST', `/payouts/customers/${made.id}/bank-accounts`, {
    body: { ...account, accountNumber: cbu, holderName: 'Alice Smith' },
  })
  expect(added.status, added.text).toBe(201)
  const payout = await call('POST', '/payouts/payouts', {
    body: { amount: '1.00', currency: 'ARS', destinationCbu: cbu, customerId: made.id },
  })
  expect(payout.status, payout.text).toBe(201)
  const linked = await call('POST', `/crypto/customers/${made.id}/wallets`, {
    key: null,
    headers: { 'x-api-key': records.server.key },
    body: { chainId: 8453, walletAddress: wallet },
  })
  expect(linked.status, linked.text).toBe(201)
  return made.id
}

describe('200', () => {
  test('by what other surfaces wrote, at once, however it is spelled', async () => {
    const id = await makeWhole()
    for (const filter of [
      { bank_account: cbu },
      { wallet: wallet.toLowerCase() },
      { wallet, bank_account: cbu, email: 'WHOLE@example.com', phone: '+55 13 99123-4567' },
      { payout_status: 'pending', wallet_status: 'unverified', bank_account: cbu },
    ]) {
      const { json } = await search(filter)
      expect(json.data.map((one: { id: string }) => one.id)).toEqual([id])
    }
    for (const filter of [
      { bank_account: cbu, wallet_status: 'authorized' },
      { wallet, payout_status: 'completed' },
      { bank_account: '0070327530004025541645' },
    ]) {
      expect((await search(filter)).json.data).toEqual([])
    }
    const stranger = await records.server.createKey(
      (await createMerchant(records.server.system, 'Other')).test,
    )
    expect((await search({ bank_account: cbu }, stranger)).json.data).toEqual([])
  })

  test('what the list answers by the same filters, also for an idempotent request', async () => {
    const metadata = { team: 'north' }
    for (let at = 0; at < 3; at += 1) await records.create({ metadata })
    const listed = await records.call('GET', '/customers?metadata[team]=north&limit=2')
    expect(listed.json).toMatchObject({ has_more: true })
    expect((await search({ metadata, limit: 2 })).json).toEqual(listed.json)
    const kept = await records.call('POST', '/customers/search', {
      headers: { 'idempotency-key': 'search-1' },
      body: { metadata, limit: 2 },
    })
    expect(kept.json).toEqual(listed.json)
    const rest = (await search({ metadata, cursor: listed.json.next_cursor })).json
    expect([rest.data.length, rest.has_more, rest.next_cursor]).toEqual([1, false, null])
  })

  test('every customer, where nothing is asked for', async () => {
    const { json } = await search()
    expect(json).toEqual((await records.call('GET', '/customers')).json)
    expect(json.data.length).toBeGreaterThan(0)
  })

  test('after a change of the e-mail the old one finds nothing', async () => {
    const { id } = await records.create({ email: 'before@example.com' })
    await records.patch(id, '*', { email: 'after@example.com' })
    expect((await search({ email: 'before@example.com' })).json.data).toEqual([])
    expect((await search({ email: 'after@example.com' })).json.data).toMatchObject([{ id }])
  })
})

describe('400', () => {
  test.each(['x', 'cust_01h455vb4pex5vsknk084sn02q'])('the cursor %s', async (cursor) => {
    const answer = await search({ cursor })
    expect(problemOf(answer)).toEqual(problem(400, 'customer_cursor_unknown', '/cursor'))
  })
})

describe('422', () => {
  test.each([
    [{ emial: 'a' }, '/emial'],
    [{ limit: 0 }, '/limit'],
    [{ limit: '5' }, '/limit'],
    [{ kind: 'robot' }, '/kind'],
    [{ email: 'alice' }, '/email'],
    [{ metadata: { plan: 5 } }, '/metadata/plan'],
    [{ created_from: '2026-02-02T00:00:00Z', created_to: '2026-02-01T00:00:00Z' }, '/created_to'],
    [{ include: 'x' }, '/include'],
  ])('%j', async (body, pointer) => {
    expect(problemOf(await search(body))).toEqual(problem(422, 'field_invalid', pointer))
  })
})
