// Owns GET /invoices.
import Type from 'typebox'
import { invoiceStatuses } from '../../core/activity/invoice.ts'
import * as invoices from '../../core/activity/invoice-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { closed, EnvelopedPage, envelopedPage, fromWirePage, pageQuery } from './wire.ts'
import { toWireInvoice, WireInvoice } from './wire-invoice.ts'

const Query = Type.Object(
  {
    ...pageQuery,
    status: Type.Optional(
      Type.Enum([...invoiceStatuses], { description: 'Only those in this state' }),
    ),
  },
  closed,
)

export const listInvoices = defineOperation({
  id: 'listInvoices',
  method: 'GET',
  path: '/invoices',
  tag: 'Invoices',
  summary: 'List invoices',
  description:
    'Newest first, with the exact number of all. An open invoice is `PAST_DUE` from its due ' +
    'date on, also to the filter.',
  scope: 'crypto:read',
  query: Query,
  returns: {
    status: 200,
    description: 'A page of invoices',
    schema: EnvelopedPage(WireInvoice),
  },
  errors: [],
  async handle(context, { query }) {
    const filter = { status: query.status ?? null }
    const page = await invoices.listInvoices(context, filter, fromWirePage(query))
    const entries = page.invoices.map((one) => toWireInvoice(one, context.app))
    return envelopedPage(entries, page.count, query)
  },
})
