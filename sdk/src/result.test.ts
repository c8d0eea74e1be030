// Owns the proof that the compiler makes a caller look at the outcome.
import { expect, expectTypeOf, test } from 'vitest'
import {
  ApiError,
  type ClienteleError,
  type Customer,
  createPayoutsClient,
  type List,
  type NewPayout,
  type Payout,
  type Result,
} from './index.ts'

const client = createPayoutsClient({ apiKey: 'k', baseUrl: 'http://127.0.0.1:9' })

// The compiler checks these: `npm run check types` fails where one does not hold.
test('a result narrows by ok, and an error by its class', () => {
  const narrow = (result: Result<Customer>) => {
    if (result.ok) {
      expectTypeOf(result.value).toEqualTypeOf<Customer>()
      expectTypeOf(result).not.toHaveProperty('error')
      return result.value.name
    }
    expectTypeOf(result).not.toHaveProperty('value')
    expectTypeOf(result.error).toEqualTypeOf<ClienteleError>()
    if (result.error instanceof ApiError) {
      expectTypeOf(result.error).toEqualTypeOf<ApiError>()
      expectTypeOf(result.error.status).toEqualTypeOf<number>()
      return `${result.error.status} ${result.error.code}`
    }
    return result.error.message
  }
  const error = new ApiError(404, { error: { code: 'not_found', message: 'No.' } }, new Headers())
  expect(narrow({ ok: false, error })).toBe('404 not_found')
})

test('every call says what it resolves to and what it iterates over', () => {
  expectTypeOf(client.customers.create).returns.toEqualTypeOf<Promise<Result<Customer>>>()
  expectTypeOf(client.payouts.cancel).returns.toEqualTypeOf<Promise<Result<Payout>>>()
  expectTypeOf(client.payouts.list).returns.toEqualTypeOf<List<Payout>>()
  expectTypeOf<Awaited<List<Payout>>>().toEqualTypeOf<Result<Payout[]>>()
  expectTypeOf<NewPayout['amount']>().toEqualTypeOf<string>()
  expect(Object.keys(client)).toEqual(['customers', 'bankAccounts', 'payouts'])
})
