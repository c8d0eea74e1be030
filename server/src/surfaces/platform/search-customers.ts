// Owns POST /v1/customers/search.
import Type from 'typebox'
import { customerErrors } from '../../core/customer/customer.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { named } from './wire.ts'
import {
  CustomerPage,
  clearFilters,
  filterDescription,
  filterMembers,
  pageCustomers,
} from './wire-customer-filter.ts'

export const searchCustomers = defineOperation({
  id: 'searchCustomers',
  method: 'POST',
  path: '/customers/search',
  tag: 'Customers',
  summary: 'Search customers',
  description:
    `The list with its filters in the body, so that no URL holds personal data. ` +
    `${filterDescription}`,
  scope: 'platform:read',
  clearMembers: clearFilters,
  body: Type.Object(filterMembers, named('CustomerSearch')),
  isBodyOptional: true,
  returns: { status: 200, description: 'A page of customers', schema: CustomerPage },
  errors: [fieldErrors.field_invalid, customerErrors.customer_cursor_unknown],
  handle: (context, { body }) => pageCustomers(context, body),
})
