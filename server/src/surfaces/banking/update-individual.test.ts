// Owns the outcomes of PATCH /v1/customers/{id}/individuals/{individual_id}.
import { describe, expect, test } from 'vitest'
import { refusal, refusalOf, testBanking, unknownIds, wireTime } from './test-banking.ts'

const banking = testBanking()
const pathOf = (id: string, individualId: string) =>
  `/v1/customers/${id}/individuals/${individualId}`
const patch = (id: string, individualId: string, body: unknown, key?: string) =>
  banking.call('PATCH', pathOf(id, individualId), key === undefined ? { body } : { body, key })
const read = async (id: string, individualId: string) =>
  (await banking.call('GET', pathOf(id, individualId))).json

describe('200', () => {
  test('the answer is the id and the time; given members of the address are set', async () => {
    const { customerId, individualId } = await banking.save({ kind: 'business' })
    const before = await read(customerId, individualId)
    const body = { email: 'jane@example.com', phone: '+14155550199', address: { city: 'Oakland' } }
    const answer = await patch(customerId, individualId, body)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({
      id: individualId,
      updated_at: expect.stringMatching(wireTime),
    })
    expect(await read(customerId, individualId)).toEqual({
      ...before,
      email: 'jane@example.com',
      phone: '+14155550199',
      address: { ...before.address, city: 'Oakland' },
    })
  })

  test('it is in the history of the corporation, and leaves its own contact alone', async () => {
    const { customerId, individualId } = await banking.save({ kind: 'business' })
    await patch(customerId, individualId, { email: 'jane@example.com' })
    const last = (await banking.factsOf(customerId)).at(-1)
    expect(last).toMatchObject({
      type: 'customer.individual.updated',
      changes: { individual: { email: 'jane@example.com' } },
    })
    const { json } = await banking.call('GET', `/v1/customers/${customerId}`)
    expect(json.email).toBe('contact@acmecorp.com')
  })

  test('a country and a postal code are members like any other', async () => {
    const { customerId, individualId } = await banking.save({ kind: 'business' })
    const address = { country: 'CA', postal_code: 'M5V 2T6' }
    await patch(customerId, individualId, { address })
    expect((await read(customerId, individualId)).address).toMatchObject(address)
  })
})

describe('409', () => {
  test('of a closed corporation nothing changes', async () => {
    const { customerId, individualId } = await banking.save({ kind: 'business', status: 'CLOSED' })
    const before = await read(customerId, individualId)
    const answer = await patch(customerId, individualId, { email: 'jane@example.com' })
    expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT'))
    expect(await read(customerId, individualId)).toEqual(before)
  })
})

describe('400', () => {
  test.each(['first_name', 'last_name', 'role', 'ownership_percentage', 'status'])(
    '%s needs a new application',
    async (field) => {
      const { customerId, individualId } = await banking.save({ kind: 'business' })
      const answer = await patch(customerId, individualId, { [field]: 'x' })
      expect(refusalOf(answer)).toEqual(refusal(400, 'INVALID_REQUEST', field))
      expect(answer.json.error.message).toContain('needs a new application')
    },
  )

  test.each<[string, unknown, string]>([
    ['no member', {}, 'body'],
    ['no e-mail address', { email: 'x' }, 'email'],
    ['no phone number', { phone: '12' }, 'phone'],
    ['an address without members', { address: {} }, 'address'],
    ['a country that is none', { address: { country: 'ZZ' } }, 'address.country'],
    ['a blank postal code', { address: { postal_code: ' ' } }, 'address.postal_code'],
  ])('%s', async (_name, body, field) => {
    const { customerId, individualId } = await banking.save({ kind: 'business' })
    const answer = await patch(customerId, individualId, body)
    expect(refusalOf(answer)).toEqual(refusal(400, 'INVALID_REQUEST', field))
  })
})

describe('404', () => {
  test.each(unknownIds('ind'))('%s', async (individualId) => {
    const { customerId } = await banking.save({ kind: 'business' })
    const answer = await patch(customerId, individualId, { email: 'jane@example.com' })
    expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND'))
  })

  test('below a person, another corporation, and in another app', async () => {
    const { customerId: person } = await banking.save()
    const { customerId: other } = await banking.save({ kind: 'business' })
    const { customerId, individualId } = await banking.save({ kind: 'business' })
    const { key } = await banking.newApp()
    const body = { email: 'jane@example.com' }
    for (const answer of [
      await patch(person, individualId, body),
      await patch(other, individualId, body),
      await patch(customerId, individualId, body, key),
    ]) {
      expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND'))
    }
    expect((await read(customerId, individualId)).email).toBe('jane.smith@acmecorp.com')
  })
})
