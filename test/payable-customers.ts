// Owns what a customer is paid to and pays with, for tests: a bank account, a wallet, what is due.
import { createPaymentIntent } from '../server/src/core/activity/payment-intent-service.ts'
import { createSubscription } from '../server/src/core/activity/subscription-service.ts'
import { addBankAccount } from '../server/src/core/bank-accounts/bank-account-service.ts'
import type { Context } from '../server/src/core/context.ts'
import { addWallet } from '../server/src/core/wallets/wallet-service.ts'
import { parseId, printId } from '../server/src/lib/id.ts'
import type { PayableIds } from './examples/surface-examples.ts'

/** Of a customer that has none of it; wire ids. */
export async function makePayable(context: Context, customer: string): Promise<PayableIds> {
  const id = parseId('customer', customer) ?? ''
  const bankAccount = await addBankAccount(context, newBankAccount(id))
  const wallet = await addWallet(context, id, { chainId: 8453, address: `0x${'ab'.repeat(20)}` })
  const intent = await createPaymentIntent(context, newIntent(id))
  const plan = { planId: 'plan_pro', priceId: 'price_25', metadata: {} }
  const subscription = await createSubscription(context, { customerId: id, ...plan })
  return {
    bankAccountId: printId('bankAccount', bankAccount.id),
    walletId: printId('wallet', wallet.id),
    paymentIntentId: printId('paymentIntent', intent.id),
    subscriptionId: printId('subscription', subscription.id),
  }
}

export const newBankAccount = (
  customerId: string,
  accountNumber: string | null = '0070327530004025541644',
) => ({
  customerId,
  country: 'AR',
  currency: 'ARS',
  rail: 'OTHER',
  accountType: 'checking' as const,
  holderName: 'Alice Smith',
  accountNumber,
  metadata: {},
})

export const newIntent = (customerId: string) => ({
  customerId,
  externalId: null,
  amount: '25.00',
  currency: 'USD',
  allowedChains: 'ALL' as const,
  allowedTokens: 'ALL' as const,
  captureMode: 'MANUAL' as const,
  successUrl: null,
  cancelUrl: null,
  metadata: {},
})
