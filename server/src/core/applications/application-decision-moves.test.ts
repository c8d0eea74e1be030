// Owns which decision is taken in which status: every pair of them.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { fieldRefusal, refused } from '../../../../test/refused.ts'
import type { Context } from '../context.ts'
import { type ApplicationStatus, applicationErrors, decisions } from './application.ts'
import { decideApplication } from './application-decision.ts'
import { getApplication } from './application-service.ts'
import { applicationAs } from './testing/application-samples.ts'

let server: TestServer
let context: Context

beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())

const reason = 'Documents are in order.'
const as = async (status: Exclude<ApplicationStatus, 'PROCESSING'>, more: object = {}) =>
  (await applicationAs(context, status, more)).application
const statuses = [
  'INCOMPLETE',
  'READY_FOR_SUBMISSION',
  'SUBMITTED',
  'APPROVED',
  'REJECTED',
  'CHANGES_REQUESTED',
] as const
const pairs = statuses.flatMap((status) =>
  decisions.map((decision): [(typeof statuses)[number], (typeof decisions)[number]] => [
    status,
    decision,
  ]),
)
const becomes = { approve: 'APPROVED', reject: 'REJECTED', request_changes: 'CHANGES_REQUESTED' }

test.each(pairs)(
  '%s, %s: decided where it was submitted, refused elsewhere',
  async (status, decision) => {
    const application = await as(status)
    const decide = () => decideApplication(context, application.id, { decision, reason })
    if (status === 'SUBMITTED') {
      expect((await decide()).application.status).toBe(becomes[decision])
      return
    }
    const error = await refused(decide)
    expect(error.definition).toBe(applicationErrors.application_status_refused)
    const moved = `It is ${status} and cannot become ${becomes[decision]}`
    const words = `${moved}; from ${status} it may become: `
    expect(error.message).toContain(words)
    expect((await getApplication(context, application.id)).application).toEqual(application)
  },
)

test.each(decisions)('PROCESSING, %s: decided', async (decision) => {
  const { id } = await as('SUBMITTED')
  await server.system.database.transaction((db) =>
    db.updateTable('applications').set({ status: 'PROCESSING' }).where('id', '=', id).execute(),
  )
  const { application } = await decideApplication(context, id, { decision, reason })
  expect(application.status).toBe(becomes[decision])
})

test('a decision has a reason, and another app has no such application', async () => {
  const { id } = await as('SUBMITTED')
  const decide =
    (text: string, app = context) =>
    () =>
      decideApplication(app, id, { decision: 'approve', reason: text })
  expect(await fieldRefusal(decide(' '))).toBe('reason: is blank')
  expect(await fieldRefusal(decide('x'.repeat(1_001)))).toBe(
    'reason: is longer than 1000 characters',
  )
  const { definition } = await refused(decide(reason, server.contextOf(server.liveApp)))
  expect(definition).toBe(applicationErrors.application_not_found)
  expect((await getApplication(context, id)).application.status).toBe('SUBMITTED')
})
