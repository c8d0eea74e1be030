// Owns the outcomes of POST /v1/customers/{id}/registrations/{registration_id}/move; the moves
// themselves are proven at the core's registration-move.ts.
import { describe, expect, test } from 'vitest'
import { historyOf } from '../../../../test/history.ts'
import type { Context } from '../../core/context.ts'
import { createCustomer } from '../../core/customer/customer-service.ts'
import {
  listRegistrations,
  submitRegistration,
} from '../../core/registrations/registration-service.ts'
import { printId } from '../../lib/id.ts'
import { problem, problemOf, testConnections } from './test-connections.ts'

const platform = testConnections()
const context = (): Context => platform.server.contextOf(platform.server.testApp)
const reason = 'Agreed with the provider by telephone'

async function registered() {
  await platform.saveBridge()
  const { id: customerId } = await createCustomer(context(), { kind: 'individual', name: 'Ana' })
  await submitRegistration(context(), customerId, { provider: 'bridge', role: 'customer' })
  const [registration] = await listRegistrations(context(), customerId)
  return {
    customerId,
    id: printId('customer', customerId),
    registrationId: printId('registration', registration?.id ?? ''),
  }
}
const move = (id: string, registrationId: string, body: unknown, more: object = {}) =>
  platform.call('POST', `/customers/${id}/registrations/${registrationId}/move`, { body, ...more })

describe('200', () => {
  test('where it stands; actor and reason are in the history', async () => {
    const { customerId, id, registrationId } = await registered()
    const headers = { 'clientele-operator': 'ana' }
    const answer = await move(id, registrationId, { status: 'cancelled', reason }, { headers })
    expect(answer.status).toBe(200)
    expect(answer.json).toMatchObject({ id: registrationId, status: 'cancelled', fields: [] })
    const listed = await platform.call('GET', `/customers/${id}/registrations`)
    expect(listed.json.data).toEqual([answer.json])
    expect((await historyOf(context(), customerId)).at(-1)).toMatchObject({
      type: 'customer.registration.moved',
      actor: expect.stringMatching(/^key:[0-9a-f-]{36} operator:ana$/),
      changes: { from: 'not_submitted', reason, registration: { status: 'cancelled' } },
    })
  })
})

test('403: a key of another surface', async () => {
  const { id, registrationId } = await registered()
  const key = await platform.server.createKey(platform.server.testApp, ['orchestration:write'])
  const answer = await move(id, registrationId, { status: 'cancelled', reason }, { key })
  expect(problemOf(answer)).toEqual(problem(403, 'scope_missing'))
})

test("404: another customer's, another app's, and none", async () => {
  const one = await registered()
  const other = await registered()
  const body = { status: 'cancelled', reason }
  const missing = problem(404, 'registration_not_found')
  expect(problemOf(await move(one.id, other.registrationId, body))).toEqual(missing)
  expect(problemOf(await move(one.id, 'x', body))).toEqual(missing)
  const { test: key } = await platform.newAppKeys()
  const foreign = await move(one.id, one.registrationId, body, { key })
  expect(problemOf(foreign)).toEqual(problem(404, 'customer_not_found'))
  expect((await move(one.id, one.registrationId, body)).status).toBe(200)
})

test('409: a move that the machine does not have lists those that it has', async () => {
  const { id, registrationId } = await registered()
  const answer = await move(id, registrationId, { status: 'approved', reason })
  expect(problemOf(answer)).toEqual(problem(409, 'registration_move_refused'))
  expect(answer.json.detail).toContain('from not_submitted it may become: submitted, cancelled.')
})

test.each<[string, object]>([
  ['/status', { status: 'gone', reason }],
  ['/status', { reason }],
  ['/reason', { status: 'cancelled' }],
  ['/reason', { status: 'cancelled', reason: ' ' }],
  ['/reason', { status: 'cancelled', reason: 'x'.repeat(501) }],
])('422 at %s: %j', async (pointer, body) => {
  const { id, registrationId } = await registered()
  const answer = await move(id, registrationId, body)
  expect(problemOf(answer)).toEqual(problem(422, 'field_invalid', pointer))
})
