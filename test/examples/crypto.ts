// Owns one request that succeeds for every operation of the crypto surface.
import { cow } from '../../server/src/core/wallets/testing/wallet-samples.ts'
import { activityIdNames, activityRequests, prepareActivity } from './crypto-activity.ts'
import type { Call, SurfaceExamples } from './surface-examples.ts'

const missingId = '01890a5d-ac96-774b-bcce-b302099a8057'

export const crypto: SurfaceExamples = {
  credentials: (key) => ({ 'x-api-key': key }),
  async prepare(call, { signMessage }) {
    const customer = await call('createCustomer', { body: newCustomer })
    const { id, appId }: Record<string, string> = customer.json.data
    const wallet = await prepareWallet(call, signMessage, id ?? '')
    const activity = await prepareActivity(call, id ?? '')
    return { id: id ?? '', appId: appId ?? '', ...wallet, ...activity }
  },
  missing: {
    id: missingId,
    appId: missingId,
    walletId: missingId,
    authorizationId: missingId,
    ...Object.fromEntries(activityIdNames.map((name) => [name, missingId])),
  },
  requests: {
    createCustomer: ({ appId = '' }) => ({ body: { ...newCustomer, appId } }),
    getCustomer: ({ id = '' }) => ({ params: { id } }),
    listCustomers: ({ appId = '' }) => ({
      query: { search: 'ada', page: '1', pageSize: '2', appId },
    }),
    updateCustomer: ({ id = '', appId = '' }) => ({
      params: { id },
      body: { appId, city: 'Paris', metadata: { plan: 'basic' } },
    }),
    addWallet: ({ id = '' }) => ({
      params: { id },
      body: { chainId: 1, walletAddress: cow.address },
    }),
    removeWallet: ({ id = '', walletId = '' }) => ({ params: { id, walletId } }),
    challengeWallet: ({ id = '', walletId = '' }) => ({ params: { id, walletId }, body: {} }),
    proveWalletOwnership: ({ id = '', walletId = '', message = '', signature = '' }) => ({
      params: { id, walletId },
      body: { message, signature },
    }),
    authorizeWallet: ({ id = '', walletId = '' }) => ({
      params: { id, walletId },
      body: { type: 'NATIVE', txHash: `0x${'9c'.repeat(32)}` },
    }),
    listWalletAuthorizations: ({ id = '', walletId = '' }) => ({ params: { id, walletId } }),
    revokeWalletAuthorization: ({ id = '', walletId = '', authorizationId = '' }) => ({
      params: { id, walletId, authorizationId },
    }),
    ...activityRequests,
  },
}

/** A wallet with an authorization, and a challenge that its owner has signed. */
async function prepareWallet(
  call: Call,
  signMessage: (message: string) => Promise<string>,
  id: string,
) {
  const body = { chainId: 8453, walletAddress: cow.address }
  const wallet = await call('addWallet', { params: { id }, body })
  const walletId: string = wallet.json.data.id
  const params = { id, walletId }
  const approval = { type: 'NATIVE', txHash: `0x${'4b'.repeat(32)}` }
  const authorization = await call('authorizeWallet', { params, body: approval })
  const challenge = await call('challengeWallet', { params, body: {} })
  const message: string = challenge.json.data.message
  const signature = await signMessage(message)
  return { walletId, authorizationId: String(authorization.json.data.id), message, signature }
}

const newCustomer = {
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  address: '12 St James’s Square',
  city: 'London',
  country: 'GB',
  postalCode: 'SW1Y 4JH',
  metadata: { plan: 'pro' },
}
