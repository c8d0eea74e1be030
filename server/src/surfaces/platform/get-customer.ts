// Owns GET /v1/customers/{id}.
import Type from 'typebox'
import { type Customer, customerErrors } from '../../core/customer/customer.ts'
import * as customers from '../../core/customer/customer-service.ts'
import { getCustomerAsOf, type Moment } from '../../core/customer/history-service.ts'
import { fieldErrors, refuseField } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { CustomerParams, closed, fromWireCustomerId } from './wire.ts'
import { toWireRecord } from './wire-customer.ts'
import { fromWireMoment } from './wire-event.ts'
import { facetNames, fromWireInclude, readFacets, WireCustomer } from './wire-facets.ts'

export const getCustomer = defineOperation({
  id: 'getCustomer',
  method: 'GET',
  path: '/customers/{id}',
  tag: 'Customers',
  summary: 'Get a customer',
  description:
    'The record and every facet, or those of `include`. With `as_of` the record alone, made anew ' +
    'from its history as it was then.',
  scope: 'platform:read',
  params: CustomerParams,
  query: Type.Object(
    {
      include: Type.Optional(
        Type.String({
          maxLength: 200,
          description: `Which facets, with commas between them: ${facetNames.join(', ')}`,
          examples: ['wallets,payouts'],
        }),
      ),
      as_of: Type.Optional(
        Type.String({
          maxLength: 40,
          description: 'A version, or a moment by RFC 3339',
          examples: ['3'],
        }),
      ),
    },
    closed,
  ),
  returns: {
    status: 200,
    description: 'The customer',
    schema: WireCustomer,
    versionOf: ({ version }) => version,
  },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    customerErrors.version_not_found,
  ],
  async handle(context, { params, query }) {
    const id = fromWireCustomerId(params.id)
    const { include, as_of } = query
    if (as_of !== undefined) {
      if (include !== undefined) refuseField('include', 'cannot stand beside as_of')
      return toWireRecord(await getCustomerAsOf(context, id, fromWireAsOf(as_of)))
    }
    const names = fromWireInclude(include)
    const customer: Customer = await customers.getCustomer(context, id)
    return { ...toWireRecord(customer), ...(await readFacets(context, customer, names)) }
  },
})

function fromWireAsOf(text: string): Moment {
  return /^[1-9]\d{0,14}$/.test(text)
    ? { version: Number(text) }
    : { time: fromWireMoment('as_of', text) }
}
