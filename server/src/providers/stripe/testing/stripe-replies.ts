// Owns what the stand-in for Stripe answers: its records as Stripe shows them, and its refusals.
import type { StandInReply } from '../../testing/stand-in.ts'
import type { Params } from './stripe-forms.ts'

export interface StripeRecord {
  id: string
  /** Everything that was sent, also what Stripe never shows. */
  sent: Params
  /** The members of the answer that a test sets by hand. */
  shown: Record<string, unknown>
  isDeleted: boolean
}

export function shownCustomer({ id, sent, shown }: StripeRecord) {
  const { name = null, email = null, phone = null, shipping = null, metadata } = sent
  const fixed = { balance: 0, livemode: false, description: null, tax_exempt: 'none' }
  return { id, object: 'customer', ...fixed, name, email, phone, shipping, metadata, ...shown }
}

/** Birth dates, document numbers and files are never shown. */
export function shownAccount({ id, sent, shown }: StripeRecord) {
  const { type, country = null, email = null, business_type, metadata } = sent
  const due = ['external_account', 'tos_acceptance.date', 'tos_acceptance.ip']
  return {
    ...{ id, object: 'account', type, country, email, business_type, metadata },
    ...{ charges_enabled: false, payouts_enabled: false, details_submitted: false },
    capabilities: { transfers: 'inactive' },
    requirements: {
      ...{ currently_due: due, past_due: due, pending_verification: [], errors: [] },
      disabled_reason: 'requirements.past_due',
    },
    ...shown,
  }
}

export const refusal = (status: number, error: Record<string, string>): StandInReply => ({
  status,
  body: { error: { type: 'invalid_request_error', ...error } },
})

export const noCustomer = (id: string) =>
  refusal(404, { code: 'resource_missing', param: 'id', message: `No such customer: '${id}'` })

export const noAccess = (id: string) =>
  refusal(403, {
    code: 'account_invalid',
    message: `The provided key does not have access to account '${id}' (or it does not exist)`,
  })
