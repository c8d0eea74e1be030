// Owns the crypto surface's wire schemas of customers, and the way to and from the core.
import Type, { type Static } from 'typebox'
import type { ActivityCounts, RecentActivity } from '../../core/activity/activity.ts'
import type { App } from '../../core/context.ts'
import type { Customer } from '../../core/customer/customer.ts'
import type { CustomerChanges } from '../../core/customer/customer-rules.ts'
import {
  type Address,
  addressLineOf,
  emailLengthMax,
  externalIdLengthMax,
  refuseField,
} from '../../core/fields.ts'
import type { Wallet } from '../../core/wallets/wallet.ts'
import { parseId } from '../../lib/id.ts'
import {
  fromWireMetadata,
  Given,
  GivenId,
  GivenMetadata,
  Id,
  LaterText,
  Nullable,
  named,
  Time,
  toWireTime,
  WireMetadata,
} from './wire.ts'
import {
  toWireApp,
  toWireIntentSummary,
  toWireInvoiceSummary,
  WireApp,
  WireIntentSummary,
  WireInvoiceSummary,
} from './wire-history.ts'
import { toWireChainWallet, toWireWallet, WireChainWallet, WireWallet } from './wire-wallet.ts'

const OptionalText = (maxLength: number, description: string, example: string) =>
  Type.Optional(Nullable(Given(maxLength, description, example)))

const fields = {
  externalId: OptionalText(externalIdLengthMax, 'Your external customer ID', 'USR-4421'),
  email: OptionalText(emailLengthMax, 'Customer email', 'ada@example.com'),
  name: OptionalText(255, 'Customer name', 'Ada Lovelace'),
  address: OptionalText(500, 'Street address', '12 St James’s Square'),
  city: OptionalText(255, 'City', 'London'),
  state: OptionalText(255, 'State or province', 'Greater London'),
  country: OptionalText(255, 'Country: a code or a name', 'GB'),
  postalCode: OptionalText(50, 'Postal/ZIP code', 'SW1Y 4JH'),
  metadata: Type.Optional(Nullable(GivenMetadata)),
}

export const WireNewCustomer = Type.Object(
  { appId: Type.Optional(GivenId("The key's own app")), ...fields },
  named('CustomerCreateParams'),
)
export const WireCustomerChanges = Type.Object(
  { appId: Type.Optional(GivenId('Cannot change')), ...fields },
  named('CustomerUpdateParams'),
)
export type WireCustomerChanges = Static<typeof WireCustomerChanges>

const customerFields = {
  id: Id('Unique customer ID (UUID)'),
  appId: Id('Your app ID'),
  externalId: LaterText('Your external customer ID'),
  email: LaterText('Customer email'),
  name: LaterText('Customer name'),
  address: LaterText('Street address'),
  city: LaterText('City'),
  state: LaterText('State or province'),
  country: LaterText('Country'),
  postalCode: LaterText('Postal/ZIP code'),
  metadata: WireMetadata,
  createdAt: Time('ISO 8601 creation timestamp'),
  updatedAt: Time('ISO 8601 last update timestamp'),
}

export const WireCustomer = Type.Object(
  { ...customerFields, wallets: Type.Array(WireWallet) },
  named('Customer'),
)
export type WireCustomer = Static<typeof WireCustomer>

export const WireListedCustomer = Type.Object(
  {
    ...customerFields,
    wallets: Type.Array(WireWallet),
    _count: Type.Object(
      {
        paymentIntents: Type.Integer({ description: 'Total number of payment intents' }),
        subscriptions: Type.Integer({ description: 'Total number of subscriptions' }),
        invoices: Type.Integer({ description: 'Total number of invoices' }),
      },
      named('CustomerCounts'),
    ),
  },
  named('CustomerListItem'),
)
export type WireListedCustomer = Static<typeof WireListedCustomer>

export const WireRetrievedCustomer = Type.Object(
  {
    ...customerFields,
    app: WireApp,
    wallets: Type.Array(WireChainWallet),
    paymentIntents: Type.Array(WireIntentSummary),
    invoices: Type.Array(WireInvoiceSummary),
  },
  named('CustomerWithHistory'),
)
export type WireRetrievedCustomer = Static<typeof WireRetrievedCustomer>

/** The members that a body names; `current` is what they change. */
export function fromWireCustomer(
  body: WireCustomerChanges,
  current: Customer | null,
): CustomerChanges {
  return {
    externalId: body.externalId,
    email: body.email,
    name: body.name,
    countryText: body.country,
    address: fromWireAddress(body, current),
    metadata: fromWireMetadata(body.metadata),
  }
}

/** Errors: `field_invalid`, for a text that is no id; the app itself is the caller's to compare. */
export function fromWireAppId(text: string): string {
  return parseId('app', text) ?? refuseField('appId', 'is not the id of an app')
}

function fromWireAddress(
  body: WireCustomerChanges,
  current: Customer | null,
): Address | null | undefined {
  const { address: line1, city, state, postalCode } = body
  const known = current?.address ?? noAddress
  const shown = { line1: addressLineOf(known), state: stateOf(known) }
  const isNewLine = line1 !== undefined && line1 !== shown.line1
  const isNewState = state !== undefined && state !== shown.state
  const given = Object.entries({ city, postalCode }).filter(([, part]) => part !== undefined)
  if (!isNewLine && !isNewState && given.length === 0) return undefined
  const next: Address = {
    ...known,
    ...Object.fromEntries(given),
    // A line in words takes the place of the street in parts, and a state that of its code.
    ...(isNewLine ? { line1, streetName: null, houseNumber: null, streetNumber: null } : {}),
    ...(isNewState ? { state, subdivision: null } : {}),
  }
  return Object.values(next).every((part) => part === null) ? null : next
}

const noAddress: Address = {
  line1: null,
  line2: null,
  houseNumber: null,
  streetNumber: null,
  streetName: null,
  neighborhood: null,
  city: null,
  state: null,
  subdivision: null,
  postalCode: null,
}

function stateOf({ state, subdivision }: Address): string | null {
  return state ?? subdivision
}

function toWireFields(customer: Customer, app: App) {
  const { address } = customer
  return {
    id: customer.id,
    appId: app.id,
    externalId: customer.externalId,
    email: customer.email,
    name: customer.name,
    address: address && addressLineOf(address),
    city: address?.city ?? null,
    state: address && stateOf(address),
    country: customer.countryText ?? customer.country,
    postalCode: address?.postalCode ?? null,
    metadata: customer.metadata,
    createdAt: toWireTime(customer.createdAt),
    updatedAt: toWireTime(customer.updatedAt),
  }
}

interface Seen {
  app: App
  now: number
}

export function toWireCustomer(
  customer: Customer,
  wallets: Wallet[],
  { app, now }: Seen,
): WireCustomer {
  return {
    ...toWireFields(customer, app),
    wallets: wallets.map((wallet) => toWireWallet(wallet, now)),
  }
}

const noActivity: ActivityCounts = { paymentIntents: 0, subscriptions: 0, invoices: 0 }

export function toWireListedCustomer(
  customer: Customer,
  has: { wallets: Wallet[] | undefined; counts: ActivityCounts | undefined },
  seen: Seen,
): WireListedCustomer {
  return {
    ...toWireCustomer(customer, has.wallets ?? [], seen),
    _count: has.counts ?? noActivity,
  }
}

export function toWireRetrievedCustomer(
  customer: Customer,
  { wallets, activity }: { wallets: Wallet[]; activity: RecentActivity },
  { app, now }: Seen,
): WireRetrievedCustomer {
  return {
    ...toWireFields(customer, app),
    app: toWireApp(app),
    wallets: wallets.map((wallet) => toWireChainWallet(wallet, now)),
    paymentIntents: activity.paymentIntents.map(toWireIntentSummary),
    invoices: activity.invoices.map(toWireInvoiceSummary),
  }
}
