// Owns what providers tell us by webhook: signature first, stored once, then taken over.
import { parseId } from '../../lib/id.ts'
import { insertJob } from '../../storage/job-queue.ts'
import { inTransaction } from '../../storage/transaction.ts'
import type { Place } from '../../vault/vault.ts'
import { connectionErrors } from '../connections/connection.ts'
import {
  getConnectionApp,
  openConnectionById,
  openConnectionKey,
} from '../connections/connection-service.ts'
import { type Context, contextOf, type System } from '../context.ts'
import { AppError } from '../errors.ts'
import {
  type ProviderName,
  type ProviderNotice,
  providerNames,
  type WebhookDelivery,
} from '../provider.ts'
import {
  deleteOldNotices,
  insertNotice,
  type StoredNotice,
  selectNotice,
  updateNoticeApplied,
} from './notice-store.ts'
import { type Progress, registrationJobs } from './registration.ts'
import { jobOf } from './registration-service.ts'
import { selectRegistrationIdsByRemote } from './registration-store.ts'
import { pollProvider, takeOver } from './registration-work.ts'

/** What came in at `/hooks/{provider}/{connection}`. */
export interface HookCall extends Omit<WebhookDelivery, 'receivedAt'> {
  provider: string
  connectionId: string
}

/**
 * The signature is checked with the connection's secret, so the connection names the app. Errors:
 * those of `receiveWebhook`.
 */
export async function receiveHook(system: System, call: HookCall): Promise<number> {
  const provider = providerNames.find((name) => name === call.provider)
  const connectionId = parseId('connection', call.connectionId)
  if (provider === undefined || connectionId === null) {
    throw new AppError(connectionErrors.connection_not_found)
  }
  const app = await getConnectionApp(system, connectionId)
  const context = contextOf(system, { app, actor: `provider:${provider}` })
  const { headers, query, body } = call
  const delivery = { headers, query, body, receivedAt: system.clock.now() }
  return receiveWebhook(context, { provider, connectionId }, delivery)
}

/**
 * Stores each fact once by the provider's id of it; answers how many were new. Errors:
 * `connection_not_found`, `webhook_signature_invalid`, `webhook_malformed`.
 */
export async function receiveWebhook(
  context: Context,
  source: { provider: ProviderName; connectionId: string },
  delivery: WebhookDelivery,
): Promise<number> {
  const key = { id: source.connectionId, provider: source.provider }
  const { adapter, connection } = await openConnectionById(context, key)
  const notices = await adapter.parseWebhook(connection, delivery)
  return inTransaction(context, async (tx) => {
    let count = 0
    for (const notice of notices) {
      const id = tx.ids()
      const stored = await sealNotice(tx, source, { id, notice, receivedAt: delivery.receivedAt })
      if (!(await insertNotice(tx.db, stored))) continue
      count += 1
      if (notice.change.kind === 'ignored' || notice.remoteId === null) continue
      await insertJob(tx.db, jobOf(tx, registrationJobs.notice, id)).execute()
    }
    return count
  })
}

/** A notice can overtake the answer that tells us the remote id: it waits this long for it. */
const strangerAgeMsMax = 60 * 60 * 1000

/** Takes a stored notice over. Safe to repeat, and in any order. */
export async function applyNotice(context: Context, id: string): Promise<Progress> {
  const stored = await selectNotice(context.db, { appId: context.app.id, id })
  if (!stored || stored.appliedAt !== null || stored.remoteId === null) return 'done'
  const { provider, notice } = await openNotice(context, stored)
  const { remoteId } = stored
  const appId = context.app.id
  const ids = await selectRegistrationIdsByRemote(context.db, { appId, provider, remoteId })
  const isYoung = context.clock.now() - stored.receivedAt < strangerAgeMsMax
  if (ids.length === 0 && isYoung) return 'again'
  const { change, occurredAt } = notice
  if (change.kind === 'reread') for (const one of ids) await pollProvider(context, one)
  await inTransaction(context, async (tx) => {
    if (change.kind === 'state') {
      const statement = { state: change.state, statedAt: occurredAt, isDated: true } as const
      for (const one of ids) await takeOver(tx, one, statement)
    }
    await updateNoticeApplied(tx.db, { appId, id, at: tx.clock.now() })
  })
  return 'done'
}

/** Providers retry for days; after as many no event comes a second time. */
export const noticeAgeMsMax = 30 * 24 * 60 * 60 * 1000

/** Deletes notices that are past their age; answers how many went. */
export function forgetNotices(context: Context, limit: number): Promise<number> {
  const before = context.clock.now() - noticeAgeMsMax
  return inTransaction(context, (tx) =>
    deleteOldNotices(tx.db, { appId: tx.app.id, before, limit }),
  )
}

interface SealedContent {
  provider: ProviderName
  notice: ProviderNotice
}

async function sealNotice(
  context: Context,
  source: { provider: ProviderName; connectionId: string },
  received: { id: string; notice: ProviderNotice; receivedAt: number },
): Promise<StoredNotice> {
  const { id, notice, receivedAt } = received
  const { connectionId, provider } = source
  const appId = context.app.id
  const dataKey = await openConnectionKey(context, connectionId)
  const content: SealedContent = { provider, notice }
  const place = noticePlace(appId, connectionId, id)
  return {
    appId,
    connectionId,
    eventId: notice.eventId,
    id,
    remoteId: notice.remoteId,
    occurredAt: notice.occurredAt,
    sealedNotice: context.vault.seal(dataKey, place, JSON.stringify(content)),
    receivedAt,
    appliedAt: null,
  }
}

async function openNotice(context: Context, stored: StoredNotice): Promise<SealedContent> {
  const { appId, connectionId, id, sealedNotice } = stored
  const dataKey = await openConnectionKey(context, connectionId)
  return JSON.parse(context.vault.open(dataKey, noticePlace(appId, connectionId, id), sealedNotice))
}

function noticePlace(appId: string, connectionId: string, id: string): Place {
  return { appId, ownerId: connectionId, field: `provider_notice:${id}` }
}
