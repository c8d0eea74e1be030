// Owns the SQL of the merchants, apps and keys tables.
import type { Kysely, Selectable } from 'kysely'
import type { AppRow, KeyRow, Tables } from '../../storage/tables.ts'
import type { App, Mode } from '../context.ts'
import type { Key } from './app.ts'

export async function insertMerchant(
  db: Kysely<Tables>,
  merchant: { id: string; name: string; createdAt: number },
): Promise<void> {
  const { id, name, createdAt } = merchant
  await db.insertInto('merchants').values({ id, name, created_at: createdAt }).execute()
}

export async function insertApp(db: Kysely<Tables>, app: App): Promise<void> {
  const { id, merchantId, name, mode, createdAt } = app
  const row = { id, merchant_id: merchantId, name, mode, created_at: createdAt }
  await db.insertInto('apps').values(row).execute()
}

export async function selectApp(db: Kysely<Tables>, id: string): Promise<App | null> {
  const row = await db.selectFrom('apps').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? fromAppRow(row) : null
}

export async function selectApps(db: Kysely<Tables>, limit: number): Promise<App[]> {
  const rows = await db.selectFrom('apps').selectAll().orderBy('id').limit(limit).execute()
  return rows.map(fromAppRow)
}

export async function selectAppsOfMerchant(
  db: Kysely<Tables>,
  page: { merchantId: string; limit: number },
): Promise<App[]> {
  const rows = await db
    .selectFrom('apps')
    .selectAll()
    .where('merchant_id', '=', page.merchantId)
    .orderBy('id')
    .limit(page.limit)
    .execute()
  return rows.map(fromAppRow)
}

export async function insertKey(
  db: Kysely<Tables>,
  key: Key,
  secretHash: Uint8Array,
): Promise<void> {
  await db
    .insertInto('keys')
    .values({
      app_id: key.appId,
      id: key.id,
      name: key.name,
      secret_hash: secretHash,
      secret_last4: key.last4,
      scopes: key.scopes.join(' '),
      created_at: key.createdAt,
      revoked_at: key.revokedAt,
      expires_at: key.expiresAt,
      last_used_at: key.lastUsedAt,
      previous_secret_hash: null,
      previous_ends_at: key.previousEndsAt,
      is_operator: key.isOperator ? 1 : 0,
    })
    .execute()
}

export interface StoredKey {
  key: Key
  secretHash: Uint8Array
  app: App
}

/** The one query without an app: it finds the app of a presented secret. */
export async function selectKeyBySecretHash(
  db: Kysely<Tables>,
  secretHash: Uint8Array,
): Promise<StoredKey | null> {
  const row = await db
    .selectFrom('keys')
    .selectAll()
    .where('secret_hash', '=', secretHash)
    .executeTakeFirst()
  if (!row) return null
  const app = await selectApp(db, row.app_id)
  return app ? { key: fromKeyRow(row), secretHash: row.secret_hash, app } : null
}

/** The same for a secret that was rotated out and has not ended yet. */
export async function selectKeyByPreviousHash(
  db: Kysely<Tables>,
  secret: { hash: Uint8Array; now: number },
): Promise<StoredKey | null> {
  const row = await db
    .selectFrom('keys')
    .selectAll()
    .where('previous_secret_hash', '=', secret.hash)
    .where('previous_ends_at', '>', secret.now)
    .executeTakeFirst()
  if (!row?.previous_secret_hash) return null
  const app = await selectApp(db, row.app_id)
  return app ? { key: fromKeyRow(row), secretHash: row.previous_secret_hash, app } : null
}

export async function selectKeyById(
  db: Kysely<Tables>,
  id: { appId: string; id: string },
): Promise<{ key: Key; app: App } | null> {
  const row = await db
    .selectFrom('keys')
    .selectAll()
    .where('app_id', '=', id.appId)
    .where('id', '=', id.id)
    .executeTakeFirst()
  const app = row ? await selectApp(db, row.app_id) : null
  return row && app ? { key: fromKeyRow(row), app } : null
}

export async function selectKeys(
  db: Kysely<Tables>,
  page: { appId: string; limit: number },
): Promise<Key[]> {
  const rows = await db
    .selectFrom('keys')
    .selectAll()
    .where('app_id', '=', page.appId)
    .orderBy('id')
    .limit(page.limit)
    .execute()
  return rows.map(fromKeyRow)
}

/** Newest first. */
export async function selectKeysBefore(
  db: Kysely<Tables>,
  page: { appId: string; limit: number; beforeId: string | null },
): Promise<Key[]> {
  let query = db
    .selectFrom('keys')
    .selectAll()
    .where('app_id', '=', page.appId)
    .orderBy('id', 'desc')
    .limit(page.limit)
  if (page.beforeId !== null) query = query.where('id', '<', page.beforeId)
  return (await query.execute()).map(fromKeyRow)
}

/** One statement, so that of two rotations at once neither loses a secret. False: it has ended. */
export async function updateKeySecret(
  db: Kysely<Tables>,
  key: {
    appId: string
    id: string
    secretHash: Uint8Array
    last4: string
    /** `null`: the secret before ends at once. */
    previousEndsAt: number | null
    now: number
  },
): Promise<boolean> {
  const isKept = key.previousEndsAt !== null
  const result = await db
    .updateTable('keys')
    .set((eb) => ({
      previous_secret_hash: isKept ? eb.ref('secret_hash') : null,
      previous_ends_at: key.previousEndsAt,
      secret_hash: key.secretHash,
      secret_last4: key.last4,
    }))
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', key.now)]))
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Leaves a time that is newer than `notAfter`: another process has written it. */
export async function updateKeyUsed(
  db: Kysely<Tables>,
  use: { appId: string; id: string; at: number; notAfter: number },
): Promise<void> {
  await db
    .updateTable('keys')
    .set({ last_used_at: use.at })
    .where('app_id', '=', use.appId)
    .where('id', '=', use.id)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<=', use.notAfter)]))
    .execute()
}

/** False when the app has no such key. A key that is revoked already keeps its time. */
export async function updateKeyRevoked(
  db: Kysely<Tables>,
  key: { appId: string; id: string; at: number },
): Promise<boolean> {
  const result = await db
    .updateTable('keys')
    .set((eb) => ({ revoked_at: eb.fn.coalesce('revoked_at', eb.val(key.at)) }))
    .where('app_id', '=', key.appId)
    .where('id', '=', key.id)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

function fromAppRow(row: Selectable<AppRow>): App {
  return {
    id: row.id,
    merchantId: row.merchant_id,
    name: row.name,
    mode: row.mode as Mode,
    createdAt: row.created_at,
  }
}

function fromKeyRow(row: Selectable<KeyRow>): Key {
  return {
    appId: row.app_id,
    id: row.id,
    name: row.name,
    last4: row.secret_last4,
    scopes: row.scopes.split(' '),
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    previousEndsAt: row.previous_ends_at,
    isOperator: row.is_operator === 1,
  }
}
