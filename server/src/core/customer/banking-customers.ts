// Owns reading the customers of the bank: those whose record has a banking status.
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import type { BankingStatus } from './banking-status.ts'
import { selectBankingHeads } from './banking-store.ts'
import { type Customer, type CustomerKind, customerErrors } from './customer.ts'
import { readPage } from './customer-cache.ts'
import { openCustomers } from './customer-seal.ts'
import { getCustomer } from './customer-service.ts'
import { selectCustomersByIds } from './customer-store.ts'

export type BankingCustomer = Customer & { bankingStatus: BankingStatus }

/** Errors: `customer_not_found`, also for a customer that no application was approved for. */
export async function getBankingCustomer(context: Context, id: string): Promise<BankingCustomer> {
  const customer = await getCustomer(context, id)
  requireBanking(customer)
  return customer
}

/** Error: `customer_not_found`. */
export function requireBanking(customer: Customer): asserts customer is BankingCustomer {
  if (customer.bankingStatus === null) throw new AppError(customerErrors.customer_not_found)
}

export interface BankingFilter {
  kind: CustomerKind | null
  status: BankingStatus | null
}

/** Newest first, below `beforeId`: a page deep in the list costs what the first one does. */
export function listBankingCustomers(
  context: Context,
  filter: BankingFilter & { beforeId: string | null; limit: number },
): Promise<Customer[]> {
  const appId = context.app.id
  const page = { ...filter, appId }
  const heads = (withVersion: boolean) => selectBankingHeads(context.db, { ...page, withVersion })
  const byIds = async (ids: string[]) =>
    ids.length === 0
      ? []
      : openCustomers(context, await selectCustomersByIds(context.db, { appId, ids }))
  return readPage(context, {
    heads,
    byIds,
    whole: async () => {
      const found = await byIds((await heads(false)).map(({ id }) => id))
      return found.toSorted((left, right) => (left.id < right.id ? 1 : -1))
    },
  })
}
