// Owns GET /v1/customers.
import Type from 'typebox'
import { customerErrors } from '../../core/customer/customer.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { closed } from './wire.ts'
import {
  CustomerPage,
  clearFilters,
  filterDescription,
  filterMembers,
  pageCustomers,
} from './wire-customer-filter.ts'

export const listCustomers = defineOperation({
  id: 'listCustomers',
  method: 'GET',
  path: '/customers',
  tag: 'Customers',
  summary: 'List customers',
  description: `${filterDescription} Metadata is asked for as \`metadata[plan]=gold\`.`,
  scope: 'platform:read',
  clearMembers: clearFilters,
  query: Type.Object(filterMembers, closed),
  returns: { status: 200, description: 'A page of customers', schema: CustomerPage },
  errors: [fieldErrors.field_invalid, customerErrors.customer_cursor_unknown],
  handle: (context, { query }) => pageCustomers(context, query),
})
