// Owns what a registration still needs before it can be submitted.
import type { Json } from '../../lib/canonical.ts'
import { printId } from '../../lib/id.ts'
import type { Customer } from '../customer/customer.ts'
import type { ProviderCustomer, RequiredField } from '../provider.ts'

/** The record as adapters see it. */
export function toProviderCustomer(customer: Customer): ProviderCustomer {
  const { id, kind, name, givenName, familyName, companyName, email, phone, phoneParts } = customer
  const { document, dateOfBirth, address, country } = customer
  const names = { name, givenName, familyName, companyName }
  const contact = { email, phone, phoneParts, address, country }
  return { recordId: printId('customer', id), kind, ...names, ...contact, document, dateOfBirth }
}

/** The required fields that are neither in the record nor in the provider data. */
export function missingFields(
  customer: ProviderCustomer,
  providerData: Record<string, Json>,
  required: readonly RequiredField[],
): string[] {
  const known: Record<string, unknown> = { ...customer, providerData }
  return required.map(({ field }) => field).filter((field) => isAbsent(valueAt(known, field)))
}

function valueAt(from: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    const isObject = typeof value === 'object' && value !== null
    return isObject && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
  }, from)
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}
