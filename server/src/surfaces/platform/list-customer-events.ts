// Owns GET /v1/customers/{id}/events.
import Type from 'typebox'
import { customerErrors } from '../../core/customer/customer.ts'
import { requireCustomer } from '../../core/customer/customer-service.ts'
import { listHistory } from '../../core/customer/history-service.ts'
import { AppError } from '../../core/errors.ts'
import { feedErrors } from '../../core/events/event.ts'
import { printEventId } from '../../core/events/event-id.ts'
import { defineOperation } from '../../http/operation.ts'
import { pageQuery, toWirePage } from './paging.ts'
import { CustomerParams, closed, fromWireCustomerId, Page } from './wire.ts'
import { fromWireEventId, toWireEvent, WireEvent } from './wire-event.ts'

const limits = { default: 100, max: 200 }

export const listCustomerEvents = defineOperation({
  id: 'listCustomerEvents',
  method: 'GET',
  path: '/customers/{id}/events',
  tag: 'Events',
  summary: "List a customer's history",
  description: 'Oldest first, without a gap from version 1 on.',
  scope: 'platform:read',
  params: CustomerParams,
  query: Type.Object(
    pageQuery(limits, { entries: 'events', more: ', or the id of any event of the customer' }),
    closed,
  ),
  returns: { status: 200, description: 'A page of events', schema: Page(WireEvent) },
  errors: [customerErrors.customer_not_found, feedErrors.event_cursor_unknown],
  async handle(context, { params, query }) {
    const id = fromWireCustomerId(params.id)
    const { limit = limits.default, cursor } = query
    await requireCustomer(context, id)
    const after = cursor === undefined ? null : fromWireEventId(cursor)
    if (after !== null && after.customerId !== id) {
      throw new AppError(feedErrors.event_cursor_unknown)
    }
    const page = { afterVersion: after?.version ?? 0, limit: limit + 1 }
    const found = await listHistory(context, id, page)
    return toWirePage(found, limit, { show: toWireEvent, cursorOf: printEventId })
  },
})
