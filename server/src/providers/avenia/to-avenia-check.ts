// Owns what the identity check of level 1 is sent, and what it still lacks.
import Type, { type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { ProviderCustomer } from '../../core/provider.ts'
import type { Json } from '../../lib/canonical.ts'
import { alpha3Of, idPattern, streetLineOf, subdivisionOf, taxNumberOf } from '../avenia-brla.ts'
import { rejected } from '../http-client.ts'
import type { AveniaBody } from './avenia-client.ts'
import type { ReadyDocuments } from './avenia-document.ts'

const Id = Type.String({ pattern: idPattern })
const Text = Type.String({ minLength: 1, maxLength: 1000 })

/** What a caller may give beyond the record, in Avenia's own names. */
const members: Record<ProviderCustomer['kind'], Record<string, TSchema>> = {
  individual: {
    uploadedSelfieId: Id,
    uploadedDocumentId: Id,
    sandboxReject: Type.Boolean(),
  },
  business: {
    uboIds: Type.Array(Id, { minItems: 1, maxItems: 50 }),
    certificateOfIncorporationDocumentId: Id,
    taxIdentificationDocumentId: Id,
    companyRegistrationNumber: Text,
    businessActivityDescription: Text,
    businessModel: Text,
    website: Text,
    socialMedia: Text,
    reasonForAccountOpening: Text,
    sourceOfFundsAndIncome: Text,
    numberOfEmployees: Text,
    estimatedAnnualRevenueUsd: Text,
    estimatedMonthlyVolumeUsd: Text,
    sandboxReject: Type.Boolean(),
  },
}

const forms = { individual: compileAll(members.individual), business: compileAll(members.business) }

function compileAll(schemas: Record<string, TSchema>) {
  return new Map(Object.entries(schemas).map(([name, schema]) => [name, Compile(schema)]))
}

/** Refuses by name what Avenia does not have, before anything is sent. */
export function checkAveniaData(
  kind: ProviderCustomer['kind'],
  providerData: Record<string, Json>,
): AveniaBody {
  for (const [name, value] of Object.entries(providerData)) {
    const form = forms[kind].get(name)
    const shown = /^[A-Za-z_]{1,60}$/.test(name)
      ? `provider_data.${name}`
      : 'a provider_data member'
    if (form === undefined) throw rejected(`${shown} is not among what Avenia takes`)
    if (!form.Check(value)) throw rejected(`${shown} does not have the form that Avenia takes`)
  }
  return providerData
}

export interface AveniaCheck {
  body: AveniaBody
  /** Fields of the record and of `provider_data` that are not there. */
  missing: string[]
  /** Documents that are not there, in words. */
  missingDocuments: string[]
}

/** Both lists are empty when the body can be sent. */
export function toAveniaCheck(
  customer: ProviderCustomer,
  data: AveniaBody,
  documents: ReadyDocuments,
): AveniaCheck {
  const { kind } = customer
  const parts = kind === 'business' ? toCompany(customer) : toPerson(customer)
  const ids =
    kind === 'business'
      ? {
          certificateOfIncorporationDocumentId: documents.incorporation,
          taxIdentificationDocumentId: documents.companyTax,
        }
      : { uploadedSelfieId: documents.selfie, uploadedDocumentId: documents.identity }
  const needsOwners = kind === 'business' && data['uboIds'] === undefined
  return {
    body: { ...parts.body, ...ids, ...data },
    missing: [...parts.missing, ...(needsOwners ? ['providerData.uboIds'] : [])],
    missingDocuments: Object.entries(ids).flatMap(([name, id]) =>
      id === null && data[name] === undefined ? [documentWords[name] ?? name] : [],
    ),
  }
}

const documentWords: Record<string, string> = {
  uploadedSelfieId: 'a selfie is missing',
  uploadedDocumentId: 'an identity document is missing',
  certificateOfIncorporationDocumentId: 'the certificate of incorporation is missing',
  taxIdentificationDocumentId: 'the company tax identification document is missing',
}

/** Member of the body, field of the record, value. */
type Row = [string, string, string | null]

function toPerson(customer: ProviderCustomer) {
  const { street, city, state, zipCode, country } = addressOf(customer)
  return collect([
    ['fullName', 'name', customer.name],
    ['dateOfBirth', 'dateOfBirth', customer.dateOfBirth],
    ['countryOfTaxId', 'country', alpha3Of(customer.document?.country) ?? country],
    ['taxIdNumber', 'document.number', taxNumberOf(customer)],
    ['email', 'email', customer.email],
    ['phone', 'phone', customer.phone],
    ['country', 'country', country],
    ['state', 'address.state', state],
    ['city', 'address.city', city],
    ['zipCode', 'address.postalCode', zipCode],
    ['streetAddress', 'address.streetName', street],
  ])
}

function toCompany(customer: ProviderCustomer) {
  const { street, line2, city, state, zipCode, country, subdivision } = addressOf(customer)
  const taxNumber = taxNumberOf(customer)
  const { body, missing } = collect([
    ['companyLegalName', 'companyName', customer.companyName ?? customer.name],
    ['taxIdentificationNumberTin', 'document.number', taxNumber],
    ['companyRegistrationNumber', 'document.number', taxNumber],
    ['countryTaxResidence', 'country', alpha3Of(customer.document?.country) ?? country],
    ['countrySubdivisionTaxResidence', 'address.state', subdivision],
    ['companyStreetLine1', 'address.streetName', street],
    ['companyCity', 'address.city', city],
    ['companyState', 'address.state', state],
    ['companyZipCode', 'address.postalCode', zipCode],
    ['companyCountry', 'country', country],
  ])
  return { body: { ...body, companyStreetLine2: line2, companyStreetLine3: '' }, missing }
}

function collect(rows: Row[]): { body: Record<string, string>; missing: string[] } {
  const isPresent = (row: Row): row is [string, string, string] => Boolean(row[2])
  const body = Object.fromEntries(
    rows.filter(isPresent).map(([member, , value]) => [member, value]),
  )
  const missing = rows.filter((row) => !isPresent(row)).map(([, field]) => field)
  return { body, missing: [...new Set(missing)] }
}

function addressOf({ address, country }: ProviderCustomer) {
  const subdivision = address && subdivisionOf(country, address)
  return {
    street: address && streetLineOf(address),
    line2: address?.line2 ?? '',
    city: address?.city ?? null,
    state: subdivision?.slice(subdivision.indexOf('-') + 1) ?? address?.state ?? null,
    subdivision,
    zipCode: address?.postalCode ?? null,
    country: alpha3Of(country),
  }
}

/** The residential address, whole: what is left out is gone. `null` while it is incomplete. */
export function toAveniaAddress(customer: ProviderCustomer): Record<string, string> | null {
  const { street, line2, city, subdivision, zipCode, country } = addressOf(customer)
  if (!street || !city || !subdivision || !zipCode || !country) return null
  return {
    ...{ streetLine1: street, streetLine2: line2, streetLine3: '', city },
    ...{ countrySubdivision: subdivision, zipCode, country },
  }
}
