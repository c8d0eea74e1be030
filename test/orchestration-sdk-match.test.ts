// Owns the promise that the SDK's types of the orchestration surface are what the server answers.
import type { Static } from 'typebox'
import { expectTypeOf, test } from 'vitest'
import type { Oak } from '../sdk/src/index.ts'
import type {
  WireCustomer,
  WireCustomerList,
} from '../server/src/surfaces/orchestration/wire-customer.ts'
import type {
  WireBalances,
  WireFile,
  WireRegistration,
} from '../server/src/surfaces/orchestration/wire-registration.ts'

// Checked by the compiler: what does not match does not build.
test('what the server answers is what the SDK says', () => {
  expectTypeOf<WireCustomer>().toExtend<Oak.Customer>()
  expectTypeOf<Static<typeof WireCustomerList>>().toExtend<Oak.CustomerList>()
  expectTypeOf<Static<typeof WireBalances>>().toExtend<Oak.Balances>()
  expectTypeOf<Static<typeof WireFile>>().toExtend<Oak.FileEntry>()
  expectTypeOf<Static<typeof WireRegistration>>().toExtend<Oak.Registration>()
})

test('nothing that the server answers is missing in the SDK', () => {
  expectTypeOf<keyof Oak.Customer>().toEqualTypeOf<keyof WireCustomer>()
  expectTypeOf<keyof Oak.FileEntry>().toEqualTypeOf<keyof Static<typeof WireFile>>()
  expectTypeOf<keyof Oak.Registration>().toEqualTypeOf<keyof Static<typeof WireRegistration>>()
})
