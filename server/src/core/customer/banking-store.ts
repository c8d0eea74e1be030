// Owns the SQL that finds the customers of the bank: see the indexes `customers_banking…`.
import type { Kysely } from 'kysely'
import { knownText } from '../../storage/known-text.ts'
import type { Tables } from '../../storage/tables.ts'
import type { BankingStatus } from './banking-status.ts'
import type { CustomerKind } from './customer.ts'

export interface BankingPage {
  appId: string
  kind: CustomerKind | null
  status: BankingStatus | null
  beforeId: string | null
  limit: number
}

/** Newest first; without the versions it reads an index alone. */
export async function selectBankingHeads(
  db: Kysely<Tables>,
  page: BankingPage & { withVersion: boolean },
): Promise<{ id: string; version?: number }[]> {
  const { appId, kind, status, beforeId, limit, withVersion } = page
  const build = () => {
    let query = db
      .selectFrom('customers')
      .select('id')
      .$if(withVersion, (selected) => selected.select('version'))
      .where('app_id', '=', appId)
    // Both comparisons name the partial indexes: what equals a status is not null.
    query =
      status === null
        ? query.where('banking_status', 'is not', null)
        : query.where('banking_status', '=', status)
    if (kind !== null) query = query.where('kind', '=', kind)
    if (beforeId !== null) query = query.where('id', '<', beforeId)
    return query.orderBy('id', 'desc').limit(limit).compile()
  }
  const filters = [status, kind, beforeId]
  const name = ['banking heads', withVersion, ...filters.map((value) => value !== null)].join()
  const parameters = [appId, ...filters.filter((value) => value !== null), limit]
  return (await db.executeQuery(knownText(db, name, parameters, build))).rows
}
