// Owns what a list of customers can be filtered by: the same members in a query and in a body.
import Type, { type Static } from 'typebox'
import { invoiceStatuses } from '../../core/activity/invoice.ts'
import { intentStatuses } from '../../core/activity/payment-intent.ts'
import { subscriptionStatuses } from '../../core/activity/subscription.ts'
import { applicationStatuses } from '../../core/applications/application.ts'
import type { Context } from '../../core/context.ts'
import { bankingStatuses } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { onboardingStatuses } from '../../core/customer/onboarding.ts'
import { type CustomerFilter, walletStatuses } from '../../core/directory/customer-filter.ts'
import { filterCustomers } from '../../core/directory/filter-service.ts'
import { AppError } from '../../core/errors.ts'
import {
  emailLengthMax,
  externalIdLengthMax,
  metadataKeyLengthMax,
  metadataValueLengthMax,
} from '../../core/fields.ts'
import { payoutStatuses } from '../../core/payouts/payout.ts'
import { registrationStatuses } from '../../core/registrations/registration.ts'
import { parseId, printId } from '../../lib/id.ts'
import { pageQuery } from './paging.ts'
import { Page, WireProvider } from './wire.ts'
import { toWireRecord } from './wire-customer.ts'
import { fromWireMoment } from './wire-event.ts'
import { facetNames, fromWireInclude, readFacets, WireCustomer } from './wire-facets.ts'

const listLimits = { default: 20, max: 100 }
const metadataPairsMax = 10

const Text = (maxLength: number, description: string, example: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength, description, examples: [example] }))
const Status = <S extends string>(of: readonly S[], description: string) =>
  Type.Optional(Type.Enum([...of], { description }))

export const filterMembers = {
  email: Text(emailLengthMax, 'E-mail address, in any case', 'alice@example.com'),
  phone: Text(40, 'Phone number, E.164', '+5513991234567'),
  document: Text(50, 'Number of the document; punctuation does not matter', '529.982.247-25'),
  document_type: Text(50, 'What kind of document', 'cpf'),
  document_country: Text(2, 'Which country issued it; with `document` only', 'BR'),
  wallet: Text(100, 'Address of a wallet', '0x52908400098527886e0f7030069857d2e4169ee7'),
  bank_account: Text(64, 'Number of a bank account, as a CBU or CVU', '0070327530004025541644'),
  external_id: Text(externalIdLengthMax, 'Your own reference', 'user-1'),
  provider: Type.Optional(WireProvider),
  provider_customer_id: Text(255, "The provider's id of the customer", 'cus_9s6XKzkNRiz8i3'),
  registration_status: Status(registrationStatuses, 'How far a registration is'),
  kind: Type.Optional(
    Type.Enum(['individual', 'business'], { description: 'What the customer is' }),
  ),
  country: Text(2, 'ISO 3166-1 alpha-2', 'BR'),
  onboarding_status: Status(onboardingStatuses, 'How far the customer is at the providers'),
  banking_status: Status(bankingStatuses, 'Of a customer of the bank'),
  wallet_status: Status(walletStatuses, 'Of a wallet: `authorized` counts now'),
  account_status: Status(bankingStatuses, 'Of an account that it holds'),
  application_status: Status(applicationStatuses, 'Of an application'),
  payout_status: Status(payoutStatuses, 'Of a payout'),
  payment_intent_status: Status(intentStatuses, 'Of a payment intent'),
  invoice_status: Status(invoiceStatuses, 'Of an invoice'),
  subscription_status: Status(subscriptionStatuses, 'Of a subscription'),
  metadata: Type.Optional(
    Type.Record(
      Type.String({ maxLength: metadataKeyLengthMax }),
      Type.String({ maxLength: metadataValueLengthMax }),
      {
        maxProperties: metadataPairsMax,
        description: 'Names with their values; one that is not text is compared as JSON',
        examples: [{ plan: 'gold' }],
      },
    ),
  ),
  created_from: Text(40, 'Created at this moment or later, RFC 3339', '2026-02-25T12:00:00Z'),
  created_to: Text(40, 'Created before this moment, RFC 3339', '2026-02-26T12:00:00Z'),
  q: Text(255, 'Beginnings of words in name, e-mail and external id; needs `platform:read`', 'ada'),
  include: Type.Optional(
    Type.String({
      maxLength: 200,
      description:
        'Which facets stand beside each record, with commas between them; none when it is left ' +
        `out: ${facetNames.join(', ')}`,
      examples: ['wallets,payouts'],
    }),
  ),
  ...pageQuery(listLimits),
}
const WireFilter = Type.Object(filterMembers)
type WireFilter = Static<typeof WireFilter>

export const filterDescription =
  'Newest first. All filters that are given must hold; without any, every customer is listed. ' +
  '`provider`, `provider_customer_id` and `registration_status` hold for one registration. What ' +
  'was just written is found. Where each filter holds for very many customers and all together ' +
  'for few, a page may have fewer than `limit` before the last one: `has_more` says whether ' +
  'there is more.'

/**
 * By them a value could be found out: a name letter by letter, the rest of a number whose end is
 * shown, a member of the metadata that has few values.
 */
export const clearFilters = ['q', 'phone', 'document', 'metadata'] as const

export const CustomerPage = Page(WireCustomer)

export async function pageCustomers(
  context: Context,
  wire: WireFilter,
): Promise<Static<typeof CustomerPage>> {
  const { include, limit = listLimits.default, cursor } = wire
  const names = include === undefined ? [] : fromWireInclude(include)
  const page = { limit, cursor: cursor === undefined ? null : fromWireCursor(cursor) }
  const found = await filterCustomers(context, fromWireFilter(wire), page)
  const data = await Promise.all(
    found.customers.map(async (customer) => ({
      ...toWireRecord(customer),
      ...(await readFacets(context, customer, names)),
    })),
  )
  const next_cursor = found.cursor === null ? null : printId('customer', found.cursor)
  return { data, has_more: next_cursor !== null, next_cursor }
}

function fromWireCursor(text: string): string {
  const id = parseId('customer', text)
  if (id !== null) return id
  throw new AppError(customerErrors.customer_cursor_unknown, {
    param: 'cursor',
    detail: 'cursor: is not the id of a customer.',
  })
}

function fromWireFilter(wire: WireFilter): CustomerFilter {
  const moment = (name: 'created_from' | 'created_to') => {
    const text = wire[name]
    return text === undefined ? undefined : fromWireMoment(name, text)
  }
  return {
    email: wire.email,
    phone: wire.phone,
    document: wire.document,
    documentType: wire.document_type,
    documentCountry: wire.document_country,
    wallet: wire.wallet,
    bankAccount: wire.bank_account,
    externalId: wire.external_id,
    provider: wire.provider,
    providerCustomerId: wire.provider_customer_id,
    registrationStatus: wire.registration_status,
    kind: wire.kind,
    country: wire.country,
    onboardingStatus: wire.onboarding_status,
    bankingStatus: wire.banking_status,
    walletStatus: wire.wallet_status,
    accountStatus: wire.account_status,
    applicationStatus: wire.application_status,
    payoutStatus: wire.payout_status,
    paymentIntentStatus: wire.payment_intent_status,
    invoiceStatus: wire.invoice_status,
    subscriptionStatus: wire.subscription_status,
    metadata: wire.metadata,
    createdFrom: moment('created_from'),
    createdTo: moment('created_to'),
    q: wire.q,
  }
}
