// Owns the outcomes of authorizing and revoking on a real database, and which one counts.
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { refused } from '../../../../test/refused.ts'
import { fieldErrors } from '../fields.ts'
import {
  authorizationsShownMax,
  authorizationThatCounts,
  authorize,
  checkAuthorization,
  isInForce,
  listAuthorizations,
  type NewAuthorization,
  revokeAuthorization,
} from './authorization-service.ts'
import { type RpcStandIn, startRpcStandIn } from './testing/rpc-stand-in.ts'
import { baseChain, cow, hashOf, signPermit } from './testing/wallet-samples.ts'
import { openWalletBench, type WalletBench } from './testing/wallets-of-server.ts'
import { type Permit, walletErrors } from './wallet.ts'
import { hasActiveAuthorization, type WalletKey } from './wallet-service.ts'

let bench: WalletBench
let rpc: RpcStandIn
let key: WalletKey
beforeAll(async () => {
  rpc = await startRpcStandIn(1)
  // The chain of the wallets below is asked of nobody.
  bench = await openWalletBench({ CLIENTELE_RPC_URLS: `1=${rpc.url}` })
})
beforeEach(async () => {
  key = await bench.newWallet()
})
afterAll(async () => {
  await bench.server.close()
  await rpc.close()
  expect(rpc.violations).toEqual([])
})

const give = async (given: NewAuthorization, of = key) =>
  authorize(bench.context, of, await checkAuthorization(bench.context, of, given))
const permit = async (more: Partial<Permit> = {}) =>
  ({ type: 'PERMIT', permit: await signPermit(cow, more) }) as const
const native = (word: string) => ({ type: 'NATIVE', txHash: hashOf(word) }) as const
const nowSeconds = () => Math.floor(bench.context.clock.now() / 1000)
const shown = async (of = key) => {
  const wallet = await bench.walletOf(of)
  const { authorizationType, authorizationTxHash, authorizedAt, authorizedUntil } = wallet
  const isActive = hasActiveAuthorization(wallet, bench.context.clock.now())
  return { authorizationType, authorizationTxHash, authorizedAt, authorizedUntil, isActive }
}
const nothing = {
  authorizationType: null,
  authorizationTxHash: null,
  authorizedAt: null,
  authorizedUntil: null,
  isActive: false,
}

describe('authorizing', () => {
  test('a permit is on record as it was signed, and shown on the wallet', async () => {
    expect(await shown()).toEqual(nothing)
    const given = await permit()
    const authorization = await give(given)
    const { id, createdAt } = authorization
    const validUntil = given.permit.deadline * 1000
    const plain = { id, walletId: key.walletId, type: 'PERMIT', createdAt, revokedAt: null }
    expect(authorization).toEqual({ ...plain, validUntil, permit: given.permit, txHash: null })
    expect(await listAuthorizations(bench.context, key)).toEqual([authorization])
    expect(await shown()).toEqual({
      authorizationType: 'PERMIT',
      authorizationTxHash: null,
      authorizedAt: createdAt,
      authorizedUntil: validUntil,
      isActive: true,
    })
    expect((await bench.historyOf(key.customerId)).at(-1)).toBe('3 customer.wallet.authorized')
    const changes = { walletId: key.walletId, authorization }
    expect(await bench.lastChangesOf(key.customerId)).toEqual(changes)
  })

  test('a transaction is on record without an end', async () => {
    const { createdAt } = await give(native('approve'))
    expect(await shown()).toEqual({
      authorizationType: 'NATIVE',
      authorizationTxHash: hashOf('approve'),
      authorizedAt: createdAt,
      authorizedUntil: null,
      isActive: true,
    })
  })

  test('nothing of a permit stands in its row in the clear', async () => {
    const { permit: signed } = await permit()
    await give({ type: 'PERMIT', permit: signed })
    const rows = await bench.context.db
      .selectFrom('wallet_authorizations')
      .selectAll()
      .where('wallet_id', '=', key.walletId)
      .execute()
    expect(rows).toHaveLength(1)
    const text = rows
      .flatMap((row) => Object.values(row))
      .map((value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : `${value}`,
      )
    expect(text.join()).not.toContain(signed.spender.slice(2))
    expect(text.join()).not.toContain(signed.signature.slice(2, 40))
  })

  test('of twenty at once one counts, and the others are told its id', async () => {
    const checked = await checkAuthorization(bench.context, key, await permit())
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, () => authorize(bench.context, key, checked)),
    )
    const won = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []))
    expect(won).toHaveLength(1)
    const lost = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    for (const error of lost) {
      expect(error.definition).toBe(walletErrors.authorization_exists)
      expect(error.message).toContain(won[0])
    }
    expect(await bench.historyOf(key.customerId)).toHaveLength(3)
  })

  test('the same permit signed with another v is the same, another nonce is another', async () => {
    const given = await permit()
    await give(given)
    const { signature } = given.permit
    const v = signature.endsWith('1b') ? '00' : '01'
    const respelled = { ...given.permit, signature: `${signature.slice(0, -2)}${v}` }
    const error = await refused(() => give({ type: 'PERMIT', permit: respelled }))
    expect(error.definition).toBe(walletErrors.authorization_exists)
    await give(await permit({ nonce: '1' }))
  })

  test('a deadline that has passed is refused from that second on, and nothing changes', async () => {
    const before = [await bench.countRows(), await shown()]
    for (const deadline of [1, nowSeconds() - 1, nowSeconds()]) {
      const given = await permit({ deadline })
      const error = await refused(() => give(given))
      expect([error.definition, error.param]).toEqual([fieldErrors.field_invalid, 'deadline'])
    }
    expect([await bench.countRows(), await shown()]).toEqual(before)
    await give(await permit({ deadline: nowSeconds() + 60 }))
  })

  test('where the chain can be asked, what it does not know is refused', async () => {
    const onEthereum = await bench.newWallet({ chainId: 1 })
    const { txHash } = native('asked')
    const before = await bench.countRows()
    const missing = await refused(() => give({ type: 'NATIVE', txHash }, onEthereum))
    expect([missing.definition, missing.param]).toEqual([fieldErrors.field_invalid, 'txHash'])
    rpc.badDay = 'error_500'
    const away = await refused(() => give({ type: 'NATIVE', txHash }, onEthereum))
    rpc.badDay = null
    expect(away.definition).toBe(walletErrors.chain_unavailable)
    expect(await bench.countRows()).toEqual(before)
    rpc.receipts.set(txHash, { status: '0x1', from: cow.address })
    await give({ type: 'NATIVE', txHash }, onEthereum)
    expect((await shown(onEthereum)).isActive).toBe(true)
  })

  test('a permit of this wallet is refused on its wallet on another chain', async () => {
    const onEthereum = await bench.newWallet({ customerId: key.customerId, chainId: 1 })
    const given = await permit()
    const error = await refused(() => give(given, onEthereum))
    expect(error.param).toBe('domain.chainId')
    expect(given.permit.domain.chainId).toBe(baseChain)
  })
})

describe('what the wallet shows', () => {
  test('the one in force that lasts longest, also when a shorter one comes later', async () => {
    const long = await give(await permit({ deadline: nowSeconds() + 1_000 }))
    await give(await permit({ deadline: nowSeconds() + 100, nonce: '1' }))
    expect((await shown()).authorizedUntil).toBe(long.validUntil)
    await give(native('no end'))
    expect(await shown()).toMatchObject({ authorizationType: 'NATIVE', authorizedUntil: null })
  })

  test('an authorization ends by itself: nobody writes anything', async () => {
    await give(await permit({ deadline: nowSeconds() + 100 }))
    expect((await shown()).isActive).toBe(true)
    const before = await bench.countRows()
    bench.server.clock.advance(101_000)
    expect((await shown()).isActive).toBe(false)
    expect(await bench.countRows()).toEqual(before)
  })

  test('revoking falls back to the next, and at last to the newest, which is over', async () => {
    const short = await give(await permit({ deadline: nowSeconds() + 1_000 }))
    const endless = await give(native('approve'))
    await revokeAuthorization(bench.context, key, endless.id)
    expect(await shown()).toMatchObject({ authorizedUntil: short.validUntil, isActive: true })
    await revokeAuthorization(bench.context, key, short.id)
    const last = await shown()
    expect(last).toMatchObject({ authorizationType: 'NATIVE', isActive: false })
    const [newest] = await listAuthorizations(bench.context, key)
    expect(newest).toMatchObject({ id: endless.id, revokedAt: last.authorizedUntil })
  })

  const lasting = fc.record({
    validUntil: fc.option(fc.integer({ min: 90, max: 110 })),
    revokedAt: fc.option(fc.integer({ min: 0, max: 100 })),
  })

  test('of any, none in force lasts longer than the one that counts', () => {
    fc.assert(
      fc.property(fc.array(lasting), (all) => {
        const counts = authorizationThatCounts(all, 100)
        const end = (one: { validUntil: number | null }) => one.validUntil ?? Infinity
        const inForce = all.filter((one) => isInForce(one, 100))
        if (inForce.length === 0) expect(counts).toBe(all[0] ?? null)
        else {
          const longest = Math.max(...inForce.map(end))
          expect(counts).toBe(inForce.find((one) => end(one) === longest))
        }
      }),
    )
  })
})

describe('revoking', () => {
  test('is one event, once', async () => {
    const { id } = await give(native('approve'))
    await revokeAuthorization(bench.context, key, id)
    const history = await bench.historyOf(key.customerId)
    expect(history.at(-1)).toBe('4 customer.wallet.authorization_revoked')
    const changes = { walletId: key.walletId, authorizationId: id }
    expect(await bench.lastChangesOf(key.customerId)).toMatchObject(changes)
    const error = await refused(() => revokeAuthorization(bench.context, key, id))
    expect(error.definition).toBe(walletErrors.authorization_revoked)
    expect(await bench.historyOf(key.customerId)).toEqual(history)
  })

  test('what was revoked does not count again', async () => {
    const { id } = await give(native('approve'))
    await revokeAuthorization(bench.context, key, id)
    const error = await refused(() => give(native('approve')))
    expect(error.definition).toBe(walletErrors.authorization_exists)
    expect(error.message).toContain(id)
  })

  test('an authorization of another wallet looks missing', async () => {
    const { id } = await give(native('approve'))
    const another = await bench.newWallet({ customerId: key.customerId, chainId: 1 })
    const error = await refused(() => revokeAuthorization(bench.context, another, id))
    expect(error.definition).toBe(walletErrors.authorization_not_found)
    expect((await shown()).isActive).toBe(true)
  })
})

test('a list is the newest first, and no longer than its limit', async () => {
  for (let at = 0; at <= authorizationsShownMax; at += 1) await give(native(`${at}`))
  const hashes = (await listAuthorizations(bench.context, key)).map(({ txHash }) => txHash)
  const newest = Array.from({ length: authorizationsShownMax }, (_, at) =>
    hashOf(`${authorizationsShownMax - at}`),
  )
  expect(hashes).toEqual(newest)
})
