// Owns the proof that sealed fields are found by equality: whoever has the value, no other (P42).
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { runs, runsMsMax } from '../../../../test/runs.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { createMerchant } from '../apps/app-service.ts'
import type { Context } from '../context.ts'
import { createCustomer } from '../customer/customer-service.ts'
import { addWallet } from '../wallets/wallet-service.ts'
import type { CustomerFilter } from './customer-filter.ts'
import { filterCustomers } from './filter-service.ts'

const customers = runs({ few: 300, full: 100_000 })
const together = 100
const asked = runs({ few: 60, full: 2_000 })
const chainId = 8453

let server: TestServer
let context: Context
/** In the order of their numbers. */
const ids: string[] = []
beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
  while (ids.length < customers) ids.push(...(await makeSome(ids.length)))
}, runsMsMax)
afterAll(() => server.close())

const digits = (number: number, length: number) => String(number).padStart(length, '0')
const addressOf = (number: number) => `0x${number.toString(16).padStart(40, 'a')}`

/** As a person types them; every third shares all of its values with the one before it. */
function fieldsOf(number: number) {
  const of = number % 3 === 2 ? number - 1 : number
  return {
    kind: 'individual' as const,
    name: 'Ana',
    email: `Ana.${of}@Example.com`,
    phone: `+55 11 9${digits(of, 8)}`,
    document: { type: 'passport', number: `AB-${digits(of, 7)}.x`, country: 'BR' },
  }
}

function makeSome(first: number): Promise<string[]> {
  return inTransaction(context, async (tx) => {
    const made: string[] = []
    for (let number = first; number < first + together; number += 1) {
      const { id } = await createCustomer(tx, fieldsOf(number))
      if (number % 50 === 0) await addWallet(tx, id, { chainId, address: addressOf(number) })
      made.push(id)
    }
    return made
  })
}

const found = async (within: Context, filter: CustomerFilter) => {
  const page = await filterCustomers(within, filter, { limit: 10, cursor: null })
  return page.customers.map(({ id }) => id).toSorted()
}

/** The same values, spelled as somebody else would. */
const spelled = (of: number): CustomerFilter[] => [
  { email: `aNA.${of}@EXAMPLE.COM` },
  { phone: `+5511-9${digits(of, 8)}` },
  { document: `ab${digits(of, 7)}X` },
]

test('whoever has the value is found, however it is spelled, and nobody else', {
  timeout: runsMsMax,
}, async () => {
  const { test: stranger } = await createMerchant(server.system, 'Another merchant')
  const elsewhere = server.contextOf(stranger)
  const step = Math.max(3, Math.floor(customers / asked / 3) * 3)
  for (let number = 0; number + 2 < customers; number += step) {
    const [alone = '', ...sharing] = ids.slice(number, number + 3)
    for (const filter of spelled(number)) expect(await found(context, filter)).toEqual([alone])
    for (const filter of spelled(number + 1)) {
      expect(await found(context, filter)).toEqual(sharing.toSorted())
      expect(await found(elsewhere, filter)).toEqual([])
    }
  }
  for (const filter of spelled(customers + 7)) expect(await found(context, filter)).toEqual([])
})

test('wallets are found by their address', { timeout: runsMsMax }, async () => {
  for (let number = 0; number < Math.min(customers, asked * 50); number += 50) {
    const wallet = addressOf(number).toUpperCase().replace('0X', '0x')
    expect(await found(context, { wallet })).toEqual([ids[number]])
  }
  expect(await found(context, { wallet: addressOf(1) })).toEqual([])
})
