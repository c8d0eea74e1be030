// Owns the proof that a page of activity is found by an index of its app, in its order.
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { engine, startTestServer, type TestServer } from '../../../../test/harness.ts'
import { explain, recordQueries } from '../../../../test/recorded-queries.ts'
import { type ActivityFilter, selectActivityPage } from './activity-list-store.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())
afterEach(() => vi.restoreAllMocks())

const tables = ['payment_intents', 'invoices', 'subscriptions'] as const
const filters: [name: string, filter: Omit<ActivityFilter, 'appId'>][] = [
  ['all', { status: null }],
  ['one status', { status: 'CREATED' }],
  ['what is due', { status: 'OPEN', due: { isPast: true, now: 1 } }],
  ['what is not due', { status: 'OPEN', due: { isPast: false, now: 1 } }],
]
const cases = tables.flatMap((table) =>
  filters
    .filter(([, { due }]) => due === undefined || table === 'invoices')
    .map(([name, filter]) => [table, name, filter] as const),
)

/** Reads more than it answers, or puts in order what it has read. */
const tooMuch = /\bSCAN\b|TEMP B-TREE|Seq Scan|Sort/
/** No row beside the index: a far page walks over small entries alone. */
const byIndexAlone = {
  sqlite: /^SEARCH \w+ USING COVERING INDEX \w+ \(app_id=\?/,
  postgresql: /Index Only Scan (?:Backward )?using \w+ on \w+.*\n.*Index Cond: \(+app_id = /,
}[engine]

test.each(cases)('%s: %s, counted and listed', async (table, _, filter) => {
  const of = { ...filter, appId: server.testApp.id }
  const recorded = recordQueries(server)
  await selectActivityPage(server.system.db, table, of, { limit: 20, offset: 1_000 })
  vi.restoreAllMocks()
  const plans = await Promise.all(recorded.map((statement) => explain(server, statement)))
  expect(plans).toHaveLength(2)
  for (const plan of plans) {
    expect(plan).toMatch(byIndexAlone)
    expect(plan).not.toMatch(tooMuch)
    if (filter.status !== null) expect(plan).toContain(`${table}_status`)
  }
})
