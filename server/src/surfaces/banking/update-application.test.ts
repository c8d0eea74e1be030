// Owns the outcomes of PATCH /v1/applications/{id}.
import { describe, expect, test } from 'vitest'
import { address, person, testApplications } from './test-applications.ts'
import { refusal, refusalOf, unknownIds } from './test-banking.ts'

const banking = testApplications()
const patch = (id: string, body: unknown) => banking.at('PATCH', `/${id}`, { body })

describe('200', () => {
  test('given members are set beside the others, at every depth', async () => {
    const made = await banking.create()
    const body = {
      phone: null,
      individual: { last_name: 'Roe', tax_id: null, address: { city: 'Boston' } },
    }
    const answer = await patch(made.id, body)
    expect([answer.status, answer.json]).toEqual([
      200,
      {
        ...made,
        phone: null,
        individual: {
          ...person,
          last_name: 'Roe',
          tax_id: null,
          address: { ...address, city: 'Boston' },
        },
        updated_at: expect.any(String),
      },
    ])
    expect((await banking.at('GET', `/${made.id}`)).json).toEqual(answer.json)
  })

  test('the status follows by itself, there and back', async () => {
    const { id, status } = await banking.reach('READY_FOR_SUBMISSION')
    expect(status).toBe('READY_FOR_SUBMISSION')
    const none = await patch(id, { individual: { address: null } })
    expect([none.json.status, none.json.individual.address]).toEqual(['INCOMPLETE', null])
    const whole = await patch(id, { individual: { address } })
    expect(whole.json.status).toBe('READY_FOR_SUBMISSION')
  })

  test('CHANGES_REQUESTED stays until it is submitted', async () => {
    const { id } = await banking.reach('CHANGES_REQUESTED')
    const answer = await patch(id, { email: 'new@example.com' })
    expect([answer.json.status, answer.json.email]).toEqual([
      'CHANGES_REQUESTED',
      'new@example.com',
    ])
  })
})

describe('400', () => {
  test.each<[string, unknown]>([
    ['body', {}],
    ['status', { status: 'APPROVED' }],
    ['type', { type: 'CORPORATION' }],
    ['customer_id', { customer_id: 'cust_01h455vb4pex5vsknk084sn02q' }],
    ['email', { email: null }],
    ['corporation', { corporation: { legal_name: 'Acme' } }],
    ['individual.date_of_birth', { individual: { date_of_birth: '2026-02-30' } }],
    ['individual.tax_id', { individual: { tax_id: ' ' } }],
  ])('%s', async (field, body) => {
    const { id } = await banking.create()
    expect(refusalOf(await patch(id, body))).toEqual(refusal(400, 'INVALID_REQUEST', field))
  })
})

test.each(unknownIds('appl'))('404: %s', async (id) => {
  expect(refusalOf(await patch(id, { phone: null }))).toEqual(refusal(404, 'NOT_FOUND'))
})

test.each(['SUBMITTED', 'APPROVED', 'REJECTED'] as const)('409: %s', async (status) => {
  const before = await banking.reach(status)
  const answer = await patch(before.id, { phone: null })
  expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT'))
  expect(answer.json.error.message).toContain('INCOMPLETE, READY_FOR_SUBMISSION, CHANGES_REQUESTED')
  expect((await banking.at('GET', `/${before.id}`)).json).toEqual(before)
})
