// Owns the list of everything that can be refused and everything that can happen, over all facets.
import { keyErrors } from './apps/app.ts'
import { bankAccountErrors, type bankAccountEvents } from './bank-accounts/bank-account.ts'
import { customerErrors, type customerEvents } from './customer/customer.ts'
import type { ErrorDefinition } from './errors.ts'
import { fieldErrors } from './fields.ts'
import { payoutErrors, type payoutEvents } from './payouts/payout.ts'

/** A facet adds its line here; codes are unique over all of them. */
export const errorCatalogue: ErrorDefinition[] = [
  fieldErrors,
  keyErrors,
  customerErrors,
  bankAccountErrors,
  payoutErrors,
].flatMap((entries): ErrorDefinition[] => Object.values(entries))

type ValueOf<T> = T[keyof T]

export type EventType =
  | ValueOf<typeof customerEvents>
  | ValueOf<typeof bankAccountEvents>
  | ValueOf<typeof payoutEvents>

/** What each fact says; the type asks for a sentence as soon as a facet names an event. */
export const eventCatalogue: Record<EventType, string> = {
  'customer.created': 'A customer was saved. Carries every field that was given.',
  'customer.updated': 'Fields of a customer changed. Carries the new values.',
  'customer.bank_account.added': 'A bank account that can receive payouts was added.',
  'customer.default_bank_account.changed': 'Another bank account became the default one.',
  'customer.payout.accepted': 'A payout to the customer was accepted; it is `pending`.',
  'customer.payout.submitted': 'The payout was handed to its rail; it is `processing`.',
  'customer.payout.retried': 'A try failed and another one follows. Carries the reason.',
  'customer.payout.completed': 'The rail paid. The payout is `completed`.',
  'customer.payout.failed': 'The last try failed. The payout is `failed`; carries the reason.',
  'customer.payout.cancelled': 'The payout was cancelled before it was handed to its rail.',
}
