// Owns what an application states about the record: fields of the customer, and none of its own.
import type { Customer } from '../customer/customer.ts'
import {
  type CustomerChanges,
  type NewCustomer,
  normalizeLookup,
} from '../customer/customer-rules.ts'
import type { Document } from '../fields.ts'
import type { Application } from './application.ts'

export function newRecordOf(application: Application): NewCustomer {
  const { kind } = application
  return { kind, ...statedFields(application), ...backgroundOf(application, {}) }
}

/** What the application leaves open stays as the record has it. */
export function changesOfRecord(application: Application, current: Customer): CustomerChanges {
  const { document, ...stated } = statedFields(application)
  const isKnown = document ? hasNumber(current.document, document.number) : true
  return {
    kind: application.kind,
    ...stated,
    ...(isKnown ? {} : { document }),
    ...withoutPerson(application, current),
    ...backgroundOf(application, current.background),
  }
}

function statedFields(application: Application): CustomerChanges {
  const { email, phone, individual, corporation } = application
  const place = individual ?? corporation
  const taxId = place?.taxId ?? null
  const country = place?.country ?? null
  const fields = {
    email,
    phone,
    address: place?.address ?? null,
    country,
    document: taxId === null ? null : { type: 'tax_id', number: taxId, country },
    givenName: individual?.firstName ?? null,
    familyName: individual?.lastName ?? null,
    dateOfBirth: individual?.dateOfBirth ?? null,
    companyName: corporation?.legalName ?? null,
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}

function backgroundOf(
  { corporation }: Application,
  background: Customer['background'],
): Pick<CustomerChanges, 'background'> {
  if (corporation === null) return {}
  const { tradingName, registrationNumber } = corporation
  return {
    background: {
      ...background,
      ...(tradingName === null ? {} : { tradingName }),
      ...(registrationNumber === null ? {} : { registrationNumber }),
    },
  }
}

/** The single name of a record that is a company after all was never a person's first name. */
function withoutPerson(
  { kind }: Application,
  { givenName, familyName }: Customer,
): Pick<CustomerChanges, 'givenName' | 'familyName'> {
  const hasPerson = givenName !== null || familyName !== null
  return kind === 'business' && !hasPerson ? { givenName: null, familyName: null } : {}
}

/** The record may know the same number by a more telling word than `tax_id`. */
function hasNumber(known: Document | null, number: string | null): boolean {
  if (!known?.number || number === null) return false
  return normalizeLookup('document', known.number) === normalizeLookup('document', number)
}
