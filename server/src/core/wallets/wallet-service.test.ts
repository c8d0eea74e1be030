// Owns the outcomes of adding, reading and removing wallets on a real database.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refused } from '../../../../test/refused.ts'
import { customerErrors } from '../customer/customer.ts'
import { createCustomer, getCustomer } from '../customer/customer-service.ts'
import { authorize, checkAuthorization } from './authorization-service.ts'
import { createChallenge } from './ownership-service.ts'
import { addressOf, baseChain, cow, hashOf, solanaAddress } from './testing/wallet-samples.ts'
import { openWalletBench, type WalletBench } from './testing/wallets-of-server.ts'
import { walletErrors, walletsMax } from './wallet.ts'
import {
  addWallet,
  checkWallet,
  getWallet,
  hasActiveAuthorization,
  removeWallet,
  walletsOf,
} from './wallet-service.ts'

let bench: WalletBench
beforeAll(async () => {
  bench = await openWalletBench()
})
afterAll(() => bench.server.close())

const place = { chainId: baseChain, address: addressOf(cow) }
const unknownId = '01890a5d-ac96-774b-bcce-b302099a8057'

describe('adding', () => {
  test('a wallet is stored, read again, and one event of its customer', async () => {
    const customerId = await bench.newCustomer()
    const wallet = await addWallet(bench.context, customerId, place)
    expect(wallet).toEqual({
      id: wallet.id,
      customerId,
      ...place,
      ownershipVerifiedAt: null,
      authorizationType: null,
      authorizationTxHash: null,
      authorizedAt: null,
      authorizedUntil: null,
      createdAt: wallet.createdAt,
      updatedAt: wallet.createdAt,
    })
    expect(await walletsOf(bench.context, [customerId])).toEqual(new Map([[customerId, [wallet]]]))
    expect(await getWallet(bench.context, { customerId, walletId: wallet.id })).toEqual(wallet)
    expect(await bench.historyOf(customerId)).toEqual([
      '1 customer.created',
      '2 customer.wallet.added',
    ])
    expect(await bench.lastChangesOf(customerId)).toEqual({ wallet })
    expect((await getCustomer(bench.context, customerId)).version).toBe(2)
  })

  test('the address stands nowhere in the row, and is found by its blind index', async () => {
    const { walletId } = await bench.newWallet()
    const row = await bench.context.db
      .selectFrom('wallets')
      .selectAll()
      .where('id', '=', walletId)
      .executeTakeFirstOrThrow()
    const token = bench.context.vault.blindIndex(row.app_id, 'wallet.address', place.address)
    expect(Buffer.from(row.address_token)).toEqual(token)
    const strangers = bench.context.vault.blindIndex(
      bench.server.liveApp.id,
      'wallet.address',
      place.address,
    )
    expect(strangers.equals(token)).toBe(false)
    for (const value of Object.values(row)) {
      const text = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : `${value}`
      expect(text).not.toContain(place.address.slice(2))
    }
  })

  test('of fifty at once one wins, and the others are told its id', async () => {
    const customerId = await bench.newCustomer()
    const tries = await Promise.allSettled(
      Array.from({ length: 50 }, () => addWallet(bench.context, customerId, place)),
    )
    const won = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []))
    expect(won).toHaveLength(1)
    const lost = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(lost).toHaveLength(49)
    for (const error of lost) {
      expect([error.definition, error.param]).toEqual([walletErrors.wallet_exists, 'walletAddress'])
      expect(error.message).toContain(`wallet ${won[0]} of this customer`)
    }
    expect((await walletsOf(bench.context, [customerId])).get(customerId)).toHaveLength(1)
    expect(await bench.historyOf(customerId)).toHaveLength(2)
  })

  test('the same address on another chain, or of another customer, is another wallet', async () => {
    const customerId = await bench.newCustomer()
    await bench.newWallet({ customerId })
    await bench.newWallet({ customerId, chainId: 1 })
    await bench.newWallet({})
    await bench.newWallet({ customerId, chainId: 101, address: solanaAddress })
    const chainIds = (await walletsOf(bench.context, [customerId])).get(customerId)
    expect(chainIds?.map(({ chainId }) => chainId)).toEqual([8453, 1, 101])
  })

  test('a customer has at most a hundred, however many come at once', async () => {
    const customerId = await bench.newCustomer()
    const addresses = Array.from({ length: walletsMax + 5 }, (_, at) =>
      hashOf(`${at}`).slice(0, 42),
    )
    const tries = await Promise.allSettled(
      addresses.map((address) => addWallet(bench.context, customerId, { ...place, address })),
    )
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(walletsMax)
    const refusals = tries.flatMap((one) =>
      one.status === 'rejected' ? [one.reason.definition] : [],
    )
    expect(refusals).toEqual(Array(5).fill(walletErrors.wallets_full))
    expect((await walletsOf(bench.context, [customerId])).get(customerId)).toHaveLength(walletsMax)
  })

  test('a customer of another app has none, and gets none', async () => {
    const other = bench.server.contextOf(bench.server.liveApp)
    const { id } = await createCustomer(other, { kind: 'individual' })
    for (const customerId of [id, unknownId]) {
      const error = await refused(() => addWallet(bench.context, customerId, place))
      expect(error.definition).toBe(customerErrors.customer_not_found)
    }
  })

  test('a checked wallet has its address in the stored form', async () => {
    expect(await checkWallet({ chainId: baseChain, address: cow.address })).toEqual(place)
    expect((await refused(() => checkWallet({ ...place, chainId: 5 }))).param).toBe('chainId')
    const wrong = { ...place, address: `${cow.address.slice(0, -1)}7` }
    expect((await refused(() => checkWallet(wrong))).param).toBe('walletAddress')
  })
})

describe('removing', () => {
  test('takes its authorizations and challenges with it, and leaves others alone', async () => {
    const before = await bench.countRows()
    const customerId = await bench.newCustomer()
    const key = await bench.newWallet({ customerId })
    const kept = await bench.newWallet({ customerId, chainId: 1 })
    for (const one of [key, kept]) {
      const given = { type: 'NATIVE', txHash: hashOf('tx') } as const
      await authorize(bench.context, one, await checkAuthorization(bench.context, one, given))
      await createChallenge(bench.context, one)
    }
    await removeWallet(bench.context, key)
    const [wallets = 0, authorizations = 0, challenges = 0] = before
    expect((await bench.countRows()).slice(0, 3)).toEqual([
      wallets + 1,
      authorizations + 1,
      challenges + 1,
    ])
    expect((await bench.historyOf(customerId)).at(-1)).toBe('6 customer.wallet.removed')
    expect(await bench.lastChangesOf(customerId)).toEqual({
      wallet: { id: key.walletId, ...place },
    })
    const error = await refused(() => getWallet(bench.context, key))
    expect(error.definition).toBe(walletErrors.wallet_not_found)
  })

  test('writes what belongs to it in the same transaction, or nothing at all', async () => {
    const kept = await bench.newWallet()
    const mark = (db: typeof bench.context.db) => [
      db.updateTable('wallets').set({ authorized_until: 7 }).where('id', '=', kept.walletId),
    ]
    await removeWallet(bench.context, await bench.newWallet(), mark)
    expect((await bench.walletOf(kept)).authorizedUntil).toBe(7)
    const again = await bench.newWallet()
    const before = await bench.countRows()
    const failing = (db: typeof bench.context.db) => [
      // Its id is taken.
      db.insertInto('wallets').values({
        app_id: bench.context.app.id,
        id: kept.walletId,
        customer_id: kept.customerId,
        chain_id: baseChain,
        address_token: Buffer.alloc(1),
        details: Buffer.alloc(1),
        ownership_verified_at: null,
        authorization_type: null,
        authorized_at: null,
        authorized_until: null,
        created_at: 0,
        updated_at: 0,
      }),
    ]
    await expect(removeWallet(bench.context, again, failing)).rejects.toThrow(/unique/i)
    expect(await bench.countRows()).toEqual(before)
  })

  test('a wallet goes once, and the same address can come again', async () => {
    const key = await bench.newWallet()
    await removeWallet(bench.context, key)
    const error = await refused(() => removeWallet(bench.context, key))
    expect(error.definition).toBe(walletErrors.wallet_not_found)
    const { walletId } = await bench.newWallet({ customerId: key.customerId })
    expect(walletId).not.toBe(key.walletId)
  })

  test('another customer’s wallet looks missing', async () => {
    const { walletId } = await bench.newWallet()
    const key = { customerId: await bench.newCustomer(), walletId }
    for (const work of [removeWallet, getWallet]) {
      const error = await refused(() => work(bench.context, key))
      expect(error.definition).toBe(walletErrors.wallet_not_found)
    }
  })
})

test.each([
  ['nothing', { authorizedAt: null, authorizationType: null, authorizedUntil: null }, false],
  ['no end', { authorizedAt: 1, authorizationType: 'NATIVE', authorizedUntil: null }, true],
  ['an end to come', { authorizedAt: 1, authorizationType: 'PERMIT', authorizedUntil: 101 }, true],
  ['an end now', { authorizedAt: 1, authorizationType: 'PERMIT', authorizedUntil: 100 }, false],
] as const)('with %s it is in force: %s', async (_name, shown, isActive) => {
  const wallet = await bench.walletOf(await bench.newWallet())
  expect(hasActiveAuthorization({ ...wallet, ...shown }, 100)).toBe(isActive)
})
