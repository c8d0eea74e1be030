// Owns customers for tests of filters: written to the database, and known here in plain words.
import { sql } from 'kysely'
import type { TestServer } from '../../../../../test/harness.ts'
import { inTransaction } from '../../../storage/transaction.ts'
import { accountNumberToken } from '../../bank-accounts/bank-account-service.ts'
import type { Context } from '../../context.ts'
import type { BankingStatus } from '../../customer/banking-status.ts'
import type { Customer } from '../../customer/customer.ts'
import type { NewCustomer } from '../../customer/customer-rules.ts'
import { createCustomer, holdCustomer, recordChange } from '../../customer/customer-service.ts'
import type { OnboardingStatus } from '../../customer/onboarding.ts'
import { addressTokenOf } from '../../wallets/wallet-seal.ts'

export interface Facts {
  wallets: { address: string; isVerified: boolean; authorizedUntil: number | 'ever' | 'never' }[]
  bankAccounts: string[]
  registrations: { provider: string; role: string; remoteId: string | null; status: string }[]
  accounts: string[]
  applications: string[]
  payouts: string[]
  paymentIntents: string[]
  invoices: string[]
  subscriptions: string[]
  onboardingStatus: OnboardingStatus
  bankingStatus: BankingStatus | null
}

export type Known = Facts & { customer: Customer }

export const noFacts: Facts = {
  wallets: [],
  bankAccounts: [],
  registrations: [],
  accounts: [],
  applications: [],
  payouts: [],
  paymentIntents: [],
  invoices: [],
  subscriptions: [],
  onboardingStatus: 'NOT_STARTED',
  bankingStatus: null,
}

/** By the services where they are quick, and by rows where a state is many steps away. */
export async function saveKnown(
  server: TestServer,
  context: Context,
  given: { fields: Partial<NewCustomer>; facts?: Partial<Facts> },
): Promise<Known> {
  const facts = { ...noFacts, ...given.facts }
  const made = await createCustomer(context, { kind: 'individual', ...given.fields })
  const { onboardingStatus, bankingStatus } = facts
  const isPlain = onboardingStatus === 'NOT_STARTED' && bankingStatus === null
  const customer = isPlain
    ? made
    : await inTransaction(context, async (tx) =>
        recordChange(tx, await holdCustomer(tx, made.id), {
          type: 'customer.updated',
          changes: { onboardingStatus, bankingStatus },
        }),
      )
  await saveRows(server, context, customer.id, facts)
  return { ...facts, customer }
}

async function saveRows(
  server: TestServer,
  context: Context,
  customerId: string,
  facts: Facts,
): Promise<void> {
  const rows = rowsOf(context, customerId, facts)
  await server.system.database.transaction(async (db) => {
    for (const [table, row] of rows) {
      const columns = Object.keys(row).map((name) => sql.ref(name))
      await sql`insert into ${sql.table(table)} (${sql.join(columns)})
        values (${sql.join(Object.values(row))})`.execute(db)
    }
  })
}

type Row = Record<string, string | number | Uint8Array | null>

function rowsOf(context: Context, customerId: string, facts: Facts): [table: string, Row][] {
  const now = context.clock.now()
  const details = Buffer.alloc(1)
  const rows = (table: string, more: Row[]) =>
    more.map((row): [string, Row] => {
      const base = { app_id: context.app.id, id: context.ids(), customer_id: customerId }
      return [table, { ...base, created_at: now, ...row }]
    })
  const inStatus = (table: string, statuses: string[], more: () => Row) =>
    rows(
      table,
      statuses.map((status) => ({ status, ...more() })),
    )
  const changed = { updated_at: now, details }
  const paid = { currency: 'ARS', amount_minor: 1 }
  const account = { country: 'AR', currency: 'ARS', rail: 'OTHER', account_type: 'checking' }
  const application = { kind: 'INDIVIDUAL', account_currency: 'USD', data_key: details }
  const billed = { currency: 'ARS', subtotal_minor: 1, tax_minor: 0, total_minor: 1 }
  const number = () => context.random.bytes(6).readUIntBE(0, 6)
  const plan = { plan_id: 'plan', price_id: 'price', cancels_at_period_end: 0 }
  return [
    ...rows(
      'wallets',
      facts.wallets.map((wallet) => ({ ...changed, chain_id: 8453, ...walletOf(context, wallet) })),
    ),
    ...rows(
      'bank_accounts',
      facts.bankAccounts.map((given) => {
        return { ...account, details, number_token: accountNumberToken(context, given) }
      }),
    ),
    ...rows(
      'registrations',
      facts.registrations.map(({ remoteId, ...given }) => {
        return { ...changed, ...given, remote_id: remoteId }
      }),
    ),
    ...inStatus('accounts', facts.accounts, () => ({ ...changed, type: 'X', currency: 'USD' })),
    ...inStatus('applications', facts.applications, () => ({ ...changed, ...application })),
    ...inStatus('payouts', facts.payouts, () => ({ ...paid, attempts: 0, destination: details })),
    ...inStatus('payment_intents', facts.paymentIntents, () => {
      return { ...changed, ...paid, capture_mode: 'AUTOMATIC' }
    }),
    ...inStatus('invoices', facts.invoices, () => ({ ...changed, ...billed, number: number() })),
    ...inStatus('subscriptions', facts.subscriptions, () => ({ ...changed, ...plan })),
  ]
}

function walletOf(context: Context, wallet: Facts['wallets'][number]): Row {
  const { address, isVerified, authorizedUntil } = wallet
  const now = context.clock.now()
  return {
    address_token: addressTokenOf(context, address),
    ownership_verified_at: isVerified ? now : null,
    authorization_type: authorizedUntil === 'never' ? null : 'PERMIT',
    authorized_at: authorizedUntil === 'never' ? null : now,
    authorized_until: typeof authorizedUntil === 'number' ? authorizedUntil : null,
  }
}
