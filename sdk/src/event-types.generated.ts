// Owns the types of events. Generated from the core's catalogue: change that
// and run `npm run generate`.

/** What can happen: the facts in customers' histories. */
export type EventType =
  /** A customer was saved. Carries every field that was given. */
  | 'customer.created'
  /** Fields of a customer changed. Carries the new values. */
  | 'customer.updated'
  /** An operator moved the customer to another banking status. Carries both, and why. */
  | 'customer.banking_status.changed'
  /** An application was made that names the customer. */
  | 'customer.application.opened'
  /** What the application says changed. Carries the new values. */
  | 'customer.application.updated'
  /** The application is to be decided. */
  | 'customer.application.submitted'
  /** An operator approved the application: a customer of the bank. Carries the reason. */
  | 'customer.application.approved'
  /** An operator rejected the application. Carries the reason. */
  | 'customer.application.rejected'
  /** An operator gave the application back to be changed. Carries the reason. */
  | 'customer.application.changes_requested'
  /** Contact data of a person behind the company changed. */
  | 'customer.individual.updated'
  /** An account was opened for the customer. */
  | 'customer.account.opened'
  /** An account got another nickname. */
  | 'customer.account.updated'
  /** A bank account that can receive payouts was added. */
  | 'customer.bank_account.added'
  /** Another bank account became the default one. */
  | 'customer.default_bank_account.changed'
  /** Identity files arrived. Carries their ids, kinds and sizes. */
  | 'customer.file.added'
  /** A registration at a provider was opened; it says what is missing. */
  | 'customer.registration.opened'
  /** A registration is to be made at the provider. */
  | 'customer.registration.submitted'
  /** The provider said how the registration stands. */
  | 'customer.registration.changed'
  /** The provider could not be asked, or refused; says why. */
  | 'customer.registration.failed'
  /** An operator moved the registration. Carries the status that it had, and why. */
  | 'customer.registration.moved'
  /** Fields were pushed to the provider. Carries each outcome. */
  | 'customer.registration.synced'
  /** Identity files are on their way to the provider. */
  | 'customer.registration.files.scheduled'
  /** A wallet was linked to the customer. */
  | 'customer.wallet.added'
  /** A wallet was taken off the customer. */
  | 'customer.wallet.removed'
  /** The owner of a wallet signed a challenge. */
  | 'customer.wallet.ownership_verified'
  /** A wallet authorized a spender. Carries the permit or the hash. */
  | 'customer.wallet.authorized'
  /** An authorization of a wallet was revoked. */
  | 'customer.wallet.authorization_revoked'
  /** A payment intent was made for the customer. */
  | 'customer.payment_intent.created'
  /** The customer authorized a payment. Carries chain, token and amount. */
  | 'customer.payment_intent.authorized'
  /** The payment was captured. */
  | 'customer.payment_intent.captured'
  /** The payment intent was cancelled. */
  | 'customer.payment_intent.cancelled'
  /** The payment was refunded whole. Carries the reason. */
  | 'customer.payment_intent.refunded'
  /** An invoice was drafted. Carries its number and its items. */
  | 'customer.invoice.created'
  /** The invoice is to be paid from now on. */
  | 'customer.invoice.opened'
  /** The invoice was paid; it may name the payment intent. */
  | 'customer.invoice.paid'
  /** The invoice is void. Its number stays taken. */
  | 'customer.invoice.voided'
  /** A subscription to a plan was made; it is not active yet. */
  | 'customer.subscription.created'
  /** The subscription became active. Carries its period. */
  | 'customer.subscription.activated'
  /** The subscription was paused. */
  | 'customer.subscription.paused'
  /** The paused subscription became active again. Carries the new period, if one began. */
  | 'customer.subscription.resumed'
  /** The period ended and the next one began. Carries the new period; told once a period. */
  | 'customer.subscription.renewed'
  /** The period ended and the bank does not let the customer transact. It is PAST_DUE. */
  | 'customer.subscription.lapsed'
  /** The subscription ends with its period. */
  | 'customer.subscription.cancel_scheduled'
  /** The subscription was cancelled, at once or with its period. Carries when. */
  | 'customer.subscription.cancelled'
  /** A payout to the customer was accepted; it is `pending`. */
  | 'customer.payout.accepted'
  /** The payout was handed to its rail; it is `processing`. */
  | 'customer.payout.submitted'
  /** A try failed and another one follows. Carries the reason. */
  | 'customer.payout.retried'
  /** The rail paid. The payout is `completed`. */
  | 'customer.payout.completed'
  /** The last try failed. The payout is `failed`; carries the reason. */
  | 'customer.payout.failed'
  /** The payout was cancelled before it was handed to its rail. */
  | 'customer.payout.cancelled'
