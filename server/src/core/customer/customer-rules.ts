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
  checkPhoneParts,
  checkText,
  type Document,
  externalIdLengthMax,
  findCountry,
  type Metadata,
  normalizeEmail,
  type PhoneParts,
  refuseField,
} from '../fields.ts'
import {
  type Background,
  backgroundTexts,
  type Customer,
  type CustomerKind,
  type CustomerProfile,
  type LookupField,
} from './customer.ts'

/** Everything but the kind may be left out: a checkout knows a payer by a wallet alone. */
export interface NewCustomer {
  kind: CustomerKind
  name?: string | null | undefined
  givenName?: string | null | undefined
  familyName?: string | null | undefined
  companyName?: string | null | undefined
  email?: string | null | undefined
  phone?: string | null | undefined
  phoneParts?: PhoneParts | null | undefined
  document?: Document | null | undefined
  dateOfBirth?: string | null | undefined
  address?: Address | null | undefined
  country?: string | null | undefined
  /** In place of `country`, as people write it; a code or an English name sets `country` too. */
  countryText?: string | null | undefined
  externalId?: string | null | undefined
  metadata?: Metadata | undefined
  background?: Background | undefined
}

/** Members that are left out stay; `null` clears. `metadata` is replaced whole. */
export type CustomerChanges = Partial<NewCustomer>

/** The fields that a caller may set. */
export type CustomerFields = CustomerProfile & Pick<Customer, 'kind' | 'country' | 'externalId'>

/** Every field checked and filled; errors: `field_invalid`. */
export function checkNewCustomer(input: NewCustomer, now: number): CustomerFields {
  return checkFields(
    {
      kind: input.kind,
      name: input.name ?? joinName(input),
      givenName: input.givenName ?? null,
      familyName: input.familyName ?? null,
      companyName: input.companyName ?? null,
      email: input.email ?? null,
      phone: input.phone ?? null,
      phoneParts: input.phoneParts ?? null,
      document: input.document ?? null,
      dateOfBirth: input.dateOfBirth ?? null,
      address: input.address ?? null,
      ...applyCountryRule({
        country: input.country ?? null,
        countryText: input.countryText ?? null,
      }),
      externalId: input.externalId ?? null,
      metadata: input.metadata ?? {},
      background: input.background ?? {},
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
  const named = applyPhoneRule(current, applyNameRule(current, Object.fromEntries(given)))
  const set = { ...named, ...countryChange(current, named) }
  const next = checkFields({ ...current, ...set }, now)
  const different = Object.entries(next).filter(
    ([field, value]) => canonicalJson(value) !== canonicalJson(Reflect.get(current, field)),
  )
  return Object.fromEntries(different)
}

/** The sealed part of a customer. */
export function profileOf(customer: CustomerProfile): CustomerProfile {
  const { name, givenName, familyName, companyName, email, phone, phoneParts } = customer
  const { document, dateOfBirth, address, countryText, metadata, background } = customer
  const names = { name, givenName, familyName, companyName }
  const contact = { email, phone, phoneParts, address, countryText }
  return { ...names, ...contact, document, dateOfBirth, metadata, background }
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

export type NameParts = Pick<CustomerProfile, 'givenName' | 'familyName' | 'companyName'>

/**
 * The name as surfaces with parts show it. A full name is never split by guessing: where nothing
 * else is known it stands as the given name, or as the company's.
 */
export function namePartsOf(customer: CustomerProfile & Pick<Customer, 'kind'>): NameParts {
  const { name, givenName, familyName, companyName, kind } = customer
  const isInParts = givenName !== null || familyName !== null || companyName !== null
  if (isInParts) return { givenName, familyName, companyName }
  const isBusiness = kind === 'business'
  return {
    givenName: isBusiness ? null : name,
    familyName: null,
    companyName: isBusiness ? name : null,
  }
}

/**
 * Setting a part leaves the other parts as they are shown, and sets `name`; setting a different
 * `name` clears the parts.
 */
function applyNameRule(
  current: CustomerFields,
  changes: Partial<CustomerFields>,
): Partial<CustomerFields> {
  const { givenName, familyName, companyName, name, ...others } = changes
  const given = { givenName, familyName, companyName }
  const setsParts = Object.values(given).some((part) => part !== undefined)
  if (name !== undefined) {
    if (setsParts || name === current.name) return changes
    return { ...others, name, givenName: null, familyName: null, companyName: null }
  }
  if (!setsParts) return changes
  const shown = namePartsOf(current)
  const parts: NameParts = {
    givenName: givenName === undefined ? shown.givenName : givenName,
    familyName: familyName === undefined ? shown.familyName : familyName,
    companyName: companyName === undefined ? shown.companyName : companyName,
  }
  const kind = changes.kind ?? current.kind
  const isAsShown =
    kind === current.kind && canonicalJson({ ...parts }) === canonicalJson({ ...shown })
  return isAsShown ? others : { ...others, ...parts, name: joinName({ ...parts, kind }) }
}

/** Parts set the number; another number clears the parts. */
function applyPhoneRule(
  current: CustomerFields,
  changes: Partial<CustomerFields>,
): Partial<CustomerFields> {
  if (changes.phoneParts !== undefined || changes.phone === undefined) return changes
  return changes.phone === current.phone ? changes : { ...changes, phoneParts: null }
}

type CountryFields = Pick<CustomerFields, 'country' | 'countryText'>

/** Words say which country it is where they can; words that are its code are not kept. */
function applyCountryRule({ country, countryText }: CountryFields): CountryFields {
  if (countryText === null || country !== null) return { country, countryText: null }
  const code = findCountry(countryText)
  return { country: code, countryText: code === countryText ? null : countryText }
}

/** Setting the words sets the code; another code clears the words. */
function countryChange(
  current: CustomerFields,
  { country, countryText }: Partial<CustomerFields>,
): Partial<CountryFields> {
  if (country !== undefined) return country === current.country ? {} : { countryText: null }
  if (countryText === undefined) return {}
  return applyCountryRule({ country: null, countryText })
}

type NamedFields = Pick<NewCustomer, 'kind' | 'givenName' | 'familyName' | 'companyName'>

function joinName(fields: NamedFields): string | null {
  const person = [fields.givenName, fields.familyName].filter((part) => part).join(' ') || null
  const company = fields.companyName || null
  return fields.kind === 'business' ? (company ?? person) : (person ?? company)
}

function checkFields(fields: CustomerFields, now: number): CustomerFields {
  const { email, phone, phoneParts, document, dateOfBirth, address } = fields
  for (const part of ['givenName', 'familyName', 'companyName', 'name'] as const) {
    const text = fields[part]
    const isJoined = part === 'name' && text === joinName(fields)
    if (text !== null) checkText(part, text, isJoined ? joinedNameLengthMax : nameLengthMax)
  }
  if (email !== null) checkEmail('email', email)
  if (document !== null) checkDocument('document', document)
  if (dateOfBirth !== null) checkDateOfBirth('dateOfBirth', dateOfBirth, now)
  if (address !== null) checkAddress(address)
  if (fields.country !== null) checkCountry('country', fields.country)
  if (fields.countryText !== null) checkText('country', fields.countryText, countryTextLengthMax)
  if (fields.externalId !== null) checkText('externalId', fields.externalId, externalIdLengthMax)
  checkMetadata('metadata', fields.metadata)
  checkBackground(fields.background, now)
  if (phoneParts !== null) return { ...fields, phone: checkPhoneParts('phoneParts', phoneParts) }
  return phone === null ? fields : { ...fields, phone: checkPhone('phone', phone) }
}

/** As much as the widest surface takes: each bounds what it takes itself. */
const nameLengthMax = 255
/** Two parts and the space between them. */
const joinedNameLengthMax = 2 * nameLengthMax + 1
const backgroundTextLengthMax = 200
const countryTextLengthMax = 255

function checkBackground(background: Background, now: number): void {
  for (const name of backgroundTexts) {
    const text = background[name]
    if (text !== undefined) checkText(`background.${name}`, text, backgroundTextLengthMax)
  }
  const { companyStartDate, monthlyNetIncome } = background
  if (companyStartDate !== undefined) {
    checkDateOfBirth('background.companyStartDate', companyStartDate, now)
  }
  if (monthlyNetIncome !== undefined && !(monthlyNetIncome >= 0)) {
    refuseField('background.monthlyNetIncome', 'is below zero')
  }
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
