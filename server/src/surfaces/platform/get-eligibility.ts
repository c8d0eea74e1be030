// Owns GET /v1/customers/{id}/eligibility.
import { intentErrors } from '../../core/activity/payment-intent.ts'
import { subscriptionErrors } from '../../core/activity/subscription.ts'
import { bankAccountErrors } from '../../core/bank-accounts/bank-account.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import * as eligibility from '../../core/eligibility/eligibility-service.ts'
import { fieldErrors } from '../../core/fields.ts'
import { walletErrors } from '../../core/wallets/wallet.ts'
import { defineOperation } from '../../http/operation.ts'
import { printId } from '../../lib/id.ts'
import { printTime } from '../../lib/time.ts'
import { CustomerParams, fromWireCustomerId } from './wire.ts'
import {
  fromWireQuestion,
  toWireEligibility,
  WireAnswer,
  WireQuestion,
} from './wire-eligibility.ts'

export const getEligibility = defineOperation({
  id: 'getEligibility',
  method: 'GET',
  path: '/customers/{id}/eligibility',
  tag: 'Customers',
  summary: 'Ask what a customer may do now',
  description:
    'Whether the customer may be paid out, charged, synced, registered or get an account now; if ' +
    'not, everything that is in the way, who has to act, and by which call. It is told by the ' +
    'rules that those operations enforce. Parameters beside `action` narrow the question.',
  scope: 'platform:read',
  params: CustomerParams,
  query: WireQuestion,
  returns: { status: 200, description: 'What the customer may do', schema: WireAnswer },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    bankAccountErrors.bank_account_not_found,
    walletErrors.wallet_not_found,
    intentErrors.payment_intent_not_found,
    subscriptionErrors.subscription_not_found,
  ],
  async handle(context, { params, query }) {
    const id = fromWireCustomerId(params.id)
    const question = { action: query.action ?? null, narrowing: fromWireQuestion(query) }
    const { asOf, actions } = await eligibility.getEligibility(context, id, question)
    return {
      customer_id: printId('customer', id),
      as_of: printTime(asOf),
      actions: actions.map((one) => toWireEligibility(id, one)),
    }
  },
})
