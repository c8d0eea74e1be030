// Owns GET /v1/customers/{id}/individuals/{individual_id}.
import { customerErrors } from '../../core/customer/customer.ts'
import { individualErrors } from '../../core/individuals/individual.ts'
import * as individuals from '../../core/individuals/individual-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { getCorporation } from './corporation.ts'
import { fromWireCustomerId } from './wire.ts'
import {
  fromWireIndividualId,
  IndividualParams,
  toWireIndividual,
  WireIndividual,
} from './wire-individual.ts'

export const getIndividual = defineOperation({
  id: 'getIndividual',
  method: 'GET',
  path: '/v1/customers/{id}/individuals/{individual_id}',
  tag: 'Customers',
  summary: 'Retrieve an individual',
  description: 'One of the people behind a corporate customer.',
  scope: 'customers:read',
  params: IndividualParams,
  returns: { status: 200, description: 'The individual', schema: WireIndividual },
  errors: [customerErrors.customer_not_found, individualErrors.individual_not_found],
  async handle(context, { params }) {
    const { id } = await getCorporation(context, fromWireCustomerId(params.id))
    const individualId = fromWireIndividualId(params.individual_id)
    const individual = await individuals.getIndividual(context, id, individualId)
    return toWireIndividual(individual, id)
  },
})
