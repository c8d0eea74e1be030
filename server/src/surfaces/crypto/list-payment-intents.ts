// Owns GET /payments/intents.
import Type from 'typebox'
import { intentStatuses } from '../../core/activity/payment-intent.ts'
import * as intents from '../../core/activity/payment-intent-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { closed, EnvelopedPage, envelopedPage, fromWirePage, pageQuery } from './wire.ts'
import { toWireIntent, WireIntent } from './wire-payment-intent.ts'

const Query = Type.Object(
  {
    ...pageQuery,
    status: Type.Optional(
      Type.Enum([...intentStatuses], { description: 'Only those in this state' }),
    ),
  },
  closed,
)

export const listPaymentIntents = defineOperation({
  id: 'listPaymentIntents',
  method: 'GET',
  path: '/payments/intents',
  tag: 'Payment intents',
  summary: 'List payment intents',
  description: 'Newest first, with the exact number of all.',
  scope: 'crypto:read',
  query: Query,
  returns: {
    status: 200,
    description: 'A page of payment intents',
    schema: EnvelopedPage(WireIntent),
  },
  errors: [],
  async handle(context, { query }) {
    const filter = { status: query.status ?? null }
    const page = await intents.listPaymentIntents(context, filter, fromWirePage(query))
    const entries = page.intents.map((one) => toWireIntent(one, context.app))
    return envelopedPage(entries, page.count, query)
  },
})
