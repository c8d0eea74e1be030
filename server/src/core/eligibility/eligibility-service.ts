// Owns the answer to whether a customer may be paid out, charged, synced, registered or get an
// account now: by the rules that those operations enforce, and by no other.

import { findOpeners } from '../connections/connection-service.ts'
import type { Context } from '../context.ts'
import { getCustomerWithKey } from '../customer/customer-service.ts'
import { refuseField } from '../fields.ts'
import { registrationsOf } from '../registrations/registration-service.ts'
import {
  type Eligibility,
  type EligibilityAction,
  eligibilityActions,
  type Narrowing,
  narrowingOf,
} from './eligibility.ts'
import { judgeAccount, judgeCharge, judgePayout, type Subject } from './money-actions.ts'
import { judgeRegistering, judgeSync, type ProviderFacts } from './provider-actions.ts'

export interface EligibilityQuestion {
  /** `null`: every action. */
  action: EligibilityAction | null
  narrowing: Narrowing
}

/**
 * Reads at most the customer, its default bank account, its registrations, the app's connections,
 * its accounts, and what the question names: whatever the customer has, that is it. An operation
 * decides anew, under the customer's lock. Errors: `field_invalid`, `customer_not_found`, and of
 * what is named `bank_account_not_found`, `wallet_not_found`, `payment_intent_not_found`,
 * `subscription_not_found`.
 */
export async function getEligibility(
  context: Context,
  customerId: string,
  { action, narrowing }: EligibilityQuestion,
): Promise<{ asOf: number; actions: Eligibility[] }> {
  checkNarrowing(action, narrowing)
  const { customer, dataKey } = await getCustomerWithKey(context, customerId)
  const subject: Subject = { context, customer, dataKey, narrowing }
  const facts = once(() => readProviderFacts(subject))
  const actions = action === null ? eligibilityActions : [action]
  const answers = await Promise.all(actions.map((one) => judges[one](subject, facts)))
  return { asOf: context.clock.now(), actions: answers }
}

type Judge = (subject: Subject, facts: () => Promise<ProviderFacts>) => Promise<Eligibility>

const judges: Record<EligibilityAction, Judge> = {
  payout: judgePayout,
  charge: judgeCharge,
  sync: async (subject, facts) => judgeSync(subject, await facts()),
  register: async (subject, facts) => judgeRegistering(subject, await facts()),
  open_account: judgeAccount,
}

async function readProviderFacts(subject: Subject): Promise<ProviderFacts> {
  const [registrations, open] = await Promise.all([
    registrationsOf(subject.context, subject),
    findOpeners(subject.context),
  ])
  return { registrations, open }
}

/** What says nothing of the action was meant for another one. */
function checkNarrowing(action: EligibilityAction | null, narrowing: Narrowing): void {
  const given = (Object.keys(narrowing) as (keyof Narrowing)[]).filter(
    (name) => narrowing[name] !== null,
  )
  const stray = given.find((name) => action !== null && !narrowingOf[action].includes(name))
  if (stray !== undefined) refuseField(stray, `says nothing of ${action}`)
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | null = null
  return () => {
    reading ??= read()
    return reading
  }
}
