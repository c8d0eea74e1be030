// Owns the proof that PostgreSQL itself holds back the rows of other apps, whatever a query asks.
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../server/src/storage/database.ts'
import { createTestDatabase, engine, startTestServer, type TestDatabase } from './harness.ts'
import { query } from './postgresql.ts'

let own: TestDatabase
let database: Database
beforeAll(async () => {
  own = await createTestDatabase()
  await setUp()
})
afterAll(async () => {
  await database.close()
  await own.remove()
  if (engine === 'postgresql') await query(superuserUrl, `drop role ${role}`)
})

/** Owns nothing, and is no superuser: what `clientele migrate --grant-to` is for. */
const role = `server_${randomUUID().replaceAll('-', '')}`
const connectionsMax = 4
const apps = Array.from({ length: 50 }, () => randomUUID()).sort()
const rowsOfApp = 3
let ownerUrl = ''
let url = ''
let superuserUrl = ''

async function setUp(): Promise<void> {
  ownerUrl = own.environment['DATABASE_URL'] ?? ''
  const dataDir = own.environment['CLIENTELE_DATA_DIR'] ?? ''
  url = ownerUrl.replace('clientele@', `${role}@`)
  superuserUrl = ownerUrl.replace(/clientele@([^/]*).*/, 'postgres@$1/postgres')
  if (engine === 'postgresql') await query(superuserUrl, `create role ${role} login nobypassrls`)
  const owner = await openDatabase({ url: ownerUrl || undefined, dataDir, connectionsMax })
  await owner.migrate()
  await owner.grantUse?.(role)
  await owner.close()
  database = await openDatabase({ url: url || undefined, dataDir, connectionsMax })
  for (const appId of apps) {
    await database.ofApp(appId).transaction(async (db) => {
      const rows = Array.from({ length: rowsOfApp }, () => lookupOf(appId))
      await db.insertInto('customer_lookups').values(rows).execute()
    })
  }
}

test('one app has its rows, where the engine can hold back others; all are all', async () => {
  const all = apps.flatMap((appId) => repeat(appId, rowsOfApp))
  expect(await appsSeen(database.ofEveryApp())).toEqual(all)
  const [appId = ''] = apps
  const ownRows = engine === 'postgresql' ? repeat(appId, rowsOfApp) : all
  expect(await appsSeen(database.ofApp(appId))).toEqual(ownRows)
})

if (engine === 'postgresql') {
  test('every table with an app has a policy that binds its owner too, 0 exceptions', async () => {
    const tables = await rowsOf(
      ownerUrl,
      `select relname, relrowsecurity, relforcerowsecurity,
          (select string_agg(polname || ' ' || polcmd::text || ' ' || polpermissive::text, ',')
            from pg_policy where polrelid = c.oid) as policies
        from pg_class c join pg_attribute a on a.attrelid = c.oid and attname = 'app_id'
        where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace`,
    )
    expect(tables.length).toBeGreaterThan(30)
    const bound = { relrowsecurity: true, relforcerowsecurity: true, policies: 'of_app * true' }
    expect(tables).toEqual(tables.map(({ relname }) => ({ relname, ...bound })))
  })

  test('the role is neither owner, superuser nor above policies, and cannot lift one', async () => {
    const facts = `select rolsuper, rolbypassrls, (select count(*)::int from pg_class
      where relowner = pg_roles.oid) as owned from pg_roles where rolname = current_user`
    expect(await rowsOf(url, facts)).toEqual([{ rolsuper: false, rolbypassrls: false, owned: 0 }])
    const lift = 'alter table customers disable row level security'
    await expect(query(url, lift)).rejects.toThrow('must be owner of table customers')
    await expect(query(url, 'drop policy of_app on customers')).rejects.toThrow('must be owner')
    await expect(query(url, 'set row_security = off; select 1 from jobs')).rejects.toThrow(
      'would be affected by row-level security policy',
    )
  })

  test('1,000 queries without an app, on connections that served apps: 0 rows', async () => {
    const names = (await rowsOf(ownerUrl, appTables)).map(({ name }) => String(name))
    let rows = 0
    for (let at = 0; at < 1_000; at += 1) {
      await appsSeen(database.ofApp(apps[at % apps.length] ?? ''))
      const ask = sql`select 1 from ${sql.table(names[at % names.length] ?? '')}`
      const seen =
        at % 2 === 0 ? ask.execute(database.reader) : database.transaction(ask.execute.bind(ask))
      rows += (await seen).rows.length
    }
    expect(rows).toBe(0)
  })

  test('neither the role nor the owner sees a row before it has said for which app', async () => {
    const count = 'select count(*)::int as rows from customer_lookups'
    expect(await rowsOf(url, count)).toEqual([{ rows: 0 }])
    expect(await rowsOf(ownerUrl, count)).toEqual([{ rows: 0 }])
    const named = `${count.replace('select', "select set_config('clientele.app_id', '', false),")}`
    expect(await rowsOf(url, named)).toMatchObject([{ rows: 0 }])
  })

  test('a row of another app is neither written, changed nor removed', async () => {
    const [mine, other] = [apps[0] ?? '', apps[1] ?? '']
    const foreign = database
      .ofApp(mine)
      .transaction((db) => db.insertInto('customer_lookups').values(lookupOf(other)).execute())
    await expect(foreign).rejects.toThrow('violates row-level security policy')
    await expect(
      touchAll(database.ofApp(mine), sql`update customer_lookups set app_id = ${other}`),
    ).rejects.toThrow('violates row-level security policy')
    await touchAll(database.ofApp(randomUUID()), sql`delete from customer_lookups`)
    expect(await appsSeen(database.ofApp(other))).toEqual(repeat(other, rowsOfApp))
    await touchAll(database, sql`delete from customer_lookups`)
    expect(await appsSeen(database.ofEveryApp())).toHaveLength(apps.length * rowsOfApp)
  })

  test('10,000 interleaved requests of 50 apps on 4 connections: 0 foreign rows', async () => {
    const counts = { asked: 0, own: 0, foreign: 0 }
    const request = async (at: number) => {
      const appId = apps[at % apps.length] ?? ''
      const seen = await requests[Math.floor(at / apps.length) % requests.length]?.(appId)
      counts.asked += 1
      for (const found of seen ?? []) counts[found === appId ? 'own' : 'foreign'] += 1
    }
    for (let first = 0; first < 10_000; first += 500) {
      await Promise.all(Array.from({ length: 500 }, (_, at) => request(first + at)))
    }
    expect(counts).toEqual({ asked: 10_000, own: 10_000 * rowsOfApp, foreign: 0 })
  })

  test('a whole server works as such a role', async () => {
    const environment = { ...own.environment, DATABASE_URL: url }
    const server = await startTestServer({}, { environment, remove: async () => {} })
    try {
      const body = { type: 'individual', name: 'Ada Example', country: 'AR' }
      const made = await server.call('POST', '/payouts/customers', { body })
      const ready = await server.call('GET', '/readyz', { key: null })
      expect([made.status, ready.json]).toEqual([201, { status: 'ready' }])
    } finally {
      await server.stop()
    }
  })
}

const appTables = `select relname as name from pg_class join pg_attribute on attrelid = pg_class.oid
  where attname = 'app_id' and relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`

/** What a request may do: each answers the apps whose rows a query that names none has seen. */
const requests: ((appId: string) => Promise<string[]>)[] = [
  (appId) => appsSeen(database.ofApp(appId)),
  (appId) => database.ofApp(appId).transaction((db) => appsSeen({ reader: db })),
  async (appId) => {
    await touchAll(database.ofApp(appId), sql`update customer_lookups set field = field || ''`)
    return appsSeen(database.ofApp(appId))
  },
  async (appId) => {
    const seen: string[] = []
    const failing = database.ofApp(appId).transaction(async (db) => {
      seen.push(...(await appsSeen({ reader: db })))
      await sql`select 1 / (count(*) - ${rowsOfApp}) from customer_lookups`.execute(db)
    })
    await expect(failing).rejects.toThrow('division by zero')
    return seen
  },
  async (appId) => {
    const autocommit = database.ofApp(appId).autocommit ?? database.reader
    const ask = sql<{ app_id: string }>`update customer_lookups set field = field returning app_id`
    return (await ask.execute(autocommit)).rows.map((row) => row.app_id)
  },
]

async function appsSeen({ reader }: Pick<Database, 'reader'>): Promise<string[]> {
  const rows = await reader
    .selectFrom('customer_lookups')
    .select('app_id')
    .orderBy('app_id')
    .execute()
  return rows.map((row) => row.app_id)
}

async function touchAll(of: Database, change: ReturnType<typeof sql>): Promise<void> {
  await of.transaction((db) => change.execute(db))
}

function lookupOf(appId: string) {
  const token = new Uint8Array([1, 2, 3])
  return { app_id: appId, field: 'email', token, customer_id: randomUUID() }
}

const repeat = (value: string, count: number) => Array.from({ length: count }, () => value)

async function rowsOf(at: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: at })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}
