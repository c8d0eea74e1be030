// Owns that only a corporation has people behind it.
import type { Context } from '../../core/context.ts'
import { type BankingCustomer, getBankingCustomer } from '../../core/customer/banking-customers.ts'
import { AppError } from '../../core/errors.ts'
import { individualErrors } from '../../core/individuals/individual.ts'

/** Errors: `customer_not_found`, `individual_not_found`. */
export async function getCorporation(context: Context, id: string): Promise<BankingCustomer> {
  const customer = await getBankingCustomer(context, id)
  if (customer.kind !== 'business') throw new AppError(individualErrors.individual_not_found)
  return customer
}
