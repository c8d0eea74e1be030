import { mkdtempSync } from 'node:fs'
import { seed } from './seed.ts'
import { readConfig } from '../server/src/config.ts'
import { openInstallationDatabase, prepareInstallation, systemPorts } from '../server/src/installation.ts'
import { recentActivity, activityCountsOf } from '../server/src/core/activity/summary-service.ts'
import { walletsOf } from '../server/src/core/wallets/wallet-service.ts'
import { getCustomer } from '../server/src/core/customer/customer-service.ts'
import { createCustomer } from '../server/src/core/customer/customer-service.ts'
import { listDirectory } from '../server/src/core/directory/directory-service.ts'
import { toWireRetrievedCustomer } from '../server/src/surfaces/crypto/wire-customer.ts'
const dir = mkdtempSync('/tmp/cg/d-')
const env = { PORT: '0', CLIENTELE_DATA_DIR: dir, CLIENTELE_REQUESTS_PER_SECOND: '1000000' }
const seeded = await seed(env, 2000, () => {})
const config = readConfig(env)
const database = await openInstallationDatabase(config)
const { system } = await prepareInstallation(database, config, systemPorts)
const apps = await system.db.selectFrom('apps').selectAll().execute()
const row = apps.find((a) => a.mode === 'test')!
const context = { ...system, app: { id: row.id, merchantId: row.merchant_id, name: row.name, mode: 'test' as const, createdAt: row.created_at }, actor: 'x' }
const ids = seeded.activeIds
async function time(name: string, n: number, work: (i: number) => Promise<unknown>) {
  for (let i = 0; i < 300; i++) await work(i)
  const t = process.cpuUsage()
  for (let i = 0; i < n; i++) await work(i)
  const d = process.cpuUsage(t)
  console.log(name, ((d.user + d.system) / n) | 0, 'us')
}
const id = (i: number) => ids[i % ids.length] ?? ''
await time('customer', 3000, (i) => getCustomer(context, id(i)))
await time('wallets', 3000, (i) => walletsOf(context, [id(i)]))
await time('activity', 3000, (i) => recentActivity(context, id(i)))
const c = await getCustomer(context, id(0)); const w = (await walletsOf(context, [id(0)])).get(id(0)) ?? []; const a = await recentActivity(context, id(0))
await time('render', 3000, async () => toWireRetrievedCustomer(c, { wallets: w, activity: a }, { app: context.app, now: 1 }))
const r = toWireRetrievedCustomer(c, { wallets: w, activity: a }, { app: context.app, now: 1 })
await time('stringify', 3000, async () => JSON.stringify(r))
await time('list', 1000, async () => { const { customers } = await listDirectory(context, {}, { limit: 20, offset: 0 }); const x = customers.map((c) => c.id); await Promise.all([walletsOf(context, x), activityCountsOf(context, x)]) })
await time('wallets20', 1000, () => walletsOf(context, ids.slice(-20)))
await time('counts20', 1000, () => activityCountsOf(context, ids.slice(-20)))
await time('create', 3000, (i) => createCustomer(context, { kind: 'individual', name: `Gerardo Ratto ${i}`, email: `n${i}@example.com`, country: 'AR' }))
await database.close()
