// Owns the banking surface's wire schemas of applications, and the way to and from the core.
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
import type { ApplicationChanges } from '../../core/applications/application-rules.ts'
import { emailLengthMax } from '../../core/fields.ts'
import { printId } from '../../lib/id.ts'
import {
  closed,
  fromWireId,
  Given,
  GivenId,
  Id,
  LaterText,
  Nullable,
  NullableText,
  named,
  Text,
  Time,
  toWireKind,
  toWireTime,
  WireType,
} from './wire.ts'
import {
  fromWireCorporation,
  fromWirePerson,
  toWireCorporation,
  toWirePerson,
  toWirePersonInApplication,
  WireGivenCorporation,
  WireGivenPerson,
  WirePersonInApplication,
  WireStatedCorporation,
  WireStatedPerson,
} from './wire-applicant.ts'

export const WireApplicationStatus = Type.Enum([...applicationStatuses], {
  description: 'How far the application is',
  examples: ['INCOMPLETE'],
})

const Phone = NullableText('Phone number in E.164', '+12025550123')
const LaterTime = (description: string) => LaterText(description)

export const WireDocument = Type.Object(
  {
    id: Id('The id of the document', 'doc'),
    type: Type.Enum([...documentTypes], { description: 'What it proves' }),
    status: Type.Enum([...documentStatuses], { description: 'Whether it was uploaded' }),
    individual_id: LaterText('Whose it is, in a corporation'),
    file: Nullable(
      Type.Object(
        {
          name: Text('Name of the file, made safe', 'passport.pdf'),
          description: LaterText('As it was given'),
          content_type: Text('By its content', 'application/pdf'),
          size: Type.Integer({ description: 'Bytes', examples: [48_213] }),
        },
        named('DocumentFile'),
      ),
    ),
    uploaded_at: LaterTime('When the file arrived'),
  },
  named('Document'),
)

const summary = {
  id: Id('The id of the application', 'appl'),
  type: WireType,
  status: WireApplicationStatus,
  email: Text('Email address', 'john.doe@example.com'),
  customer_id: LaterText('The customer: named by you, or made by the approval'),
}
const times = {
  created_at: Time('When the application was made'),
  updated_at: Time('When it last changed'),
}

export const WireListedApplication = Type.Object(
  { ...summary, ...times },
  named('ApplicationListItem'),
)

/** `individual` of a person; `corporation` and `individuals` of a company. */
export const WireApplication = Type.Object(
  {
    ...summary,
    phone: Phone,
    individual: Type.Optional(WireStatedPerson),
    corporation: Type.Optional(WireStatedCorporation),
    individuals: Type.Optional(Type.Array(WirePersonInApplication)),
    documents: Type.Array(WireDocument),
    account_currency: Text('Of the first account; ISO 4217', 'USD'),
    terms_and_conditions_accepted: Type.Boolean({ description: 'Whether they were accepted' }),
    decision: Nullable(
      Type.Object(
        {
          decision: Type.Enum([...decisions], { description: 'What was decided last' }),
          reason: Text('Why', 'The picture is not sharp.'),
          decided_at: Time('When it was decided'),
        },
        named('Decision'),
      ),
    ),
    submitted_at: LaterTime('When it was last submitted'),
    ...times,
  },
  named('Application'),
)
export type WireApplication = Static<typeof WireApplication>

const given = {
  email: Given(emailLengthMax, 'Email address', 'john.doe@example.com'),
  phone: Type.Optional(Nullable(Given(50, 'Phone number in E.164', '+12025550123'))),
  individual: Type.Optional(WireGivenPerson),
  corporation: Type.Optional(WireGivenCorporation),
  account_currency: Type.Optional(Given(3, 'Of the first account; ISO 4217', 'USD')),
  terms_and_conditions_accepted: Type.Optional(
    Type.Boolean({ description: 'Whether the applicant accepts them' }),
  ),
}

export const WireNewApplication = Type.Object(
  {
    type: WireType,
    ...given,
    customer_id: Type.Optional(
      GivenId('A record made on another surface, which becomes a customer of the bank', 'cust'),
    ),
  },
  named('NewApplication'),
)

export const WireApplicationChanges = Type.Object(
  { ...given, email: Type.Optional(given.email) },
  { ...named('ApplicationUpdate'), minProperties: 1 },
)

export const ApplicationParams = Type.Object({ id: Id('The application', 'appl') }, closed)

export function fromWireApplicationId(text: string): string {
  return fromWireId('application', text, applicationErrors.application_not_found)
}

export function fromWireApplication(
  body: Omit<Static<typeof WireApplicationChanges>, 'email'>,
): Omit<ApplicationChanges, 'email'> {
  const { phone, individual, corporation, account_currency, terms_and_conditions_accepted } = body
  return {
    phone,
    individual: individual && fromWirePerson(individual),
    corporation: corporation && fromWireCorporation(corporation),
    accountCurrency: account_currency,
    isTermsAccepted: terms_and_conditions_accepted,
  }
}

function toWireSummary(application: Application) {
  const { id, kind, status, email, customerId, createdAt, updatedAt } = application
  return {
    id: printId('application', id),
    type: toWireKind(kind),
    status,
    email,
    customer_id: customerId === null ? null : printId('customer', customerId),
    created_at: toWireTime(createdAt),
    updated_at: toWireTime(updatedAt),
  }
}

export const toWireListedApplication = (
  application: Application,
): Static<typeof WireListedApplication> => toWireSummary(application)

export function toWireApplication(folder: ApplicationFolder): WireApplication {
  const { application, individuals, documents } = folder
  const { individual, corporation, submittedAt } = application
  const latest = application.decisions.at(-1)
  return {
    ...toWireSummary(application),
    phone: application.phone,
    ...(individual ? { individual: toWirePerson(individual) } : {}),
    ...(corporation
      ? {
          corporation: toWireCorporation(corporation),
          individuals: individuals.map(toWirePersonInApplication),
        }
      : {}),
    documents: documents.map(toWireDocument),
    account_currency: application.accountCurrency,
    terms_and_conditions_accepted: application.termsAcceptedAt !== null,
    decision: latest
      ? {
          decision: latest.decision,
          reason: latest.reason,
          decided_at: toWireTime(latest.at),
        }
      : null,
    submitted_at: submittedAt === null ? null : toWireTime(submittedAt),
  }
}

export function toWireDocument(document: ApplicationDocument): Static<typeof WireDocument> {
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
    },
    uploaded_at: uploadedAt === null ? null : toWireTime(uploadedAt),
  }
}
