// Owns what a fact of the history means for the record, when it happens and when it is read.
import type { CustomerEvent } from '../events/event.ts'
import type { Customer } from './customer.ts'
import { type CustomerFields, profileOf } from './customer-rules.ts'

const profileFields: ReadonlySet<string> = new Set([
  'name',
  'givenName',
  'familyName',
  'companyName',
  'email',
  'phone',
  'phoneParts',
  'document',
  'dateOfBirth',
  'address',
  'countryText',
  'metadata',
  'background',
])

/** What a provider can be told of again: see `syncFields` in core/provider.ts. */
const pushedFields: ReadonlySet<string> = new Set([
  'name',
  'givenName',
  'familyName',
  'companyName',
  'email',
  'phone',
  'address',
])

const settableFields: ReadonlySet<string> = new Set([
  ...profileFields,
  'kind',
  'country',
  'externalId',
  'defaultBankAccountId',
  'lastPayoutAt',
  'onboardingStatus',
  'roles',
  'isSynced',
  'syncedAt',
  'bankingStatus',
])

/** The record after a change: its members that are fields of the customer are set. */
export function applyFact(customer: Customer, changes: Partial<Customer>): Customer {
  // What the record says now, no registration has received yet.
  const unsynced = touches(pushedFields, changes) ? { isSynced: false } : {}
  return { ...customer, ...unsynced, ...ownFields(changes) }
}

export function touchesProfile(changes: object): boolean {
  return touches(profileFields, changes)
}

/** The record after the first event, which carries every field that was given. */
export function firstRecord(event: CustomerEvent): Customer {
  // What `createCustomer` wrote: its changes are the checked fields.
  const fields = event.changes as CustomerFields
  return {
    ...profileOf(fields),
    id: event.customerId,
    kind: fields.kind,
    country: fields.country,
    externalId: fields.externalId,
    defaultBankAccountId: null,
    lastPayoutAt: null,
    onboardingStatus: 'NOT_STARTED',
    roles: [],
    isSynced: false,
    syncedAt: null,
    bankingStatus: null,
    version: event.version,
    createdAt: event.at,
    updatedAt: event.at,
  }
}

/** The record after one more event. */
export function nextRecord(customer: Customer, event: CustomerEvent): Customer {
  const { version, at: updatedAt } = event
  return { ...applyFact(customer, event.changes), version, updatedAt }
}

/** The members of a change that are fields of the customer itself; the rest is history only. */
function ownFields(changes: Partial<Customer>): Partial<Customer> {
  const own = Object.entries(changes).filter(([field]) => settableFields.has(field))
  return Object.fromEntries(own)
}

function touches(fields: ReadonlySet<string>, changes: object): boolean {
  return Object.keys(changes).some((field) => fields.has(field))
}
