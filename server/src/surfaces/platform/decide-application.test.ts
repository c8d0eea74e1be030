// Owns the outcomes of POST /v1/applications/{id}/decision.
import { describe, expect, test } from 'vitest'
import { historyOf } from '../../../../test/history.ts'
import type { ApplicationStatus } from '../../core/applications/application.ts'
import { applicationAs } from '../../core/applications/testing/application-samples.ts'
import { parseId, printId } from '../../lib/id.ts'
import { problem, problemOf, testConnections } from './test-connections.ts'

const platform = testConnections()
const context = () => platform.server.contextOf(platform.server.testApp)

async function applicationIn(status: Exclude<ApplicationStatus, 'PROCESSING'>) {
  const { application } = await applicationAs(context(), status)
  return printId('application', application.id)
}

const decide = (id: string, body: unknown, key?: string) =>
  platform.call(
    'POST',
    `/applications/${id}/decision`,
    key === undefined ? { body } : { body, key },
  )
const reason = 'Documents are in order.'

describe('200', () => {
  test('approve: the customer of the bank arises; actor and reason are in its history', async () => {
    const id = await applicationIn('SUBMITTED')
    const answer = await decide(id, { decision: 'approve', reason })
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({
      id,
      status: 'APPROVED',
      customer_id: expect.stringMatching(/^cust_[0-7][0-9a-hjkmnp-tv-z]{25}$/),
      decision: 'approve',
      reason,
      actor: expect.stringMatching(/^key:/),
      decided_at: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.+Z$/),
    })
    const customerId = parseId('customer', answer.json.customer_id) ?? ''
    const [, approved] = await historyOf(context(), customerId)
    expect(approved).toMatchObject({
      type: 'customer.application.approved',
      actor: answer.json.actor,
      changes: { application: { reason } },
    })
    const seen = await platform.server.call(
      'GET',
      `/banking/v1/customers/${answer.json.customer_id}`,
    )
    expect([seen.status, seen.json.status]).toEqual([200, 'ACTIVE'])
  })

  test.each([
    ['reject', 'REJECTED'],
    ['request_changes', 'CHANGES_REQUESTED'],
  ])('%s: no customer arises', async (decision, status) => {
    const { json } = await decide(await applicationIn('SUBMITTED'), { decision, reason })
    expect(json).toMatchObject({ status, decision, reason, customer_id: null })
  })
})

describe('409', () => {
  test.each([
    ['INCOMPLETE', 'approve', 'READY_FOR_SUBMISSION'],
    ['READY_FOR_SUBMISSION', 'approve', 'INCOMPLETE, SUBMITTED'],
    ['APPROVED', 'approve', 'nothing'],
    ['APPROVED', 'reject', 'nothing'],
    ['REJECTED', 'approve', 'nothing'],
    ['CHANGES_REQUESTED', 'approve', 'SUBMITTED'],
  ] as const)('%s, %s: lists what is allowed', async (status, decision, allowed) => {
    const answer = await decide(await applicationIn(status), { decision, reason })
    expect(problemOf(answer)).toEqual(problem(409, 'application_status_refused'))
    expect(answer.json.detail).toContain(`from ${status} it may become: ${allowed}.`)
  })

  test('approved twice at once: one customer', async () => {
    const id = await applicationIn('SUBMITTED')
    const body = { decision: 'approve', reason }
    const count = async () =>
      (await context().db.selectFrom('customers').select('id').execute()).length
    const before = await count()
    const answers = await Promise.all([decide(id, body), decide(id, body), decide(id, body)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    expect(await count()).toBe(before + 1)
  })
})

test.each<[string, unknown]>([
  ['/decision', { decision: 'accept', reason }],
  ['/decision', { reason }],
  ['/reason', { decision: 'approve' }],
  ['/reason', { decision: 'approve', reason: ' ' }],
  ['/status', { decision: 'approve', reason, status: 'APPROVED' }],
])('refused by the pointer %s, and nothing is decided', async (pointer, body) => {
  const id = await applicationIn('SUBMITTED')
  const answer = await decide(id, body)
  expect([400, 422]).toContain(answer.status)
  expect(answer.json.errors.map((one: { pointer: string }) => one.pointer)).toEqual([pointer])
  expect((await decide(id, { decision: 'approve', reason })).status).toBe(200)
})

test.each(['appl_01h455vb4pex5vsknk084sn02q', 'cust_01h455vb4pex5vsknk084sn02q', 'x'])(
  '404: %s',
  async (id) => {
    const answer = await decide(id, { decision: 'approve', reason })
    expect(problemOf(answer)).toEqual(problem(404, 'application_not_found'))
  },
)

test("404: another app's, and 403: a key of the banking surface alone", async () => {
  const id = await applicationIn('SUBMITTED')
  const { test: other } = await platform.newAppKeys()
  expect((await decide(id, { decision: 'approve', reason }, other)).status).toBe(404)
  const key = await platform.server.createKey(platform.server.testApp, ['applications:write'])
  expect((await decide(id, { decision: 'approve', reason }, key)).status).toBe(403)
})
