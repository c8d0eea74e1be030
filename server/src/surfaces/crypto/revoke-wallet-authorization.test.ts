// Owns the outcomes of DELETE /customers/{id}/wallets/{walletId}/authorizations/{authorizationId}.
import { describe, expect, test } from 'vitest'
import { hashOf } from '../../core/wallets/testing/wallet-samples.ts'
import { printId } from '../../lib/id.ts'
import { refusal, refusalOf, unknownIds } from './test-customers.ts'
import { lostPaths, missing, testWallets } from './test-wallets.ts'

const wallets = testWallets()
const revoke = (path: string, id: string) => wallets.call('DELETE', `${path}/authorizations/${id}`)

async function openAuthorized() {
  const open = await wallets.openWallet()
  const body = { type: 'NATIVE', txHash: hashOf('approve') }
  const { json } = await wallets.call('POST', `${open.path}/authorizations`, { body })
  const authorizationId: string = json.data.id
  return { ...open, authorizationId }
}

describe('204', () => {
  test('there is no body, and the wallet is not authorized any more', async () => {
    const { path, customerId, authorizationId } = await openAuthorized()
    const answer = await revoke(path, authorizationId)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(await wallets.shownWallets(customerId)).toMatchObject([
      { hasActiveAuthorization: false, authorizationType: 'NATIVE' },
    ])
    const history = await wallets.historyOf(customerId)
    expect(history.at(-1)).toBe('4 customer.wallet.authorization_revoked')
  })

  test('the prefixed form of its id is accepted', async () => {
    const { path, authorizationId } = await openAuthorized()
    const answer = await revoke(path, printId('authorization', authorizationId))
    expect(answer.status).toBe(204)
  })
})

describe('404', () => {
  test.each(unknownIds('authorization'))('"%s" is no authorization', async (id) => {
    const { path } = await openAuthorized()
    const answer = await revoke(path, id)
    expect([answer.status, answer.json]).toEqual([404, missing('authorization')])
  })

  test('no such wallet, no such customer, and an authorization of another wallet', async () => {
    const open = await openAuthorized()
    for (const [path, expected] of lostPaths(open, `/authorizations/${open.authorizationId}`)) {
      const answer = await wallets.call('DELETE', path)
      expect([answer.status, answer.json]).toEqual([404, expected])
    }
    const { path } = await wallets.openWallet({ chainId: 1 }, open.customerId)
    const answer = await revoke(path, open.authorizationId)
    expect([answer.status, answer.json]).toEqual([404, missing('authorization')])
    expect(await wallets.shownWallets(open.customerId)).toMatchObject([
      { hasActiveAuthorization: true },
      { hasActiveAuthorization: false },
    ])
  })
})

test('409: an authorization is revoked once, also by two at once', async () => {
  const { path, customerId, authorizationId } = await openAuthorized()
  const answers = await Promise.all([1, 2].map(() => revoke(path, authorizationId)))
  const [lost] = answers.filter(({ status }) => status !== 204)
  expect(lost && refusalOf(lost)).toEqual(refusal(409, 'CONFLICT'))
  expect(refusalOf(await revoke(path, authorizationId))).toEqual(refusal(409, 'CONFLICT'))
  expect(await wallets.historyOf(customerId)).toHaveLength(4)
})
