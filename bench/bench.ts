// Owns `npm run bench`: our server against the floor, in one run, on both engines and two sizes.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { query, startPostgresql, type TestPostgresql } from '../test/postgresql.ts'
import { pidsOfPostgresql } from './cpu.ts'
import {
  type Form,
  formOf,
  forms,
  isWrite,
  type Measured,
  measure,
  operationNames,
  readExamples,
} from './measure.ts'
import { startFloor, startOurs, timeToFirstAnswer } from './processes.ts'
import { measureSaturation } from './saturation.ts'
import type { MeasuredDatabase, Scenario } from './scenario.ts'
import { measureSyncs, measureUploads } from './scenarios.ts'
import { type Seeded, seed } from './seed.ts'
import { measureJobs, measureTwoProcesses } from './two-processes.ts'
import { measureWebhooks } from './webhooks.ts'

const scenarios: Record<string, (scenario: Scenario) => Promise<string>> = {
  uploads: measureUploads,
  syncs: measureSyncs,
  saturation: measureSaturation,
  'two-processes': measureTwoProcesses,
  jobs: measureJobs,
  webhooks: measureWebhooks,
}

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'sqlite,postgresql' },
    customers: { type: 'string', default: '10000,1000000' },
    operations: {
      type: 'string',
      default: [...operationNames, ...Object.keys(scenarios)].join(','),
    },
    seconds: { type: 'string', default: '5' },
  },
})

const connections = 32
/** Customers that are asked for again and again: the same number at every size. */
const workingSet = 10_000
const widths = [18, 10, 8, 8, 8, 10, 8, 8, 8, 8, 9]

for (const engine of values.engine.split(',')) {
  for (const customers of values.customers.split(',').map(Number)) {
    await benchmark(engine, customers)
  }
}

async function benchmark(engine: string, customers: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-bench-'))
  const postgresql = engine === 'postgresql' ? await startPostgresql() : null
  const oursUrl = postgresql && (await createDatabase(postgresql.url, 'ours'))
  const url = postgresql ? await createDatabase(postgresql.url, 'floor') : undefined
  try {
    const environment: Record<string, string> = {
      PORT: '0',
      CLIENTELE_DATA_DIR: join(folder, 'data'),
      CLIENTELE_REQUESTS_PER_SECOND: '1000000',
      CLIENTELE_ALLOWED_NETWORKS: '127.0.0.0/8',
      ...(oursUrl ? { DATABASE_URL: oursUrl } : {}),
    }
    const seeded = await seed(environment, customers, (done) => progress(engine, done, customers))
    process.stdout.write(`\n${engine}, ${customers} customers, ${connections} connections\n`)
    const startMs = await timeToFirstAnswer(environment)
    process.stdout.write(`npm start to the first 200: ${Math.round(startMs)} ms\n`)
    const asked = values.operations.split(',')
    const names = asked.filter((name) => operationNames.includes(name))
    const { key } = seeded
    const ids = spread(seeded.ids, workingSet)
    const seconds = Number(values.seconds)
    const database = postgresql && oursUrl ? databaseOf(postgresql, oursUrl) : null
    await play(asked, { environment, database, folder, key, ids, seconds })
    const plan = { environment, folder, customers, url, seeded, settle: () => settle(postgresql) }
    const compareAll = async (some: string[]) => {
      for (const form of forms) {
        const own = some.filter((name) => formOf(name) === form)
        if (own.length > 0) await compare({ ...plan, form, names: own })
      }
    }
    await compareAll(names.filter((name) => !isWrite(name)))
    const cold = names.filter((name) => name === 'get' || name === 'list50')
    if (engine === 'sqlite' && cold.length > 0) {
      // Without the cache, and over all ids in place of a working set.
      process.stdout.write('cold: no record in memory\n')
      const uncached = { ...environment, CLIENTELE_CACHED_RECORDS: '0' }
      await compare({ ...plan, environment: uncached, form: 'payouts', names: cold })
    }
    // Last: what they leave to be done later would be done beside the reads.
    await compareAll(names.filter(isWrite))
  } finally {
    await postgresql?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Without a floor: what a bare server has none of. */
async function play(asked: string[], scenario: Scenario): Promise<void> {
  for (const [name, measureScenario] of Object.entries(scenarios)) {
    if (asked.includes(name)) process.stdout.write(`${await measureScenario(scenario)}\n`)
  }
}

interface Comparison {
  environment: Record<string, string>
  folder: string
  customers: number
  url: string | undefined
  seeded: Seeded
  settle: () => Promise<void>
  form: Form
  names: string[]
}

async function compare(plan: Comparison): Promise<void> {
  const isCold = plan.environment['CLIENTELE_CACHED_RECORDS'] === '0'
  const ours = await startOurs(plan.environment, plan.folder)
  const bodies = await readExamples(ours.url, plan.seeded, plan.form)
  const floor = await startFloor({ ...plan, bodies })
  const asked = (ids: string[]) => (isCold ? ids : spread(ids, workingSet))
  const { ids, activeIds } = plan.seeded
  const isActive = plan.form === 'crypto' || plan.form === 'banking'
  const ownIds = isActive ? activeIds : asked(ids)
  try {
    printHead()
    for (const name of plan.names) {
      if (isWrite(name)) await plan.settle()
      const measured = await measure(name, {
        connections,
        customers: plan.customers,
        seconds: Number(values.seconds),
        key: plan.seeded.key,
        farCursor: plan.seeded.farCursor,
        databasePids: async () => (plan.url ? pidsOfPostgresql(plan.url) : []),
        ours: { ...ours, ids: ownIds },
        floor: { ...floor, ids: asked(floor.ids) },
      })
      printRow(name, measured)
    }
    process.stdout.write(`memory ${ours.memoryMib()} MiB (floor ${floor.memoryMib()} MiB)\n`)
  } finally {
    await Promise.all([ours.stop(), floor.stop()])
  }
}

function spread(ids: string[], count: number): string[] {
  const step = Math.max(1, Math.floor(ids.length / count))
  return ids.filter((_, at) => at % step === 0).slice(0, count)
}

async function createDatabase(serverUrl: string, name: string): Promise<string> {
  await query(serverUrl, `create database ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

/** As one that has run for a while: a new cluster stops to make each file of its log. */
async function settle(postgresql: TestPostgresql | null): Promise<void> {
  if (postgresql) await query(postgresql.superuserUrl, 'checkpoint')
}

function databaseOf({ superuserUrl }: TestPostgresql, url: string): MeasuredDatabase {
  const adminUrl = new URL(superuserUrl)
  adminUrl.pathname = new URL(url).pathname
  return { url, adminUrl: adminUrl.href }
}

function progress(engine: string, done: number, of: number): void {
  if (!process.stderr.isTTY && done % 100_000 !== 0) return
  process.stderr.write(`\rfilling ${engine}: ${done} of ${of}${done === of ? '\n' : ''}`)
}

function printHead(): void {
  const each = ['p50 ms', 'p99 ms', 'cpu ms']
  printCells(['operation', 'ours/s', ...each, 'floor/s', ...each, 'ratio', 'failures'])
}

function printRow(name: string, { ours, floor }: Measured): void {
  printCells([
    name,
    ours.requestsPerSecond.toFixed(0),
    ours.p50Ms.toFixed(2),
    ours.p99Ms.toFixed(2),
    ours.cpuMs.toFixed(3),
    floor.requestsPerSecond.toFixed(0),
    floor.p50Ms.toFixed(2),
    floor.p99Ms.toFixed(2),
    floor.cpuMs.toFixed(3),
    (ours.requestsPerSecond / floor.requestsPerSecond).toFixed(2),
    String(ours.failures + floor.failures),
  ])
}

function printCells(cells: string[]): void {
  const text = cells.map((cell, at) => cell.padStart(at === 0 ? 0 : (widths[at] ?? 8)))
  process.stdout.write(`${(text[0] ?? '').padEnd(widths[0] ?? 18)}${text.slice(1).join('')}\n`)
}
