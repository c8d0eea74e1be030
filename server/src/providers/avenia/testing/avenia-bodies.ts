// Owns what Avenia documents of its request bodies: names and forms, nothing beside them.
import Type, { type TProperties } from 'typebox'
import { Compile } from 'typebox/compile'
import { expectThat, type StandInRequest } from '../../testing/stand-in.ts'

const Text = Type.String({ minLength: 1 })
const Alpha3 = Type.String({ pattern: '^[A-Z]{3}$' })
const State = Type.String({ pattern: '^[A-Z0-9]{1,3}$' })
const TaxNumber = Type.String({ pattern: '^[A-Z0-9]{11,14}$' })

function bodyOf(members: TProperties) {
  return Compile(Type.Object(members, { additionalProperties: false }))
}

export const aveniaBodies = {
  subAccount: bodyOf({
    accountType: Type.Union([Type.Literal('INDIVIDUAL'), Type.Literal('COMPANY')]),
    name: Text,
  }),
  address: bodyOf({
    ...{ streetLine1: Text, streetLine2: Type.String(), streetLine3: Type.String() },
    ...{ city: Text, zipCode: Text, country: Alpha3 },
    countrySubdivision: Type.String({ pattern: '^[A-Z]{2}-[A-Z0-9]{1,3}$' }),
  }),
  document: bodyOf({
    documentType: Type.Union(
      [
        ...['ID', 'DRIVERS-LICENSE', 'PASSPORT', 'RESIDENCE-PERMIT', 'SELFIE'],
        ...['CERTIFICATE-OF-INCORPORATION', 'COMPANY-TAX-IDENTIFICATION-DOCUMENT'],
      ].map((type) => Type.Literal(type)),
    ),
    isDoubleSided: Type.Boolean(),
  }),
  person: bodyOf({
    sandboxReject: Type.Optional(Type.Boolean()),
    fullName: Text,
    dateOfBirth: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
    ...{ countryOfTaxId: Alpha3, taxIdNumber: TaxNumber },
    ...{ email: Text, phone: Type.String({ pattern: '^\\+\\d{8,15}$' }) },
    ...{ country: Alpha3, state: State, city: Text, zipCode: Text, streetAddress: Text },
    ...{ uploadedSelfieId: Text, uploadedDocumentId: Text },
  }),
  company: bodyOf({
    sandboxReject: Type.Optional(Type.Boolean()),
    uboIds: Type.Array(Text, { minItems: 1 }),
    ...{ companyLegalName: Text, companyRegistrationNumber: Text },
    taxIdentificationNumberTin: TaxNumber,
    ...optional('businessActivityDescription', 'businessModel', 'website', 'socialMedia'),
    ...optional('reasonForAccountOpening', 'sourceOfFundsAndIncome', 'numberOfEmployees'),
    ...optional('estimatedAnnualRevenueUsd', 'estimatedMonthlyVolumeUsd'),
    countryTaxResidence: Alpha3,
    countrySubdivisionTaxResidence: Type.String({ pattern: '^[A-Z]{2}-[A-Z0-9]{1,3}$' }),
    ...{ companyStreetLine1: Text, companyStreetLine2: Type.String() },
    ...{ companyStreetLine3: Type.String(), companyCity: Text, companyState: State },
    ...{ companyZipCode: Text, companyCountry: Alpha3 },
    ...{ certificateOfIncorporationDocumentId: Text, taxIdentificationDocumentId: Text },
  }),
}

function optional(...names: string[]) {
  return Object.fromEntries(names.map((name) => [name, Type.Optional(Text)]))
}

interface Form {
  Check(value: unknown): boolean
  Errors(value: unknown): { instancePath: string; message: string }[]
}

/** The body when it has the form; what it breaks becomes a violation. */
export function checkBody(form: Form, request: StandInRequest): Record<string, unknown> {
  const body = request.json()
  const faults = form.Errors(body).map((one) => `${one.instancePath} ${one.message}`)
  expectThat(form.Check(body), `${request.path}: ${faults.join('; ')}`)
  expectThat(typeof body === 'object' && body !== null, 'the body is an object')
  return { ...body }
}
