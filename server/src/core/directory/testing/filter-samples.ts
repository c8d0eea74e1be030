// Owns samples for tests of filters: many customers, filters that hold for one, a naive reader.
import fc from 'fast-check'
import { solanaAddress } from '../../wallets/testing/wallet-samples.ts'
import type { CustomerFilter } from '../customer-filter.ts'
import type { Facts, Known } from './known-customers.ts'

const customersMade = 70
const seed = 22
const day = 86_400_000

const some = <T>(...values: T[]) => fc.constantFrom(...values)
const few = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 2 })
const addresses = [1, 2, 3].map((digit) => `0x${String(digit).repeat(40)}`)

const fields = fc.record(
  {
    kind: some('individual' as const, 'business' as const),
    name: some('Ada Lovelace', 'Adam Smith', 'Grace Hopper', 'Ádám Łukasz', 'Lovelace & Smith'),
    email: some('ada@example.com', 'Ada@Example.com', 'grace@example.org', 'smith@example.com'),
    phone: some('+5491123456789', '+5513991234567', '+12025550123'),
    document: fc.record({
      type: some('passport', 'tax_id', null),
      number: some('AB-12.3', 'ab123', 'X 9', 'Q7'),
      country: some('AR', 'BR', null),
    }),
    country: some('AR', 'BR', 'US'),
    metadata: fc.record(
      {
        plan: some('gold', 'silver', ''),
        seats: some<number | string>(5, '5', 6),
        more: some({ a: [1] }, null),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['kind'] },
)

const registration = fc.record({
  provider: some('stripe', 'bridge'),
  role: some('customer', 'connected_account'),
  remoteId: some('r1', 'r2', null),
  status: some('approved', 'rejected', 'submitted'),
})

const factsAt = (now: number): fc.Arbitrary<Partial<Facts>> =>
  fc.record({
    wallets: fc.uniqueArray(
      fc.record({
        address: some(...addresses, solanaAddress),
        isVerified: fc.boolean(),
        authorizedUntil: some<number | 'ever' | 'never'>(now - day, now + day, 'ever', 'never'),
      }),
      { maxLength: 2, selector: ({ address }) => address },
    ),
    bankAccounts: fc.uniqueArray(some('0070327530004025541644', '123', '456'), { maxLength: 2 }),
    registrations: fc.uniqueArray(registration, {
      maxLength: 3,
      selector: ({ provider, role }) => provider + role,
    }),
    accounts: few(some('ACTIVE', 'FROZEN')),
    applications: few(some('SUBMITTED', 'APPROVED')),
    payouts: fc.array(some('pending', 'completed'), { maxLength: 5 }),
    paymentIntents: few(some('CREATED', 'CAPTURED')),
    invoices: few(some('OPEN', 'PAID')),
    subscriptions: few(some('ACTIVE', 'CANCELLED')),
    onboardingStatus: some('NOT_STARTED' as const, 'PROCESSING' as const),
    bankingStatus: some('ACTIVE' as const, 'FROZEN' as const, null),
  })

/** The same ones in every run. */
export function population(now: number) {
  const numbered = fc.sample(fc.record({ fields, facts: factsAt(now) }), {
    numRuns: customersMade,
    seed,
  })
  return numbered.map(({ fields: given, facts }, at) => ({
    fields: at % 2 === 0 ? given : { ...given, externalId: `usr ${at}` },
    facts,
  }))
}

/** A few values of one customer, some of them of another. */
export function anyFilter(known: () => Known[]): fc.Arbitrary<CustomerFilter> {
  const chance = fc.integer({ min: 0, max: 99 })
  return fc
    .tuple(fc.nat(), fc.nat(), chance, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), chance)
    .map(([who, other, mix, names, which]) => {
      const of = (at: number) => entriesOf(known()[at % known().length], which)
      const own = of(who)
      const chosen = names.flatMap((at) => own[at % own.length] ?? [])
      const foreign = of(other).filter(({ name }) => !name.startsWith('created'))
      const added = mix < 25 ? foreign.slice(mix % foreign.length).slice(0, 1) : []
      const filter: CustomerFilter = Object.fromEntries(
        [...chosen, ...added].map(({ name, value }) => [name, value]),
      )
      return filter.document === undefined ? { ...filter, documentCountry: undefined } : filter
    })
    .map((filter) => {
      const given = Object.entries(filter).filter(([, value]) => value !== undefined)
      return Object.fromEntries(given)
    })
}

/** For each name one filter, which holds for a customer in the middle. */
export function singleFilters(known: Known[]): Map<string, CustomerFilter> {
  const entries = known.slice(customersMade / 2).flatMap((one) => {
    const own = Object.fromEntries(entriesOf(one, 3).map(({ name, value }) => [name, value]))
    return Object.entries(own).map(([name, value]) => ({ name, value, own }))
  })
  const filters = new Map<string, CustomerFilter>()
  for (const { name, value, own } of entries) {
    const names = name === 'documentCountry' ? { document: own['document'] } : {}
    const filter: CustomerFilter = Object.fromEntries(Object.entries({ ...names, [name]: value }))
    if (!filters.has(name)) filters.set(name, filter)
  }
  return filters
}

interface Entry {
  name: string
  value: unknown
}

/** Filters that hold for this customer, each alone. */
function entriesOf(known: Known | undefined, which: number): Entry[] {
  if (known === undefined) return []
  const { customer } = known
  const pick = <T>(all: T[]) => all[which % Math.max(1, all.length)]
  const registered = pick(known.registrations)
  const wallet = pick(known.wallets)
  const pair = pick(Object.entries(customer.metadata))
  const word = pick(wordsOf(known)) ?? ''
  const all = {
    email: customer.email?.toUpperCase(),
    phone: customer.phone,
    document: customer.document?.number,
    documentType: customer.document?.type,
    documentCountry: customer.document?.country,
    wallet: wallet?.address,
    bankAccount: pick(known.bankAccounts),
    externalId: customer.externalId,
    provider: registered?.provider,
    providerCustomerId: registered?.remoteId,
    registrationStatus: registered?.status,
    kind: customer.kind,
    country: customer.country,
    onboardingStatus: known.onboardingStatus,
    bankingStatus: known.bankingStatus,
    walletStatus:
      wallet && (which % 2 === 0 ? 'authorized' : wallet.isVerified ? 'verified' : 'unverified'),
    accountStatus: pick(known.accounts),
    applicationStatus: pick(known.applications),
    payoutStatus: pick(known.payouts),
    paymentIntentStatus: pick(known.paymentIntents),
    invoiceStatus: pick(known.invoices),
    subscriptionStatus: pick(known.subscriptions),
    metadata: pair && { [pair[0]]: textOf(pair[1]) },
    createdFrom: customer.createdAt - (which % 3) * 5_000,
    createdTo: customer.createdAt + 1 + (which % 3) * 5_000,
    q: word.length < 3 ? undefined : word.slice(0, 3 + (which % 7)),
  }
  return Object.entries(all).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [{ name, value }],
  )
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** Without accents; the letter Ł has none of its own to lose. */
function wordsOf({ customer }: Known): string[] {
  const texts = [customer.name, customer.email, customer.externalId].map((text) => text ?? '')
  const plain = texts
    .join(' ')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
  return plain.split(/[ @.&]+/).filter((word) => word !== '')
}

type Rule = (known: Known, wanted: never, filter: CustomerFilter, now: number) => boolean

const compact = (text: string) => text.replace(/[ .-]/g, '').toLowerCase()
const isOneOf =
  (of: (known: Known) => string[]): Rule =>
  (known, wanted: string) =>
    of(known).includes(wanted)
const byRegistration: Rule = (known, _, filter) =>
  known.registrations.some(
    ({ provider, remoteId, status }) =>
      (filter.provider ?? provider) === provider &&
      (filter.providerCustomerId ?? remoteId) === remoteId &&
      (filter.registrationStatus ?? status) === status,
  )

const rules: Record<keyof CustomerFilter, Rule> = {
  email: ({ customer }, wanted: string) => customer.email?.toLowerCase() === wanted.toLowerCase(),
  phone: ({ customer }, wanted: string) => customer.phone === wanted,
  document: ({ customer }, wanted: string) =>
    compact(customer.document?.number ?? '') === compact(wanted),
  documentType: ({ customer }, wanted: string) => customer.document?.type === wanted,
  documentCountry: ({ customer }, wanted: string) => customer.document?.country === wanted,
  wallet: isOneOf(({ wallets }) => wallets.map(({ address }) => address)),
  bankAccount: isOneOf(({ bankAccounts }) => bankAccounts),
  externalId: ({ customer }, wanted: string) => customer.externalId === wanted,
  provider: byRegistration,
  providerCustomerId: byRegistration,
  registrationStatus: byRegistration,
  kind: ({ customer }, wanted: string) => customer.kind === wanted,
  country: ({ customer }, wanted: string) => customer.country === wanted,
  onboardingStatus: (known, wanted: string) => known.onboardingStatus === wanted,
  bankingStatus: (known, wanted: string) => known.bankingStatus === wanted,
  walletStatus: ({ wallets }, wanted: string, _, now) =>
    wallets.some(({ isVerified, authorizedUntil: until }) =>
      wanted === 'authorized'
        ? until === 'ever' || (typeof until === 'number' && until > now)
        : isVerified === (wanted === 'verified'),
    ),
  accountStatus: isOneOf(({ accounts }) => accounts),
  applicationStatus: isOneOf(({ applications }) => applications),
  payoutStatus: isOneOf(({ payouts }) => payouts),
  paymentIntentStatus: isOneOf(({ paymentIntents }) => paymentIntents),
  invoiceStatus: isOneOf(({ invoices }) => invoices),
  subscriptionStatus: isOneOf(({ subscriptions }) => subscriptions),
  metadata: ({ customer }, wanted: Record<string, string>) =>
    Object.entries(wanted).every(
      ([name, text]) => name in customer.metadata && textOf(customer.metadata[name]) === text,
    ),
  createdFrom: ({ customer }, wanted: number) => customer.createdAt >= wanted,
  createdTo: ({ customer }, wanted: number) => customer.createdAt < wanted,
  q: (known, wanted: string) => wordsOf(known).some((word) => word.startsWith(wanted)),
}

/** What the filter means, asked of everything that is known. */
export function holdsFor(known: Known, filter: CustomerFilter, now: number): boolean {
  return Object.entries(filter).every(([name, wanted]) =>
    rules[name as keyof CustomerFilter](known, wanted as never, filter, now),
  )
}
