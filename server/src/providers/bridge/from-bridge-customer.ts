// Owns what Bridge says of a customer, checked, and what it means for a registration.
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { RemoteState, RemoteStatus, RequiredAction } from '../../core/provider.ts'
import type { Json } from '../../lib/canonical.ts'
import { safeReason, unusable } from '../http-client.ts'
import { bridgeIdPattern } from './bridge-client.ts'

const Text = Type.Optional(Type.Union([Type.String(), Type.Null()]))
const Reason = Type.Union([Type.String(), Type.Object({ reason: Text, developer_reason: Text })])

const BridgeCustomerSchema = Type.Object({
  id: Type.String({ pattern: bridgeIdPattern }),
  status: Type.String(),
  type: Text,
  first_name: Text,
  last_name: Text,
  email: Text,
  has_accepted_terms_of_service: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
  capabilities: Type.Optional(Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()])),
  endorsements: Type.Optional(
    Type.Union([
      Type.Array(Type.Object({ name: Type.String(), status: Type.String() })),
      Type.Null(),
    ]),
  ),
  requirements_due: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])),
  rejection_reasons: Type.Optional(Type.Union([Type.Array(Reason), Type.Null()])),
})
export type BridgeCustomer = Static<typeof BridgeCustomerSchema>
export const bridgeCustomerForm = Compile(BridgeCustomerSchema)

const reasonsMax = 20

/** Without the page where the customer acts: Bridge is asked for that apart. */
export function fromBridgeCustomer(customer: BridgeCustomer): RemoteState {
  const { status, actionRequired } = statusOf(customer)
  const said = reasonsOf(customer)
  const due = wordsOf(customer.requirements_due ?? [])
  const noReason = 'Bridge gave no reason'
  return {
    remoteId: customer.id,
    status,
    actionRequired,
    actionUrl: null,
    rejectionReason: status === 'rejected' ? (said[0] ?? noReason) : null,
    failureReasons: [...said, ...due].slice(0, reasonsMax),
    facts: factsOf(customer),
  }
}

interface Standing {
  status: RemoteStatus
  actionRequired: RequiredAction | null
}

/** Bridge's nine words. Throws `provider_unavailable` for a tenth. */
function statusOf(customer: BridgeCustomer): Standing {
  const settled = (status: RemoteStatus): Standing => ({ status, actionRequired: null })
  switch (customer.status) {
    case 'not_started':
    case 'incomplete':
    case 'awaiting_questionnaire':
    case 'awaiting_ubo': {
      const hasRefusedTerms = customer.has_accepted_terms_of_service === false
      const actionRequired = hasRefusedTerms ? 'accept_terms' : 'complete_profile'
      return { status: 'awaiting_confirmation', actionRequired }
    }
    case 'under_review':
      return settled('processing')
    case 'active':
      return settled('approved')
    case 'rejected':
      return settled('rejected')
    case 'paused':
      return settled('restricted')
    case 'offboarded':
      return settled('cancelled')
    default:
      throw unusable('its status is not a documented one')
  }
}

/** The reasons for the customer come before the ones for developers; each without names. */
function reasonsOf(customer: BridgeCustomer): string[] {
  const personal = [customer.first_name, customer.last_name, customer.email]
  return (customer.rejection_reasons ?? [])
    .map((one) => (typeof one === 'string' ? one : (one.reason ?? one.developer_reason ?? '')))
    .map((text) => safeReason(text, personal))
    .filter((text) => text !== '')
}

function factsOf(customer: BridgeCustomer): Record<string, Json> {
  const endorsements = (customer.endorsements ?? []).map(({ name, status }): [string, string] => [
    name,
    status,
  ])
  return {
    status: customer.status,
    hasAcceptedTerms: customer.has_accepted_terms_of_service ?? null,
    endorsements: wordPairs(endorsements),
    capabilities: wordPairs(Object.entries(customer.capabilities ?? {})),
  }
}

const isWord = (text: string) => /^[a-z][a-z0-9_.]{0,59}$/.test(text)

/** Bridge's own words only: free text could carry anything. */
const wordsOf = (texts: string[]) => texts.filter(isWord)

function wordPairs(pairs: [string, string][]): Record<string, string> {
  const kept = pairs.filter(([name, value]) => isWord(name) && isWord(value))
  return Object.fromEntries(kept.slice(0, reasonsMax))
}
