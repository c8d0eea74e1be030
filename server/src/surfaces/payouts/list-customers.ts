// Owns GET /customers.
import Type from 'typebox'
import { customerErrors } from '../../core/customer/customer.ts'
import * as customers from '../../core/customer/customer-list.ts'
import { defineOperation } from '../../http/operation.ts'
import { keepRenderings } from '../../http/rendering.ts'
import { fromWireCursor, pageLimits, pageQuery, toWireCustomer, WireCustomer } from './wire.ts'

const render = keepRenderings(toWireCustomer)

export const listCustomers = defineOperation({
  id: 'listCustomers',
  method: 'GET',
  path: '/customers',
  tag: 'Customers',
  summary: 'List customers',
  description: 'Newest first. Fewer than `limit` entries is the end.',
  scope: 'payouts:read',
  query: Type.Object(pageQuery, { additionalProperties: false }),
  returns: { status: 200, description: 'A page of customers', schema: Type.Array(WireCustomer) },
  errors: [customerErrors.customer_cursor_unknown],
  async handle(context, { query }) {
    const unknown = customerErrors.customer_cursor_unknown
    const startingAfter = fromWireCursor('customer', query.startingAfter, unknown)
    const limit = query.limit ?? pageLimits.default
    const page = await customers.listCustomers(context, { limit, startingAfter })
    return page.map(render)
  },
})
