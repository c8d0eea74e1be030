// Owns the outcomes of POST /customers.
import { describe, expect, test } from 'vitest'
import {
  newCustomer,
  refusal,
  refusalOf,
  testRecipients,
  uuidOf,
  wireTime,
} from './test-recipients.ts'

const recipients = testRecipients()
const path = '/payouts/customers'
const create = (body: unknown) => recipients.call('POST', path, { body })

describe('201', () => {
  test('the required fields alone make a customer; the rest is null or empty', async () => {
    const answer = await create(newCustomer)
    expect(answer.status).toBe(201)
    expect(answer.json).toEqual({
      customerId: expect.stringMatching(/^cust_[0-7][0-9a-hjkmnp-tv-z]{25}$/),
      type: 'individual',
      name: 'Ana Sosa',
      email: null,
      country: 'AR',
      defaultBankAccountId: null,
      metadata: {},
      createdAt: expect.stringMatching(wireTime),
      last_out: null,
    })
  })

  test('createdAt is the time of the request, cut to the second', async () => {
    const before = Math.floor(recipients.server.clock.now() / 1000) * 1000
    const { json } = await create(newCustomer)
    expect(Date.parse(json.createdAt)).toBeGreaterThanOrEqual(before)
    expect(Date.parse(json.createdAt)).toBeLessThanOrEqual(recipients.server.clock.now())
  })

  test('its history is one event that holds what was given', async () => {
    const email = 'ana@example.com'
    const { json } = await create({ ...newCustomer, email, metadata: { internal: 'A-1' } })
    expect(await recipients.historyOf(json.customerId)).toEqual(['1 customer.created'])
    const [event] = await recipients.eventsOf(json.customerId)
    expect(event?.actor).toMatch(/^key:/)
    expect(event?.changes).toMatchObject({
      kind: 'individual',
      name: 'Ana Sosa',
      country: 'AR',
      email,
      metadata: { internal: 'A-1' },
    })
  })

  test.each<[string, object, object?]>([
    ['a business', { type: 'business' }],
    ['a country that no rail pays to', { country: 'BR' }],
    ['a name of one character', { name: 'Ñ' }],
    ['a name of 200 characters', { name: 'a'.repeat(200) }],
    ['a name of 200 characters beyond the basic plane', { name: '𝒜'.repeat(200) }],
    ['a name in another script', { name: 'Łukasz Ćwikła 山田太郎' }],
    ['no email, said with null', { email: null }],
    ['no metadata, said with null', { metadata: null }, { metadata: {} }],
    ['50 metadata keys', { metadata: manyKeys(50) }],
    ['a metadata value of 500 characters', { metadata: { note: 'x'.repeat(500) } }],
    ['an empty metadata value', { metadata: { note: '' } }],
  ])('%s is accepted and shown as given', async (_name, fields, shown = fields) => {
    const answer = await create({ ...newCustomer, ...fields })
    expect(answer.status).toBe(201)
    expect(answer.json).toMatchObject(shown)
    const read = await recipients.call('GET', `${path}/${answer.json.customerId}`)
    expect(read.text).toBe(answer.text)
  })

  test('two customers with the same fields are two customers', async () => {
    const [first, second] = [await create(newCustomer), await create(newCustomer)]
    expect(uuidOf('customer', first.json.customerId)).not.toBe(
      uuidOf('customer', second.json.customerId),
    )
  })
})

describe('400', () => {
  test.each([
    ['a broken JSON body', '{"type": "individual"', 'body'],
    ['no JSON at all', 'type=individual', 'body'],
    ['bytes that are not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'body'],
    ['no body', undefined, 'body'],
  ])('%s is refused and nothing is written', async (_name, body, param) => {
    const before = await recipients.countRows()
    const headers = { 'content-type': 'application/json' }
    const answer = await recipients.call('POST', path, { body, headers })
    expect(refusalOf(answer)).toEqual(refusal(400, 'invalid_request', param))
    expect(await recipients.countRows()).toEqual(before)
  })
})

describe('422', () => {
  test.each(['type', 'name', 'country'])('leaving out %s is refused by its name', async (field) => {
    const { [field]: _left, ...rest } = newCustomer as Record<string, string>
    const answer = await create(rest)
    expect(refusalOf(answer)).toEqual(refusal(422, 'validation_failed', field))
    expect(answer.json.error.message).toContain(`${field}: is missing`)
  })

  test.each<[string, string, object]>([
    ['another type', 'type', { type: 'person' }],
    ['a type in another case', 'type', { type: 'Individual' }],
    ['a type of null', 'type', { type: null }],
    ['an empty name', 'name', { name: '' }],
    ['a blank name', 'name', { name: ' \t' }],
    ['a name that is not text', 'name', { name: 7 }],
    ['a name of 201 characters', 'name', { name: 'a'.repeat(201) }],
    ['a control character in a name', 'name', { name: 'a\u0007b' }],
    ['a NUL in a name', 'name', { name: 'a\u0000b' }],
    ['a country in lower case', 'country', { country: 'ar' }],
    ['an alpha-3 country', 'country', { country: 'ARG' }],
    ['a country that does not exist', 'country', { country: 'ZZ' }],
    ['an email without a host', 'email', { email: 'ana@' }],
    ['an email without an @', 'email', { email: 'ana.example.com' }],
    ['an empty email', 'email', { email: '' }],
    ['a list as metadata', 'metadata', { metadata: [] }],
    ['text as metadata', 'metadata', { metadata: 'x' }],
    ['51 metadata keys', 'metadata', { metadata: manyKeys(51) }],
    [
      'a metadata value of 501 characters',
      'metadata.note',
      { metadata: { note: 'x'.repeat(501) } },
    ],
    ['a metadata value that is not text', 'metadata.count', { metadata: { count: 1 } }],
    ['a metadata value of null', 'metadata.note', { metadata: { note: null } }],
    ['a blank metadata key', 'metadata', { metadata: { ' ': 'x' } }],
    ['an unknown member', 'nickname', { nickname: 'A' }],
    ['a read-only member', 'customerId', { customerId: 'cust_12345' }],
  ])('%s is refused, naming the field, and nothing is written', async (_name, param, fields) => {
    const before = await recipients.countRows()
    const answer = await create({ ...newCustomer, ...fields })
    expect(refusalOf(answer)).toEqual(refusal(422, 'validation_failed', param))
    expect(answer.json.error.message).toContain(`${param}: `)
    expect(await recipients.countRows()).toEqual(before)
  })

  test('a metadata key with a line separator does not let a value through unchecked', async () => {
    const answer = await create({ ...newCustomer, metadata: { 'a\u2028b': { deep: 1 } } })
    expect(answer.status).toBe(422)
    expect(answer.json.error.param).toMatch(/^metadata/)
  })

  test('half of a surrogate pair is refused by its field', async () => {
    const body = '{"type":"individual","country":"AR","name":"a\\ud83d"}'
    expect(refusalOf(await create(body))).toEqual(refusal(422, 'validation_failed', 'name'))
  })

  test('every field that breaks a rule is named in one message', async () => {
    const answer = await create({ type: 'person', name: '', extra: 1 })
    for (const field of ['type', 'name', 'country', 'extra']) {
      expect(answer.json.error.message).toContain(`${field}: `)
    }
  })

  test('a body that is not an object is refused', async () => {
    for (const body of ['[]', '"text"', '7', 'null']) {
      expect(refusalOf(await create(body))).toEqual(refusal(422, 'validation_failed', 'body'))
    }
  })

  test('a message never repeats the value that it refuses', async () => {
    const answer = await create({ ...newCustomer, email: 'secret-mailbox' })
    expect(answer.text).not.toContain('secret-mailbox')
  })
})

function manyKeys(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`key${at}`, `value ${at}`]))
}
