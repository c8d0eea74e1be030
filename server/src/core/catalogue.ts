// Owns the list of everything that can be refused and everything that can happen, over all facets.

import { invoiceErrors } from './activity/invoice.ts'
import { intentErrors } from './activity/payment-intent.ts'
import { keyErrors } from './apps/app.ts'
import { bankAccountErrors, type bankAccountEvents } from './bank-accounts/bank-account.ts'
import { connectionErrors } from './connections/connection.ts'
import { bankingErrors } from './customer/banking-status.ts'
import { customerErrors, type customerEvents } from './customer/customer.ts'
import { onboardingErrors } from './customer/onboarding.ts'
import type { ErrorDefinition } from './errors.ts'
import { fieldErrors } from './fields.ts'
import { fileErrors, type fileEvents } from './files/file.ts'
import { payoutErrors, type payoutEvents } from './payouts/payout.ts'
import { providerErrors } from './provider.ts'
import { registrationErrors, type registrationEvents } from './registrations/registration.ts'
import { walletErrors, type walletEvents } from './wallets/wallet.ts'

/** A facet adds its line here; codes are unique over all of them. */
export const errorCatalogue: ErrorDefinition[] = [
  fieldErrors,
  keyErrors,
  customerErrors,
  bankingErrors,
  bankAccountErrors,
  payoutErrors,
  onboardingErrors,
  providerErrors,
  connectionErrors,
  registrationErrors,
  fileErrors,
  walletErrors,
  intentErrors,
  invoiceErrors,
].flatMap((entries): ErrorDefinition[] => Object.values(entries))

type ValueOf<T> = T[keyof T]

export type EventType =
  | ValueOf<typeof customerEvents>
  | ValueOf<typeof bankAccountEvents>
  | ValueOf<typeof payoutEvents>
  | ValueOf<typeof registrationEvents>
  | ValueOf<typeof fileEvents>
  | ValueOf<typeof walletEvents>

/** What each fact says; the type asks for a sentence as soon as a facet names an event. */
export const eventCatalogue: Record<EventType, string> = {
  'customer.created': 'A customer was saved. Carries every field that was given.',
  'customer.updated': 'Fields of a customer changed. Carries the new values.',
  'customer.bank_account.added': 'A bank account that can receive payouts was added.',
  'customer.default_bank_account.changed': 'Another bank account became the default one.',
  'customer.file.added': 'Identity files arrived. Carries their ids, kinds and sizes.',
  'customer.registration.opened':
    'A registration at a provider was opened; it says what is missing.',
  'customer.registration.submitted': 'A registration is to be made at the provider.',
  'customer.registration.changed': 'The provider said how the registration stands.',
  'customer.registration.failed': 'The provider could not be asked, or refused; says why.',
  'customer.registration.synced': 'Fields were pushed to the provider. Carries each outcome.',
  'customer.registration.files.scheduled': 'Identity files are on their way to the provider.',
  'customer.wallet.added': 'A wallet was linked to the customer.',
  'customer.wallet.removed': 'A wallet was taken off the customer.',
  'customer.payout.accepted': 'A payout to the customer was accepted; it is `pending`.',
  'customer.payout.submitted': 'The payout was handed to its rail; it is `processing`.',
  'customer.payout.retried': 'A try failed and another one follows. Carries the reason.',
  'customer.payout.completed': 'The rail paid. The payout is `completed`.',
  'customer.payout.failed': 'The last try failed. The payout is `failed`; carries the reason.',
  'customer.payout.cancelled': 'The payout was cancelled before it was handed to its rail.',
}
