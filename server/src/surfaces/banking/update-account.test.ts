// Owns the outcomes of PATCH /v1/accounts/{id}.
import { describe, expect, test } from 'vitest'
import { refusal, refusalOf, testBanking, unknownIds } from './test-banking.ts'

const banking = testBanking()
const patch = (id: string, body: unknown, key?: string) =>
  banking.call('PATCH', `/v1/accounts/${id}`, key === undefined ? { body } : { body, key })
const read = async (id: string) => (await banking.call('GET', `/v1/accounts/${id}`)).json

describe('200', () => {
  test('the account with its nickname, and one fact a change', async () => {
    const { customerId, accountId } = await banking.save()
    const before = await read(accountId)
    const count = (await banking.factsOf(customerId)).length
    const named = await patch(accountId, { nickname: 'Payroll' })
    expect([named.status, named.json]).toEqual([200, { ...before, nickname: 'Payroll' }])
    await patch(accountId, { nickname: 'Payroll' })
    const bare = await patch(accountId, { nickname: null })
    expect([bare.json, await read(accountId)]).toEqual([before, before])
    const facts = (await banking.factsOf(customerId)).slice(count)
    expect(facts.map(({ type, changes }) => [type, Reflect.get(changes, 'account')])).toEqual([
      ['customer.account.updated', { id: expect.any(String), nickname: 'Payroll' }],
      ['customer.account.updated', { id: expect.any(String), nickname: null }],
    ])
  })

  test('a nickname is stored sealed', async () => {
    const { accountId } = await banking.save()
    await patch(accountId, { nickname: 'Unmistakable' })
    const { db } = banking.server.system
    const rows = await db.selectFrom('accounts').selectAll().execute()
    const text = rows.flatMap((row) =>
      Object.values(row).map((value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
      ),
    )
    expect(text.join('\n')).not.toContain('Unmistakable')
    expect((await read(accountId)).nickname).toBe('Unmistakable')
  })

  test.each(['FROZEN', 'PENDING'] as const)('of a %s customer too', async (status) => {
    const { accountId } = await banking.save({ status })
    expect((await patch(accountId, { nickname: 'Payroll' })).status).toBe(200)
  })
})

test('409: of a closed customer nothing changes', async () => {
  const { accountId } = await banking.save({ status: 'CLOSED' })
  const answer = await patch(accountId, { nickname: 'Payroll' })
  expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT'))
  expect((await read(accountId)).nickname).toBeNull()
})

describe('400', () => {
  test.each<[string, unknown, string]>([
    ['no member', {}, 'body'],
    ['a status', { status: 'CLOSED' }, 'status'],
    ['a currency', { currency: 'EUR' }, 'currency'],
    ['an empty nickname', { nickname: '' }, 'nickname'],
    ['a blank nickname', { nickname: ' ' }, 'nickname'],
    ['a number', { nickname: 1 }, 'nickname'],
    ['a long one', { nickname: 'x'.repeat(101) }, 'nickname'],
  ])('%s', async (_name, body, field) => {
    const { accountId } = await banking.save()
    const answer = await patch(accountId, body)
    expect(refusalOf(answer)).toEqual(refusal(400, 'INVALID_REQUEST', field))
  })
})

describe('404', () => {
  test.each(unknownIds('acc'))('%s', async (id) => {
    const answer = await patch(id, { nickname: 'Payroll' })
    expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND'))
  })

  test("another app's account", async () => {
    const { accountId } = await banking.save()
    const { key } = await banking.newApp()
    const answer = await patch(accountId, { nickname: 'Payroll' }, key)
    expect(refusalOf(answer)).toEqual(refusal(404, 'NOT_FOUND'))
    expect((await read(accountId)).nickname).toBeNull()
  })
})
