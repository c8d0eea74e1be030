// Owns what a new payout must be, and what stands between a payee and one.
import { parseAmount } from '../../lib/money.ts'
import type { PayoutDestination } from '../bank-accounts/bank-account-service.ts'
import { findRailByCurrency } from '../bank-accounts/payment-rails.ts'
import { requirePermission } from '../customer/banking-status.ts'
import type { Customer } from '../customer/customer.ts'
import { AppError } from '../errors.ts'
import { checkCuit, checkText, nameLengthMax, refuseField } from '../fields.ts'
import type { Rule } from '../rules.ts'
import { type PayoutTarget, payoutErrors } from './payout.ts'

export interface NewPayout extends PayoutTarget {
  /** Decimal text: `"5000.00"`. */
  amount: string
  currency: string
  customerId: string | null
}

/** The amount in minor units. Errors: `field_invalid`. */
export function checkNewPayout(input: NewPayout): number {
  const amountMinor = checkPayoutAmount(input.amount)
  const rail = checkPayoutCurrency(input.currency)
  if (input.cbu !== null) rail.checkAccountNumber('destinationCbu', input.cbu)
  if (input.name !== null) checkText('destinationName', input.name, nameLengthMax)
  if (input.cuit !== null) checkCuit('destinationCuit', input.cuit)
  return amountMinor
}

/** Errors: `field_invalid`. */
export function checkPayoutAmount(amount: string): number {
  const amountMinor = parseAmount(amount)
  if (amountMinor === null) {
    refuseField('amount', 'is not a decimal like "5000.00" with at most two places, below 10^13')
  }
  if (amountMinor === 0) refuseField('amount', 'is not above zero')
  return amountMinor
}

/** A rail pays it out. Errors: `field_invalid`. */
export const checkPayoutCurrency = findRailByCurrency

/** Where a payout goes; `currency` is `null` where any will do. */
export interface PayoutPlace extends Omit<PayoutDestination, 'bankAccountId' | 'currency'> {
  bankAccountId: string | null
  currency: string | null
}

/** Error: `customer_status_forbids`. */
export function payeeRules(payee: Pick<Customer, 'bankingStatus'> | null): Rule[] {
  return [() => payee && requirePermission(payee, 'transact')]
}

/**
 * `place` is `null` without a default bank account; a `currency` of `null` is the place's own.
 * Errors: `payout_destination_missing`, `payout_currency_differs`.
 */
export function placeRules(place: PayoutPlace | null, currency: string | null): Rule[] {
  const isComplete = place !== null && place.accountNumber !== null
  return [
    () => {
      if (isComplete) return
      throw new AppError(payoutErrors.payout_destination_missing, { param: 'destinationCbu' })
    },
    () => {
      if (!isComplete || currency === null || [null, currency].includes(place.currency)) return
      throw new AppError(payoutErrors.payout_currency_differs, { param: 'currency' })
    },
  ]
}
