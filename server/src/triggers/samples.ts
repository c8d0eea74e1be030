// Owns what triggers fill in: people and numbers that are nobody's.
import type { Context } from '../core/context.ts'
import type { NewCustomer } from '../core/customer/customer-rules.ts'
import type { Address } from '../core/fields.ts'

/** `tag` says to the sandbox of providers how to behave. */
export function sampleCustomer(context: Context, tag = ''): NewCustomer {
  return {
    kind: 'individual',
    givenName: 'Alice',
    familyName: 'Example',
    email: sampleEmail(context, tag),
    phone: '+12025550123',
    dateOfBirth: '1990-01-15',
    document: { type: 'ssn', number: '123-45-6789', country: 'US' },
    address: {
      ...sampleAddress,
      line2: null,
      houseNumber: null,
      streetNumber: null,
      streetName: null,
      neighborhood: null,
      subdivision: null,
    },
    country: 'US',
    metadata: { made_by: 'trigger' },
  }
}

export function sampleEmail(context: Context, tag = ''): string {
  return `trigger-${context.random.bytes(6).toString('hex')}${tag}@example.com`
}

export const sampleAddress = {
  line1: '123 Main St',
  city: 'New York',
  state: 'NY',
  postalCode: '10001',
} satisfies Partial<Address>

export const samplePerson = {
  firstName: 'Alice',
  lastName: 'Example',
  dateOfBirth: '1990-01-15',
  taxId: '123-45-6789',
  address: sampleAddress,
  country: 'US',
}

export const sampleCompany = {
  legalName: 'Example Trading',
  tradingName: 'Example',
  registrationNumber: '7654321',
  taxId: '12-3456789',
  address: sampleAddress,
  country: 'US',
}

const bankBlock = '00703275'
const accountWeights = [3, 9, 7, 1, 3, 9, 7, 1, 3, 9, 7, 1, 3]

/** Another one each time, with good check digits. */
export function sampleCbu(context: Context): string {
  const digits = accountWeights.map(() => Math.floor(context.random.fraction() * 10))
  const sum = accountWeights.reduce((total, weight, at) => total + weight * (digits[at] ?? 0), 0)
  return `${bankBlock}${digits.join('')}${(10 - (sum % 10)) % 10}`
}

/** One white point. */
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

export async function* samplePicture(): AsyncGenerator<Uint8Array> {
  yield Buffer.from(png, 'base64')
}
