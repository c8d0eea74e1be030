// Owns doing a write once, however often it is sent: the claim, the stored reply, the replay.
import type { Kysely } from 'kysely'
import type { Context } from '../core/context.ts'
import { AppError } from '../core/errors.ts'
import { canonicalJson, type Json } from '../lib/canonical.ts'
import { equalSecrets } from '../lib/equal-secrets.ts'
import { systemCode } from '../lib/refusal.ts'
import { type Insert, insertOf, insertTogether } from '../storage/insert-together.ts'
import type { ReplyRow, Tables } from '../storage/tables.ts'
import { inTransaction } from '../storage/transaction.ts'
import type { DataKey } from '../vault/vault.ts'
import { isStorageAway } from './answer-error.ts'
import { httpErrors } from './http-errors.ts'
import { limits } from './limits.ts'

export interface Reply {
  status: number
  body: string
}

export interface IdempotentRequest {
  key: string
  method: string
  /** The route's template: a key belongs to app, method and route. */
  route: string
  /** What must be equal for a retry: path, query and body. */
  content: Json
  /** Its work writes by `insertTogether` alone. */
  insertsOnly: boolean
}

export interface IdempotentReply extends Reply {
  isReplayed: boolean
}

/** The customer that a request changed: its reply is sealed with that customer's key. */
interface ReplyOwner {
  customerId: string
  dataKey: DataKey
}

/** The bare key of a header (`"k"` and `k` are one key). Error: `idempotency_key_malformed`. */
export function readIdempotencyKey(value: string): string {
  const bare = /^"(.*)"$/.exec(value.trim())?.[1] ?? value.trim()
  const isGood = /^[\x20-\x7e]+$/.test(bare) && bare.length <= limits.idempotencyKeyLengthMax
  if (!isGood)
    throw new AppError(httpErrors.idempotency_key_malformed, { param: 'Idempotency-Key' })
  return bare
}

/**
 * Runs `work` once per key. Claim, effects and reply commit together; a throw leaves none of them,
 * so a refused request is not stored. Errors: `idempotency_key_reused`, `idempotency_key_busy`.
 */
export async function runOnce(
  context: Context,
  request: IdempotentRequest,
  options: { replyAgeMsMax: number },
  work: (tx: Context) => Promise<Reply>,
): Promise<IdempotentReply> {
  const token = tokenOf(context, request)
  const fingerprint = context.vault.fingerprint(context.app.id, canonicalJson(request.content))
  const once = { token, fingerprint }
  if (request.insertsOnly && context.database.inserts) {
    const answer = await insertOnce(context, once, work).catch((error: unknown) => {
      const isBusy = systemCode(error) === lockNotAvailable
      if (isStorageAway(error) && !isBusy) throw error
      // Whatever else stands in the way, the transaction says what it means.
      return null
    })
    if (answer) return answer
  }
  return inTransaction(context, async (tx) => {
    const oldest = tx.clock.now() - options.replyAgeMsMax
    const earlier = await claim(tx, { ...once, oldest })
    if (earlier) return replay(tx, earlier, fingerprint)
    const owners: ReplyOwner[] = []
    const reply = await work({ ...tx, touched: (owner) => owners.push(owner) })
    await tx.db
      .updateTable('replies')
      .set(sealReply(tx, token, { owner: owners[0], reply }))
      .where('app_id', '=', tx.app.id)
      .where('token', '=', token)
      .execute()
    return { ...reply, isReplayed: false }
  })
}

interface Once {
  token: Buffer
  fingerprint: Buffer
}

/** What the work inserts and its reply in one journey; throws when the key is taken. */
async function insertOnce(
  context: Context,
  once: Once,
  work: (context: Context) => Promise<Reply>,
): Promise<IdempotentReply> {
  const gathered: Insert[] = []
  const owners: ReplyOwner[] = []
  const reply = await work({ ...context, gathered, touched: (owner) => owners.push(owner) })
  const sealed = sealReply(context, once.token, { owner: owners[0], reply })
  const row = insertOf('replies', { ...claimRow(context, once), ...sealed })
  await insertTogether(context, [...gathered, row])
  return { ...reply, isReplayed: false }
}

/** Deletes replies that are too old to be replayed, a bounded number at a time. */
export async function deleteOldReplies(
  db: Kysely<Tables>,
  filter: { appId: string; before: number; limit: number },
): Promise<number> {
  const old = db
    .selectFrom('replies')
    .select('token')
    .where('app_id', '=', filter.appId)
    .where('created_at', '<', filter.before)
    .limit(filter.limit)
  const result = await db
    .deleteFrom('replies')
    .where('app_id', '=', filter.appId)
    .where('token', 'in', old)
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}

/** Takes the key for this transaction, or answers the row of the request that has it. */
async function claim(tx: Context, wanted: Once & { oldest: number }): Promise<ReplyRow | null> {
  if (await insertClaim(tx, wanted)) return null
  const earlier = await tx.db
    .selectFrom('replies')
    .selectAll()
    .where('app_id', '=', tx.app.id)
    .where('token', '=', wanted.token)
    .executeTakeFirst()
  if (earlier && earlier.created_at >= wanted.oldest) return earlier
  await tx.db
    .deleteFrom('replies')
    .where('app_id', '=', tx.app.id)
    .where('token', '=', wanted.token)
    .execute()
  if (await insertClaim(tx, wanted)) return null
  throw new AppError(httpErrors.idempotency_key_busy, { param: 'Idempotency-Key' })
}

/** False when the key is taken. On PostgreSQL it waits for the holder's transaction to end. */
async function insertClaim(tx: Context, wanted: Once): Promise<boolean> {
  try {
    const result = await tx.db
      .insertInto('replies')
      .values(claimRow(tx, wanted))
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    return result.numInsertedOrUpdatedRows === 1n
  } catch (error) {
    if (systemCode(error) !== lockNotAvailable) throw error
    throw new AppError(httpErrors.idempotency_key_busy, { param: 'Idempotency-Key' })
  }
}

function claimRow({ app, clock }: Context, { token, fingerprint }: Once): ReplyRow {
  return {
    app_id: app.id,
    token,
    fingerprint,
    status: 0,
    customer_id: null,
    data_key: null,
    body: new Uint8Array(),
    created_at: clock.now(),
  }
}

/** PostgreSQL: the wait for a lock ran into its time limit. */
const lockNotAvailable = '55P03'

async function replay(
  tx: Context,
  earlier: ReplyRow,
  fingerprint: Buffer,
): Promise<IdempotentReply> {
  if (!equalSecrets(earlier.fingerprint, fingerprint)) {
    throw new AppError(httpErrors.idempotency_key_reused, { param: 'Idempotency-Key' })
  }
  const place = replyPlace(tx, earlier.token, earlier.customer_id)
  const wrapped = earlier.data_key ?? (await selectCustomerDataKey(tx, earlier.customer_id))
  const body = tx.vault.open(tx.vault.openDataKey(place, wrapped), place, earlier.body)
  return { status: earlier.status, body, isReplayed: true }
}

async function selectCustomerDataKey(tx: Context, customerId: string | null): Promise<Uint8Array> {
  const row = await tx.db
    .selectFrom('customers')
    .select('data_key')
    .where('app_id', '=', tx.app.id)
    .where('id', '=', customerId ?? '')
    .executeTakeFirstOrThrow()
  return row.data_key
}

/** Under the customer's key, or under one of its own. */
function sealReply(
  context: Context,
  token: Buffer,
  { owner, reply }: { owner: ReplyOwner | undefined; reply: Reply },
) {
  const { vault } = context
  const place = replyPlace(context, token, owner?.customerId ?? null)
  const key = owner?.dataKey ?? vault.createDataKey(place)
  return {
    status: reply.status,
    customer_id: owner?.customerId ?? null,
    data_key: owner ? null : key.wrapped,
    body: vault.seal(key, place, reply.body),
  }
}

function replyPlace(tx: Context, token: Uint8Array, customerId: string | null) {
  const name = Buffer.from(token).toString('base64')
  return { appId: tx.app.id, ownerId: customerId ?? name, field: `reply:${name}` }
}

function tokenOf(context: Context, request: IdempotentRequest): Buffer {
  const { method, route, key } = request
  return context.vault.fingerprint(context.app.id, `${method}\n${route}\n${key}`)
}
