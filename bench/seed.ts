// Owns filling a database with customers before a measurement, through the core itself.
import { readConfig } from '../server/src/config.ts'
import { contextOf } from '../server/src/core/context.ts'
import { createCustomer } from '../server/src/core/customer/customer-service.ts'
import { settleTallies } from '../server/src/core/customer/customer-tally.ts'
import { indexWords } from '../server/src/core/customer/word-index.ts'
import {
  openInstallationDatabase,
  prepareInstallation,
  systemPorts,
} from '../server/src/installation.ts'
import { printId } from '../server/src/lib/id.ts'
import { inTransaction } from '../server/src/storage/transaction.ts'
import { seedActivity } from './seed-activity.ts'
import { cursorAfter, seedBanking } from './seed-banking.ts'

const customersPerTransaction = 500
const idsReported = 100_000
const filledAgoMs = 60 * 60 * 1_000
const activeCustomers = 1_000

export interface Seeded {
  key: string
  /** Ids of up to `idsReported` customers, spread evenly. */
  ids: string[]
  /** Of the newest ones, which have wallets, intents and invoices. */
  activeIds: string[]
  /** Of the banking surface's list, nine tenths of the way down. */
  farCursor: string
}

export async function seed(
  environment: Record<string, string>,
  count: number,
  onProgress: (done: number) => void,
): Promise<Seeded> {
  const config = readConfig(environment)
  const database = await openInstallationDatabase(config)
  const { clock } = systemPorts
  // As if some time ago: what a server keeps of settled customers is there when it starts.
  const past = { ...clock, now: () => clock.now() - filledAgoMs }
  const ports = { ...systemPorts, clock: past }
  const { system, firstStart } = await prepareInstallation(database, config, ports)
  if (!firstStart) throw new Error('the benchmark fills a new database only')
  const context = contextOf(system, { app: firstStart.test, actor: 'operator:bench' })
  const step = Math.max(1, Math.floor(count / idsReported))
  const ids: string[] = []
  const activeIds: string[] = []
  for (let done = 0; done < count; done += customersPerTransaction) {
    const made = await inTransaction(context, (tx) =>
      Promise.all(
        Array.from({ length: Math.min(customersPerTransaction, count - done) }, (_, at) =>
          createCustomer(tx, newCustomer(done + at)),
        ),
      ),
    )
    ids.push(...made.filter((_, at) => (done + at) % step === 0).map(({ id }) => id))
    const isNewest = (_: unknown, at: number) => done + at >= count - activeCustomers
    activeIds.push(...made.filter(isNewest).map(({ id }) => id))
    await indexWords(context, customersPerTransaction)
    onProgress(done + made.length)
  }
  await seedActivity(context, activeIds)
  await seedBanking(context, activeIds)
  await settleTallies({ ...context, clock }, Number.MAX_SAFE_INTEGER)
  // Newest first: nine tenths of the way down is a tenth from the oldest.
  const farId = ids[Math.floor(ids.length / 10)] ?? ''
  await database.close()
  const printed = ids.map((id) => printId('customer', id))
  const key = firstStart.key.secret
  return { key, ids: printed, activeIds, farCursor: cursorAfter(context, farId) }
}

export function newCustomer(number: number) {
  return {
    kind: 'individual' as const,
    name: `Gerardo Ratto ${number}`,
    email: `gerardo.${number}@example.com`,
    country: 'AR',
    metadata: { internalUserId: `USR-${number}` },
  }
}
