// Owns an app's webhook endpoints: making, changing, rotating the secret, removing.
import { eventCatalogue } from '../core/catalogue.ts'
import type { Context } from '../core/context.ts'
import { AppError } from '../core/errors.ts'
import { findFeedEnd } from '../core/events/feed-service.ts'
import { refuseField } from '../core/fields.ts'
import { EgressFailed } from '../lib/egress.ts'
import { inTransaction } from '../storage/transaction.ts'
import type { DataKey, Place } from '../vault/vault.ts'
import { insertCursor } from './delivery-store.ts'
import {
  type Endpoint,
  endpointErrors,
  endpointsMax,
  filtersMax,
  isWanted,
  secretOverlapMs,
  urlLengthMax,
} from './endpoint.ts'
import {
  deleteEndpoint,
  insertEndpoint,
  type StoredEndpoint,
  selectEndpoint,
  selectEndpointForUpdate,
  selectEndpoints,
  updateEndpoint,
} from './endpoint-store.ts'
import { createSigningSecret } from './signature.ts'

export interface EndpointWithSecret {
  endpoint: Endpoint
  /** Shown once; stored sealed. */
  secret: string
}

export interface NewEndpoint {
  url: string
  events: string[]
}

/** As they are stored, sealed. */
interface Secrets {
  current: string
  previous: string | null
  previousEndsAt: number | null
}

/**
 * It gets the events from now on, and on PostgreSQL also one that was committed a moment before
 * and is not in the feed yet: rather one too many than one too few. Errors: `field_invalid`,
 * `webhook_url_refused`, `webhook_endpoints_full`.
 */
export function createEndpoint(context: Context, input: NewEndpoint): Promise<EndpointWithSecret> {
  checkEndpoint(context, input)
  return inTransaction(context, async (tx) => {
    const appId = tx.app.id
    // Before the endpoint is there: what is committed from here on is handed out to it.
    await insertCursor(tx.db, { appId, position: await findFeedEnd(tx) })
    const others = await selectEndpoints(tx.db, { appId, limit: endpointsMax })
    if (others.length === endpointsMax) throw new AppError(endpointErrors.webhook_endpoints_full)
    const id = tx.ids()
    const now = tx.clock.now()
    const dataKey = tx.vault.createDataKey({ appId, ownerId: id })
    const current = createSigningSecret(tx.random)
    const secrets: Secrets = { current, previous: null, previousEndsAt: null }
    const stored: StoredEndpoint = {
      appId,
      id,
      url: input.url,
      events: [...new Set(input.events)],
      disabledReason: null,
      failingSince: null,
      wrappedKey: dataKey.wrapped,
      sealedSecrets: sealSecrets(tx, dataKey, { id, secrets }),
      createdAt: now,
      updatedAt: now,
    }
    await insertEndpoint(tx.db, stored)
    return { endpoint: toEndpoint(tx, stored), secret: current }
  })
}

export async function listEndpoints(context: Context): Promise<Endpoint[]> {
  const page = { appId: context.app.id, limit: endpointsMax }
  const stored = await selectEndpoints(context.db, page)
  return stored.map((one) => toEndpoint(context, one))
}

/** Errors: `webhook_endpoint_not_found`. */
export async function getEndpoint(context: Context, id: string): Promise<Endpoint> {
  const stored = await selectEndpoint(context.db, { appId: context.app.id, id })
  if (!stored) throw new AppError(endpointErrors.webhook_endpoint_not_found)
  return toEndpoint(context, stored)
}

/**
 * Enabling begins anew: what waits is sent, and the days of failing are counted from the next
 * failure. Errors: `webhook_endpoint_not_found`, `field_invalid`, `webhook_url_refused`.
 */
export function changeEndpoint(
  context: Context,
  id: string,
  change: Partial<NewEndpoint> & { isDisabled?: boolean },
): Promise<Endpoint> {
  return inTransaction(context, async (tx) => {
    const stored = await getForUpdate(tx, id)
    const { url = stored.url, events = stored.events, isDisabled } = change
    checkEndpoint(tx, { url, events })
    const isEnabled = isDisabled === undefined ? stored.disabledReason === null : !isDisabled
    const isReturning = isEnabled && stored.disabledReason !== null
    const changed: StoredEndpoint = {
      ...stored,
      url,
      events: [...new Set(events)],
      disabledReason: isEnabled ? null : (stored.disabledReason ?? 'disabled by request'),
      failingSince: isReturning || url !== stored.url ? null : stored.failingSince,
      updatedAt: tx.clock.now(),
    }
    await updateEndpoint(tx.db, changed)
    return toEndpoint(tx, changed)
  })
}

/**
 * A new secret; for a day messages are signed with the one before too. What an earlier rotation
 * left over ends now. Errors: `webhook_endpoint_not_found`.
 */
export function rotateSecret(context: Context, id: string): Promise<EndpointWithSecret> {
  return inTransaction(context, async (tx) => {
    const stored = await getForUpdate(tx, id)
    const now = tx.clock.now()
    const current = createSigningSecret(tx.random)
    const secrets: Secrets = {
      current,
      previous: openSecrets(tx, stored).current,
      previousEndsAt: now + secretOverlapMs,
    }
    const dataKey = openKey(tx, stored)
    const sealedSecrets = sealSecrets(tx, dataKey, { id, secrets })
    const changed: StoredEndpoint = { ...stored, sealedSecrets, updatedAt: now }
    await updateEndpoint(tx.db, changed)
    return { endpoint: toEndpoint(tx, changed), secret: current }
  })
}

/** With its deliveries. Errors: `webhook_endpoint_not_found`. */
export function removeEndpoint(context: Context, id: string): Promise<void> {
  return inTransaction(context, async (tx) => {
    await getForUpdate(tx, id)
    await deleteEndpoint(tx.db, { appId: tx.app.id, id })
  })
}

/** The secrets that sign now, the newest first. */
export function signingSecrets(context: Context, stored: StoredEndpoint): string[] {
  const { current, previous, previousEndsAt } = openSecrets(context, stored)
  const isOver = previousEndsAt === null || previousEndsAt <= context.clock.now()
  return previous === null || isOver ? [current] : [current, previous]
}

async function getForUpdate(context: Context, id: string): Promise<StoredEndpoint> {
  const stored = await selectEndpointForUpdate(context.db, { appId: context.app.id, id })
  if (!stored) throw new AppError(endpointErrors.webhook_endpoint_not_found)
  return stored
}

function checkEndpoint(context: Context, { url, events }: NewEndpoint): void {
  if (url.length > urlLengthMax) refuseField('url', `is longer than ${urlLengthMax} characters`)
  if (events.length === 0) refuseField('events', 'is empty')
  if (events.length > filtersMax) refuseField('events', `has more than ${filtersMax} entries`)
  const types = Object.keys(eventCatalogue)
  if (events.some((filter) => !types.some((type) => isWanted([filter], type)))) {
    refuseField('events', 'has a filter that no event type matches')
  }
  try {
    context.egress.checkUrl(url)
  } catch (error) {
    if (!(error instanceof EgressFailed)) throw error
    const detail = `url: ${error.message}.`
    throw new AppError(endpointErrors.webhook_url_refused, { param: 'url', detail })
  }
}

function openKey(context: Context, { appId, id, wrappedKey }: StoredEndpoint): DataKey {
  return context.vault.openDataKey({ appId, ownerId: id }, wrappedKey)
}

function openSecrets(context: Context, stored: StoredEndpoint): Secrets {
  const place = secretsPlace(stored.appId, stored.id)
  return JSON.parse(context.vault.open(openKey(context, stored), place, stored.sealedSecrets))
}

function sealSecrets(
  context: Context,
  dataKey: DataKey,
  { id, secrets }: { id: string; secrets: Secrets },
): Buffer {
  return context.vault.seal(dataKey, secretsPlace(context.app.id, id), JSON.stringify(secrets))
}

function secretsPlace(appId: string, id: string): Place {
  return { appId, ownerId: id, field: 'webhook_endpoint.secrets' }
}

function toEndpoint(context: Context, stored: StoredEndpoint): Endpoint {
  const { id, url, events, disabledReason, failingSince, createdAt, updatedAt } = stored
  const { previousEndsAt } = openSecrets(context, stored)
  const isOver = previousEndsAt === null || previousEndsAt <= context.clock.now()
  const previousSecretEndsAt = isOver ? null : previousEndsAt
  const times = { previousSecretEndsAt, createdAt, updatedAt }
  return { id, url, events, disabledReason, failingSince, ...times }
}
