// Owns what several server processes do over one PostgreSQL: more reads, and each job once.
import { readConfig } from '../server/src/config.ts'
import { listApps } from '../server/src/core/apps/app-service.ts'
import { contextOf } from '../server/src/core/context.ts'
import { payoutJobKind } from '../server/src/core/payouts/payout.ts'
import { createPayout } from '../server/src/core/payouts/payout-service.ts'
import {
  openInstallationDatabase,
  prepareInstallation,
  systemPorts,
} from '../server/src/installation.ts'
import { inTransaction } from '../server/src/storage/transaction.ts'
import { pidsOfPostgresql, printShares, watchCpu } from './cpu.ts'
import { query } from './database.ts'
import { applyLoad } from './load.ts'
import { type BenchServer, startOurs } from './processes.ts'
import { type MeasuredDatabase, type Scenario, until } from './scenario.ts'

const connections = 32
const warmUpSeconds = 2

/** Gets by one process and by two, and what of the machine was left for the second. */
export async function measureTwoProcesses(scenario: Scenario): Promise<string> {
  const { database } = scenario
  if (database === null) return 'two processes: the embedded engine is for one'
  const servers = await startServers(scenario, database.url, 2)
  try {
    const one = await applyGets(scenario, servers.slice(0, 1), database)
    const two = await applyGets(scenario, servers, database)
    const ratio = (two.perSecond / one.perSecond).toFixed(2)
    const { idle = 0, ...taken } = one.shares
    const used = Object.values(taken).reduce((sum, share) => sum + share)
    const room = ((used + idle) / used).toFixed(2)
    return [
      `one process: ${one.perSecond.toFixed(0)} gets/s; ${printShares(one.shares)}`,
      `two processes: ${two.perSecond.toFixed(0)} gets/s; ${printShares(two.shares)}`,
      `ratio ${ratio}; with load and database on the same cores there was room for ${room}`,
    ].join('\n')
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
}

/** Each with a name by which the database knows it. */
async function startServers(
  { environment, folder }: Scenario,
  databaseUrl: string,
  count: number,
): Promise<BenchServer[]> {
  return Promise.all(
    Array.from({ length: count }, (_, at) => {
      const url = new URL(databaseUrl)
      url.searchParams.set('application_name', nameOf(at))
      return startOurs({ ...environment, DATABASE_URL: url.href }, folder)
    }),
  )
}

const nameOf = (at: number) => `server ${at + 1}`

async function applyGets(
  { key, ids, seconds }: Scenario,
  servers: BenchServer[],
  database: MeasuredDatabase,
) {
  const run = (time: number) =>
    Promise.all(
      servers.map((server) =>
        applyLoad({
          url: server.url,
          connections: connections / servers.length,
          seconds: time,
          method: 'GET',
          path: () => `/payouts/customers/${ids[Math.floor(Math.random() * ids.length)]}`,
          headers: { authorization: `Bearer ${key}` },
        }),
      ),
    )
  await run(warmUpSeconds)
  const shares = watchCpu({
    ...Object.fromEntries(servers.map(({ pid }, at) => [nameOf(at), [pid]])),
    PostgreSQL: await pidsOfPostgresql(database.adminUrl),
    load: [process.pid],
  })
  const results = await run(seconds)
  if (results.some(({ failures }) => failures > 0)) throw new Error('a get was not answered')
  const perSecond = results.reduce((sum, result) => sum + result.requestsPerSecond, 0)
  return { perSecond, shares: shares() }
}

const jobs = 10_000
const perTransaction = 500
const cbu = '0070327530004025541644'

/** Payouts that wait before either process starts, and what the two make of them. */
export async function measureJobs(scenario: Scenario): Promise<string> {
  const { database } = scenario
  if (database === null) return 'jobs by two processes: the embedded engine is for one'
  await makePayouts(scenario.environment)
  await query(database.adminUrl, noteEnds)
  const ended = async () =>
    Number((await query(database.adminUrl, 'select count(*) from ended_jobs'))[0]?.['count'])
  const servers = await startServers(scenario, database.url, 2)
  const began = performance.now()
  const before = await ended()
  try {
    await until(async () => (await ended()) >= jobs)
    const seconds = (performance.now() - began) / 1_000
    const [counts = {}] = await query(database.adminUrl, countEffects)
    const shares = await query(
      database.adminUrl,
      'select name, count(*) from ended_jobs group by name',
    )
    const each = shares.map(({ name, count }) => `${name} ${count}`).join(', ')
    const { missing, doubled, repeated } = counts
    return (
      `${jobs} jobs by two processes: ${((jobs - before) / seconds).toFixed(0)} a second ` +
      `(${each}); ${missing} missing, ${doubled} doubled, ${repeated} begun more than once`
    )
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
}

/** By the core itself, while no process is there to take them. */
async function makePayouts(environment: Record<string, string>): Promise<void> {
  const config = readConfig(environment)
  const database = await openInstallationDatabase(config)
  try {
    const { system } = await prepareInstallation(database, config, systemPorts)
    const app = (await listApps(system)).find(({ mode }) => mode === 'test')
    if (!app) throw new Error('the first start makes a test app')
    const context = contextOf(system, { app, actor: 'operator:bench' })
    const destination = { cbu, name: 'Gerardo Ratto', cuit: null, customerId: null }
    const payout = { ...destination, amount: '10.00', currency: 'ARS' }
    for (let done = 0; done < jobs; done += perTransaction) {
      await inTransaction(context, async (tx) => {
        for (let at = 0; at < perTransaction; at += 1) await createPayout(tx, payout)
      })
    }
  } finally {
    await database.close()
  }
}

/** How often each job was begun, and by which process it was put away. */
const noteEnds = `
  create table ended_jobs (id uuid, attempts bigint, name text);
  create function note_end() returns trigger language plpgsql security definer as $$ begin
    insert into ended_jobs values
      (old.id, old.attempts, current_setting('application_name'));
    return old;
  end $$;
  create trigger note_end after delete on jobs for each row
    when (old.kind = '${payoutJobKind}') execute function note_end()`

const countEffects = `select
  (select count(*) from payouts p where status <> 'completed' or not exists
    (select 1 from sandbox_transfers t where t.payout_id = p.id)) as missing,
  (select count(*) - count(distinct payout_id) from sandbox_transfers) as doubled,
  (select count(*) from ended_jobs where attempts > 1) as repeated`
