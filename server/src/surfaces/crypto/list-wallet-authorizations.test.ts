// Owns the outcomes of GET /customers/{id}/wallets/{walletId}/authorizations.
import { expect, test } from 'vitest'
import { cow, hashOf, signPermit } from '../../core/wallets/testing/wallet-samples.ts'
import { lostPaths, testWallets } from './test-wallets.ts'

const wallets = testWallets()
const list = (path: string) => wallets.call('GET', `${path}/authorizations`)

test('200: none at first', async () => {
  const { path } = await wallets.openWallet()
  const answer = await list(path)
  expect([answer.status, answer.json]).toEqual([200, { success: true, data: [] }])
})

test('200: newest first, as they were answered, the revoked ones too, of this wallet alone', async () => {
  const { path, customerId } = await wallets.openWallet()
  const another = await wallets.openWallet({ chainId: 1 }, customerId)
  const give = async (body: object, to = path) =>
    (await wallets.call('POST', `${to}/authorizations`, { body })).json.data
  const permit = await give({ type: 'PERMIT', ...(await signPermit(cow)) })
  const native = await give({ type: 'NATIVE', txHash: hashOf('a') })
  await give({ type: 'NATIVE', txHash: hashOf('b') }, another.path)
  await wallets.call('DELETE', `${path}/authorizations/${permit.id}`)
  const { json } = await list(path)
  const [, second] = json.data
  expect(second.revokedAt).toMatch(/Z$/)
  const revoked = { ...permit, isActive: false, revokedAt: second.revokedAt }
  expect(json).toEqual({ success: true, data: [native, revoked] })
})

test('404: an id that names nothing', async () => {
  const open = await wallets.openWallet()
  for (const [path, expected] of lostPaths(open, '/authorizations')) {
    const answer = await wallets.call('GET', path)
    expect([answer.status, answer.json]).toEqual([404, expected])
  }
})
