// Owns one request that succeeds for every operation of the crypto surface's activity.
import type { Call, ExampleRequest, Ids } from './surface-examples.ts'

const evmHash = `0x${'5a'.repeat(32)}`

/** One for each move, in the state that the move begins in; of a customer with a wallet on Base. */
export async function prepareActivity(call: Call, customerId: string): Promise<Ids> {
  const idOf = async (operationId: string, example: ExampleRequest) =>
    String((await call(operationId, example)).json.data.id)
  const intent = () => idOf('createPaymentIntent', { body: newIntent(customerId) })
  const authorized = async () => {
    const params = { id: await intent() }
    return idOf('authorizePaymentIntent', { params, body: authorization })
  }
  const captured = async () => idOf('capturePaymentIntent', { params: { id: await authorized() } })
  const invoice = () => idOf('createInvoice', { body: newInvoice(customerId) })
  const subscription = () => idOf('createSubscription', { body: newSubscription(customerId) })
  const active = async () => idOf('activateSubscription', { params: { id: await subscription() } })
  return {
    paymentIntentId: await intent(),
    cancellableIntentId: await intent(),
    authorizedIntentId: await authorized(),
    capturedIntentId: await captured(),
    refundableIntentId: await captured(),
    invoiceId: await invoice(),
    openInvoiceId: await idOf('openInvoice', { params: { id: await invoice() } }),
    voidableInvoiceId: await invoice(),
    subscriptionId: await subscription(),
    activeSubscriptionId: await active(),
    pausedSubscriptionId: await idOf('pauseSubscription', { params: { id: await active() } }),
    cancellableSubscriptionId: await active(),
  }
}

export const activityIdNames = [
  'paymentIntentId',
  'cancellableIntentId',
  'authorizedIntentId',
  'capturedIntentId',
  'refundableIntentId',
  'invoiceId',
  'openInvoiceId',
  'voidableInvoiceId',
  'subscriptionId',
  'activeSubscriptionId',
  'pausedSubscriptionId',
  'cancellableSubscriptionId',
] as const

const newIntent = (customerAccountId: string) => ({ amount: '25.00', customerAccountId })
const newInvoice = (customerAccountId: string) => ({
  customerAccountId,
  items: [{ description: 'Annual plan', amount: '25.00', quantity: 2 }],
})
const newSubscription = (customerAccountId: string) => ({
  customerAccountId,
  productPlanId: 'plan_pro',
  productPlanPriceId: 'price_25',
})
const authorization = {
  method: 'PERMIT',
  chainId: 8453,
  tokenKey: 'USDC-8453',
  cryptoAmount: '25.00',
}
const move = (id: string | undefined) => ({ params: { id: id ?? '' } })

export const activityRequests: Record<string, (ids: Ids) => ExampleRequest> = {
  createPaymentIntent: ({ id = '' }) => ({
    body: {
      ...newIntent(id),
      externalId: 'ORDER-4421',
      currency: 'USD',
      allowedChains: [8453],
      allowedTokens: ['USDC-8453'],
      captureMode: 'MANUAL',
      successUrl: 'https://example.com/thanks',
      cancelUrl: 'https://example.com/cart',
      metadata: { order: 4421 },
    },
  }),
  listPaymentIntents: () => ({ query: { status: 'CREATED', page: '1', pageSize: '2' } }),
  getPaymentIntent: ({ paymentIntentId }) => move(paymentIntentId),
  authorizePaymentIntent: ({ paymentIntentId, walletId }) => ({
    ...move(paymentIntentId),
    body: { ...authorization, walletId, txHash: evmHash },
  }),
  capturePaymentIntent: ({ authorizedIntentId }) => ({
    ...move(authorizedIntentId),
    body: { txHash: evmHash },
  }),
  cancelPaymentIntent: ({ cancellableIntentId }) => move(cancellableIntentId),
  refundPaymentIntent: ({ refundableIntentId }) => ({
    ...move(refundableIntentId),
    body: { reason: 'The goods came back' },
  }),
  createInvoice: ({ id = '', subscriptionId }) => ({
    body: {
      ...newInvoice(id),
      currency: 'USD',
      dueDate: '2999-03-25',
      memo: 'Thank you',
      subscriptionId,
      metadata: { order: 4421 },
    },
  }),
  listInvoices: () => ({ query: { status: 'DRAFT', page: '1', pageSize: '2' } }),
  getInvoice: ({ invoiceId }) => move(invoiceId),
  openInvoice: ({ invoiceId }) => move(invoiceId),
  payInvoice: ({ openInvoiceId, capturedIntentId }) => ({
    ...move(openInvoiceId),
    body: { paymentIntentId: capturedIntentId },
  }),
  voidInvoice: ({ voidableInvoiceId }) => move(voidableInvoiceId),
  createSubscription: ({ id = '' }) => ({
    body: { ...newSubscription(id), metadata: { seats: 3 } },
  }),
  listSubscriptions: () => ({ query: { status: 'CREATED', page: '1', pageSize: '2' } }),
  getSubscription: ({ subscriptionId }) => move(subscriptionId),
  activateSubscription: ({ subscriptionId, walletId }) => ({
    ...move(subscriptionId),
    body: { walletId },
  }),
  pauseSubscription: ({ activeSubscriptionId }) => move(activeSubscriptionId),
  resumeSubscription: ({ pausedSubscriptionId }) => move(pausedSubscriptionId),
  cancelSubscription: ({ cancellableSubscriptionId }) => ({
    ...move(cancellableSubscriptionId),
    body: { cancelAtPeriodEnd: true },
  }),
}
