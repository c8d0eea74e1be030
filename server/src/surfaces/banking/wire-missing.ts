// Owns how this surface says what an application lacks: by its own names of fields and ids.
import Type, { type Static } from 'typebox'
import { applicationErrors } from '../../core/applications/application.ts'
import type { ApplicationStanding } from '../../core/applications/application-status.ts'
import { type ApplicationGap, applicationGaps } from '../../core/applications/missing.ts'
import { AppError } from '../../core/errors.ts'
import { printId } from '../../lib/id.ts'
import { toSnakeCase } from '../../lib/snake-case.ts'
import { named, Text } from './wire.ts'
import { toWireDocument, WireApplicationStatus, WireDocument } from './wire-application.ts'

const gapNames = Object.keys(applicationGaps) as ApplicationGap[]

export const WireApplicationStanding = Type.Object(
  {
    status: WireApplicationStatus,
    application_errors: Type.Array(Type.Enum(gapNames), {
      description: 'What the application as a whole lacks',
      examples: [['TERMS_AND_CONDITIONS_NOT_ACCEPTED']],
    }),
    validation_errors: Type.Array(
      Type.Object(
        {
          field: Text('The field; of an individual, with its id', 'individual.date_of_birth'),
          message: Text('What is wrong with it', 'is missing'),
        },
        named('ValidationError'),
      ),
    ),
    documents: Type.Array(WireDocument, { description: 'Needed, uploaded or not' }),
  },
  named('ApplicationStatus'),
)

export function toWireStanding(
  standing: ApplicationStanding,
): Static<typeof WireApplicationStanding> {
  return {
    status: standing.status,
    application_errors: standing.gaps,
    validation_errors: standing.fields.map(({ individualId, field, message }) => ({
      field: toWireField(individualId === null ? field : `individuals.${individualId}.${field}`),
      message,
    })),
    documents: standing.documents.map(toWireDocument),
  }
}

/** The core's refusal names fields and ids in its own words. */
export async function inWireWords<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const definition = applicationErrors.application_incomplete
    if (!(error instanceof AppError) || error.definition !== definition) throw error
    const issues = error.issues.map(({ param, message }) => ({
      param: toWireField(param),
      message,
    }))
    const names = [...new Set(issues.map(({ param }) => param))].join(', ')
    const detail = `The application lacks: ${names}.`
    throw new AppError(definition, { detail, issues, isInWireWords: true })
  }
}

/** The core's names of an application's fields in this surface's words. */
export const applicationFieldNames: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'firstName',
    'lastName',
    'dateOfBirth',
    'taxId',
    'ownershipPercentage',
    'accountCurrency',
    'individual.firstName',
    'individual.lastName',
    'individual.dateOfBirth',
    'individual.taxId',
    'individual.address.postalCode',
    'corporation.legalName',
    'corporation.tradingName',
    'corporation.registrationNumber',
    'corporation.taxId',
    'corporation.address.postalCode',
  ].map((name) => [name, toSnakeCase(name)]),
)

/** `individuals.<uuid>.firstName` → `individuals.ind_….first_name` */
function toWireField(name: string): string {
  const [place = '', id = '', ...rest] = name.split('.')
  if (name === 'isTermsAccepted') return 'terms_and_conditions_accepted'
  if (place === 'documents') return `documents.${printId('applicationDocument', id)}`
  if (place !== 'individuals' || id === '') return toSnakeCase(name)
  return ['individuals', printId('individual', id), ...rest.map(toSnakeCase)].join('.')
}
