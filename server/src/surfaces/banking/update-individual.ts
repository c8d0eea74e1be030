// Owns PATCH /v1/customers/{id}/individuals/{individual_id}.
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { fieldErrors } from '../../core/fields.ts'
import { individualErrors } from '../../core/individuals/individual.ts'
import * as individuals from '../../core/individuals/individual-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { printId } from '../../lib/id.ts'
import { getCorporation } from './corporation.ts'
import { fromWireCustomerId, toWireTime } from './wire.ts'
import { needsApplication, WireContact } from './wire-customer.ts'
import { fromWireIndividualId, IndividualParams, WireUpdatedIndividual } from './wire-individual.ts'

export const updateIndividual = defineOperation({
  id: 'updateIndividual',
  method: 'PATCH',
  path: '/v1/customers/{id}/individuals/{individual_id}',
  tag: 'Customers',
  summary: 'Update an individual',
  description:
    'Contact data alone; given members of the address are set beside the others. Anything else ' +
    'needs a new application.',
  scope: 'customers:write',
  params: IndividualParams,
  body: WireContact,
  unknownMember: needsApplication,
  returns: { status: 200, description: 'When it changed', schema: WireUpdatedIndividual },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    individualErrors.individual_not_found,
    bankingErrors.customer_status_forbids,
  ],
  async handle(context, { params, body }) {
    const { id } = await getCorporation(context, fromWireCustomerId(params.id))
    const individualId = fromWireIndividualId(params.individual_id)
    const individual = await individuals.updateIndividual(
      context,
      id,
      individualId,
      changesOf(body),
    )
    return {
      id: printId('individual', individual.id),
      updated_at: toWireTime(individual.updatedAt),
    }
  },
})

function changesOf({ email, phone, address }: WireContact): individuals.IndividualChanges {
  if (address === undefined) return { email, phone }
  const { country, postal_code: postalCode, ...given } = address
  const parts = postalCode === undefined ? given : { ...given, postalCode }
  return { email, phone, address: parts, country }
}
