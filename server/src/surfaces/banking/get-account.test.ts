// Owns the outcomes of GET /v1/accounts/{id}.
import { expect, test } from 'vitest'
import { refusal, refusalOf, testBanking, unknownIds, wireTime } from './test-banking.ts'

const banking = testBanking()
const get = (id: string, key?: string) =>
  banking.call('GET', `/v1/accounts/${id}`, key === undefined ? {} : { key })

test('200: the account', async () => {
  const { customerId, accountId } = await banking.save()
  const answer = await get(accountId)
  expect([answer.status, answer.json]).toEqual([
    200,
    {
      id: accountId,
      customer_id: customerId,
      type: 'DEPOSIT',
      currency: 'USD',
      status: 'ACTIVE',
      nickname: null,
      created_at: expect.stringMatching(wireTime),
    },
  ])
})

test.each(unknownIds('acc'))('404: %s', async (id) => {
  expect(refusalOf(await get(id))).toEqual(refusal(404, 'NOT_FOUND'))
})

test("404: another app's account, in the words for one that is not there", async () => {
  const { accountId } = await banking.save()
  const { key } = await banking.newApp()
  const missing = await get('acc_01h455vb4pex5vsknk084sn02q', key)
  expect((await get(accountId, key)).text).toBe(missing.text)
})
