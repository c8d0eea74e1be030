// Owns an app's connections: saving what the provider accepts, and opening it for a call.
import { EgressFailed } from '../../lib/egress.ts'
import { inTransaction } from '../../storage/transaction.ts'
import type { DataKey, Place } from '../../vault/vault.ts'
import { getApp } from '../apps/app-service.ts'
import { type App, type Context, forEveryApp, type System } from '../context.ts'
import { AppError } from '../errors.ts'
import { refuseField } from '../fields.ts'
import type { Provider, ProviderConnection, ProviderName } from '../provider.ts'
import { type Connection, connectionErrors } from './connection.ts'
import {
  deleteConnection,
  type StoredConnection,
  selectConnection,
  selectConnectionApp,
  selectConnectionById,
  selectConnections,
  updateConnectionChecked,
  upsertConnection,
} from './connection-store.ts'

export interface NewConnection {
  provider: ProviderName
  credentials: Record<string, string>
  baseUrl: string | null
  mayReplaceLegalAddress: boolean
}

/** A connection that the provider has accepted just now. */
export type CheckedConnection = NewConnection & { checkedAt: number }

/**
 * Asks the provider, with a call that changes nothing, whether it accepts the credentials; to be
 * called outside a transaction. Errors: `field_invalid`, `connection_url_refused`,
 * `connection_mode_differs`, and those of the provider.
 */
export async function checkConnection(
  context: Context,
  input: NewConnection,
): Promise<CheckedConnection> {
  const adapter = context.providers.adapters[input.provider]
  checkCredentials(adapter, input.credentials)
  if (input.baseUrl !== null) checkBaseUrl(context, input.baseUrl)
  const connection: ProviderConnection = {
    ...input,
    appId: context.app.id,
    connectionId: null,
    mode: context.app.mode,
  }
  checkMode(adapter, context.app, connection)
  await adapter.check(connection)
  return { ...input, checkedAt: context.clock.now() }
}

/** Replaces the app's connection to this provider; its id, and so its webhook URL, stays. */
export function saveConnection(context: Context, input: CheckedConnection): Promise<Connection> {
  return inTransaction(context, async (tx) => {
    const appId = tx.app.id
    const known = await selectConnection(tx.db, { appId, provider: input.provider })
    const id = known?.id ?? tx.ids()
    // Kept, so that what was sealed with it before still opens.
    const owner = { appId, ownerId: id }
    const dataKey = known
      ? tx.vault.openDataKey(owner, known.wrappedKey)
      : tx.vault.createDataKey(owner)
    const now = tx.clock.now()
    const stored: StoredConnection = {
      appId,
      id,
      provider: input.provider,
      wrappedKey: dataKey.wrapped,
      sealedCredentials: tx.vault.seal(
        dataKey,
        credentialsPlace(appId, id),
        JSON.stringify(input.credentials),
      ),
      baseUrl: input.baseUrl,
      mayReplaceLegalAddress: input.mayReplaceLegalAddress,
      checkedAt: input.checkedAt,
      createdAt: known?.createdAt ?? now,
      updatedAt: now,
    }
    await upsertConnection(tx.db, stored).execute()
    return toConnection(stored, Object.keys(input.credentials))
  })
}

export async function listConnections(context: Context): Promise<Connection[]> {
  const stored = await selectConnections(context.db, context.app.id)
  return stored.map((one) => toConnection(one, Object.keys(openCredentials(context, one))))
}

/** Errors: `connection_not_found`. */
export async function getConnection(context: Context, provider: ProviderName): Promise<Connection> {
  const stored = await getStored(context, provider)
  return toConnection(stored, Object.keys(openCredentials(context, stored)))
}

/** Asks the provider again. Errors: `connection_not_found`, and those of the provider. */
export async function testConnection(
  context: Context,
  provider: ProviderName,
): Promise<Connection> {
  const stored = await getStored(context, provider)
  const { adapter, connection } = openStored(context, stored)
  await adapter.check(connection)
  const checkedAt = context.clock.now()
  await inTransaction(context, (tx) =>
    updateConnectionChecked(tx.db, { appId: tx.app.id, id: stored.id, at: checkedAt }),
  )
  return toConnection({ ...stored, checkedAt }, Object.keys(connection.credentials))
}

/**
 * Answers its id. Registrations stay, and wait for another connection. Errors:
 * `connection_not_found`.
 */
export function removeConnection(context: Context, provider: ProviderName): Promise<string> {
  return inTransaction(context, async (tx) => {
    const { id } = await getStored(tx, provider)
    await deleteConnection(tx.db, { appId: tx.app.id, provider })
    return id
  })
}

export interface OpenConnection {
  adapter: Provider
  connection: ProviderConnection
}

/**
 * What to call for this provider: the app's own connection, or the sandbox where a test app has
 * none. Refuses before the network. Errors: `connection_missing`, `connection_mode_differs`.
 */
export async function openConnection(
  context: Context,
  provider: ProviderName,
): Promise<OpenConnection> {
  return (await findOpener(context, provider))()
}

/** Read now, to be opened as a rule: what is returned does as `openConnection`. */
export async function findOpener(
  context: Context,
  provider: ProviderName,
): Promise<() => OpenConnection> {
  const stored = await selectConnection(context.db, { appId: context.app.id, provider })
  return () => openStoredOr(context, stored)
}

/** As `findOpener`, of every provider in one journey. */
export async function findOpeners(
  context: Context,
): Promise<(provider: ProviderName) => OpenConnection> {
  const all = await selectConnections(context.db, context.app.id)
  return (wanted) => openStoredOr(context, all.find(({ provider }) => provider === wanted) ?? null)
}

function openStoredOr(context: Context, stored: StoredConnection | null): OpenConnection {
  if (stored) return openStored(context, stored)
  if (context.app.mode === 'live') throw new AppError(connectionErrors.connection_missing)
  const connection: ProviderConnection = {
    appId: context.app.id,
    connectionId: null,
    mode: 'test',
    baseUrl: null,
    credentials: {},
    mayReplaceLegalAddress: false,
  }
  return { adapter: context.providers.sandbox, connection }
}

/** Errors: `connection_not_found`, `connection_mode_differs`. */
export async function openConnectionById(
  context: Context,
  key: { id: string; provider: ProviderName },
): Promise<OpenConnection> {
  const stored = await selectConnectionById(context.db, { appId: context.app.id, id: key.id })
  if (stored?.provider !== key.provider) throw new AppError(connectionErrors.connection_not_found)
  return openStored(context, stored)
}

/** The app that a webhook is for. Errors: `connection_not_found`. */
export async function getConnectionApp(system: System, connectionId: string): Promise<App> {
  const appId = await selectConnectionApp(forEveryApp(system).db, connectionId)
  if (appId === null) throw new AppError(connectionErrors.connection_not_found)
  return getApp(system, appId)
}

/** For what is sealed with the connection. Errors: `connection_not_found`. */
export async function openConnectionKey(context: Context, id: string): Promise<DataKey> {
  const appId = context.app.id
  const stored = await selectConnectionById(context.db, { appId, id })
  if (!stored) throw new AppError(connectionErrors.connection_not_found)
  return context.vault.openDataKey({ appId, ownerId: id }, stored.wrappedKey)
}

async function getStored(context: Context, provider: ProviderName): Promise<StoredConnection> {
  const stored = await selectConnection(context.db, { appId: context.app.id, provider })
  if (!stored) throw new AppError(connectionErrors.connection_not_found)
  return stored
}

function openStored(context: Context, stored: StoredConnection): OpenConnection {
  const adapter = context.providers.adapters[stored.provider]
  const connection: ProviderConnection = {
    appId: stored.appId,
    connectionId: stored.id,
    mode: context.app.mode,
    baseUrl: stored.baseUrl,
    credentials: openCredentials(context, stored),
    mayReplaceLegalAddress: stored.mayReplaceLegalAddress,
  }
  checkMode(adapter, context.app, connection)
  return { adapter, connection }
}

function openCredentials(context: Context, stored: StoredConnection): Record<string, string> {
  const { appId, id, wrappedKey, sealedCredentials } = stored
  const dataKey = context.vault.openDataKey({ appId, ownerId: id }, wrappedKey)
  return JSON.parse(context.vault.open(dataKey, credentialsPlace(appId, id), sealedCredentials))
}

function credentialsPlace(appId: string, id: string): Place {
  return { appId, ownerId: id, field: 'connection.credentials' }
}

/** A PEM key of 4096 bits takes some 3,300 characters. */
const credentialLengthMax = 10_000

function checkCredentials(adapter: Provider, credentials: Record<string, string>): void {
  const known = adapter.credentials.map(({ name }) => name)
  for (const [name, value] of Object.entries(credentials)) {
    const param = `credentials.${name}`
    if (!known.includes(name)) {
      refuseField(param, `is not known here; known: ${known.join(', ')}`)
    }
    if (value.trim() === '') refuseField(param, 'is blank')
    if (value.length > credentialLengthMax) {
      refuseField(param, `is longer than ${credentialLengthMax} characters`)
    }
  }
  for (const { name, isRequired } of adapter.credentials) {
    if (isRequired && credentials[name] === undefined) {
      refuseField(`credentials.${name}`, 'is missing')
    }
  }
}

function checkBaseUrl(context: Context, baseUrl: string): void {
  if (baseUrl.endsWith('/')) refuseField('baseUrl', 'ends with a slash')
  try {
    context.egress.checkUrl(baseUrl)
  } catch (error) {
    if (!(error instanceof EgressFailed)) throw error
    const detail = `baseUrl: ${error.message}.`
    throw new AppError(connectionErrors.connection_url_refused, { param: 'baseUrl', detail })
  }
}

function checkMode(adapter: Provider, app: App, connection: ProviderConnection): void {
  const mode = adapter.modeOf(connection)
  if (mode === null || mode === app.mode) return
  const detail = `These are ${mode} credentials, and this is a ${app.mode} app.`
  throw new AppError(connectionErrors.connection_mode_differs, { detail })
}

function toConnection(stored: StoredConnection, credentialNames: string[]): Connection {
  const { id, provider, baseUrl, mayReplaceLegalAddress } = stored
  const { checkedAt, createdAt, updatedAt } = stored
  const times = { checkedAt, createdAt, updatedAt }
  return { id, provider, baseUrl, credentialNames, mayReplaceLegalAddress, ...times }
}
