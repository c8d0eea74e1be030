// Owns lives of a customer, made of named steps, for the test of what each may do then.

import { moveBankingStatus } from '../server/src/core/accounts/status-service.ts'
import { intentStatuses } from '../server/src/core/activity/payment-intent.ts'
import { createPaymentIntent } from '../server/src/core/activity/payment-intent-service.ts'
import { subscriptionStatuses } from '../server/src/core/activity/subscription.ts'
import { createSubscription } from '../server/src/core/activity/subscription-service.ts'
import { addBankAccount } from '../server/src/core/bank-accounts/bank-account-service.ts'
import {
  removeConnection,
  saveConnection,
} from '../server/src/core/connections/connection-service.ts'
import type { App, Context } from '../server/src/core/context.ts'
import { bankingStatuses } from '../server/src/core/customer/banking-status.ts'
import { createCustomer, updateCustomer } from '../server/src/core/customer/customer-service.ts'
import { AppError } from '../server/src/core/errors.ts'
import { registrationStatuses } from '../server/src/core/registrations/registration.ts'
import { submitRegistration } from '../server/src/core/registrations/registration-service.ts'
import { authorize, revokeAuthorization } from '../server/src/core/wallets/authorization-service.ts'
import { unsigned } from '../server/src/core/wallets/testing/wallet-samples.ts'
import { addWallet, removeWallet } from '../server/src/core/wallets/wallet-service.ts'
import { setBankingStatus } from './banking-customers.ts'
import type { TestServer } from './harness.ts'
import { newBankAccount, newIntent } from './payable-customers.ts'

const providers = ['stripe', 'bridge'] as const
const roles = ['customer', 'connected_account'] as const

/** What a customer has by now. */
export interface Life {
  context: Context
  id: string
  bankAccountId: string | null
  walletId: string
  intentId: string
  subscriptionId: string
}

export type Step = (life: Life) => Promise<unknown>

/** What may happen, by its name. A step that is refused leaves everything as it is. */
export const steps: Record<string, Step> = {
  ...Object.fromEntries(
    bankingStatuses.flatMap((status) => [
      [`is ${status}`, ({ context, id }: Life) => setBankingStatus(context, id, status)],
      [
        `moves to ${status}`,
        ({ context, id }: Life) => moveBankingStatus(context, id, { status, reason: 'Test' }),
      ],
    ]),
  ),
  'tells its e-mail': ({ context, id }) =>
    updateCustomer(context, id, { email: 'alice@example.com' }),
  'tells its country': ({ context, id }) => updateCustomer(context, id, { country: 'BR' }),
  'gets a bank account': async (life) => {
    const added = await addBankAccount(life.context, newBankAccount(life.id))
    life.bankAccountId = added.id
  },
  'gets a bank account without a number': ({ context, id }) =>
    addBankAccount(context, newBankAccount(id, null)),
  'links a wallet': async (life) => {
    const place = { chainId: 8453, address: `0x${life.context.random.bytes(20).toString('hex')}` }
    life.walletId = (await addWallet(life.context, life.id, place)).id
  },
  'takes the wallet off': ({ context, id: customerId, walletId }) =>
    removeWallet(context, { customerId, walletId }),
  'authorizes for good': (life) => authorizeUntil(life, null),
  'authorizes for a moment': (life) => authorizeUntil(life, life.context.clock.now() + 2),
  'authorizes and revokes': async (life) => {
    const { id } = await authorizeUntil(life, null)
    await revokeAuthorization(life.context, { customerId: life.id, walletId: life.walletId }, id)
  },
  ...Object.fromEntries(
    providers.flatMap((provider) =>
      roles.map((role) => [
        `registers at ${provider} as ${role}`,
        ({ context, id }: Life) => submitRegistration(context, id, { provider, role }),
      ]),
    ),
  ),
  ...Object.fromEntries(
    registrationStatuses.flatMap((status) =>
      [null, 'remote_1'].map((remoteId) => [
        `is ${status} ${remoteId === null ? 'without' : 'with'} an id there`,
        (life: Life) => forceRegistrations(life, status, remoteId),
      ]),
    ),
  ),
  'stripe is connected': ({ context }) => connect(context, context.app.mode),
  'stripe is connected in the wrong mode': ({ context }) =>
    connect(context, context.app.mode === 'test' ? 'live' : 'test'),
  'stripe is disconnected': ({ context }) => removeConnection(context, 'stripe'),
  ...Object.fromEntries(
    intentStatuses.map((status) => [
      `has a payment intent that is ${status}`,
      async (life: Life) => {
        life.intentId = (await createPaymentIntent(life.context, newIntent(life.id))).id
        await force(life, 'payment_intents', life.intentId, status)
      },
    ]),
  ),
  ...Object.fromEntries(
    subscriptionStatuses.map((status) => [
      `has a subscription that is ${status}`,
      async (life: Life) => {
        const plan = { planId: 'plan', priceId: 'price', metadata: {} }
        const made = await createSubscription(life.context, { customerId: life.id, ...plan })
        life.subscriptionId = made.id
        await force(life, 'subscriptions', made.id, status)
      },
    ]),
  ),
}

/** A customer after these steps, in this app, which it has to itself. */
export async function live(server: TestServer, app: App, names: string[]): Promise<Life> {
  const context = server.contextOf(app)
  await unlessRefused(() => removeConnection(context, 'stripe'))
  const { id } = await createCustomer(context, {
    kind: 'individual',
    givenName: 'Alice',
    familyName: 'Smith',
  })
  const nobodys = context.ids()
  const none = { bankAccountId: null, walletId: nobodys, intentId: nobodys }
  const life: Life = { context, id, ...none, subscriptionId: nobodys }
  for (const name of names) await unlessRefused(async () => steps[name]?.(life))
  return life
}

async function unlessRefused(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
  }
}

function authorizeUntil({ context, id: customerId, walletId }: Life, validUntil: number | null) {
  const details = { permit: unsigned, txHash: null }
  const proof = context.ids()
  const checked = { type: 'PERMIT' as const, details, proof, validUntil }
  return authorize(context, { customerId, walletId }, checked)
}

function connect(context: Context, mode: 'test' | 'live'): Promise<unknown> {
  return saveConnection(context, {
    provider: 'stripe',
    credentials: { secret_key: `sk_${mode}_example` },
    baseUrl: null,
    mayReplaceLegalAddress: false,
    checkedAt: context.clock.now(),
  })
}

function forceRegistrations({ context, id }: Life, status: string, remote_id: string | null) {
  return context.database.transaction((db) =>
    db
      .updateTable('registrations')
      .set({ status, remote_id })
      .where('app_id', '=', context.app.id)
      .where('customer_id', '=', id)
      .execute(),
  )
}

function force(
  { context }: Life,
  table: 'payment_intents' | 'subscriptions',
  id: string,
  status: string,
) {
  return context.database.transaction((db) =>
    db
      .updateTable(table)
      .set({ status })
      .where('app_id', '=', context.app.id)
      .where('id', '=', id)
      .execute(),
  )
}
