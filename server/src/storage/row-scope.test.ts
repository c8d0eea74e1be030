// Owns the proof that a connection which was not told whose rows to show answers nobody.
import { CompiledQuery } from 'kysely'
import { expect, test, vi } from 'vitest'
import { createTestDatabase, engine } from '../../../test/harness.ts'
import { GatheringClient } from './gathering-client.ts'
import { openPostgresql } from './postgresql.ts'
import { PipelinedConnection, StatementNames } from './postgresql-driver.ts'
import { everyApp } from './row-scope.ts'

const shown = CompiledQuery.raw("select current_setting('clientele.app_id') as app")

test('an app is never every app', () => {
  const database = openPostgresql('postgres://nobody@127.0.0.1:1/none', 1)
  expect(() => database.ofApp(everyApp)).toThrow('an app has an id of its own')
  expect(() => database.ofApp('')).toThrow('an app has an id of its own')
  expect(database.ofApp('a')).toBe(database.ofApp('a').ofEveryApp().ofApp('a'))
})

if (engine === 'postgresql') {
  test('a setting goes before the statements of another app, once, without a wait', async () => {
    await withClient(async (client) => {
      const sent = vi.spyOn(client, 'query')
      const [first, second] = [connectionFor(client, 'a'), connectionFor(client, 'b')]
      const answers = await Promise.all(
        [first, first, second, second, first].map((one) => one.executeQuery(shown)),
      )
      expect(answers.flatMap(({ rows }) => rows)).toEqual(
        ['a', 'a', 'b', 'b', 'a'].map((app) => ({ app })),
      )
      expect(sent).toHaveBeenCalledTimes(5 + 3)
    })
  })

  test('what follows a setting that failed is refused, and so is all that comes later', async () => {
    await withClient(async (client) => {
      await connectionFor(client, 'a').executeQuery(shown)
      const query = client.query.bind(client)
      const isSetting = (config: unknown) => Object(config).name === 'scope'
      vi.spyOn(client, 'query').mockImplementation(((config: never) =>
        isSetting(config) ? query('select 1 / 0') : query(config)) as never)
      const other = connectionFor(client, 'b')
      const [one, two] = await Promise.allSettled([
        other.executeQuery(shown),
        other.executeQuery(shown),
      ])
      expect([one, two]).toMatchObject(
        [1, 2].map(() => ({ status: 'rejected', reason: { message: 'division by zero' } })),
      )
      await expect(other.executeQuery(shown)).rejects.toThrow()
      await expect(connectionFor(client, 'a').executeQuery(shown)).rejects.toThrow()
    })
  })
}

function connectionFor(client: GatheringClient, scope: string): PipelinedConnection {
  return new PipelinedConnection(client, new StatementNames(), scope)
}

async function withClient(work: (client: GatheringClient) => Promise<void>): Promise<void> {
  const own = await createTestDatabase()
  const connectionString = own.environment['DATABASE_URL']
  const client = new GatheringClient({ connectionString, pipeline: true })
  try {
    await client.connect()
    await work(client)
  } finally {
    vi.restoreAllMocks()
    await client.end()
    await own.remove()
  }
}
