// Owns the outcomes of DELETE /customers/{id}/wallets/{walletId}.
import { describe, expect, test } from 'vitest'
import { printId } from '../../lib/id.ts'
import { lostPaths, missing, testWallets } from './test-wallets.ts'

const wallets = testWallets()
const remove = (path: string, key?: string) =>
  wallets.call('DELETE', path, key === undefined ? {} : { key })

describe('204', () => {
  test('there is no body, and no wallet any more', async () => {
    const { customerId, path } = await wallets.openWallet()
    const { data } = await wallets.openWallet({ chainId: 1 }, customerId)
    const answer = await remove(path)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(answer.headers.get('content-type')).toBeNull()
    expect(await wallets.shownWallets(customerId)).toEqual([data])
    expect((await wallets.historyOf(customerId)).at(-1)).toBe('4 customer.wallet.removed')
  })

  test('every spelling of the ids is accepted', async () => {
    const { customerId, walletId } = await wallets.openWallet()
    const wallet = printId('wallet', walletId)
    const path = `/customers/${printId('customer', customerId)}/wallets/${wallet}`
    expect((await remove(path)).status).toBe(204)
  })

  test('a subscription that names it stays, without a wallet', async () => {
    const { customerId, walletId, path } = await wallets.openWallet()
    const other = wallets.server.system.ids()
    const { id, appId } = await subscribe(customerId, walletId)
    const { id: another } = await subscribe(customerId, other)
    await remove(path)
    const rows = await wallets.server.system.db
      .selectFrom('subscriptions')
      .select(['id', 'wallet_id'])
      .where('app_id', '=', appId)
      .where('customer_id', '=', customerId)
      .orderBy('id')
      .execute()
    expect(rows.map((row) => [row.id, row.wallet_id])).toEqual([
      [id, null],
      [another, other],
    ])
  })

  test('two at once: one removes it', async () => {
    const { path } = await wallets.openWallet()
    const answers = await Promise.all([remove(path), remove(path)])
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404])
  })
})

describe('404', () => {
  test('an id that names nothing, and a wallet that is gone', async () => {
    const open = await wallets.openWallet()
    for (const [path, expected] of lostPaths(open)) {
      const answer = await remove(path)
      expect([answer.status, answer.json]).toEqual([404, expected])
    }
    expect((await remove(open.path)).status).toBe(204)
    const again = await remove(open.path)
    expect([again.status, again.json]).toEqual([404, missing('wallet')])
  })

  test("another customer's wallet, and another app's", async () => {
    const { customerId, path } = await wallets.openWallet()
    const { walletId } = await wallets.openWallet()
    const across = await remove(`/customers/${customerId}/wallets/${walletId}`)
    expect([across.status, across.json]).toEqual([404, missing('wallet')])
    const { key } = await wallets.newApp()
    const foreign = await remove(path, key)
    expect([foreign.status, foreign.json]).toEqual([404, missing('customer')])
    expect(await wallets.shownWallets(customerId)).toHaveLength(1)
  })
})

/** A subscription's row, as it stands once it was activated with a wallet. */
async function subscribe(customerId: string, walletId: string) {
  const { ids, database } = wallets.server.system
  const appId = wallets.server.testApp.id
  const id = ids()
  await database.transaction((db) =>
    db
      .insertInto('subscriptions')
      .values({
        app_id: appId,
        id,
        customer_id: customerId,
        status: 'ACTIVE',
        plan_id: 'plan',
        price_id: 'price',
        wallet_id: walletId,
        period_start: null,
        period_end: null,
        cancels_at_period_end: 0,
        cancel_at: null,
        cancelled_at: null,
        paused_at: null,
        details: Buffer.alloc(1),
        created_at: 0,
        updated_at: 0,
      })
      .execute(),
  )
  return { id, appId }
}
