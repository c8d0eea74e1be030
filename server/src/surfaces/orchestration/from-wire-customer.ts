// Owns what a body of the orchestration surface makes of the record: new, or changed.
import type { Background, Customer, CustomerKind } from '../../core/customer/customer.ts'
import { type CustomerChanges, namePartsOf } from '../../core/customer/customer-rules.ts'
import { type Address, addressPartsOf, type Document, type PhoneParts } from '../../core/fields.ts'
import {
  backgroundNames,
  type DocumentType,
  documentTypes,
  shownPhone,
  type WireCustomerChanges,
} from './wire-customer.ts'

/** What a body makes of a record; `null` stands for one that is being created. */
export function fromWireCustomer(
  body: WireCustomerChanges,
  current: Customer | null,
): CustomerChanges & { kind: CustomerKind } {
  const country = upperCase(body.country_code)
  const document = fromWireDocument(body, current, country)
  const phoneParts = fromWirePhone(body, current)
  return {
    kind: kindOf(body, current, document),
    email: body.email,
    givenName: body.first_name,
    familyName: body.last_name,
    companyName: body.company_name,
    dateOfBirth: body.dob,
    country,
    document,
    phoneParts,
    phone: phoneParts === null ? null : undefined,
    address: fromWireAddress(body, current),
    background: fromWireBackground(body, current),
    metadata: fromWireInfo(body.additional_info),
  }
}

const isCompany = (type: string | null | undefined) =>
  type !== undefined && type !== null && documentTypes[type as DocumentType]?.isCompany === true

/** A company's document or name makes a business; taking both away makes a person again. */
function kindOf(
  body: WireCustomerChanges,
  current: Customer | null,
  document: Document | null | undefined,
): CustomerKind {
  const known = current?.kind ?? 'individual'
  if (body.company_name === undefined && body.document_type === undefined) return known
  const shown = current === null ? null : namePartsOf(current).companyName
  const company = body.company_name === undefined ? shown : body.company_name
  const knownType = current?.document?.type
  const type = document === undefined ? knownType : document?.type
  // A business of which nothing is known yet but its e-mail stays one.
  if (company === shown && (type ?? null) === (knownType ?? null)) return known
  return company !== null || isCompany(type) ? 'business' : 'individual'
}

/** A document of a generic type belongs to the customer's country, and moves with it. */
function fromWireDocument(
  body: WireCustomerChanges,
  current: Customer | null,
  country: string | null | undefined,
): Document | null | undefined {
  const known = current?.document ?? null
  const isGiven = body.document_type !== undefined || body.document_number !== undefined
  if (!isGiven && (country === undefined || known === null)) return undefined
  const type = body.document_type === undefined ? (known?.type ?? null) : body.document_type
  const number = body.document_number === undefined ? (known?.number ?? null) : body.document_number
  if (type === null && number === null) return null
  const isHere = country === undefined || country === current?.country
  if (isHere && type === known?.type && number === known.number) return undefined
  const own = type === null ? null : (documentTypes[type as DocumentType]?.country ?? null)
  const home = country === undefined ? (current?.country ?? null) : country
  return { type, number, country: own ?? home }
}

function fromWirePhone(
  body: WireCustomerChanges,
  current: Customer | null,
): PhoneParts | null | undefined {
  const given = {
    countryCode: body.phone_country_code,
    areaCode: body.phone_area_code,
    number: body.phone_number,
  }
  const blank = { phoneParts: null, phone: null }
  return overlay(given, shownPhone(current ?? blank))
}

function fromWireAddress(
  body: WireCustomerChanges,
  current: Customer | null,
): Address | null | undefined {
  const given = {
    houseNumber: body.house_number,
    streetNumber: body.street_number,
    streetName: body.street_name,
    postalCode: body.postal_code,
    city: body.city,
    state: body.state,
    subdivision: body.subdivision,
    neighborhood: body.neighborhood,
  }
  return overlay(given, addressPartsOf(current?.address ?? null))
}

function fromWireBackground(
  body: WireCustomerChanges,
  current: Customer | null,
): Background | undefined {
  const next: Background = { ...current?.background }
  for (const [wire, name] of Object.entries(backgroundNames)) {
    const value = body[wire as keyof typeof backgroundNames]
    if (value === null) delete next[name]
    else if (value !== undefined) next[name] = value
  }
  const { monthly_net_income: income } = body
  if (income === null) delete next.monthlyNetIncome
  else if (income !== undefined) next.monthlyNetIncome = income
  return next
}

/** The parts that are given over those that are shown; `undefined` when that changes nothing. */
function overlay<T extends object>(
  given: { [Part in keyof T]?: T[Part] | undefined },
  shown: T,
): T | null | undefined {
  const set = Object.entries(given).filter(([, value]) => value !== undefined)
  if (set.every(([part, value]) => Reflect.get(shown, part) === value)) return undefined
  const next: T = { ...shown, ...Object.fromEntries(set) }
  return Object.values(next).every((value) => value === null) ? null : next
}

function fromWireInfo(info: WireCustomerChanges['additional_info']): CustomerChanges['metadata'] {
  if (info === undefined) return undefined
  // Parsed from JSON text just now.
  return (info ?? {}) as CustomerChanges['metadata']
}

function upperCase(code: string | null | undefined): string | null | undefined {
  return code?.toUpperCase() ?? code
}
