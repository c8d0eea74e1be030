// Owns the SQL of the wallet_challenges table.
import type { Kysely } from 'kysely'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'

export interface StoredChallenge {
  appId: string
  walletId: string
  nonce: string
  expiresAt: number
  usedAt: number | null
}

export function insertChallenge(db: Kysely<Tables>, challenge: StoredChallenge): Write {
  return db.insertInto('wallet_challenges').values({
    app_id: challenge.appId,
    wallet_id: challenge.walletId,
    nonce: challenge.nonce,
    expires_at: challenge.expiresAt,
    used_at: challenge.usedAt,
  })
}

export async function selectChallenge(
  db: Kysely<Tables>,
  key: { appId: string; walletId: string; nonce: string },
): Promise<StoredChallenge | null> {
  const row = await db
    .selectFrom('wallet_challenges')
    .selectAll()
    .where('app_id', '=', key.appId)
    .where('wallet_id', '=', key.walletId)
    .where('nonce', '=', key.nonce)
    .executeTakeFirst()
  return row ? { ...key, expiresAt: row.expires_at, usedAt: row.used_at } : null
}

export function updateChallengeUsed(
  db: Kysely<Tables>,
  challenge: StoredChallenge,
  at: number,
): Write {
  return db
    .updateTable('wallet_challenges')
    .set({ used_at: at })
    .where('app_id', '=', challenge.appId)
    .where('wallet_id', '=', challenge.walletId)
    .where('nonce', '=', challenge.nonce)
}

/** Of one app, oldest first; answers how many went. */
export async function deleteExpiredChallenges(
  db: Kysely<Tables>,
  filter: { appId: string; before: number; limit: number },
): Promise<number> {
  const result = await db
    .deleteFrom('wallet_challenges')
    .where('app_id', '=', filter.appId)
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple('wallet_id', 'nonce'),
        'in',
        selectFrom('wallet_challenges')
          .select(['wallet_id', 'nonce'])
          .where('app_id', '=', filter.appId)
          .where('expires_at', '<', filter.before)
          .orderBy('expires_at')
          .limit(filter.limit)
          .$asTuple('wallet_id', 'nonce'),
      ),
    )
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}
