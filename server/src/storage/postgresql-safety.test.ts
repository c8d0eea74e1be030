// Owns the proof that each unsafe setting of PostgreSQL is named.
import { expect, test } from 'vitest'
import {
  createTestDatabase,
  engine,
  startTestServer,
  type TestDatabase,
} from '../../../test/harness.ts'
import { query, startPostgresql, type TestPostgresql } from '../../../test/postgresql.ts'

test('an installation that keeps its promises is ready', async () => {
  const server = await startTestServer()
  try {
    const ready = await server.call('GET', '/readyz', { key: null })
    expect([ready.status, ready.json]).toEqual([200, { status: 'ready' }])
    expect(await server.system.database.unsafeSettings()).toEqual([])
  } finally {
    await server.close()
  }
})

// The embedded engine has none of these settings; storage/sqlite.test.ts looks at its own.
if (engine === 'postgresql') {
  const cases: { name: string; urlOf: (unsafe: TestPostgresql, own: string) => string }[] = [
    { name: 'fsync', urlOf: (unsafe) => unsafeUrl(unsafe) },
    { name: 'full_page_writes', urlOf: (unsafe) => unsafeUrl(unsafe) },
    {
      name: 'synchronous_commit',
      urlOf: (_, own) => `${own}?options=-c%20synchronous_commit%3Doff`,
    },
    { name: 'superuser', urlOf: (_, own) => own.replace('clientele@', 'postgres@') },
    { name: 'bypassrls', urlOf: (_, own) => own.replace('clientele@', 'bypasser@') },
  ]

  test('each of five unsafe settings is named, and lets go only when it is allowed', async () => {
    const unsafe = await startPostgresql(['fsync=off', 'full_page_writes=off'])
    const own = await createTestDatabase()
    try {
      const ownUrl = own.environment['DATABASE_URL'] ?? ''
      await makeBypasser(ownUrl)
      await query(unsafe.url, 'create database unsafe')
      for (const { name, urlOf } of cases) {
        const environment = { ...own.environment, DATABASE_URL: urlOf(unsafe, ownUrl) }
        const database: TestDatabase = { environment, remove: async () => {} }
        const isSecond = environment.DATABASE_URL === unsafeUrl(unsafe)
        // The server with two unsafe settings: one of them is allowed, to see the other alone.
        const rest = isSecond ? ['fsync', 'full_page_writes'].filter((other) => other !== name) : []
        expect(await readiness(database, rest)).toEqual([503, [name]])
        expect(await readiness(database, [...rest, name])).toEqual([200, []])
      }
    } finally {
      await own.remove()
      await unsafe.stop()
    }
  })
}

/** In a database that the role owns: PostgreSQL 15 lets nobody else make tables in one. */
function unsafeUrl(unsafe: TestPostgresql): string {
  return new URL('/unsafe', unsafe.url).href
}

async function makeBypasser(url: string): Promise<void> {
  const superuserUrl = url.replace('clientele@', 'postgres@')
  await query(superuserUrl, 'drop role if exists bypasser')
  await query(superuserUrl, 'create role bypasser login bypassrls nosuperuser')
  await query(superuserUrl, 'grant clientele to bypasser')
}

/** The status of /readyz, and the names of its reasons. */
async function readiness(database: TestDatabase, allowed: string[]): Promise<[number, string[]]> {
  const more = {
    CLIENTELE_ALLOW_UNSAFE: allowed.join(', '),
    // Each database of these has a key of its own.
    CLIENTELE_MASTER_KEY: 'ab'.repeat(32),
  }
  const server = await startTestServer(more, database)
  try {
    const { status, json } = await server.call('GET', '/readyz', { key: null })
    const reasons: { name: string; detail: string; fix: string }[] = json.reasons ?? []
    expect(reasons.every(({ detail, fix }) => detail !== '' && fix !== '')).toBe(true)
    return [status, reasons.map((reason) => reason.name)]
  } finally {
    await server.stop()
  }
}
