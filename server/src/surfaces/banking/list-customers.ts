// Owns GET /v1/customers.
import Type from 'typebox'
import { listBankingCustomers } from '../../core/customer/banking-customers.ts'
import { defineOperation } from '../../http/operation.ts'
import { keepRenderings } from '../../http/rendering.ts'
import {
  closed,
  fromWireKind,
  fromWirePage,
  Page,
  pageErrors,
  pageQuery,
  toWirePage,
  WireStatus,
  WireType,
} from './wire.ts'
import { toWireListedCustomer, WireListedCustomer } from './wire-customer.ts'

const render = keepRenderings(toWireListedCustomer)

export const listCustomers = defineOperation({
  id: 'listCustomers',
  method: 'GET',
  path: '/v1/customers',
  tag: 'Customers',
  summary: 'List customers',
  description: 'Newest first. Those of whom an application has been approved, and no others.',
  scope: 'customers:read',
  query: Type.Object(
    { type: Type.Optional(WireType), status: Type.Optional(WireStatus), ...pageQuery },
    closed,
  ),
  returns: { status: 200, description: 'A page of customers', schema: Page(WireListedCustomer) },
  errors: [pageErrors.cursor_unknown],
  async handle(context, { query }) {
    const kind = query.type === undefined ? null : fromWireKind(query.type)
    const page = fromWirePage(context, 'customer', query)
    const filter = { kind, status: query.status ?? null, ...page }
    const found = await listBankingCustomers(context, filter)
    return toWirePage(context, 'customer', query, found, render)
  },
})
