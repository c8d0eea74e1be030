// Owns the outcomes of POST /v1/customers.
import { describe, expect, test } from 'vitest'
import { historyOf } from '../../../../test/history.ts'
import { problem, problemOf, wireTime } from './test-connections.ts'
import { alice, testRecords, uuidOf } from './test-records.ts'

const records = testRecords()
const create = (body: object) => records.call('POST', '/customers', { body })

const full = {
  kind: 'individual',
  name: 'Alice Smith',
  given_name: 'Alice',
  family_name: 'Smith',
  company_name: null,
  email: 'alice@example.com',
  phone: '+5513991234567',
  document: { type: 'cpf', number: '529.982.247-25', country: 'BR' },
  date_of_birth: '1990-12-31',
  address: { street_name: 'Rua das Gaivotas', postal_code: '11000-000', city: 'Santos' },
  country: 'BR',
  external_id: 'user-full',
  metadata: { plan: 'gold', nested: { deep: [1, null] } },
  background: { mother_name: 'Ana Smith', monthly_net_income: 5000 },
}

describe('201', () => {
  test('the record, with every field as it was given, and its version as ETag', async () => {
    const answer = await create(full)
    expect(answer.status).toBe(201)
    expect(answer.headers.get('etag')).toBe('"1"')
    const address = {
      line1: null,
      line2: null,
      house_number: null,
      street_number: null,
      neighborhood: null,
      state: null,
      subdivision: null,
      ...full.address,
    }
    expect(answer.json).toEqual({
      ...full,
      address,
      id: expect.stringMatching(/^cust_\w{26}$/),
      version: 1,
      banking_status: null,
      onboarding_status: 'NOT_STARTED',
      roles: [],
      synced: false,
      synced_at: null,
      default_bank_account_id: null,
      last_payout_at: null,
      created_at: expect.stringMatching(wireTime),
      updated_at: answer.json.created_at,
    })
    const types = (await historyOf(records.context(), uuidOf(answer.json.id))).map(
      ({ type }) => type,
    )
    expect(types).toEqual(['customer.created'])
  })

  test('the kind alone is enough', async () => {
    const answer = await create({ kind: 'business' })
    expect([answer.status, answer.json.kind, answer.json.name]).toEqual([201, 'business', null])
  })

  test('a repeat with one idempotency key is one customer, with the same ETag', async () => {
    const headers = { 'idempotency-key': 'create once' }
    const send = () => records.call('POST', '/customers', { headers, body: alice })
    const [first, again] = [await send(), await send()]
    expect(again.text).toBe(first.text)
    expect([first.headers.get('etag'), again.headers.get('etag')]).toEqual(['"1"', '"1"'])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
  })
})

test('409: an external id that another customer has', async () => {
  const body = { ...alice, external_id: 'user-taken' }
  expect((await create(body)).status).toBe(201)
  expect(problemOf(await create(body))).toEqual(problem(409, 'external_id_taken', '/external_id'))
})

test.each<[string, object, string]>([
  ['no kind', { name: 'Alice Smith' }, '/kind'],
  ['a kind that is none', { kind: 'person' }, '/kind'],
  ['no e-mail address', { ...alice, email: 'alice' }, '/email'],
  [
    'a wrong document',
    { ...alice, document: { ...full.document, number: '1' } },
    '/document/number',
  ],
  ['a day that is none', { ...alice, date_of_birth: '1990-02-30' }, '/date_of_birth'],
  ['a control character', { ...alice, address: { postal_code: '\u0001' } }, '/address/postal_code'],
  ['an unknown background', { ...alice, background: { hobby: 'chess' } }, '/background/hobby'],
  ['an unknown member', { ...alice, status: 'ACTIVE' }, '/status'],
])('422: %s', async (_name, body, pointer) => {
  expect(problemOf(await create(body))).toEqual(problem(422, 'field_invalid', pointer))
})
