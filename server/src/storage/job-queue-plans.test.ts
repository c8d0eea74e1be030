// Owns the proof that looking for jobs and leasing them costs the same however many wait.
import type { Kysely } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { engine, startTestServer, type TestServer } from '../../../test/harness.ts'
import { explain, recordQueries } from '../../../test/recorded-queries.ts'
import { countJobs, insertJob, leaseJobs, selectLanesWithDueJobs } from './job-queue.ts'
import type { Tables } from './tables.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  await server.system.database.transaction((db) => insertJob(db, newJob()).execute())
})
afterAll(() => server.close())
afterEach(() => vi.restoreAllMocks())

const kind = 'payout.submit'
/** Reads more than it answers, or puts in order what it has read. */
const tooMuch = /SCAN jobs(?! USING COVERING INDEX sqlite_autoindex)|TEMP B-TREE|Seq Scan|Sort/
const byDue = {
  sqlite: /SEARCH jobs USING INDEX jobs_due \(app_id=\? AND status=\? AND kind=\? AND run_at<\?\)/,
  postgresql: /jobs_due on jobs.*\n.*Cond: \(\(app_id = .*status = .*kind = .*run_at <= /,
}[engine]
const byId = {
  sqlite: /SEARCH jobs USING \w* ?INDEX sqlite_autoindex_jobs_1 \(app_id=\? AND id=\?\)/,
  postgresql: /jobs_pkey on jobs.*\n.*Cond: \(\(app_id = .*\bid = /,
}[engine]

describe('by an index that begins with the app, and in the order of the index', () => {
  test('a lease finds what is due of its kind, and changes the rows by their ids', async () => {
    const query = { appId: server.testApp.id, kind, dueAt: 1, limit: 20 }
    const lease = { token: server.system.ids(), now: 2, until: 3 }
    const plans = await plansOf((db) => leaseJobs(db, query, lease))
    expect(plans).toEqual([expect.stringMatching(byDue), expect.stringMatching(byId)])
    expect(plans.join('\n')).not.toMatch(tooMuch)
  })

  test('the look for lanes steps from app to app, and asks for one job of each kind', async () => {
    const query = { kinds: [kind, 'registration.sync'], dueAt: 1, now: 2 }
    const plans = await plansOf((db) => selectLanesWithDueJobs(db, query))
    expect(plans).toEqual([expect.stringMatching(byDue)])
    // PostgreSQL says nothing of the step, which is a value in the list of a recursive query.
    const step = {
      sqlite: /RECURSIVE STEP\n(?:.*\n){2}SEARCH jobs USING COVERING INDEX \w+ \(app_id>\?\)/,
      postgresql: /Recursive Union.*\n(?:.*\n){3,7}.*Index Only Scan using jobs_\w+ on jobs/,
    }
    expect(plans[0]).toMatch(step[engine])
    expect(plans[0]).not.toMatch(tooMuch)
  })

  test('the counts of an app read its part of the index, and no row', async () => {
    const plans = await plansOf((db) => countJobs(db, server.testApp.id))
    const ofApp = {
      sqlite: /^SEARCH jobs USING COVERING INDEX jobs_due \(app_id=\?\)$/,
      postgresql: /Index Only Scan using jobs_due on jobs.*\n.*Cond: \(app_id = /,
    }
    expect(plans).toEqual([expect.stringMatching(ofApp[engine])])
    expect(plans[0]).not.toMatch(tooMuch)
  })
})

/** The plan of each statement that `ask` sends. */
async function plansOf(ask: (db: Kysely<Tables>) => Promise<unknown>): Promise<string[]> {
  const { system } = server
  const recorded = await system.database.transaction(async (db) => {
    const statements = recordQueries({ ...server, system: { ...system, db } })
    await ask(db)
    return statements
  })
  vi.restoreAllMocks()
  return Promise.all(recorded.map((statement) => explain(server, statement)))
}

function newJob() {
  const id = server.system.ids()
  return { appId: server.testApp.id, id, kind, subjectId: id, runAt: 1, createdAt: 1 }
}
