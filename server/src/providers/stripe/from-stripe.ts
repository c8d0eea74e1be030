// Owns what Stripe's customers and accounts mean to a registration. Their forms are checked: what
// the library types is what Stripe has promised, not what has come.
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { RemoteState } from '../../core/provider.ts'
import { safeReason, unusable } from '../http-client.ts'

const idPattern = '^[A-Za-z0-9_]{1,64}$'
const Nullable = <T extends Type.TSchema>(schema: T) =>
  Type.Optional(Type.Union([schema, Type.Null()]))

const CustomerSchema = Type.Object({
  id: Type.String({ pattern: idPattern }),
  object: Type.Literal('customer'),
  deleted: Type.Optional(Type.Boolean()),
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  metadata: Type.Optional(Type.Record(Type.String(), Type.String())),
})
export type StripeCustomer = Static<typeof CustomerSchema>
const customerForm = Compile(CustomerSchema)

const AccountSchema = Type.Object({
  id: Type.String({ pattern: idPattern }),
  object: Type.Literal('account'),
  deleted: Type.Optional(Type.Boolean()),
  business_type: Nullable(Type.String()),
  charges_enabled: Type.Optional(Type.Boolean()),
  payouts_enabled: Type.Optional(Type.Boolean()),
  details_submitted: Type.Optional(Type.Boolean()),
  metadata: Type.Optional(Type.Record(Type.String(), Type.String())),
  requirements: Nullable(
    Type.Object({
      currently_due: Nullable(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 200 })),
      pending_verification: Nullable(
        Type.Array(Type.String({ maxLength: 200 }), { maxItems: 200 }),
      ),
      disabled_reason: Nullable(Type.String({ maxLength: 200 })),
    }),
  ),
})
export type StripeAccount = Static<typeof AccountSchema>
const accountForm = Compile(AccountSchema)

export function readCustomer(value: unknown): StripeCustomer {
  if (!customerForm.Check(value)) throw unusable('it is not a customer')
  return value
}

export function readAccount(value: unknown): StripeAccount {
  if (!accountForm.Check(value)) throw unusable('it is not an account')
  return value
}

export const isCustomer = (value: unknown): value is StripeCustomer => customerForm.Check(value)
export const isAccount = (value: unknown): value is StripeAccount => accountForm.Check(value)

const plain = { actionRequired: null, actionUrl: null, rejectionReason: null, failureReasons: [] }

/** There is no review of customers: one that exists can pay. */
export function toCustomerState({ id, deleted }: StripeCustomer): RemoteState {
  return { remoteId: id, status: deleted ? 'cancelled' : 'approved', ...plain, facts: {} }
}

const reasonsMax = 20

/** What stands in its way decides, then what it can do. */
export function toAccountState(account: StripeAccount): RemoteState {
  const { id, deleted, charges_enabled, payouts_enabled, details_submitted } = account
  const due = account.requirements?.currently_due ?? []
  const disabled = account.requirements?.disabled_reason ?? null
  const facts = {
    charges_enabled: charges_enabled ?? false,
    payouts_enabled: payouts_enabled ?? false,
    details_submitted: details_submitted ?? false,
  }
  const failureReasons = due.slice(0, reasonsMax).flatMap((name) => safeReason(name) || [])
  const state = { ...plain, remoteId: id, failureReasons, facts, actionRequired: actionOf(due) }
  if (deleted) return { ...state, status: 'cancelled', actionRequired: null }
  if (disabled?.startsWith('rejected.')) {
    const rejectionReason = safeReason(disabled)
    return { ...state, status: 'rejected', actionRequired: null, rejectionReason }
  }
  if (payouts_enabled) return { ...state, status: 'approved' }
  if (disabled === 'platform_paused' || disabled === 'listed' || disabled === 'under_review') {
    return { ...state, status: 'restricted' }
  }
  return { ...state, status: 'processing' }
}

function actionOf(due: string[]): RemoteState['actionRequired'] {
  if (due.some((name) => name.includes('verification.'))) return 'upload_documents'
  if (due.some((name) => name.startsWith('tos_acceptance'))) return 'accept_terms'
  return due.length > 0 ? 'complete_profile' : null
}
