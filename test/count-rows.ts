// Owns counting what stands in the database, to see that a refused request wrote nothing.
import type { System } from '../server/src/core/context.ts'

const tables = [
  'customers',
  'customer_lookups',
  'events',
  'bank_accounts',
  'payouts',
  'replies',
  'jobs',
  'keys',
] as const

export type RowCounts = Record<(typeof tables)[number], number>

export async function countRows(system: System): Promise<RowCounts> {
  const counts = tables.map(async (table) => {
    const count = system.db.fn.countAll<number>().as('count')
    const row = await system.db.selectFrom(table).select(count).executeTakeFirstOrThrow()
    return [table, Number(row.count)] as const
  })
  return Object.fromEntries(await Promise.all(counts)) as RowCounts
}
