// Owns an application on the platform surface, as an operator reads it before deciding.
import Type, { type Static } from 'typebox'
import {
  type Application,
  type ApplicationDocument,
  type ApplicationFolder,
  applicationErrors,
  applicationStatuses,
  decisions,
  documentStatuses,
  documentTypes,
} from '../../core/applications/application.ts'
import { applicationGaps, findMissing } from '../../core/applications/missing.ts'
import { AppError } from '../../core/errors.ts'
import type { Address } from '../../core/fields.ts'
import { type Individual, individualRoles } from '../../core/individuals/individual.ts'
import { personal, personalNumber } from '../../http/mask.ts'
import { parseId, printId } from '../../lib/id.ts'
import { toSnakeCase } from '../../lib/snake-case.ts'
import { printTime } from '../../lib/time.ts'
import { closed, named } from './wire.ts'
import { printLater, toWireAddress, WireAddress } from './wire-customer.ts'
import { Later, Nullable, Text } from './wire-parts.ts'

const aTime = '2026-02-25T12:00:00.000Z'

export const ApplicationStatus = Type.Enum([...applicationStatuses], {
  description: 'How far the application is',
  examples: ['SUBMITTED'],
})
export const Kind = Type.Enum(['individual', 'business'], { description: 'Who applies' })

const summary = {
  id: Text('The application', 'appl_01h455vb4pex5vsknk084sn02q'),
  kind: Kind,
  status: ApplicationStatus,
  email: Text('E-mail address', 'john.doe@example.com', personal),
  customer_id: Later(
    'The customer that it names, or that the approval made',
    'cust_01h455vb4pex5vsknk084sn02q',
  ),
  submitted_at: Later('When it was last submitted', aTime),
  decided_at: Later('When it was last decided about', aTime),
  created_at: Text('When it was made', aTime),
  updated_at: Text('When it last changed', aTime),
}

export const WireListedApplication = Type.Object(summary, named('ApplicationListItem'))

const person = {
  first_name: Later('First name', 'John', personal),
  last_name: Later('Last name', 'Doe', personal),
  date_of_birth: Later('Date of birth, `YYYY-MM-DD`', '1990-01-15', personal),
  tax_id: Later('Tax number', '123-45-6789', personalNumber),
  address: Nullable(WireAddress),
  country: Later('Of the address; ISO 3166-1 alpha-2', 'US'),
}

const WireDocument = Type.Object(
  {
    id: Text('The document', 'doc_01h455vb4pex5vsknk084sn02q'),
    type: Type.Enum([...documentTypes], { description: 'What it proves' }),
    status: Type.Enum([...documentStatuses], { description: 'Whether it was uploaded' }),
    individual_id: Later('Whose it is, in a business', 'ind_01h455vb4pex5vsknk084sn02q'),
    file: Nullable(
      Type.Object(
        {
          name: Text('Its name, made safe', 'passport.pdf', personal),
          description: Later('As it was given', 'Passport', personal),
          content_type: Text('What its bytes are', 'application/pdf'),
          size: Type.Integer({ description: 'In bytes', examples: [48_213] }),
          sha256: Text('Of its bytes, hexadecimal', 'e3b0c44298fc1c149afbf4c8996fb924'),
        },
        closed,
      ),
    ),
    uploaded_at: Later('When the file arrived', aTime),
  },
  named('ApplicationDocument'),
)

export const WireApplication = Type.Object(
  {
    ...summary,
    phone: Later('Phone number, E.164', '+12025550123', personalNumber),
    individual: Nullable(Type.Object(person, { ...closed, description: 'Null: a business' })),
    corporation: Nullable(
      Type.Object(
        {
          legal_name: Later('Legal name', 'Acme Corporation', personal),
          trading_name: Later('Name it trades under', 'Acme', personal),
          registration_number: Later(
            'Number in the register of companies',
            '7654321',
            personalNumber,
          ),
          tax_id: Later('Tax number', '12-3456789', personalNumber),
          address: Nullable(WireAddress),
          country: Later('Of the address; ISO 3166-1 alpha-2', 'US'),
          has_beneficial_owners: Nullable(
            Type.Boolean({ description: 'Null: nothing was declared' }),
          ),
        },
        { ...closed, description: 'Null: a person' },
      ),
    ),
    individuals: Type.Array(
      Type.Object(
        {
          id: Text('The person', 'ind_01h455vb4pex5vsknk084sn02q'),
          role: Type.Enum([...individualRoles], { description: 'What they are in the business' }),
          ownership_percentage: Nullable(Type.Number({ description: 'Percent of the business' })),
          email: Later('E-mail address', 'jane.smith@acmecorp.com', personal),
          phone: Later('Phone number, E.164', '+14155550123', personalNumber),
          ...person,
        },
        closed,
      ),
    ),
    documents: Type.Array(WireDocument),
    account_currency: Text('Of the first account; ISO 4217', 'USD'),
    terms_accepted_at: Later('When the terms were accepted', aTime),
    missing: Type.Array(
      Type.Object(
        {
          code: Text('What is missing, or `FIELD` for a single one', 'MISSING_DOCUMENT'),
          field: Later('The field; of a person, with the id', 'individual.date_of_birth'),
          message: Text('What is wrong', 'A document was not uploaded yet.'),
        },
        closed,
      ),
      { description: 'What it lacks; none in what can be decided about' },
    ),
    decisions: Type.Array(
      Type.Object(
        {
          decision: Type.Enum([...decisions], { description: 'What was decided' }),
          reason: Text('Why', 'The picture is not sharp.', personal),
          actor: Text('Who decided', 'key:01890a5d-ac96-774b'),
          decided_at: Text('When', aTime),
        },
        closed,
      ),
      { description: 'Oldest first' },
    ),
  },
  named('Application'),
)

export const ApplicationParams = Type.Object(
  { id: Text('The application', 'appl_01h455vb4pex5vsknk084sn02q') },
  closed,
)

export function fromWireApplicationId(text: string): string {
  const id = parseId('application', text)
  if (id === null) throw new AppError(applicationErrors.application_not_found)
  return id
}

export function toWireListedApplication(
  application: Application,
): Static<typeof WireListedApplication> {
  const { id, kind, status, email, customerId, submittedAt, decidedAt } = application
  return {
    id: printId('application', id),
    kind,
    status,
    email,
    customer_id: customerId === null ? null : printId('customer', customerId),
    submitted_at: printLater(submittedAt),
    decided_at: printLater(decidedAt),
    created_at: printTime(application.createdAt),
    updated_at: printTime(application.updatedAt),
  }
}

export function toWireApplication(
  folder: ApplicationFolder,
  now: number,
): Static<typeof WireApplication> {
  const { application, individuals, documents } = folder
  const { individual, corporation } = application
  return {
    ...toWireListedApplication(application),
    phone: application.phone,
    individual: individual && toWirePerson(individual),
    corporation: corporation && {
      legal_name: corporation.legalName,
      trading_name: corporation.tradingName,
      registration_number: corporation.registrationNumber,
      tax_id: corporation.taxId,
      address: toWireGivenAddress(corporation.address),
      country: corporation.country,
      has_beneficial_owners: corporation.hasBeneficialOwners,
    },
    individuals: individuals.map((one) => ({
      id: printId('individual', one.id),
      role: one.role,
      ownership_percentage: one.ownershipPercentage,
      email: one.email,
      phone: one.phone,
      ...toWirePerson(one),
    })),
    documents: documents.map(toWireDocument),
    account_currency: application.accountCurrency,
    terms_accepted_at: printLater(application.termsAcceptedAt),
    missing: toWireMissing(folder, now),
    decisions: application.decisions.map(({ at, ...made }) => ({
      ...made,
      decided_at: printTime(at),
    })),
  }
}

const toWireGivenAddress = (address: Address | null) => address && toWireAddress(address)

type Person = Pick<
  Individual,
  'firstName' | 'lastName' | 'dateOfBirth' | 'taxId' | 'address' | 'country'
>

function toWirePerson(one: Person) {
  return {
    first_name: one.firstName,
    last_name: one.lastName,
    date_of_birth: one.dateOfBirth,
    tax_id: one.taxId,
    address: toWireGivenAddress(one.address),
    country: one.country,
  }
}

function toWireDocument(document: ApplicationDocument): Static<typeof WireDocument> {
  const { id, type, status, individualId, file, uploadedAt } = document
  return {
    id: printId('applicationDocument', id),
    type,
    status,
    individual_id: individualId === null ? null : printId('individual', individualId),
    file: file && {
      name: file.name,
      description: file.description,
      content_type: file.contentType,
      size: file.size,
      sha256: file.sha256,
    },
    uploaded_at: printLater(uploadedAt),
  }
}

function toWireMissing(folder: ApplicationFolder, now: number) {
  const { gaps, fields } = findMissing(folder, now)
  return [
    ...gaps.map((code) => ({ code, field: null, message: applicationGaps[code] })),
    ...fields.map(({ individualId, field, message }) => {
      const name = toSnakeCase(field)
      const of = individualId === null ? '' : `individuals.${printId('individual', individualId)}.`
      return { code: 'FIELD', field: `${of}${name}`, message }
    }),
  ]
}
