// Owns GET /api/v1/provider-registration/schema.
import Type from 'typebox'
import { defineOperation } from '../../http/operation.ts'
import { closed, Enveloped, named, Text, toWireFieldName, WireProvider, WireRole } from './wire.ts'

const WireField = Type.Object(
  {
    field: Text('Its name in a customer, or in `provider_data`', 'document_number'),
    description: Text('What it is', 'CPF or CNPJ'),
  },
  closed,
)

const WireSchema = Type.Object(
  {
    provider: WireProvider,
    roles: Type.Array(
      Type.Object(
        {
          target_role: WireRole,
          individual: Type.Array(WireField, { description: 'What a person needs' }),
          business: Type.Array(WireField, { description: 'What a company needs' }),
        },
        closed,
      ),
    ),
  },
  named('RegistrationSchema'),
)

export const getRegistrationSchema = defineOperation({
  id: 'getRegistrationSchema',
  method: 'GET',
  path: '/api/v1/provider-registration/schema',
  tag: 'Registrations',
  summary: 'Get what a registration needs',
  scope: 'orchestration:read',
  query: Type.Object({ provider: WireProvider }, closed),
  returns: { status: 200, description: 'The fields by role', schema: Enveloped(WireSchema) },
  errors: [],
  async handle({ providers }, { query: { provider } }) {
    const adapter = providers.adapters[provider]
    const roles = adapter.roles.map((role) => {
      const fieldsOf = (kind: 'individual' | 'business') =>
        adapter.requiredFields(role, kind).map(({ field, description }) => ({
          field: toWireFieldName(field),
          description,
        }))
      return {
        target_role: role,
        individual: fieldsOf('individual'),
        business: fieldsOf('business'),
      }
    })
    return { msg: 'Schema found', data: { provider, roles } }
  },
})
