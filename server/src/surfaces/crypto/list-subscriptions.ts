// Owns GET /subscriptions.
import Type from 'typebox'
import { subscriptionStatuses } from '../../core/activity/subscription.ts'
import * as subscriptions from '../../core/activity/subscription-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { closed, EnvelopedPage, envelopedPage, fromWirePage, pageQuery } from './wire.ts'
import { toWireSubscription, WireSubscription } from './wire-subscription.ts'

const Query = Type.Object(
  {
    ...pageQuery,
    status: Type.Optional(
      Type.Enum([...subscriptionStatuses], { description: 'Only those in this state' }),
    ),
  },
  closed,
)

export const listSubscriptions = defineOperation({
  id: 'listSubscriptions',
  method: 'GET',
  path: '/subscriptions',
  tag: 'Subscriptions',
  summary: 'List subscriptions',
  description: 'Newest first, with the exact number of all.',
  scope: 'crypto:read',
  query: Query,
  returns: {
    status: 200,
    description: 'A page of subscriptions',
    schema: EnvelopedPage(WireSubscription),
  },
  errors: [],
  async handle(context, { query }) {
    const filter = { status: query.status ?? null }
    const page = await subscriptions.listSubscriptions(context, filter, fromWirePage(query))
    const entries = page.subscriptions.map((one) => toWireSubscription(one, context.app))
    return envelopedPage(entries, page.count, query)
  },
})
