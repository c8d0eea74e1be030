// Owns whether a customer may be paid out, charged, or get an account: facts, and their rules.
import type { DataKey } from '../../vault/vault.ts'
import {
  accountsOfRecord,
  checkCurrency as checkAccountCurrency,
  openingRules,
} from '../accounts/account-service.ts'
import { findWallet } from '../activity/activity-owner.ts'
import { checkAmount, checkCurrency } from '../activity/activity-rules.ts'
import { captureRules, ownerRules, payerRules } from '../activity/charge-rules.ts'
import { intentErrors } from '../activity/payment-intent.ts'
import { getPaymentIntent } from '../activity/payment-intent-service.ts'
import { checkBecomesActive, subscriptionErrors } from '../activity/subscription.ts'
import { getSubscription } from '../activity/subscription-service.ts'
import { bankAccountErrors } from '../bank-accounts/bank-account.ts'
import { findDefaultDestination, findDestination } from '../bank-accounts/bank-account-service.ts'
import type { Context } from '../context.ts'
import type { Customer } from '../customer/customer.ts'
import { AppError } from '../errors.ts'
import {
  checkPayoutAmount,
  checkPayoutCurrency,
  payeeRules,
  placeRules,
} from '../payouts/payout-rules.ts'
import { type Rule, refusalsOf } from '../rules.ts'
import { type Wallet, walletErrors } from '../wallets/wallet.ts'
import { hasActiveAuthorization } from '../wallets/wallet-service.ts'
import { type Circumstances, toReason } from './advice.ts'
import type { Eligibility, EligibilityAction, Narrowing, Reason } from './eligibility.ts'

/** Whom the question is about. */
export interface Subject {
  context: Context
  customer: Customer
  dataKey: DataKey
  narrowing: Narrowing
}

/** As paying to the number of the bank account that is named, or of the default one. */
export async function judgePayout(subject: Subject): Promise<Eligibility> {
  const { context, customer, narrowing } = subject
  const { amount, currency, bankAccountId: named } = narrowing
  const found = await (named === null
    ? findDefaultDestination(context, subject)
    : findDestination(context, subject, named))
  if (named !== null && found === null) throw new AppError(bankAccountErrors.bank_account_not_found)
  // A number that is given is paid in any currency that its rail has.
  const place = found && named !== null ? { ...found, currency: null } : found
  const id = named ?? customer.defaultBankAccountId
  const about = { customer, object: id === null ? null : { noun: 'bankAccount' as const, id } }
  const rules: Rule[] = [
    ...(amount === null ? [] : [() => checkPayoutAmount(amount)]),
    ...(currency === null ? [] : [() => checkPayoutCurrency(currency)]),
    ...payeeRules(customer),
    ...placeRules(place, currency),
  ]
  return answer('payout', tell(rules, about))
}

/**
 * As capturing the intent that is named and activating the subscription that is, or else as making
 * an intent and taking it; from the wallet that is named.
 */
export async function judgeCharge(subject: Subject): Promise<Eligibility> {
  const { paymentIntentId, subscriptionId, walletId } = subject.narrowing
  const [wallet, ofIntent, ofSubscription] = await Promise.all([
    walletId === null ? null : getOwnWallet(subject, walletId),
    paymentIntentId === null ? null : judgeCapture(subject, paymentIntentId),
    subscriptionId === null ? null : judgeActivation(subject, subscriptionId),
  ])
  const isNew = ofIntent === null && ofSubscription === null
  const { context, customer } = subject
  const rules = isNew ? [...ownerRules(customer), ...payerRules(customer)] : []
  const reasons = tell([...sumRules(subject), ...rules], { customer })
  const warnings = wallet === null ? [] : warningsOf(context, customer, wallet)
  const all = [...reasons, ...(ofIntent ?? []), ...(ofSubscription ?? [])]
  return { ...answer('charge', all), warnings }
}

function sumRules({ narrowing: { amount, currency } }: Subject): Rule[] {
  return [
    ...(amount === null ? [] : [() => checkAmount('amount', amount)]),
    ...(currency === null ? [] : [() => checkCurrency('currency', currency)]),
  ]
}

async function getOwnWallet({ context, customer }: Subject, id: string): Promise<Wallet> {
  const wallet = await findWallet(context, customer.id, id)
  if (wallet === null) throw new AppError(walletErrors.wallet_not_found)
  return wallet
}

async function judgeCapture({ context, customer }: Subject, id: string): Promise<Reason[]> {
  const { customerId, status } = await getPaymentIntent(context, id)
  if (customerId !== customer.id) throw new AppError(intentErrors.payment_intent_not_found)
  const object = { noun: 'paymentIntent' as const, id }
  return tell(captureRules(customer, { status }), { customer, object, intentStatus: status })
}

async function judgeActivation({ context, customer }: Subject, id: string): Promise<Reason[]> {
  const { customerId, status } = await getSubscription(context, id)
  if (customerId !== customer.id) throw new AppError(subscriptionErrors.subscription_not_found)
  const object = { noun: 'subscription' as const, id }
  const by = status === 'PAUSED' ? 'resume' : 'activate'
  const rules = [...payerRules(customer), () => checkBecomesActive(status, by)]
  return tell(rules, { customer, object, subscriptionStatus: status })
}

export async function judgeAccount({
  context,
  customer,
  narrowing,
}: Subject): Promise<Eligibility> {
  const { currency } = narrowing
  const rules = [
    ...(currency === null ? [] : [() => checkAccountCurrency('currency', currency)]),
    ...openingRules(customer, await accountsOfRecord(context, customer)),
  ]
  return answer('open_account', tell(rules, { customer }))
}

/** No operation asks for an authorization of the wallet; whoever takes the money may need one. */
function warningsOf({ clock }: Context, customer: Customer, wallet: Wallet): Reason[] {
  if (hasActiveAuthorization(wallet, clock.now())) return []
  const had = wallet.authorizedAt === null ? 'has given no authorization' : 'has none in force now'
  const detail = `The wallet ${had}.`
  const error = new AppError(walletErrors.authorization_not_found, { detail })
  const reason = toReason(error, { customer, object: { noun: 'wallet', id: wallet.id } })
  return [{ ...reason, message: detail, who: 'customer', step: 'authorize_wallet' }]
}

function tell(rules: Rule[], about: Circumstances): Reason[] {
  return refusalsOf(rules).map((error) => toReason(error, about))
}

function answer(action: EligibilityAction, all: Reason[]): Eligibility {
  const reasons = uniqueReasons(all)
  return { action, isAllowed: reasons.length === 0, targets: [], reasons, warnings: [] }
}

/** One rule may stand in the way of two steps, and is told once. */
export function uniqueReasons(reasons: Reason[]): Reason[] {
  const nameOf = ({ code, fields, provider, role, object }: Reason) =>
    [code, provider, role, object?.id, ...fields].join('/')
  const names = reasons.map(nameOf)
  return reasons.filter((_, index) => names.indexOf(names[index] ?? '') === index)
}
