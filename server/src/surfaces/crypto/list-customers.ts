// Owns GET /customers.
import Type from 'typebox'
import { activityCountsOf } from '../../core/activity/summary-service.ts'
import { keyErrors } from '../../core/apps/app.ts'
import { listDirectory } from '../../core/directory/directory-service.ts'
import { searchCustomers } from '../../core/directory/search-service.ts'
import { AppError } from '../../core/errors.ts'
import { fieldErrors } from '../../core/fields.ts'
import { walletsOfRecords } from '../../core/wallets/wallet-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { closed, EnvelopedPage, envelopedPage, fromWirePage, GivenId, pageQuery } from './wire.ts'
import { fromWireAppId, toWireListedCustomer, WireListedCustomer } from './wire-customer.ts'

const Query = Type.Object(
  {
    ...pageQuery,
    search: Type.Optional(
      Type.String({
        maxLength: 255,
        description: 'Beginnings of words in name, email and externalId, in any case',
        examples: ['ada'],
      }),
    ),
    appId: Type.Optional(GivenId("The key's own app")),
  },
  closed,
)

export const listCustomers = defineOperation({
  id: 'listCustomers',
  method: 'GET',
  path: '/customers',
  tag: 'Customers',
  summary: 'List customers',
  description:
    'Newest first. With `search`, those of whom every word of it begins a word; what was just ' +
    'written is found. An empty `search` is none.',
  scope: 'crypto:read',
  query: Query,
  returns: {
    status: 200,
    description: 'A page of customers',
    schema: EnvelopedPage(WireListedCustomer),
  },
  errors: [keyErrors.app_forbidden, fieldErrors.field_invalid],
  async handle(context, { query }) {
    if (query.appId !== undefined && fromWireAppId(query.appId) !== context.app.id) {
      throw new AppError(keyErrors.app_forbidden, { param: 'appId' })
    }
    const page = fromWirePage(query)
    const { search = '' } = query
    const { count, customers } = await (search === ''
      ? listDirectory(context, {}, page)
      : searchCustomers(context, search, page))
    const ids = customers.map(({ id }) => id)
    const [wallets, counts] = await Promise.all([
      walletsOfRecords(context, customers),
      activityCountsOf(context, ids),
    ])
    const seen = { app: context.app, now: context.clock.now() }
    const entries = customers.map((customer) => {
      const { id } = customer
      return toWireListedCustomer(
        customer,
        { wallets: wallets.get(id), counts: counts.get(id) },
        seen,
      )
    })
    return envelopedPage(entries, count, query)
  },
})
