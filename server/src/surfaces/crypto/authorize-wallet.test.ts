// Owns the outcomes of POST /customers/{id}/wallets/{walletId}/authorizations.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RpcStandIn, startRpcStandIn } from '../../core/wallets/testing/rpc-stand-in.ts'
import {
  cow,
  hashOf,
  lateDeadline,
  other,
  signPermit,
  solanaAddress,
  token,
  unsigned,
} from '../../core/wallets/testing/wallet-samples.ts'
import { refusal, refusalOf, uuid, wireTime } from './test-customers.ts'
import { lostPaths, type OpenWallet, testWallets } from './test-wallets.ts'

let rpc: RpcStandIn
const settings: Record<string, string> = {}
beforeAll(async () => {
  rpc = await startRpcStandIn(1)
  // Ethereum can be asked; Base cannot.
  settings['CLIENTELE_RPC_URLS'] = JSON.stringify({ 1: rpc.url })
})
const wallets = testWallets(settings)
afterAll(async () => {
  await rpc.close()
  expect(rpc.violations).toEqual([])
})

const authorize = ({ path }: OpenWallet, body: unknown, headers = {}) =>
  wallets.call('POST', `${path}/authorizations`, { body, headers })
/** Signed just now; what is given after it was signed takes its place. */
async function permit(more: Parameters<typeof signPermit>[1] = {}, altered: object = {}) {
  const signed = await signPermit(cow, more)
  return { type: 'PERMIT', ...signed, ...altered }
}
const nowSeconds = () => Math.floor(wallets.server.clock.now() / 1000)

/** The answer to a refused authorization, after which everything is what it was. */
async function refusedTo(open: OpenWallet, body: unknown) {
  const { customerId } = open
  const before = [await wallets.shownWallets(customerId), await wallets.historyOf(customerId)]
  const answer = await authorize(open, body)
  const after = [await wallets.shownWallets(customerId), await wallets.historyOf(customerId)]
  expect(after).toEqual(before)
  return refusalOf(answer)
}
const invalid = (path: string) => refusal(400, 'VALIDATION_ERROR', path)

describe('201', () => {
  test('a permit: every member is answered, and the wallet shows it', async () => {
    const open = await wallets.openWallet()
    const answer = await authorize(open, await permit())
    expect(answer.status).toBe(201)
    const { data } = answer.json
    const { spender, value, nonce } = unsigned
    expect(answer.json).toEqual({
      success: true,
      data: {
        id: expect.stringMatching(uuid),
        walletId: open.walletId,
        type: 'PERMIT',
        isActive: true,
        ...{ token, spender, value, nonce, deadline: lateDeadline, txHash: null },
        createdAt: expect.stringMatching(wireTime),
        expiresAt: '2100-01-01T00:00:00.000Z',
        revokedAt: null,
      },
    })
    expect(await wallets.shownWallets(open.customerId)).toEqual([
      {
        ...open.data,
        hasActiveAuthorization: true,
        authorizationType: 'PERMIT',
        authorizedAt: data.createdAt,
        updatedAt: data.createdAt,
      },
    ])
    expect((await wallets.historyOf(open.customerId)).at(-1)).toBe('3 customer.wallet.authorized')
  })

  test('a permit of a token whose domain has no version', async () => {
    const { version, ...domain } = unsigned.domain
    const body = await permit({ domain: { ...domain, version: null } }, { domain })
    expect((await authorize(await wallets.openWallet(), body)).status).toBe(201)
  })

  test('a transaction of a chain that cannot be asked is on record, in lower case', async () => {
    const open = await wallets.openWallet()
    const body = { type: 'NATIVE', txHash: `0x${'AB'.repeat(32)}` }
    const { status, json } = await authorize(open, body)
    expect(status).toBe(201)
    const txHash = `0x${'ab'.repeat(32)}`
    const nulls = { token: null, spender: null, value: null, nonce: null, deadline: null }
    expect(json.data).toMatchObject({ ...nulls, type: 'NATIVE', txHash, expiresAt: null })
    expect(await wallets.shownWallets(open.customerId)).toMatchObject([
      { hasActiveAuthorization: true, authorizationType: 'NATIVE', authorizationTxHash: txHash },
    ])
  })

  test('a signature of Solana', async () => {
    const open = await wallets.openWallet({ chainId: 101, walletAddress: solanaAddress })
    const { json } = await authorize(open, { type: 'NATIVE', txHash: '1'.repeat(64) })
    expect(json.data).toMatchObject({ txHash: '1'.repeat(64), isActive: true })
  })

  test('a transaction that the chain knows as the wallet’s', async () => {
    const txHash = hashOf('approved')
    rpc.receipts.set(txHash, { status: '0x1', from: cow.address })
    const open = await wallets.openWallet({ chainId: 1 })
    expect((await authorize(open, { type: 'NATIVE', txHash })).status).toBe(201)
  })

  test('it ends by itself when its deadline comes', async () => {
    const open = await wallets.openWallet()
    await authorize(open, await permit({ deadline: nowSeconds() + 60 }))
    wallets.server.clock.advance(61_000)
    expect(await wallets.shownWallets(open.customerId)).toMatchObject([
      { hasActiveAuthorization: false, authorizationType: 'PERMIT' },
    ])
    const list = await wallets.call('GET', `${open.path}/authorizations`)
    expect(list.json.data).toMatchObject([{ isActive: false, revokedAt: null }])
  })
})

describe('400, and nothing changes', () => {
  test('a permit that another wallet has signed', async () => {
    const theirs = { type: 'PERMIT', ...(await signPermit(other)) }
    expect(await refusedTo(await wallets.openWallet(), theirs)).toEqual(invalid('signature'))
  })

  test('a permit for another chain', async () => {
    const open = await wallets.openWallet()
    const domain = { ...unsigned.domain, chainId: 1 }
    expect(await refusedTo(open, await permit({ domain }))).toEqual(invalid('domain.chainId'))
  })

  test('a permit whose deadline has passed', async () => {
    const open = await wallets.openWallet()
    for (const deadline of [1, nowSeconds()]) {
      expect(await refusedTo(open, await permit({ deadline }))).toEqual(invalid('deadline'))
    }
  })

  test('a permit that is replayed on another wallet', async () => {
    const body = await permit()
    expect((await authorize(await wallets.openWallet(), body)).status).toBe(201)
    const theirs = await wallets.openWallet({ walletAddress: other.address })
    expect(await refusedTo(theirs, body)).toEqual(invalid('signature'))
    const elsewhere = await wallets.openWallet({ chainId: 137 })
    expect(await refusedTo(elsewhere, body)).toEqual(invalid('domain.chainId'))
  })

  test('a permit altered after it was signed', async () => {
    const open = await wallets.openWallet()
    for (const altered of [{ value: '25000001' }, { nonce: '1' }, { spender: token }]) {
      expect(await refusedTo(open, await permit({}, altered))).toEqual(invalid('signature'))
    }
  })

  test.each([
    ['is not known to the chain yet', hashOf('unknown'), null],
    ['is of a transaction that failed', hashOf('failed'), { status: '0x0', from: cow.address }],
    ['that another wallet sent', hashOf('theirs'), { status: '0x1', from: other.address }],
  ] as const)('a transaction that %s', async (rule, txHash, receipt) => {
    if (receipt) rpc.receipts.set(txHash, receipt)
    const open = await wallets.openWallet({ chainId: 1 })
    expect(await refusedTo(open, { type: 'NATIVE', txHash })).toEqual(invalid('txHash'))
    const { json } = await authorize(open, { type: 'NATIVE', txHash })
    expect(json.error.message).toContain(rule)
  })

  test.each<[string, object, string]>([
    ['no type', { txHash: hashOf('x') }, 'type'],
    ['another type', { type: 'SESSION', txHash: hashOf('x') }, 'type'],
    ['no transaction', { type: 'NATIVE' }, 'txHash'],
    ['half a transaction', { type: 'NATIVE', txHash: '0x12' }, 'txHash'],
    ['a permit beside a transaction', { type: 'NATIVE', txHash: hashOf('x'), token }, 'token'],
    ['an unknown member', { type: 'NATIVE', txHash: hashOf('x'), gas: 1 }, 'gas'],
    ['a transaction beside a permit', { type: 'PERMIT', txHash: hashOf('x') }, 'txHash'],
    ['a permit of nothing', { type: 'PERMIT' }, 'domain'],
  ])('%s', async (_name, body, path) => {
    expect(await refusedTo(await wallets.openWallet(), body)).toEqual(invalid(path))
  })

  test.each<[string, unknown, string]>([
    ['value', 25, 'value'],
    ['value', '1.5', 'value'],
    ['nonce', 0, 'nonce'],
    ['deadline', '4102444800', 'deadline'],
    ['deadline', lateDeadline * 1000, 'deadline'],
    ['token', '0x12', 'token'],
    ['spender', undefined, 'spender'],
    ['signature', '0x12', 'signature'],
    ['domain', { ...unsigned.domain, salt: '0x' }, 'domain.salt'],
    ['domain', { ...unsigned.domain, chainId: '8453' }, 'domain.chainId'],
  ])('a permit whose %s is %j', async (member, value, path) => {
    const body = await permit({}, { [member]: value })
    expect(await refusedTo(await wallets.openWallet(), body)).toEqual(invalid(path))
  })

  test('Solana has no permits', async () => {
    const open = await wallets.openWallet({ chainId: 101, walletAddress: solanaAddress })
    expect(await refusedTo(open, await permit())).toEqual(invalid('type'))
    const body = { type: 'NATIVE', txHash: hashOf('evm') }
    expect(await refusedTo(open, body)).toEqual(invalid('txHash'))
  })
})

describe('409', () => {
  test('the same permit or transaction again, which is named', async () => {
    const open = await wallets.openWallet()
    for (const body of [await permit(), { type: 'NATIVE', txHash: hashOf('again') }]) {
      const { id } = (await authorize(open, body)).json.data
      expect(await refusedTo(open, body)).toEqual(refusal(409, 'CONFLICT'))
      expect((await authorize(open, body)).json.error.message).toContain(id)
    }
  })

  test('with its idempotency key it is the same answer instead', async () => {
    const open = await wallets.openWallet()
    const body = await permit()
    const headers = { 'idempotency-key': 'permit-once' }
    const [first, second] = [
      await authorize(open, body, headers),
      await authorize(open, body, headers),
    ]
    expect([second.status, second.text]).toEqual([201, first.text])
  })
})

test('404: an id that names nothing', async () => {
  const open = await wallets.openWallet()
  const body = await permit()
  for (const [path, expected] of lostPaths(open, '/authorizations')) {
    const answer = await wallets.call('POST', path, { body })
    expect([answer.status, answer.json]).toEqual([404, expected])
  }
})

test('502: a chain that gives no usable answer, and nothing changes', async () => {
  const open = await wallets.openWallet({ chainId: 1 })
  const body = { type: 'NATIVE', txHash: hashOf('approved') }
  for (const badDay of ['error_500', 'html', 'reset'] as const) {
    rpc.badDay = badDay
    expect(await refusedTo(open, body)).toEqual(refusal(502, 'INTERNAL_ERROR'))
  }
  rpc.badDay = null
  rpc.receipts.set(body.txHash, { status: '0x1', from: cow.address })
  expect((await authorize(open, body)).status).toBe(201)
})
