// Owns the list of everything that can be refused and everything that can happen, over all facets.

import { accountErrors, type accountEvents } from './accounts/account.ts'
import { invoiceErrors, type invoiceEvents } from './activity/invoice.ts'
import { intentErrors, type intentEvents } from './activity/payment-intent.ts'
import { subscriptionErrors, type subscriptionEvents } from './activity/subscription.ts'
import { applicationErrors, type applicationEvents } from './applications/application.ts'
import { keyErrors } from './apps/app.ts'
import { bankAccountErrors, type bankAccountEvents } from './bank-accounts/bank-account.ts'
import { connectionErrors } from './connections/connection.ts'
import { bankingErrors, type bankingEvents } from './customer/banking-status.ts'
import { customerErrors, type customerEvents } from './customer/customer.ts'
import { onboardingErrors } from './customer/onboarding.ts'
import type { ErrorDefinition } from './errors.ts'
import { feedErrors } from './events/event.ts'
import { fieldErrors } from './fields.ts'
import { fileErrors, type fileEvents } from './files/file.ts'
import { individualErrors, type individualEvents } from './individuals/individual.ts'
import { payoutErrors, type payoutEvents } from './payouts/payout.ts'
import { providerErrors } from './provider.ts'
import { registrationErrors, type registrationEvents } from './registrations/registration.ts'
import { walletErrors, type walletEvents } from './wallets/wallet.ts'

/** A facet adds its line here; codes are unique over all of them. */
export const errorCatalogue: ErrorDefinition[] = [
  fieldErrors,
  keyErrors,
  customerErrors,
  feedErrors,
  bankingErrors,
  applicationErrors,
  individualErrors,
  accountErrors,
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
  subscriptionErrors,
].flatMap((entries): ErrorDefinition[] => Object.values(entries))

type ValueOf<T> = T[keyof T]

export type EventType =
  | ValueOf<typeof customerEvents>
  | ValueOf<typeof bankingEvents>
  | ValueOf<typeof applicationEvents>
  | ValueOf<typeof individualEvents>
  | ValueOf<typeof accountEvents>
  | ValueOf<typeof bankAccountEvents>
  | ValueOf<typeof payoutEvents>
  | ValueOf<typeof registrationEvents>
  | ValueOf<typeof fileEvents>
  | ValueOf<typeof walletEvents>
  | ValueOf<typeof intentEvents>
  | ValueOf<typeof invoiceEvents>
  | ValueOf<typeof subscriptionEvents>

/** What each fact says; the type asks for a sentence as soon as a facet names an event. */
export const eventCatalogue: Record<EventType, string> = {
  'customer.created': 'A customer was saved. Carries every field that was given.',
  'customer.updated': 'Fields of a customer changed. Carries the new values.',
  'customer.banking_status.changed':
    'An operator moved the customer to another banking status. Carries both, and why.',
  'customer.application.opened': 'An application was made that names the customer.',
  'customer.application.updated': 'What the application says changed. Carries the new values.',
  'customer.application.submitted': 'The application is to be decided.',
  'customer.application.approved':
    'An operator approved the application: a customer of the bank. Carries the reason.',
  'customer.application.rejected': 'An operator rejected the application. Carries the reason.',
  'customer.application.changes_requested':
    'An operator gave the application back to be changed. Carries the reason.',
  'customer.individual.updated': 'Contact data of a person behind the company changed.',
  'customer.account.opened': 'An account was opened for the customer.',
  'customer.account.updated': 'An account got another nickname.',
  'customer.bank_account.added': 'A bank account that can receive payouts was added.',
  'customer.default_bank_account.changed': 'Another bank account became the default one.',
  'customer.file.added': 'Identity files arrived. Carries their ids, kinds and sizes.',
  'customer.registration.opened':
    'A registration at a provider was opened; it says what is missing.',
  'customer.registration.submitted': 'A registration is to be made at the provider.',
  'customer.registration.changed': 'The provider said how the registration stands.',
  'customer.registration.failed': 'The provider could not be asked, or refused; says why.',
  'customer.registration.moved':
    'An operator moved the registration. Carries the status that it had, and why.',
  'customer.registration.synced': 'Fields were pushed to the provider. Carries each outcome.',
  'customer.registration.files.scheduled': 'Identity files are on their way to the provider.',
  'customer.wallet.added': 'A wallet was linked to the customer.',
  'customer.wallet.removed': 'A wallet was taken off the customer.',
  'customer.wallet.ownership_verified': 'The owner of a wallet signed a challenge.',
  'customer.wallet.authorized': 'A wallet authorized a spender. Carries the permit or the hash.',
  'customer.wallet.authorization_revoked': 'An authorization of a wallet was revoked.',
  'customer.payment_intent.created': 'A payment intent was made for the customer.',
  'customer.payment_intent.authorized':
    'The customer authorized a payment. Carries chain, token and amount.',
  'customer.payment_intent.captured': 'The payment was captured.',
  'customer.payment_intent.cancelled': 'The payment intent was cancelled.',
  'customer.payment_intent.refunded': 'The payment was refunded whole. Carries the reason.',
  'customer.invoice.created': 'An invoice was drafted. Carries its number and its items.',
  'customer.invoice.opened': 'The invoice is to be paid from now on.',
  'customer.invoice.paid': 'The invoice was paid; it may name the payment intent.',
  'customer.invoice.voided': 'The invoice is void. Its number stays taken.',
  'customer.subscription.created': 'A subscription to a plan was made; it is not active yet.',
  'customer.subscription.activated': 'The subscription became active. Carries its period.',
  'customer.subscription.paused': 'The subscription was paused.',
  'customer.subscription.resumed':
    'The paused subscription became active again. Carries the new period, if one began.',
  'customer.subscription.renewed':
    'The period ended and the next one began. Carries the new period; told once a period.',
  'customer.subscription.lapsed':
    'The period ended and the bank does not let the customer transact. It is PAST_DUE.',
  'customer.subscription.cancel_scheduled': 'The subscription ends with its period.',
  'customer.subscription.cancelled':
    'The subscription was cancelled, at once or with its period. Carries when.',
  'customer.payout.accepted': 'A payout to the customer was accepted; it is `pending`.',
  'customer.payout.submitted': 'The payout was handed to its rail; it is `processing`.',
  'customer.payout.retried': 'A try failed and another one follows. Carries the reason.',
  'customer.payout.completed': 'The rail paid. The payout is `completed`.',
  'customer.payout.failed': 'The last try failed. The payout is `failed`; carries the reason.',
  'customer.payout.cancelled': 'The payout was cancelled before it was handed to its rail.',
}
