// Owns the rules of the record's fields: what a new customer needs, and what a change sets.
import { canonicalJson } from '../../lib/canonical.ts'
import {
  type Address,
  checkCountry,
  checkDateOfBirth,
  checkDocument,
  checkEmail,
  checkMetadata,
  checkPhone,
  checkText,
  type Document,
  externalIdLengthMax,
  type Metadata,
  nameLengthMax,
  normalizeEmail,
  refuseField,
} from '../fields.ts'
import type { Customer, CustomerKind, CustomerProfile, LookupField } from './customer.ts'

/** `name`, or `givenName` with `familyName`; everything else may be left out. */
export interface NewCustomer {
  kind: CustomerKind
  name?: string | undefined
  givenName?: string | null | undefined
  familyName?: string | null | undefined
  email?: string | null | undefined
  phone?: string | null | undefined
  document?: Document | null | undefined
  dateOfBirth?: string | null | undefined
  address?: Address | null | undefined
  country?: string | null | undefined
  externalId?: string | null | undefined
  metadata?: Metadata | undefined
}

/** Members that are left out stay; `null` clears. `metadata` is replaced whole. */
export type CustomerChanges = Partial<NewCustomer>

/** The fields that a caller may set. */
export type CustomerFields = CustomerProfile & Pick<Customer, 'kind' | 'country' | 'externalId'>

/** Every field checked and filled; errors: `field_invalid`. */
export function checkNewCustomer(input: NewCustomer, now: number): CustomerFields {
  const name = input.name ?? fullName(input.givenName, input.familyName)
  if (name === null) refuseField('name', 'is missing')
  return checkFields(
    {
      kind: input.kind,
      name,
      givenName: input.givenName ?? null,
      familyName: input.familyName ?? null,
      email: input.email ?? null,
      phone: input.phone ?? null,
      document: input.document ?? null,
      dateOfBirth: input.dateOfBirth ?? null,
      address: input.address ?? null,
      country: input.country ?? null,
      externalId: input.externalId ?? null,
      metadata: input.metadata ?? {},
    },
    now,
  )
}

/** The fields that really change, checked; errors: `field_invalid`. */
export function applyChanges(
  customer: Customer,
  changes: CustomerChanges,
  now: number,
): Partial<CustomerFields> {
  const current = fieldsOf(customer)
  const given = Object.entries(changes).filter(([, value]) => value !== undefined)
  const named = applyNameRule(current, Object.fromEntries(given))
  const next = checkFields({ ...current, ...named }, now)
  const different = Object.entries(next).filter(
    ([field, value]) => canonicalJson(value) !== canonicalJson(Reflect.get(current, field)),
  )
  return Object.fromEntries(different)
}

/** The sealed part of a customer. */
export function profileOf(customer: CustomerProfile): CustomerProfile {
  const { name, givenName, familyName, email, phone, document } = customer
  const { dateOfBirth, address, metadata } = customer
  return { name, givenName, familyName, email, phone, document, dateOfBirth, address, metadata }
}

/** What equality search compares. */
export function normalForms(profile: CustomerProfile): Record<LookupField, string | null> {
  return {
    email: profile.email === null ? null : normalizeLookup('email', profile.email),
    phone: profile.phone === null ? null : normalizeLookup('phone', profile.phone),
    document: profile.document?.number
      ? normalizeLookup('document', profile.document.number)
      : null,
  }
}

export function normalizeLookup(field: LookupField, value: string): string {
  switch (field) {
    case 'email':
      return normalizeEmail(value)
    case 'phone':
      return value.replace(/[\s().-]/g, '')
    case 'document':
      // Punctuation differs from form to form; letters and digits identify.
      return value.replace(/[^\p{L}\p{N}]/gu, '').toUpperCase()
  }
}

/**
 * A full name is never split by guessing: setting the parts sets `name`, and setting a different
 * `name` clears the parts.
 */
function applyNameRule(
  current: CustomerFields,
  changes: Partial<CustomerFields>,
): Partial<CustomerFields> {
  const setsParts = 'givenName' in changes || 'familyName' in changes
  if (setsParts && changes.name === undefined) {
    const givenName = changes.givenName === undefined ? current.givenName : changes.givenName
    const familyName = changes.familyName === undefined ? current.familyName : changes.familyName
    const name = fullName(givenName, familyName)
    return name === null ? changes : { ...changes, name }
  }
  const setsOtherName = changes.name !== undefined && changes.name !== current.name
  return setsOtherName && !setsParts ? { ...changes, givenName: null, familyName: null } : changes
}

function fullName(given: string | null | undefined, family: string | null | undefined) {
  const name = [given, family].filter((part) => part).join(' ')
  return name === '' ? null : name
}

function checkFields(fields: CustomerFields, now: number): CustomerFields {
  const { givenName, familyName, email, phone, document, dateOfBirth, address } = fields
  checkText('name', fields.name, nameLengthMax)
  if (givenName !== null) checkText('givenName', givenName, nameLengthMax)
  if (familyName !== null) checkText('familyName', familyName, nameLengthMax)
  if (email !== null) checkEmail('email', email)
  if (document !== null) checkDocument('document', document)
  if (dateOfBirth !== null) checkDateOfBirth('dateOfBirth', dateOfBirth, now)
  if (address !== null) checkAddress(address)
  if (fields.country !== null) checkCountry('country', fields.country)
  if (fields.externalId !== null) checkText('externalId', fields.externalId, externalIdLengthMax)
  checkMetadata('metadata', fields.metadata)
  return phone === null ? fields : { ...fields, phone: checkPhone('phone', phone) }
}

const addressLineLengthMax = 500

function checkAddress(address: Address): void {
  for (const [part, text] of Object.entries(address)) {
    if (text !== null) checkText(`address.${part}`, text, addressLineLengthMax)
  }
}

function fieldsOf(customer: Customer): CustomerFields {
  const { kind, country, externalId } = customer
  return { ...profileOf(customer), kind, country, externalId }
}
