// Owns the outcomes of PATCH /v1/customers/{id}.
import { describe, expect, test } from 'vitest'
import { bankingStatuses } from '../../core/customer/banking-status.ts'
import { createCustomer, getCustomer } from '../../core/customer/customer-service.ts'
import { printId } from '../../lib/id.ts'
import { refusal, refusalOf, testBanking, unknownIds, uuidOf, wireTime } from './test-banking.ts'

const banking = testBanking()
const patch = (id: string, body: unknown, key?: string) =>
  banking.call('PATCH', `/v1/customers/${id}`, key === undefined ? { body } : { body, key })
const read = async (id: string) => (await banking.call('GET', `/v1/customers/${id}`)).json
const context = () => banking.server.contextOf(banking.server.testApp)

const address = {
  line1: '123 Main St',
  city: 'New York',
  state: 'NY',
  postal_code: '10001',
  country: 'US',
}

describe('200', () => {
  test('the answer is the id, what was sent and the time, and no more', async () => {
    const { customerId } = await banking.save()
    const answer = await patch(customerId, { email: 'john.newemail@example.com' })
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({
      id: customerId,
      email: 'john.newemail@example.com',
      updated_at: expect.stringMatching(wireTime),
    })
    const after = await read(customerId)
    expect(after).toMatchObject({
      email: 'john.newemail@example.com',
      phone: '+12025550123',
      individual: { address },
    })
    expect(after.updated_at).toBe(answer.json.updated_at)
  })

  test('given members of the address are set, the others stay', async () => {
    const { customerId } = await banking.save()
    const body = {
      phone: '+1 (202) 555-0187',
      address: { line1: '1 New St', postal_code: '10002' },
    }
    const answer = await patch(customerId, body)
    const merged = { ...address, line1: '1 New St', postal_code: '10002' }
    expect(answer.json).toEqual({
      id: customerId,
      phone: '+12025550187',
      address: merged,
      updated_at: expect.stringMatching(wireTime),
    })
    expect((await read(customerId)).individual.address).toEqual(merged)
  })

  test('a country can be the only member, and so can an address where there was none', async () => {
    const { customerId } = await banking.save({ fields: { address: null, country: null } })
    const bare = { line1: null, city: null, state: null, postal_code: null }
    const first = await patch(customerId, { address: { country: 'CA' } })
    expect(first.json.address).toEqual({ ...bare, country: 'CA' })
    const second = await patch(customerId, { address: { city: 'Toronto' } })
    expect(second.json.address).toEqual({ ...bare, city: 'Toronto', country: 'CA' })
  })

  test('the change is in the history once; the same again is no change', async () => {
    const { customerId } = await banking.save()
    const before = (await banking.factsOf(customerId)).length
    const first = await patch(customerId, { email: 'new@example.com' })
    banking.server.clock.advance(60_000)
    const again = await patch(customerId, { email: 'new@example.com' })
    expect(again.json).toEqual(first.json)
    const facts = (await banking.factsOf(customerId)).slice(before)
    expect(facts).toMatchObject([
      {
        type: 'customer.updated',
        actor: expect.stringMatching(/^key:/),
        changes: { email: 'new@example.com' },
      },
    ])
  })

  test('the one record changes, whatever surface shows it', async () => {
    const { customerId } = await banking.save()
    await patch(customerId, { email: 'everywhere@example.com' })
    const answer = await banking.server.call('GET', `/payouts/customers/${customerId}`)
    expect(answer.json.email).toBe('everywhere@example.com')
  })

  test.each(bankingStatuses.filter((status) => status !== 'CLOSED'))(
    'a customer that is %s can be changed',
    async (status) => {
      const { customerId } = await banking.save({ status })
      expect((await patch(customerId, { phone: '+12025550187' })).status).toBe(200)
    },
  )
})

describe('409', () => {
  test('a closed customer stays as it is', async () => {
    const { customerId } = await banking.save({ status: 'CLOSED' })
    const before = await getCustomer(context(), uuidOf('customer', customerId))
    const answer = await patch(customerId, { email: 'new@example.com' })
    expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT'))
    expect(answer.json.error.message).toContain(
      'is CLOSED; it may be changed as ACTIVE, PENDING, EDD, FROZEN, DORMANT.',
    )
    expect(await getCustomer(context(), uuidOf('customer', customerId))).toEqual(before)
  })
})

describe('400', () => {
  test.each([
    'first_name',
    'last_name',
    'date_of_birth',
    'status',
    'type',
    'individual',
    'corporation',
    'accounts',
    'id',
  ])('%s needs a new application', async (field) => {
    const { customerId } = await banking.save()
    const answer = await patch(customerId, { email: 'new@example.com', [field]: 'x' })
    expect(refusalOf(answer)).toEqual(refusal(400, 'INVALID_REQUEST', field))
    expect(answer.json.error.details).toEqual([
      { field, message: 'needs a new application; known: email, phone, address' },
    ])
    expect((await read(customerId)).email).toBe('john.doe@example.com')
  })

  test.each<[string, unknown, string]>([
    ['no member', {}, 'body'],
    ['no body', undefined, 'body'],
    ['a list', [], 'body'],
    ['no e-mail address', { email: 'x' }, 'email'],
    ['an empty e-mail address', { email: '' }, 'email'],
    ['an e-mail address taken away', { email: null }, 'email'],
    ['no phone number', { phone: '12' }, 'phone'],
    ['an address without members', { address: {} }, 'address'],
    ['an address in words', { address: '123 Main St' }, 'address'],
    ['a member of the address that there is none of', { address: { zip: '1' } }, 'address.zip'],
    ['a country that is none', { address: { country: 'ZZ' } }, 'address.country'],
    ['a country in words', { address: { country: 'Canada' } }, 'address.country'],
    ['a control character', { address: { postal_code: '\u0007' } }, 'address.postal_code'],
    ['a blank line', { address: { line1: ' ' } }, 'address.line1'],
  ])('%s', async (_name, body, field) => {
    const { customerId } = await banking.save()
    const before = await read(customerId)
    expect(refusalOf(await patch(customerId, body))).toEqual(refusal(400, 'INVALID_REQUEST', field))
    expect(await read(customerId)).toEqual(before)
  })
})

describe('404', () => {
  test.each(unknownIds('cust'))('%s', async (id) => {
    const answer = await patch(id, { email: 'new@example.com' })
    expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND'))
  })

  test('a record of which no application was approved is not changed from here', async () => {
    const { id } = await createCustomer(context(), { kind: 'individual', email: 'a@example.com' })
    const answer = await patch(printId('customer', id), { email: 'new@example.com' })
    expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND'))
    expect(await getCustomer(context(), id)).toMatchObject({ email: 'a@example.com', version: 1 })
  })

  test('another app’s customer', async () => {
    const { customerId } = await banking.save()
    const { key } = await banking.newApp()
    const answer = await patch(customerId, { email: 'new@example.com' }, key)
    expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND'))
  })
})
