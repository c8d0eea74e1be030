// Owns the work that follows a registration: making it at the provider, and asking how it stands.
import { inTransaction } from '../../storage/transaction.ts'
import { openConnection } from '../connections/connection-service.ts'
import type { Context } from '../context.ts'
import { permits } from '../customer/banking-status.ts'
import { getCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { type ProviderCustomer, providerErrors, type RemoteState, syncFields } from '../provider.ts'
import { deliverEarlierFiles } from './file-delivery.ts'
import { toProviderCustomer } from './readiness.ts'
import {
  type Progress,
  type PushedField,
  type Registration,
  registrationEvents,
  registrationMachine,
} from './registration.ts'
import { hashPushedValue } from './registration-seal.ts'
import {
  findRegistration,
  holdRegistration,
  isFinal,
  pollJobOf,
  recordRegistration,
  statusRank,
} from './registration-service.ts'
import { updateRegistrationClaimed, updateRegistrationStated } from './registration-store.ts'

/**
 * Makes the customer at the provider. Safe to repeat after a crash at any point: the claim is
 * written before the network, and a repeat looks first, or sends the same idempotency key.
 */
export async function submitToProvider(context: Context, id: string): Promise<Progress> {
  const work = await inTransaction(context, (tx) => claim(tx, id))
  if (!work) return 'done'
  const { registration, customer, isRepeat } = work
  const askedAt = context.clock.now()
  const { adapter, connection } = await openConnection(context, registration.provider)
  const { role, providerData, remoteId } = registration
  const state = await unlessRefused(context, id, () =>
    remoteId === null
      ? adapter.register(connection, { role, customer, providerData, idempotencyKey: id, isRepeat })
      : adapter.read(connection, { remoteId, role }),
  )
  if (!state) return 'done'
  const pushed = syncFields.map((field): PushedField => {
    const valueHash = hashPushedValue(context, field, customer)
    return { field, valueHash, outcome: 'registered', reason: null, pushedAt: askedAt }
  })
  const isNew = remoteId === null
  await inTransaction(context, (tx) =>
    takeOver(tx, id, {
      state,
      statedAt: askedAt,
      ...(isNew ? { pushed } : {}),
      firstPollMs: adapter.firstPollMs,
    }),
  )
  return 'done'
}

/** No provider takes longer over one customer than this; webhooks tell what comes later. */
const pollAgeMsMax = 90 * 24 * 60 * 60 * 1000
const pollMsMax = 6 * 60 * 60 * 1000

/** Asks how a registration stands, with growing waits until the answer is final. */
export async function pollProvider(context: Context, id: string): Promise<Progress> {
  const registration = await findRegistration(context, id)
  if (!registration || registration.remoteId === null) return 'done'
  const { adapter, connection } = await openConnection(context, registration.provider)
  const askedAt = context.clock.now()
  const { remoteId, role, providerData } = registration
  const isWaiting = registration.actionRequired !== null && !isFinal(registration)
  const state =
    adapter.registersAgain && isWaiting
      ? await adapter.register(connection, {
          role,
          customer: toProviderCustomer(await getCustomer(context, registration.customerId)),
          providerData,
          idempotencyKey: id,
          isRepeat: true,
        })
      : await adapter.read(connection, { remoteId, role })
  const after = await inTransaction(context, (tx) => takeOver(tx, id, { state, statedAt: askedAt }))
  const isOver = askedAt - registration.createdAt > pollAgeMsMax
  if (!after || isFinal(after) || isOver) return 'done'
  // What has just changed may change again soon; what has stood for long is asked seldom.
  const stoodMs = askedAt - after.updatedAt
  return { againAfterMs: Math.min(Math.max(stoodMs / 2, adapter.firstPollMs), pollMsMax) }
}

/** The last try failed: the registration says so, and can be submitted again. */
export function giveUpSubmitting(context: Context, id: string, reason: string): Promise<void> {
  return recordFailure(context, id, reason)
}

export interface Statement {
  state: RemoteState
  /** The provider's time of it, or ours of asking: a later statement stands. */
  statedAt: number
  /** The time is the provider's own. */
  isDated?: true
  pushed?: PushedField[]
  firstPollMs?: number
}

/**
 * Inside a transaction: takes a provider's word over unless a later one is known. The same set of
 * statements leads to the same end in any order.
 */
export async function takeOver(
  context: Context,
  id: string,
  statement: Statement,
): Promise<Registration | null> {
  const found = await holdRegistration(context, id)
  if (!found) return null
  const { held, registration } = found
  const { state, statedAt, pushed = [] } = statement
  const isKnown = registration.remoteId !== null
  if (isKnown && !isNewer(registration, statement)) return registration
  if (isKnown && isSameState(registration, state) && pushed.length === 0) {
    // The same word again, later: what was said between the two must not come after it.
    const key = { appId: context.app.id, id }
    if (statement.isDated) await updateRegistrationStated(context.db, { ...key, at: statedAt })
    return registration
  }
  const canMove = registrationMachine.canMove(registration.status, state.status)
  const { status, remoteId, actionRequired, actionUrl, rejectionReason, failureReasons, facts } = {
    ...state,
    status: canMove ? state.status : registration.status,
  }
  const stillAsks = actionRequired !== null && actionRequired === registration.actionRequired
  const next: Registration = {
    ...registration,
    ...{ status, remoteId, actionRequired, actionUrl, rejectionReason, failureReasons, facts },
    statedAt,
    hasSentDocuments: registration.hasSentDocuments && stillAsks,
  }
  const isUnderWay = !isFinal(next)
  const polls =
    statement.firstPollMs !== undefined && isUnderWay
      ? [pollJobOf(context, id, statement.firstPollMs)]
      : []
  const files = isKnown ? [] : await deliverEarlierFiles(context, next)
  const jobs = [...polls, ...files]
  await recordRegistration(context, held, { type: registrationEvents.changed, next, jobs, pushed })
  return next
}

/** By time; at the same instant the further status stands. */
function isNewer(registration: Registration, { state, statedAt }: Statement): boolean {
  const known = registration.statedAt
  if (known === null || statedAt > known) return true
  return statedAt === known && statusRank(state.status) > statusRank(registration.status)
}

function isSameState(registration: Registration, state: RemoteState): boolean {
  return (
    registration.status === state.status &&
    registration.actionRequired === state.actionRequired &&
    registration.rejectionReason === state.rejectionReason &&
    registration.failureReasons.join('\n') === state.failureReasons.join('\n')
  )
}

interface Claim {
  registration: Registration
  customer: ProviderCustomer
  isRepeat: boolean
}

async function claim(tx: Context, id: string): Promise<Claim | null> {
  const found = await holdRegistration(tx, id)
  if (found?.registration.status !== 'submitted') return null
  const { registration, held } = found
  const { bankingStatus } = held.customer
  if (!permits(bankingStatus, 'transact')) {
    const reason = `The banking status of the customer was ${bankingStatus}.`
    await recordFailure(tx, id, reason)
    return null
  }
  const isRepeat = registration.claimedAt !== null
  const at = tx.clock.now()
  if (!isRepeat) await updateRegistrationClaimed(tx.db, { appId: tx.app.id, id, at })
  return { registration, customer: toProviderCustomer(held.customer), isRepeat }
}

/** The provider's refusal ends the registration with its reason; anything else is tried again. */
async function unlessRefused(
  context: Context,
  id: string,
  ask: () => Promise<RemoteState>,
): Promise<RemoteState | null> {
  try {
    return await ask()
  } catch (error) {
    const isRefusal =
      error instanceof AppError && error.definition === providerErrors.provider_rejected
    if (isRefusal) {
      await recordFailure(context, id, error.message)
      return null
    }
    if (error instanceof AppError) await noteFailure(context, id, error.message)
    throw error
  }
}

/** Told to whoever reads the registration while the job is tried again. */
function noteFailure(context: Context, id: string, reason: string): Promise<void> {
  return inTransaction(context, async (tx) => {
    const found = await holdRegistration(tx, id)
    if (!found || found.registration.failureReasons.includes(reason)) return
    const next = { ...found.registration, failureReasons: [reason] }
    await recordRegistration(tx, found.held, { type: registrationEvents.failed, next })
  })
}

function recordFailure(context: Context, id: string, reason: string): Promise<void> {
  return inTransaction(context, async (tx) => {
    const found = await holdRegistration(tx, id)
    if (found?.registration.status !== 'submitted') return
    const next: Registration = {
      ...found.registration,
      status: 'error',
      failureReasons: [reason],
    }
    await recordRegistration(tx, found.held, { type: registrationEvents.failed, next })
  })
}
