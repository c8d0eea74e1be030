// Owns the proof that each filter is answered from an index of its own, in the order of the list.
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { explain, recordQueries } from '../../../../test/recorded-queries.ts'
import type { CustomerFilter } from './customer-filter.ts'
import { filterCustomers } from './filter-service.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())
afterEach(() => vi.restoreAllMocks())

const cbu = '0070327530004025541644'
const evm = '0x52908400098527886e0f7030069857d2e4169ee7'
const filters: [index: string, filter: CustomerFilter][] = [
  ['customer_lookups_pkey', { email: 'ada@example.com' }],
  ['customer_lookups_pkey', { phone: '+5491123456789' }],
  ['customer_lookups_pkey', { document: '1', documentCountry: 'AR' }],
  ['customers_document_type', { documentType: 'passport' }],
  ['wallets_by_address', { wallet: evm }],
  ['bank_accounts_number', { bankAccount: cbu }],
  ['customers_external_id', { externalId: 'usr-1' }],
  ['registrations_provider', { provider: 'stripe' }],
  // PostgreSQL takes either of the two while the table is empty.
  ['registrations_(?:any_)?status', { provider: 'stripe', registrationStatus: 'approved' }],
  ['registrations_any_status', { registrationStatus: 'approved' }],
  ['registrations_remote', { providerCustomerId: 'r1' }],
  ['registrations_remote', { provider: 'stripe', providerCustomerId: 'r1' }],
  ['customers_kind', { kind: 'business' }],
  ['customers_country', { country: 'AR' }],
  ['customers_onboarding', { onboardingStatus: 'APPROVED' }],
  ['customers_banking_status', { bankingStatus: 'ACTIVE' }],
  ['wallets_verified', { walletStatus: 'verified' }],
  ['wallets_unverified', { walletStatus: 'unverified' }],
  ['wallets_authorized', { walletStatus: 'authorized' }],
  ['accounts_status_customer', { accountStatus: 'ACTIVE' }],
  ['applications_status_customer', { applicationStatus: 'SUBMITTED' }],
  ['payouts_status_customer', { payoutStatus: 'pending' }],
  ['payment_intents_status_customer', { paymentIntentStatus: 'CREATED' }],
  ['invoices_status_customer', { invoiceStatus: 'OPEN' }],
  ['subscriptions_status_customer', { subscriptionStatus: 'ACTIVE' }],
  ['customer_metadata_pkey', { metadata: { plan: 'gold' } }],
  ['customers_pkey', { createdFrom: 1, createdTo: 2 }],
  ['customer_words_pkey', { q: 'ada' }],
]

/** Reads more than it answers, or puts in order what it has read. */
const tooMuch = /\bSCAN\b(?! CONSTANT ROW)|TEMP B-TREE|Seq Scan|\bSort\b/
/** An engine's own name for the index of a primary key. */
const nameIn = (index: string) =>
  new RegExp(index.endsWith('_pkey') ? `${index}|PRIMARY KEY|sqlite_autoindex_` : index)

async function plansOf(filter: CustomerFilter): Promise<string[]> {
  const context = server.contextOf(server.testApp)
  const recorded = recordQueries(server)
  await filterCustomers(context, filter, { limit: 20, cursor: null })
  vi.restoreAllMocks()
  return Promise.all(recorded.map((statement) => explain(server, statement)))
}

test.each(filters)('%s: %j', async (index, filter) => {
  const plans = await plansOf(filter)
  expect(plans.length).toBeGreaterThan(0)
  for (const plan of plans) expect(plan).not.toMatch(tooMuch)
  expect(plans.at(-1)).toMatch(nameIn(index))
})

describe('with another filter that is as frequent', () => {
  test.each(filters)('%s: %j', async (index, filter) => {
    const isCountry = filter.country !== undefined
    const beside: CustomerFilter = isCountry ? { kind: 'business' } : { country: 'AR' }
    const plans = await plansOf({ ...filter, ...beside })
    const all = plans.join('\n')
    expect(all).not.toMatch(tooMuch)
    expect(all).toMatch(nameIn(index))
    // How far back each reaches is asked first, unless one of them is a single customer.
    if (filter.externalId === undefined) expect(plans[0]).toMatch(isCountry ? /_kind/ : /_country/)
    else expect(plans).toHaveLength(1)
  })
})

test('all at once', async () => {
  const all: CustomerFilter = Object.fromEntries(
    filters.flatMap(([, filter]) => Object.entries(filter)),
  )
  for (const externalId of ['usr-1', undefined]) {
    const plans = await plansOf({ ...all, externalId })
    for (const plan of plans) expect(plan).not.toMatch(tooMuch)
    expect(plans).toHaveLength(externalId === undefined ? 2 : 1)
  }
})
