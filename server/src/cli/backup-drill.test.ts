// Owns the drill: backups at random moments under load come back whole, equal to what was (P45).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ServerProcess, startServerProcess } from '../../../test/crash/server-process.ts'
import { createCounter, runWriters, type Write } from '../../../test/crash/workload.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/harness.ts'
import { runs, runsMsMax } from '../../../test/runs.ts'
import { parseId } from '../lib/id.ts'
import { documentOf, runInProcess } from './test-process.ts'

const drills = runs({ few: 2, full: 20 })
const momentMsMax = 300
/** Some ten customers' worth: each takes a number for itself and one for each of its writes. */
const numbersBefore = 60
const folder = mkdtempSync(join(tmpdir(), 'clientele-drill-'))
let database: TestDatabase
let server: ServerProcess

async function run(environment: Record<string, string>, ...args: string[]) {
  const answer = documentOf(await runInProcess([...args, '--json'], environment))
  expect(answer['error']).toBeUndefined()
  return answer
}

const fileOf = (environment: Record<string, string>) =>
  join(environment['CLIENTELE_DATA_DIR'] ?? '', 'clientele.db')

function withRows<T>(path: string, work: (rows: (sql: string) => Record<string, unknown>[]) => T) {
  const connection = new DatabaseSync(path, { readOnly: true })
  try {
    return work((sql) => connection.prepare(sql).all())
  } finally {
    connection.close()
  }
}

/** `app customer version hash`, of the newest events, or of every one. */
const headsSql = `select app_id || ' ' || id || ' ' || version || ' ' || hex(head_hash) as line
  from customers order by app_id, id`
const linksSql = `select app_id || ' ' || customer_id || ' ' || version || ' ' || hex(hash) as line
  from events`

const lines = (path: string, sql: string) =>
  withRows(path, (rows) => rows(sql).map(({ line }) => String(line)))

function countsOf(path: string): Record<string, number> {
  return withRows(path, (rows) => {
    const tables = rows("select name from sqlite_schema where type = 'table' order by name")
    const counts = tables.map(({ name }) => {
      const [row] = rows(`select count(*) as number from "${name}"`)
      return [String(name), Number(row?.['number'])]
    })
    return Object.fromEntries(counts)
  })
}

/** The ids of what was acknowledged, by table. */
const idsOf = (writes: Write[], kind: Write['kind'], member: string) =>
  writes
    .filter((write) => write.kind === kind && write.answer !== null)
    .map(({ answer }) => JSON.parse(answer?.text ?? '{}')[member])

beforeAll(async () => {
  database = await createTestDatabase()
  server = await startServerProcess(database)
})
afterAll(async () => {
  await server.remove()
  await database.remove()
  rmSync(folder, { recursive: true, force: true })
})

const load = (counter: ReturnType<typeof createCounter>, isOver: () => boolean) =>
  runWriters({ url: server.url, key: server.key ?? '' }, { writers: 6, counter, isOver })

const restored = async (file: string, name: string) => {
  const dataDir = join(folder, name)
  const place = { ...database.environment, CLIENTELE_DATA_DIR: dataDir }
  const { customers, events } = await run(place, 'restore', file)
  return { path: fileOf(place), customers, events }
}

test(
  'taken at any moment, it holds all that was answered before, and nothing that never was',
  async () => {
    const counter = createCounter()
    for (let drill = 1; drill <= drills; drill += 1) {
      let isOver = false
      const end = counter.next() + numbersBefore
      const before = await load(counter, () => counter.last() > end)
      const running = load(counter, () => isOver)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * momentMsMax))
      const file = join(folder, `drill-${drill}.tar`)
      await run(database.environment, 'backup', file)
      isOver = true
      const during = await running
      const { path, customers } = await restored(file, `place-${drill}`)

      const heads = lines(path, headsSql)
      expect(heads).toHaveLength(Number(customers))
      const source = new Set(lines(fileOf(database.environment), linksSql))
      expect(heads.filter((head) => !source.has(head))).toEqual([])
      const kept = new Set(heads.map((head) => head.split(' ')[1]))
      const answered = idsOf(before, 'customers', 'customerId').map((id) => parseId('customer', id))
      expect(answered.length).toBeGreaterThan(0)
      expect(answered.filter((id) => !kept.has(id ?? ''))).toEqual([])
      const paid = new Set(
        withRows(path, (rows) => rows('select id from payouts').map(({ id }) => id)),
      )
      const payouts = idsOf(before, 'payouts', 'id').map((id) => parseId('payout', id))
      expect(payouts.filter((id) => !paid.has(id))).toEqual([])
      expect(during.length).toBeGreaterThan(0)
      rmSync(join(folder, `place-${drill}`), { recursive: true })
      rmSync(file)
    }
  },
  runsMsMax,
)

test(
  'taken of what rests, every table has as many rows, and every head is the same',
  async () => {
    server.signal('SIGTERM')
    await server.ended()
    const file = join(folder, 'rest.tar')
    await run(database.environment, 'backup', file)
    const { path, customers, events } = await restored(file, 'rest')
    const source = fileOf(database.environment)
    expect(countsOf(path)).toEqual(countsOf(source))
    expect(lines(path, headsSql)).toEqual(lines(source, headsSql))
    const { customers: rows, events: links } = countsOf(source)
    expect([customers, events]).toEqual([rows, links])
  },
  runsMsMax,
)
