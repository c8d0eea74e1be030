// Owns POST /payouts.
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { AppError } from '../../core/errors.ts'
import { fieldErrors } from '../../core/fields.ts'
import { payoutErrors } from '../../core/payouts/payout.ts'
import * as payouts from '../../core/payouts/payout-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { parseId } from '../../lib/id.ts'
import { toWirePayout, WireNewPayout, WirePayout } from './wire.ts'

export const createPayout = defineOperation({
  id: 'createPayout',
  method: 'POST',
  path: '/payouts',
  tag: 'Payouts',
  summary: 'Create a payout',
  description:
    'Pays to `destinationCbu`, or to the default bank account of `customerId`. A number that is ' +
    "one of the customer's bank accounts is linked to it.",
  scope: 'payouts:write',
  body: WireNewPayout,
  returns: { status: 201, description: 'The accepted payout', schema: WirePayout },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    bankingErrors.customer_status_forbids,
    payoutErrors.payout_destination_missing,
    payoutErrors.payout_currency_differs,
  ],
  async handle(context, { body }) {
    const payout = await payouts.createPayout(context, {
      amount: body.amount,
      currency: body.currency,
      customerId: fromWireReference(body.customerId ?? null),
      cbu: body.destinationCbu ?? null,
      name: body.destinationName ?? null,
      cuit: body.destinationCuit ?? null,
    })
    return toWirePayout(payout, context.app.merchantId)
  },
})

function fromWireReference(text: string | null): string | null {
  if (text === null) return null
  const id = parseId('customer', text)
  if (id === null) throw new AppError(customerErrors.customer_not_found, { param: 'customerId' })
  return id
}
