// Owns what must hold in a database after any crash: answers kept, one effect a key, chains whole.
import { chainStart, linkHash } from '../../server/src/core/events/event.ts'
import { parseId } from '../../server/src/lib/id.ts'
import type { DatabaseReader } from './database-reader.ts'
import type { Write, WriteKind } from './workload.ts'

/** The customers whose chain does not lead from its start to the head on their row. */
export async function brokenChains(reader: DatabaseReader): Promise<string[]> {
  const events = await reader.rows('select * from events order by app_id, customer_id, version')
  const heads = new Map<string, { version: number; hash: Uint8Array; isWhole: boolean }>()
  for (const row of events) {
    const customerId = String(row['customer_id'])
    const before = heads.get(customerId) ?? { ...chainStart, isWhole: true }
    const hash = row['hash'] as Uint8Array
    const version = Number(row['version'])
    const expected = linkHash(before.hash, {
      appId: String(row['app_id']),
      customerId,
      version,
      type: String(row['type']),
      actor: String(row['actor']),
      at: Number(row['at']),
      sealedChanges: row['changes'] as Uint8Array,
    })
    const isWhole = before.isWhole && version === before.version + 1 && expected.equals(hash)
    heads.set(customerId, { version, hash, isWhole })
  }
  const customers = await reader.rows('select id, version, head_hash from customers')
  const broken = customers
    .map((row) => String(row['id']))
    .filter((_, index) => {
      const row = customers[index] ?? {}
      const head = heads.get(String(row['id']))
      heads.delete(String(row['id']))
      const isHead =
        head?.isWhole === true &&
        head.version === Number(row['version']) &&
        Buffer.from(head.hash).equals(row['head_hash'] as Uint8Array)
      return !isHead
    })
  // What is left has a history and no row.
  return [...broken, ...heads.keys()]
}

const idMembers: Record<
  WriteKind,
  { member: string; noun: 'customer' | 'bankAccount' | 'payout' }
> = {
  customers: { member: 'customerId', noun: 'customer' },
  bank_accounts: { member: 'bankAccountId', noun: 'bankAccount' },
  payouts: { member: 'id', noun: 'payout' },
}

/**
 * What differs between the answers of all writes and the rows of the tables: a row that is missing
 * was lost, a row too many is an effect that nobody was told of, or one that happened twice.
 */
export async function differingRows(reader: DatabaseReader, writes: Write[]): Promise<string[]> {
  const differences: string[] = []
  for (const kind of Object.keys(idMembers) as WriteKind[]) {
    const { member, noun } = idMembers[kind]
    const answered = new Set<string>()
    for (const write of writes) {
      if (write.kind !== kind) continue
      const text = write.answer?.text
      const id = text === undefined ? null : parseId(noun, JSON.parse(text)[member])
      if (id === null) differences.push(`${kind}: ${write.key} has no answer`)
      else if (answered.has(id)) differences.push(`${kind}: ${id} answers two keys`)
      else answered.add(id)
    }
    for (const row of await reader.rows(`select id from ${kind}`)) {
      const id = String(row['id'])
      if (!answered.delete(id)) differences.push(`${kind}: ${id} has no write`)
    }
    for (const id of answered) differences.push(`${kind}: ${id} is lost`)
  }
  return differences
}

/** Payouts that the rail has completed more often than once, or not as their status says. */
export async function wrongTransfers(reader: DatabaseReader): Promise<string[]> {
  const rows = await reader.rows(`
    select p.id, p.status, p.attempts, p.completed_at,
      (select count(*) from sandbox_transfers t where t.app_id = p.app_id
        and t.payout_id = p.id and t.outcome = 'completed') as completed,
      (select count(*) from sandbox_transfers t where t.app_id = p.app_id
        and t.payout_id = p.id) as asked
    from payouts p`)
  return rows.flatMap((row) => {
    const status = String(row['status'])
    const completed = Number(row['completed'])
    const asked = Number(row['asked'])
    const attempts = Number(row['attempts'])
    const isRight =
      completed <= 1 &&
      // The rail may have answered an attempt that the payout does not know of yet.
      (status === 'completed' ? completed === 1 && asked === attempts : asked - attempts <= 1) &&
      (status === 'completed') === (row['completed_at'] !== null)
    return isRight ? [] : [`payout ${row['id']}: ${status}, ${completed} of ${asked} completed`]
  })
}
