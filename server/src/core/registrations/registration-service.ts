// Owns what may happen to a registration: opening, submitting, refreshing, and what it records.
import type { Kysely } from 'kysely'
import type { Json } from '../../lib/canonical.ts'
import { type NewJob, upsertJob } from '../../storage/job-queue.ts'
import type { Tables } from '../../storage/tables.ts'
import { inTransaction } from '../../storage/transaction.ts'
import type { Write } from '../../storage/write-together.ts'
import { findOpener } from '../connections/connection-service.ts'
import type { Context } from '../context.ts'
import type { HeldCustomer } from '../customer/customer-seal.ts'
import { holdCustomer, recordChange, requireCustomer } from '../customer/customer-service.ts'
import { type ProviderName, type ProviderRole, remoteStatuses } from '../provider.ts'
import { enforce } from '../rules.ts'
import { toProviderCustomer } from './readiness.ts'
import {
  type PushedField,
  type Registration,
  registrationEvents,
  registrationJobs,
} from './registration.ts'
import { openRegistration, sealRegistration } from './registration-seal.ts'
import {
  insertRegistration,
  type StoredPushedField,
  selectPushedFields,
  selectRegistration,
  selectRegistrations,
  updateRegistration,
  upsertPushedField,
} from './registration-store.ts'
import { standingOf } from './standing.ts'
import { judgeSubmission, reachRules, roleRules } from './submission.ts'

export interface NewRegistration {
  provider: ProviderName
  role: ProviderRole
  /** Beside what was given before. */
  providerData?: Record<string, Json>
}

/** A registration with what was pushed of it. */
export type RegistrationView = Registration & { fields: PushedField[] }

/** Oldest first. Errors: `customer_not_found`. */
export async function listRegistrations(
  context: Context,
  customerId: string,
): Promise<RegistrationView[]> {
  const dataKey = await requireCustomer(context, customerId)
  const appId = context.app.id
  const stored = await selectRegistrations(context.db, { appId, customerId })
  const registrationIds = stored.map(({ id }) => id)
  const pushed = await selectPushedFields(context.db, { appId, registrationIds })
  return stored.map((one) => ({
    ...openRegistration(context, one, dataKey),
    fields: pushed.filter(({ registrationId }) => registrationId === one.id),
  }))
}

/** As `listRegistrations`, without what was pushed: of a customer whose key is at hand. */
export async function registrationsOf(
  context: Context,
  { customer, dataKey }: Pick<HeldCustomer, 'customer' | 'dataKey'>,
): Promise<Registration[]> {
  const filter = { appId: context.app.id, customerId: customer.id }
  const stored = await selectRegistrations(context.db, filter)
  return stored.map((one) => openRegistration(context, one, dataKey))
}

/**
 * Opens the registration if there is none, and submits it when nothing is missing; the provider is
 * asked by a job. One that is under way is left as it is. Errors: `customer_not_found`,
 * `customer_status_forbids`,
 * `role_unsupported`, `connection_missing`, `connection_mode_differs`.
 */
export function submitRegistration(
  context: Context,
  customerId: string,
  input: NewRegistration,
): Promise<void> {
  return inTransaction(context, async (tx) => {
    const held = await holdCustomer(tx, customerId)
    const { customer } = held
    const adapter = tx.providers.adapters[input.provider]
    // Refused here already, not by the job.
    const open = await findOpener(tx, input.provider)
    enforce([...reachRules(customer, open), ...roleRules(adapter, input)])
    const { registrations } = await readAll(tx, held)
    const known = registrations.find(
      ({ provider, role }) => provider === input.provider && role === input.role,
    )
    const submission = judgeSubmission(customer, adapter, known ?? null, input)
    const { isLinked, providerData, missing } = submission
    if (known && !submission.canSubmit) return
    const before = known ?? newRegistration(tx, customerId, input)
    const isSubmitted = missing.length === 0
    const next: Registration = {
      ...before,
      providerData,
      missing,
      remoteId: isLinked ? null : before.remoteId,
      status: isSubmitted ? 'submitted' : before.status,
      failureReasons: isSubmitted ? [] : before.failureReasons,
      rejectionReason: isSubmitted ? null : before.rejectionReason,
    }
    const type = isSubmitted ? registrationEvents.submitted : registrationEvents.opened
    const jobs = isSubmitted ? [jobOf(tx, registrationJobs.submit, next.id)] : []
    await recordRegistration(tx, held, { type, next, isNew: !known, jobs })
  })
}

/** Asks the providers again for every registration that they know. Errors: `customer_not_found`. */
export function refreshRegistrations(context: Context, customerId: string): Promise<void> {
  return inTransaction(context, async (tx) => {
    const held = await holdCustomer(tx, customerId)
    const { registrations } = await readAll(tx, held)
    for (const { id, remoteId } of registrations) {
      if (remoteId === null) continue
      await upsertJob(tx.db, pollJobOf(tx, id, 0)).execute()
    }
  })
}

export interface RegistrationChange {
  type: string
  next: Registration
  isNew?: boolean
  jobs?: NewJob[]
  pushed?: PushedField[]
  /** Beside the registration, for the history. */
  facts?: Record<string, unknown>
}

/**
 * Inside a transaction that holds the customer: writes the registration, what it makes of the
 * customer's standing, and the event that says both.
 */
export async function recordRegistration(
  context: Context,
  held: HeldCustomer,
  change: RegistrationChange,
): Promise<void> {
  const { type, isNew = false, jobs = [], pushed = [] } = change
  const appId = context.app.id
  const next = { ...change.next, updatedAt: context.clock.now() }
  const all = await readAll(context, held)
  const registrations = [...all.registrations.filter(({ id }) => id !== next.id), next]
  const isReplaced = (one: StoredPushedField) =>
    one.registrationId === next.id && pushed.some(({ field }) => field === one.field)
  const fields = [
    ...all.pushed.filter((one) => !isReplaced(one)),
    ...pushed.map((one) => ({ ...one, registrationId: next.id })),
  ]
  const customer = { ...held.customer, ...toProviderCustomer(held.customer) }
  const standing = standingOf(context, customer, registrations, fields)
  const stored = sealRegistration(context, next, held.dataKey)
  const write = isNew ? insertRegistration : updateRegistration
  const writes = (db: Kysely<Tables>): Write[] => [
    write(db, stored),
    ...pushed.map((one) => upsertPushedField(db, { appId, registrationId: next.id }, one)),
    ...jobs.map((job) => upsertJob(db, job)),
  ]
  const changes = { ...standing, registration: next, ...change.facts }
  await recordChange(context, held, { type, changes }, writes)
}

/** Holds the customer and opens one of its registrations; `null` when it is gone. */
export async function holdRegistration(
  context: Context,
  id: string,
): Promise<{ held: HeldCustomer; registration: Registration } | null> {
  const key = { appId: context.app.id, id }
  const found = await selectRegistration(context.db, key)
  if (!found) return null
  const held = await holdCustomer(context, found.customerId)
  // Read again under the lock: what was read before it may have changed meanwhile.
  const stored = await selectRegistration(context.db, key)
  if (!stored) return null
  return { held, registration: openRegistration(context, stored, held.dataKey) }
}

export async function findRegistration(context: Context, id: string): Promise<Registration | null> {
  const stored = await selectRegistration(context.db, { appId: context.app.id, id })
  if (!stored) return null
  return openRegistration(context, stored, await requireCustomer(context, stored.customerId))
}

export function jobOf(context: Context, kind: string, subjectId: string, delayMs = 0): NewJob {
  const createdAt = context.clock.now()
  const appId = context.app.id
  return { appId, id: context.ids(), kind, subjectId, runAt: createdAt + delayMs, createdAt }
}

/** One a registration: asked for again while it waits, it is only brought forward. */
export function pollJobOf(context: Context, registrationId: string, delayMs: number): NewJob {
  return { ...jobOf(context, registrationJobs.poll, registrationId, delayMs), id: registrationId }
}

/** Whether what a provider says of the registration will not change by itself any more. */
export function isFinal({ status }: Registration): boolean {
  return status === 'approved' || status === 'rejected' || status === 'cancelled'
}

/** Orders two words of a provider about the same instant. */
export function statusRank(status: string): number {
  return (remoteStatuses as readonly string[]).indexOf(status)
}

async function readAll(context: Context, held: HeldCustomer) {
  const registrations = await registrationsOf(context, held)
  const registrationIds = registrations.map(({ id }) => id)
  const appId = context.app.id
  return {
    registrations,
    pushed: await selectPushedFields(context.db, { appId, registrationIds }),
  }
}

function newRegistration(
  context: Context,
  customerId: string,
  input: NewRegistration,
): Registration {
  const now = context.clock.now()
  return {
    id: context.ids(),
    customerId,
    provider: input.provider,
    role: input.role,
    status: 'not_submitted',
    remoteId: null,
    actionRequired: null,
    statedAt: null,
    claimedAt: null,
    createdAt: now,
    updatedAt: now,
    providerData: {},
    facts: {},
    actionUrl: null,
    rejectionReason: null,
    failureReasons: [],
    missing: [],
    hasSentDocuments: false,
  }
}
