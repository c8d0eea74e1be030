// Owns the outcomes of POST /v1/customers/{id}/status.
import { describe, expect, test } from 'vitest'
import { makeBankingCustomer } from '../../../../test/banking-customers.ts'
import { historyOf } from '../../../../test/history.ts'
import { createCustomer } from '../../core/customer/customer-service.ts'
import { parseId, printId } from '../../lib/id.ts'
import { problem, problemOf, testConnections, wireTime } from './test-connections.ts'

const connections = testConnections()
const context = () => connections.server.contextOf(connections.server.testApp)
const save = async () => (await makeBankingCustomer(context())).customerId
const reason = 'Report of a stolen card'
const move = (id: string, body: object, key?: string) =>
  connections.call('POST', `/customers/${id}/status`, key === undefined ? { body } : { body, key })
const history = (id: string) => historyOf(context(), parseId('customer', id) ?? '')

describe('200', () => {
  test('where the customer stands, and what it may become', async () => {
    const id = await save()
    const answer = await move(id, { status: 'FROZEN', reason })
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({
      id,
      status: 'FROZEN',
      moves: ['ACTIVE', 'CLOSED', 'EDD'],
      updated_at: expect.stringMatching(wireTime),
    })
    const { json } = await connections.server.call('GET', `/banking/v1/customers/${id}`)
    expect([json.status, json.accounts[0].status]).toEqual(['FROZEN', 'FROZEN'])
    expect((await history(id)).at(-1)).toMatchObject({
      type: 'customer.banking_status.changed',
      actor: expect.stringMatching(/^key:/),
      changes: { bankingStatus: 'FROZEN', from: 'ACTIVE', reason, accounts: 'FROZEN' },
    })
  })

  test('from the status that was decided upon', async () => {
    const id = await save()
    expect((await move(id, { status: 'EDD', reason, from: 'ACTIVE' })).json.status).toBe('EDD')
  })

  test('the end has no moves', async () => {
    const id = await save()
    expect((await move(id, { status: 'CLOSED', reason })).json.moves).toEqual([])
  })

  test('a repeat with one idempotency key is one move', async () => {
    const id = await save()
    const headers = { 'idempotency-key': 'freeze once' }
    const send = () =>
      connections.call('POST', `/customers/${id}/status`, {
        headers,
        body: { status: 'FROZEN', reason },
      })
    const [first, again] = [await send(), await send()]
    expect([again.status, again.text]).toEqual([200, first.text])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
  })
})

describe('409', () => {
  test('a move that the table does not have lists those that it has', async () => {
    const id = await save()
    await move(id, { status: 'DORMANT', reason })
    const answer = await move(id, { status: 'FROZEN', reason })
    expect(problemOf(answer)).toEqual(problem(409, 'customer_status_refused'))
    expect(answer.json.detail).toContain('It is DORMANT and cannot become FROZEN')
    expect(answer.json.detail).toContain('may become: ACTIVE, CLOSED, EDD.')
  })

  test('who was too late is told the state that it lost to', async () => {
    const id = await save()
    const answers = await Promise.all([
      move(id, { status: 'FROZEN', reason, from: 'ACTIVE' }),
      move(id, { status: 'CLOSED', reason, from: 'ACTIVE' }),
    ])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const won = answers.find(({ status }) => status === 200)
    const lost = answers.find(({ status }) => status === 409)
    if (!won || !lost) throw new Error('one wins and one loses')
    expect(problemOf(lost)).toEqual(problem(409, 'customer_status_refused', '/from'))
    expect(lost.json.detail).toContain(`The customer is ${won.json.status} and not ACTIVE`)
  })

  test('a record of which no application was approved', async () => {
    const { id } = await createCustomer(context(), { kind: 'individual', name: 'Alice Smith' })
    const answer = await move(printId('customer', id), { status: 'FROZEN', reason })
    expect(problemOf(answer)).toEqual(problem(409, 'customer_not_banking'))
  })
})

describe('422', () => {
  test.each<[string, object, string]>([
    ['no status', { reason }, '/status'],
    ['no status of the bank', { status: 'frozen', reason }, '/status'],
    ['no reason', { status: 'FROZEN' }, '/reason'],
    ['an empty reason', { status: 'FROZEN', reason: '' }, '/reason'],
    ['a blank reason', { status: 'FROZEN', reason: ' ' }, '/reason'],
    ['a long reason', { status: 'FROZEN', reason: 'x'.repeat(501) }, '/reason'],
    ['a beginning that is none', { status: 'FROZEN', reason, from: 'x' }, '/from'],
    ['an unknown member', { status: 'FROZEN', reason, actor: 'me' }, '/actor'],
  ])('%s', async (_name, body, pointer) => {
    const id = await save()
    const before = await history(id)
    expect(problemOf(await move(id, body))).toEqual(problem(422, 'field_invalid', pointer))
    expect(await history(id)).toEqual(before)
  })
})

test('403: a key that may read alone', async () => {
  const { server } = connections
  const key = await server.createKey(server.testApp, ['platform:read', 'banking:write'])
  const answer = await move(await save(), { status: 'FROZEN', reason }, key)
  expect(problemOf(answer)).toEqual(problem(403, 'scope_missing'))
})

test.each(['cust_01h455vb4pex5vsknk084sn02q', 'x'])('404: %s', async (id) => {
  const answer = await move(id, { status: 'FROZEN', reason })
  expect(problemOf(answer)).toEqual(problem(404, 'customer_not_found'))
})

test("404: another app's customer, who stays as it was", async () => {
  const id = await save()
  const { live } = await connections.newAppKeys()
  const answer = await move(id, { status: 'FROZEN', reason }, live)
  expect(problemOf(answer)).toEqual(problem(404, 'customer_not_found'))
  expect((await history(id)).at(-1)?.type).not.toBe('customer.banking_status.changed')
})
