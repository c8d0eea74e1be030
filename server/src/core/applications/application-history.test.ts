// Owns random histories of one application on a real database, held against a model of it.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import type { Context } from '../context.ts'
import { createCustomer, getCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { type ApplicationStatus, changeableStatuses, type Decision } from './application.ts'
import { decideApplication } from './application-decision.ts'
import { getApplication, submitApplication, updateApplication } from './application-service.ts'
import { completeApplication } from './testing/application-samples.ts'

let server: TestServer
let context: Context

beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())

const moves = ['submit', 'approve', 'reject', 'request_changes', 'spoil', 'repair'] as const
type Move = (typeof moves)[number]

interface Model {
  status: ApplicationStatus
  isComplete: boolean
}

const decided: Record<Decision, ApplicationStatus> = {
  approve: 'APPROVED',
  reject: 'REJECTED',
  request_changes: 'CHANGES_REQUESTED',
}

/** What the contract says of a move; `null`: refused. */
function expectedAfter({ status, isComplete }: Model, move: Move): Model | null {
  if (move === 'spoil' || move === 'repair') {
    if (!changeableStatuses.includes(status)) return null
    const next = move === 'repair'
    const follows = next ? 'READY_FOR_SUBMISSION' : 'INCOMPLETE'
    return {
      status: status === 'CHANGES_REQUESTED' ? status : follows,
      isComplete: next,
    }
  }
  if (move === 'submit') {
    const may = changeableStatuses.includes(status) && isComplete
    return may ? { status: 'SUBMITTED', isComplete } : null
  }
  return status === 'SUBMITTED' ? { status: decided[move], isComplete } : null
}

function make(id: string, move: Move): Promise<unknown> {
  if (move === 'submit') return submitApplication(context, id)
  if (move === 'spoil') return updateApplication(context, id, { isTermsAccepted: false })
  if (move === 'repair') return updateApplication(context, id, { isTermsAccepted: true })
  return decideApplication(context, id, { decision: move, reason: 'By the dice.' })
}

async function isRefused(work: Promise<unknown>): Promise<boolean> {
  try {
    await work
    return false
  } catch (error) {
    if (error instanceof AppError && error.definition.kind === 'conflict') return true
    throw error
  }
}

test('every history ends as the contract says, with a customer exactly when it was approved', async () => {
  const histories = fc.tuple(fc.boolean(), fc.array(fc.constantFrom(...moves), { maxLength: 12 }))
  await fc.assert(
    fc.asyncProperty(histories, async ([isNamed, history]) => {
      const record = isNamed ? await createCustomer(context, { kind: 'individual' }) : null
      const { id } = (await completeApplication(context, { customerId: record?.id })).application
      const before = (await context.db.selectFrom('customers').select('id').execute()).length
      let model: Model = { status: 'READY_FOR_SUBMISSION', isComplete: true }
      for (const move of history) {
        const next = expectedAfter(model, move)
        expect([move, model.status, await isRefused(make(id, move))]).toEqual([
          move,
          model.status,
          next === null,
        ])
        model = next ?? model
      }
      const { application } = await getApplication(context, id)
      expect(application.status).toBe(model.status)
      const isApproved = model.status === 'APPROVED'
      const { customerId } = application
      const customer = customerId === null ? null : await getCustomer(context, customerId)
      expect(customer?.bankingStatus ?? null).toBe(isApproved ? 'ACTIVE' : null)
      const after = (await context.db.selectFrom('customers').select('id').execute()).length
      expect(after - before).toBe(isApproved && !isNamed ? 1 : 0)
    }),
    { numRuns: 40 },
  )
})
