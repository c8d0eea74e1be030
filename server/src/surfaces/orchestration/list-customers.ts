// Owns GET /api/v1/customers.
import Type from 'typebox'
import { listDirectory } from '../../core/directory/directory-service.ts'
import { fieldErrors, refuseField } from '../../core/fields.ts'
import { providerNames, providerRoles } from '../../core/provider.ts'
import { registrationStatuses } from '../../core/registrations/registration.ts'
import { defineOperation } from '../../http/operation.ts'
import { keepRenderings } from '../../http/rendering.ts'
import { closed, Enveloped } from './wire.ts'
import { documentTypes, toWireCustomer, WireCustomerList } from './wire-customer.ts'

const listLimits = { default: 10, max: 100, valuesMax: 20 }

const Values = (description: string, example: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 2_000,
      description: `${description}; several, separated by commas`,
      examples: [example],
    }),
  )

const Query = Type.Object(
  {
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: listLimits.max,
        default: listLimits.default,
        description: 'Maximum number of results',
      }),
    ),
    offset: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1_000_000_000,
        default: 0,
        description: 'Number of results to skip',
      }),
    ),
    email: Values('Filter by email address', 'alice@example.com'),
    country_code: Values('Filter by country code', 'BR'),
    document_type: Values('Filter by document type', 'personal_tax_id'),
    provider: Values('Filter by provider', 'stripe'),
    provider_registration_status: Values('Filter by provider registration status', 'approved'),
    target_role: Values('Filter by target role', 'customer'),
  },
  closed,
)

const render = keepRenderings(toWireCustomer)

export const listCustomers = defineOperation({
  id: 'listCustomers',
  method: 'GET',
  path: '/api/v1/customers',
  tag: 'Customers',
  summary: 'List customers with optional filters',
  description:
    'Newest first. `provider`, `provider_registration_status` and `target_role` given together ' +
    'must hold for one registration.',
  scope: 'orchestration:read',
  query: Query,
  returns: { status: 200, description: 'A page of customers', schema: Enveloped(WireCustomerList) },
  errors: [fieldErrors.field_invalid],
  async handle(context, { query }) {
    const statuses = query.provider_registration_status
    const filter = {
      emails: valuesOf('email', query.email),
      countries: valuesOf('country_code', query.country_code)?.map((code) => code.toUpperCase()),
      documentTypes: knownOf('document_type', query.document_type, Object.keys(documentTypes)),
      providers: knownOf('provider', query.provider, providerNames),
      statuses: knownOf('provider_registration_status', statuses, registrationStatuses),
      roles: knownOf('target_role', query.target_role, providerRoles),
    }
    const { limit = listLimits.default, offset = 0 } = query
    const { count, customers } = await listDirectory(context, filter, { limit, offset })
    const data = { count, customer_list: customers.map(render) }
    return { msg: 'Customers found', data }
  },
})

function valuesOf(name: string, text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined
  const values = text.split(',').map((value) => value.trim())
  if (values.includes('')) refuseField(name, 'has an empty value between its commas')
  if (values.length > listLimits.valuesMax) {
    refuseField(name, `has more than ${listLimits.valuesMax} values`)
  }
  return [...new Set(values)]
}

/** Case does not matter; what is not known is refused by name. */
function knownOf(
  name: string,
  text: string | undefined,
  known: readonly string[],
): string[] | undefined {
  const values = valuesOf(name, text)?.map((value) => value.toLowerCase())
  if (values?.some((value) => !known.includes(value))) {
    refuseField(name, `has a value that is not known; known: ${known.join(', ')}`)
  }
  return values
}
