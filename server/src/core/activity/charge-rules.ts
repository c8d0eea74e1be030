// Owns what stands between a customer and a charge: making one, and taking the money.
import { requirePermission } from '../customer/banking-status.ts'
import type { Customer } from '../customer/customer.ts'
import { AppError } from '../errors.ts'
import { refuseField } from '../fields.ts'
import type { Rule } from '../rules.ts'
import { type Wallet, walletErrors } from '../wallets/wallet.ts'
import { type IntentStatus, intentMachine } from './payment-intent.ts'

type Payer = Pick<Customer, 'bankingStatus'>

/** Of making an intent, an invoice or a subscription: no money moves yet. */
export function ownerRules(owner: Payer): Rule[] {
  return [() => requirePermission(owner, 'update')]
}

/** Of whatever moves money, or lets it move; nobody known is held back by nothing. */
export function payerRules(payer: Payer | null): Rule[] {
  return [() => payer && requirePermission(payer, 'transact')]
}

/** Of naming the wallet that pays; `null`: the customer has no such wallet. */
export function walletRules(wallet: Wallet | null, chainId: number | null): Rule[] {
  return [
    () => {
      if (wallet === null) throw new AppError(walletErrors.wallet_not_found, { param: 'walletId' })
    },
    () => {
      if (wallet === null || chainId === null || wallet.chainId === chainId) return
      refuseField('walletId', 'is on another chain than chainId')
    },
  ]
}

/** Of taking what an intent was authorized for. */
export function captureRules(payer: Payer | null, intent: { status: IntentStatus }): Rule[] {
  return [...payerRules(payer), () => intentMachine.checkMove(intent.status, 'CAPTURED')]
}
