// Owns GET /customers.
import { LRUCache } from 'lru-cache'
import Type from 'typebox'
import { type Customer, customerErrors } from '../../core/customer/customer.ts'
import * as customers from '../../core/customer/customer-list.ts'
import { defineOperation } from '../../http/operation.ts'
import { fromWireCursor, pageLimits, pageQuery, toWireCustomer, WireCustomer } from './wire.ts'

/** Renderings kept: first pages are asked for again and again. */
const renderingsMax = 1_000

/** A record never changes, another version is another object: its rendering serves as long. */
const renderings = new LRUCache<Customer, WireCustomer>({ max: renderingsMax })

function render(customer: Customer): WireCustomer {
  const known = renderings.get(customer)
  if (known) return known
  const wire = toWireCustomer(customer)
  renderings.set(customer, wire)
  return wire
}

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
