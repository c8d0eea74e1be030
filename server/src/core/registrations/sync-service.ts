// Owns pushing fields of the record to a provider: scheduled with the call, done by a job.
import { insertJob } from '../../storage/job-queue.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { findOpener, openConnection } from '../connections/connection-service.ts'
import type { Context } from '../context.ts'
import { permits } from '../customer/banking-status.ts'
import { getCustomer, holdCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import {
  type FieldOutcome,
  type ProviderCustomer,
  type ProviderName,
  providerErrors,
  type SyncField,
} from '../provider.ts'
import { enforce } from '../rules.ts'
import { toProviderCustomer } from './readiness.ts'
import {
  type Progress,
  type PushedField,
  type Registration,
  registrationEvents,
  registrationJobs,
} from './registration.ts'
import { hashPushedValue } from './registration-seal.ts'
import {
  holdRegistration,
  jobOf,
  listRegistrations,
  recordRegistration,
} from './registration-service.ts'
import { isPushable, pushRules, reachRules } from './submission.ts'
import { insertSync, type Sync, selectSync, updateSyncEnded } from './sync-store.ts'

export type { Sync } from './sync-store.ts'

/**
 * Errors: `customer_not_found`, `customer_status_forbids`, `registration_not_found`,
 * `connection_missing`, `connection_mode_differs`.
 */
export function createSync(
  context: Context,
  customerId: string,
  input: { provider: ProviderName; fields: SyncField[] },
): Promise<Sync> {
  return inTransaction(context, async (tx) => {
    // Held, so that the bank cannot stop the customer between this look and the commit.
    const { customer } = await holdCustomer(tx, customerId)
    const registrations = await listRegistrations(tx, customerId)
    const open = await findOpener(tx, input.provider)
    const target = { provider: input.provider, role: null }
    enforce([...reachRules(customer, open), ...pushRules(registrations, target)])
    const sync: Sync = {
      id: tx.ids(),
      customerId,
      provider: input.provider,
      fields: [...new Set(input.fields)],
      status: 'scheduled',
      reason: null,
      createdAt: tx.clock.now(),
      endedAt: null,
    }
    await insertSync(tx.db, tx.app.id, sync)
    await insertJob(tx.db, jobOf(tx, registrationJobs.sync, sync.id)).execute()
    return sync
  })
}

/** Pushes to every role that the customer has at the provider. Safe to repeat. */
export async function pushSync(context: Context, id: string): Promise<Progress> {
  const sync = await selectSync(context.db, { appId: context.app.id, id })
  if (sync?.status !== 'scheduled') return 'done'
  const stopped = await findStop(context, sync.customerId)
  if (stopped !== null) {
    await endSync(context, id, stopped)
    return 'done'
  }
  const registrations = await listRegistrations(context, sync.customerId)
  const targets = registrations.filter((one) =>
    isPushable(one, { provider: sync.provider, role: null }),
  )
  // Still on its way to the provider: pushed when it has arrived.
  if (targets.some(({ remoteId }) => remoteId === null)) return 'again'
  const failures: string[] = []
  for (const target of targets) {
    const outcomes = await pushTo(context, sync, target)
    const failed = outcomes.filter(({ outcome }) => outcome === 'failed')
    failures.push(...failed.map(({ field, reason }) => `${field}: ${reason ?? 'failed'}`))
  }
  const reason = targets.length === 0 ? 'The customer is not registered there any more.' : null
  await endSync(context, id, failures.length > 0 ? failures.join('; ') : reason)
  return 'done'
}

/** Why nothing may be pushed any more: the bank has stopped the customer since it was asked for. */
async function findStop(context: Context, customerId: string): Promise<string | null> {
  const { bankingStatus } = await getCustomer(context, customerId)
  if (permits(bankingStatus, 'transact')) return null
  return `The banking status of the customer was ${bankingStatus}.`
}

/** The last try failed. */
export function giveUpSync(context: Context, id: string, reason: string): Promise<void> {
  return endSync(context, id, reason)
}

async function pushTo(context: Context, sync: Sync, target: Registration): Promise<FieldOutcome[]> {
  const { remoteId, role } = target
  if (remoteId === null) return []
  const customer = toProviderCustomer(await getCustomer(context, sync.customerId))
  const { adapter, connection } = await openConnection(context, sync.provider)
  const idempotencyKey = `${sync.id}:${target.id}`
  const push = { customer, fields: sync.fields, idempotencyKey }
  const pushedAt = context.clock.now()
  const outcomes = await adapter
    .push(connection, { remoteId, role }, push)
    .catch((error: unknown) => refusedOutcomes(error, sync.fields))
  const pushed = outcomes.map((outcome) => toPushedField(context, customer, outcome, pushedAt))
  await inTransaction(context, async (tx) => {
    const found = await holdRegistration(tx, target.id)
    if (!found) return
    const { held, registration: next } = found
    const facts = { sync: { id: sync.id, outcomes } }
    await recordRegistration(tx, held, { type: registrationEvents.synced, next, pushed, facts })
  })
  return outcomes
}

function toPushedField(
  context: Context,
  customer: ProviderCustomer,
  { field, outcome, reason }: FieldOutcome,
  pushedAt: number,
): PushedField {
  return { field, valueHash: hashPushedValue(context, field, customer), outcome, reason, pushedAt }
}

/** The provider's refusal is an outcome of every field; anything else is tried again. */
function refusedOutcomes(error: unknown, fields: SyncField[]): FieldOutcome[] {
  const isRefusal =
    error instanceof AppError && error.definition === providerErrors.provider_rejected
  if (!isRefusal) throw error
  return fields.map((field) => ({ field, outcome: 'failed', reason: error.message }))
}

function endSync(context: Context, id: string, reason: string | null): Promise<void> {
  return inTransaction(context, (tx) => {
    const status = reason === null ? 'done' : 'failed'
    const end = { status, reason, endedAt: tx.clock.now() } as const
    return updateSyncEnded(tx.db, { appId: tx.app.id, id }, end)
  })
}
