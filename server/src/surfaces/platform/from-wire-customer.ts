// Owns what a body sets on a customer: everything of a new one, or a merge patch (RFC 7396).
import { type Background, backgroundTexts, type Customer } from '../../core/customer/customer.ts'
import type { CustomerChanges, NewCustomer } from '../../core/customer/customer-rules.ts'
import { type Address, type Document, type Metadata, refuseField } from '../../core/fields.ts'
import type { Json } from '../../lib/canonical.ts'
import {
  addressEntries,
  backgroundNames,
  type WireCustomerPatch,
  type WireNewCustomer,
} from './wire-customer.ts'

export function fromWireNewCustomer(body: WireNewCustomer): NewCustomer {
  const { metadata, background, ...fields } = fromWirePatch(body, null)
  return { ...fields, kind: body.kind, metadata: metadata ?? {}, background: background ?? {} }
}

/** Members that are left out stay, `null` clears, objects are merged member by member. */
export function fromWirePatch(
  patch: WireCustomerPatch,
  customer: Customer | null,
): CustomerChanges {
  return {
    ...(patch.kind === undefined ? {} : { kind: patch.kind }),
    name: patch.name,
    givenName: patch.given_name,
    familyName: patch.family_name,
    companyName: patch.company_name,
    email: patch.email,
    phone: patch.phone,
    document: mergeDocument(patch.document, customer?.document ?? null),
    dateOfBirth: patch.date_of_birth,
    address: mergeAddress(patch.address, customer?.address ?? null),
    country: patch.country,
    externalId: patch.external_id,
    metadata: mergeMetadata(patch.metadata, customer?.metadata ?? {}),
    background: mergeBackground(patch.background, customer?.background ?? {}),
  }
}

function mergeDocument(
  patch: WireCustomerPatch['document'],
  current: Document | null,
): Document | null | undefined {
  if (patch === undefined || patch === null) return patch
  const merged = { type: null, number: null, country: null, ...current, ...patch }
  return Object.values(merged).some((part) => part !== null) ? merged : null
}

function mergeAddress(
  patch: WireCustomerPatch['address'],
  current: Address | null,
): Address | null | undefined {
  if (patch === undefined || patch === null) return patch
  const entries = addressEntries.map(([name, part]) => {
    const set = patch[name]
    return [part, set === undefined ? (current?.[part] ?? null) : set]
  })
  const merged: Address = Object.fromEntries(entries)
  return Object.values(merged).some((part) => part !== null) ? merged : null
}

function mergeMetadata(
  patch: WireCustomerPatch['metadata'],
  current: Metadata,
): Metadata | undefined {
  if (patch === undefined) return undefined
  if (patch === null) return {}
  const merged = new Map(Object.entries(current))
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name)
    else merged.set(name, mergeValue(merged.get(name), value as Json))
  }
  return Object.fromEntries(merged)
}

/** As RFC 7396 merges below the first level: objects into objects, anything else replaces. */
function mergeValue(current: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch
  const merged = new Map(isObject(current) ? Object.entries(current) : [])
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name)
    else merged.set(name, mergeValue(merged.get(name), value))
  }
  return Object.fromEntries(merged)
}

function isObject(value: Json | undefined): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mergeBackground(
  patch: WireCustomerPatch['background'],
  current: Background,
): Background | undefined {
  if (patch === undefined) return undefined
  if (patch === null) return {}
  const merged: Background = { ...current }
  for (const [wireName, value] of Object.entries(patch)) {
    if (wireName === 'monthly_net_income') {
      if (typeof value === 'string') refuseField('background.monthly_net_income', 'is not a number')
      if (value === null) delete merged.monthlyNetIncome
      else merged.monthlyNetIncome = value
      continue
    }
    const name = backgroundTexts.find((one) => backgroundNames.get(one) === wireName)
    if (name === undefined) refuseField(`background.${wireName}`, 'is not known here')
    if (typeof value === 'number') refuseField(`background.${wireName}`, 'is not text')
    if (value === null) delete merged[name]
    else merged[name] = value
  }
  return merged
}
