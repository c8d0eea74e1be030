// Owns finding whom and which wallet activity names, so that a refusal names the field.
import type { Context } from '../context.ts'
import { customerErrors } from '../customer/customer.ts'
import type { HeldCustomer } from '../customer/customer-seal.ts'
import { holdCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { enforce } from '../rules.ts'
import type { Wallet } from '../wallets/wallet.ts'
import { walletsOf } from '../wallets/wallet-service.ts'
import { ownerRules } from './charge-rules.ts'

/** As `holdCustomer`. Errors: `customer_not_found`, of `customerId`; `customer_status_forbids`. */
export async function holdOwner(tx: Context, customerId: string): Promise<HeldCustomer> {
  try {
    const held = await holdCustomer(tx, customerId)
    enforce(ownerRules(held.customer))
    return held
  } catch (error) {
    const isMissing =
      error instanceof AppError && error.definition === customerErrors.customer_not_found
    if (!isMissing) throw error
    throw new AppError(customerErrors.customer_not_found, { param: 'customerId' })
  }
}

/** One of the customer's own; `null`, also for another customer's. */
export async function findWallet(
  context: Context,
  customerId: string | null,
  walletId: string,
): Promise<Wallet | null> {
  const wallets =
    customerId === null ? [] : (await walletsOf(context, [customerId])).get(customerId)
  return wallets?.find(({ id }) => id === walletId) ?? null
}
