// Owns what an operator decides about an application; approval makes the customer of the bank.
import { inTransaction } from '../../storage/transaction.ts'
import { openAccount } from '../accounts/account-service.ts'
import type { Context } from '../context.ts'
import type { HeldCustomer } from '../customer/customer-seal.ts'
import {
  createCustomer,
  holdCustomer,
  recordChange,
  updateCustomer,
} from '../customer/customer-service.ts'
import { checkText } from '../fields.ts'
import { attachPerson } from '../individuals/people-of-application.ts'
import {
  type Application,
  type ApplicationFolder,
  type ApplicationStatus,
  applicationEvents,
  applicationMachine,
  type Decision,
  decisionsKept,
  type MadeDecision,
} from './application.ts'
import {
  type HeldApplication,
  holdApplication,
  holdNamedCustomer,
  writeApplication,
} from './application-change.ts'
import { sealApplication } from './application-seal.ts'
import { updateApplication as updateRow } from './application-store.ts'
import { changesOfRecord, newRecordOf } from './stated-fields.ts'

export const reasonLengthMax = 1_000

const outcomes = {
  approve: { status: 'APPROVED', event: applicationEvents.approved },
  reject: { status: 'REJECTED', event: applicationEvents.rejected },
  request_changes: { status: 'CHANGES_REQUESTED', event: applicationEvents.changesRequested },
} as const satisfies Record<Decision, { status: ApplicationStatus; event: string }>

/**
 * Errors: `field_invalid`, `application_not_found`, `application_status_refused`; of an approval
 * `application_customer_banks` too. Events: `customer.application.approved`, `.rejected` or
 * `.changes_requested` in the customer's history, where there is a customer; of an approval also
 * `customer.created` or `customer.updated` before it, and `customer.account.opened` after it.
 */
export function decideApplication(
  context: Context,
  id: string,
  { decision, reason }: { decision: Decision; reason: string },
): Promise<ApplicationFolder> {
  checkText('reason', reason, reasonLengthMax)
  return inTransaction(context, async (tx) => {
    const held = await holdApplication(tx, id)
    if (decision === 'approve') return approveHeld(tx, held, reason)
    const application = decided(tx, held.application, { decision, reason })
    const customer = await holdForHistory(tx, application)
    const event = { type: outcomes[decision].event, changes: changesOf(application) }
    await writeApplication(tx, { owner: held.owner, application, customer }, event)
    return { ...held, application }
  })
}

/**
 * Inside the transaction that holds the application: customer, individuals and first account arise
 * together or not at all. Errors: `application_status_refused`, `application_customer_banks`.
 */
export async function approveHeld(
  tx: Context,
  held: HeldApplication,
  reason: string,
): Promise<ApplicationFolder> {
  const agreed = decided(tx, held.application, { decision: 'approve', reason })
  const customerId = await saveRecord(tx, agreed)
  const application = { ...agreed, customerId }
  const customer = await holdCustomer(tx, customerId)
  const owner = { ownerId: customerId, dataKey: customer.dataKey }
  const row = sealApplication(tx, held.owner.dataKey, application)
  const attached = held.individuals.map((one) => attachPerson(tx, owner, one))
  const change = {
    type: outcomes.approve.event,
    changes: {
      bankingStatus: 'ACTIVE' as const,
      application: changesOf(application),
      individuals: held.individuals.map(({ id, role }) => ({ id, role })),
    },
  }
  await recordChange(tx, customer, change, (db) => [
    updateRow(db, row),
    ...attached.map((write) => write(db)),
  ])
  const currency = application.accountCurrency
  const named = await holdCustomer(tx, customerId)
  await openAccount(tx, named, { type: 'DEPOSIT', currency, nickname: null })
  const individuals = held.individuals.map((one) => ({ ...one, customerId }))
  return { application, individuals, documents: held.documents }
}

/** What was submitted counts as taken up: it passes through PROCESSING. */
function decided(
  tx: Context,
  application: Application,
  { decision, reason }: { decision: Decision; reason: string },
): Application {
  const { status } = outcomes[decision]
  const isSubmitted = application.status === 'SUBMITTED'
  if (isSubmitted) applicationMachine.checkMove('SUBMITTED', 'PROCESSING')
  applicationMachine.checkMove(isSubmitted ? 'PROCESSING' : application.status, status)
  const now = tx.clock.now()
  const made: MadeDecision = { decision, reason, actor: tx.actor, at: now }
  const decisions = [...application.decisions, made].slice(-decisionsKept)
  return { ...application, status, decisions, decidedAt: now, updatedAt: now }
}

/** The record that becomes a customer of the bank: a new one, or the one that was named. */
async function saveRecord(tx: Context, application: Application): Promise<string> {
  const named = await holdNamedCustomer(tx, application)
  if (named === null) return (await createCustomer(tx, newRecordOf(application))).id
  const { id } = named.customer
  await updateCustomer(tx, id, (current) => changesOfRecord(application, current))
  return id
}

/** A CLOSED customer does not change any more, not even by a refusal of its application. */
async function holdForHistory(
  tx: Context,
  { customerId }: Application,
): Promise<HeldCustomer | null> {
  if (customerId === null) return null
  const held = await holdCustomer(tx, customerId)
  return held.customer.bankingStatus === 'CLOSED' ? null : held
}

function changesOf({ id, status, decisions }: Application) {
  return { id, status, reason: decisions.at(-1)?.reason }
}
