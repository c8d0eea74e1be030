// Owns what Pagar.me says of customers and recipients, checked, and what it means for us.
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { RemoteState, RemoteStatus } from '../../core/provider.ts'
import { safeReason, unusable } from '../http-client.ts'
import { pagarMeIdPattern } from './pagar-me-client.ts'

const Text = Type.Optional(Type.Union([Type.String(), Type.Null()]))
const Id = Type.String({ pattern: pagarMeIdPattern })
const Metadata = Type.Optional(Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()]))

const Address = Type.Object({
  line_1: Text,
  line_2: Text,
  zip_code: Text,
  city: Text,
  state: Text,
  country: Text,
})

const Phone = Type.Object({ country_code: Text, area_code: Text, number: Text })

const PagarMeCustomerSchema = Type.Object({
  id: Id,
  code: Text,
  name: Text,
  email: Text,
  type: Text,
  document: Text,
  document_type: Text,
  delinquent: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
  address: Type.Optional(Type.Union([Address, Type.Null()])),
  phones: Type.Optional(
    Type.Union([Type.Record(Type.String(), Type.Union([Phone, Type.Null()])), Type.Null()]),
  ),
  metadata: Metadata,
})
export type PagarMeCustomer = Static<typeof PagarMeCustomerSchema>
export const pagarMeCustomerForm = Compile(PagarMeCustomerSchema)

const PagarMeRecipientSchema = Type.Object({
  id: Id,
  code: Text,
  status: Type.String(),
  name: Text,
  email: Text,
  type: Text,
  description: Text,
  metadata: Metadata,
  kyc_details: Type.Optional(
    Type.Union([Type.Object({ status: Text, status_reason: Text }), Type.Null()]),
  ),
})
export type PagarMeRecipient = Static<typeof PagarMeRecipientSchema>
export const pagarMeRecipientForm = Compile(PagarMeRecipientSchema)

/**
 * A customer of Pagar.me is usable at once. An e-mail address is one customer there: where another
 * record has come first, its code tells, and both records share the remote customer.
 */
export function fromPagarMeCustomer(
  customer: PagarMeCustomer,
  recordId: string | null,
): RemoteState {
  const code = customer.code ?? null
  // The latest of ours that wrote there has left its id.
  const latest = recordId ?? customer.metadata?.['record_id'] ?? null
  const isShared = latest !== null && code !== null && code !== latest
  return {
    remoteId: customer.id,
    status: 'approved',
    actionRequired: null,
    actionUrl: null,
    rejectionReason: null,
    failureReasons: [],
    facts: {
      code: code !== null && isCode(code) ? code : null,
      shared: isShared,
      delinquent: customer.delinquent ?? null,
    },
  }
}

/** A code that a person wrote could be anything; ours are ids. */
const isCode = (code: string) => /^[a-z]{1,20}_[a-z0-9]{1,40}$/.test(code)

/** Without the page of the liveness check: Pagar.me is asked for that apart. */
export function fromPagarMeRecipient(recipient: PagarMeRecipient): RemoteState {
  const status = statusOf(recipient)
  const check = recipient.kyc_details
  const personal = [recipient.name, recipient.email]
  const reason = safeReason(check?.status_reason ?? '', personal)
  const isWaiting = status === 'awaiting_confirmation'
  return {
    remoteId: recipient.id,
    status,
    actionRequired: isWaiting ? 'complete_profile' : null,
    actionUrl: null,
    rejectionReason: status === 'rejected' ? reason || 'Pagar.me gave no reason' : null,
    failureReasons: reason === '' ? [] : [reason],
    facts: {
      status: recipient.status,
      kycStatus: /^[a-z_]{1,40}$/.test(check?.status ?? '') ? (check?.status ?? null) : null,
      canTransfer: recipient.status === 'active',
    },
  }
}

/** Throws `provider_unavailable` for a word that is no documented one. */
function statusOf({ status, kyc_details: check }: PagarMeRecipient): RemoteStatus {
  switch (status) {
    case 'registration':
    case 'affiliation':
      // The check of the person comes some time after the creation, and then waits for the person.
      return check && check.status !== 'approved' ? 'awaiting_confirmation' : 'processing'
    case 'active':
      return 'approved'
    case 'refused':
      return 'rejected'
    case 'suspended':
    case 'blocked':
      return 'restricted'
    case 'inactive':
      return 'cancelled'
    default:
      throw unusable('its status is not a documented one')
  }
}
