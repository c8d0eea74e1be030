// Owns the tests of the `connections` commands: what is saved, what is refused, what is printed.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, startTestServer, type TestDatabase } from '../../../test/harness.ts'
import { processEnvironment } from '../../../test/process-environment.ts'
import { printId } from '../lib/id.ts'
import { type StandIn, startStandIn } from '../providers/testing/stand-in.ts'
import { documentOf, type Ended, runInProcess, startServe } from './test-process.ts'

const secrets = {
  test: 'sk-test-S3cr3t-Test-Canary',
  other: 'sk-test-S3cr3t-Other-Canary',
  live: 'sk-live-S3cr3t-Live-Canary',
  refused: 'sk-test-S3cr3t-Bad-Canary',
}
const anySecret = /S3cr3t|Canary/

const folder = mkdtempSync(join(tmpdir(), 'clientele-connections-'))
let database: TestDatabase
let standIn: StandIn
let testAppId: string
let liveAppId: string
/** What the provider takes no more. */
const refusedKeys = new Set<unknown>([secrets.refused])

beforeAll(async () => {
  standIn = await startStandIn(({ headers }) =>
    refusedKeys.has(headers['api-key'])
      ? { status: 401, body: { code: 'invalid', message: `no such key: ${headers['api-key']}` } }
      : { status: 200, body: { count: 0, data: [] } },
  )
  database = await createTestDatabase()
  const server = await startTestServer({}, database)
  testAppId = printId('app', server.testApp.id)
  liveAppId = printId('app', server.liveApp.id)
  await server.stop()
})
afterAll(async () => {
  await standIn?.close()
  await database?.remove()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  for (const app of [testAppId, liveAppId]) await run('remove', 'bridge', '--app', app)
  standIn.requests.length = 0
  standIn.badDay = null
})

/** Every output of every command stands this test: none shows a credential. */
async function run(...args: string[]): Promise<Ended> {
  const ended = await runInProcess(['connections', ...args], database.environment)
  expect(ended.out + ended.error).not.toMatch(anySecret)
  return ended
}

const runJson = async (...args: string[]) => documentOf(await run(...args, '--json'))

/** The exit code, the code of the error, and its sentence. */
async function refusalOf(...args: string[]) {
  const ended = await run(...args, '--json')
  const { code, message } = documentOf(ended)['error'] as { code: string; message: string }
  return [ended.code, code, message]
}

const misuse = (message: string) => [2, 'wrong_usage', message]

function fileOf(content: unknown): string {
  const path = join(folder, 'credentials.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

/** Arguments of `set` for an app, without a base URL. */
const bare = (content: unknown, app = testAppId) =>
  ['set', 'bridge', '--app', app, '--credentials', fileOf(content)] as const
const setTo = (content: unknown, app = testAppId) =>
  [...bare(content, app), '--base-url', standIn.url] as const
const listed = async (app = testAppId) => (await runJson('list', '--app', app))['connections']

const anyTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const keysAsked = () => standIn.requests.map(({ headers }) => headers['api-key'])

describe('connections set', () => {
  test('asks the provider, saves, and shows the names of the credentials alone', async () => {
    const { connection } = await runJson(...setTo({ api_key: secrets.test }))
    const { id } = connection as { id: string }
    expect(connection).toEqual({
      id: expect.stringMatching(/^con_\w{26}$/),
      provider: 'bridge',
      baseUrl: standIn.url,
      credentials: ['api_key'],
      webhookPath: `/hooks/bridge/${id}`,
      checkedAt: anyTime,
    })
    expect(keysAsked()).toEqual([secrets.test])
    expect(await listed()).toEqual([connection])
  })

  test('tells a person where webhooks go, and that no credential is shown again', async () => {
    const { code, out, error } = await run(...setTo({ api_key: secrets.test }))
    expect({ code, error }).toEqual({ code: 0, error: '' })
    const [first, ...rest] = out.split('\n')
    expect(first).toMatch(/^Connection {2}con_\w{26} {2}bridge$/)
    const names = 'Credentials api_key   (never shown again)'
    const webhooks = `Webhooks    /hooks/bridge/${first?.split(/ +/)[1]}`
    expect(rest).toEqual([names, webhooks, expect.stringMatching(/^Checked {5}\S+$/), ''])
  })

  test('again replaces the credentials, and the id stays', async () => {
    const first = await runJson(...setTo({ api_key: secrets.test }))
    const again = await runJson(...setTo({ api_key: secrets.other }))
    const idOf = ({ connection }: Record<string, unknown>) => (connection as { id: string }).id
    expect(idOf(again)).toBe(idOf(first))
    await run('test', 'bridge', '--app', testAppId)
    expect(keysAsked()).toEqual([secrets.test, secrets.other, secrets.other])
  })

  test('credentials that the provider refuses replace nothing', async () => {
    await run(...setTo({ api_key: secrets.test }))
    const before = await listed()
    const refusal = await refusalOf(...setTo({ api_key: secrets.refused }))
    expect(refusal.slice(0, 2)).toEqual([1, 'provider_credentials_refused'])
    expect(await listed()).toEqual(before)
    await run('test', 'bridge', '--app', testAppId)
    expect(keysAsked()).toEqual([secrets.test, secrets.refused, secrets.test])
  })

  test('a provider that does not answer leaves nothing saved', async () => {
    standIn.badDay = 'error_500'
    const refusal = await refusalOf(...setTo({ api_key: secrets.test }))
    expect(refusal.slice(0, 2)).toEqual([1, 'provider_unavailable'])
    expect(await listed()).toEqual([])
  })

  test('keeps the modes apart, in both directions, before the network', async () => {
    expect(await refusalOf(...setTo({ api_key: secrets.live }))).toEqual([
      1,
      'connection_mode_differs',
      'these are live credentials, and this is a test app',
    ])
    expect(await refusalOf(...setTo({ api_key: secrets.test }, liveAppId))).toEqual([
      1,
      'connection_mode_differs',
      'these are test credentials, and this is a live app',
    ])
    expect(standIn.requests).toEqual([])
    await run(...setTo({ api_key: secrets.live }, liveAppId))
    expect([await listed(), await listed(liveAppId)]).toEqual([
      [],
      [expect.objectContaining({ provider: 'bridge' })],
    ])
  })

  test.each<[string, object, string]>([
    ['that is missing', {}, 'credentials.api_key: is missing'],
    ['that is blank', { api_key: ' ' }, 'credentials.api_key: is blank'],
    ['that is too long', { api_key: 'x'.repeat(10_001) }, 'longer than 10000 characters'],
    ['of another provider', { secret_key: secrets.test }, 'credentials.secret_key: is not known'],
  ])('a credential %s is named, and nothing is asked', async (_, credentials, message) => {
    const refusal = await refusalOf(...setTo(credentials))
    expect(refusal).toEqual([1, 'field_invalid', expect.stringContaining(message)])
    expect(standIn.requests).toEqual([])
    expect(await listed()).toEqual([])
  })

  test.each([
    ['https://10.0.0.1', 'connection_url_refused'],
    ['http://user:word@127.0.0.1', 'connection_url_refused'],
    ['nonsense', 'connection_url_refused'],
    ['https://example.com/', 'field_invalid'],
  ])('the base URL %s is refused before the network', async (url, code) => {
    const args = [...bare({ api_key: secrets.test }), '--base-url', url]
    expect((await refusalOf(...args)).slice(0, 2)).toEqual([1, code])
    expect(await listed()).toEqual([])
  })

  test('reads standard input for "-"', () => {
    const main = join(import.meta.dirname, '..', 'main.ts')
    const args = ['set', 'bridge', '--app', testAppId, '--credentials', '-', '--json']
    const ended = spawnSync(process.execPath, [main, 'connections', ...args], {
      env: processEnvironment(database.environment),
      encoding: 'utf8',
      // Refused for what it holds, so it was read.
      input: JSON.stringify({ api_key: secrets.live }),
    })
    expect([ended.status, ended.stderr]).toEqual([1, ''])
    expect(JSON.parse(ended.stdout).error.code).toBe('connection_mode_differs')
    expect(ended.stdout).not.toMatch(anySecret)
  })
})

describe('a credentials file that is not one is wrong usage', () => {
  test.each<[string, unknown]>([
    ['no JSON', `{"api_key": "${secrets.test}"`],
    ['a list', [secrets.test]],
    ['a text', JSON.stringify(secrets.test)],
    ['null', 'null'],
    ['a number within', { api_key: 5 }],
    ['an object within', { api_key: { value: secrets.test } }],
    ['empty', ''],
  ])('%s', async (_, content) => {
    expect(await refusalOf(...setTo(content))).toEqual(
      misuse('--credentials is not a JSON object of texts'),
    )
    expect(standIn.requests).toEqual([])
  })

  test('one that is too large, and one that is not there', async () => {
    const large = JSON.stringify({ api_key: secrets.test, more: 'x'.repeat(50_000) })
    expect(await refusalOf(...setTo(large))).toEqual(misuse('--credentials is over 50000 bytes'))
    const away = ['--app', testAppId, '--credentials', join(folder, 'away')]
    expect(await refusalOf('set', 'bridge', ...away)).toEqual(
      misuse('--credentials names a file that cannot be read'),
    )
  })
})

describe('connections list, test, remove', () => {
  test('an app without connections has none', async () => {
    expect(await listed()).toEqual([])
    const { code, out } = await run('list', '--app', testAppId)
    expect(code).toBe(0)
    expect(out).toMatch(/^PROVIDER +CONNECTION +CREDENTIALS +BASE URL +CHECKED\n$/)
  })

  test('test asks the provider again, and says that it refuses the credentials now', async () => {
    const saved = await runJson(...setTo({ api_key: secrets.other }))
    const tested = await runJson('test', 'bridge', '--app', testAppId)
    const { checkedAt: _, ...same } = saved['connection'] as Record<string, unknown>
    expect(tested['connection']).toEqual({ ...same, checkedAt: anyTime })
    refusedKeys.add(secrets.other)
    try {
      const refusal = await refusalOf('test', 'bridge', '--app', testAppId)
      expect(refusal.slice(0, 2)).toEqual([1, 'provider_credentials_refused'])
      expect(await listed()).toEqual([tested['connection']])
    } finally {
      refusedKeys.delete(secrets.other)
    }
  })

  test('a removed one is gone, and cannot be removed again', async () => {
    await run(...setTo({ api_key: secrets.test }))
    await run(...setTo({ api_key: secrets.live }, liveAppId))
    const { code, out } = await run('remove', 'bridge', '--app', testAppId)
    expect([code, out]).toEqual([0, 'The connection to bridge is removed\n'])
    expect(await listed()).toEqual([])
    expect(await listed(liveAppId)).toHaveLength(1)
    const again = await refusalOf('remove', 'bridge', '--app', testAppId)
    expect(again.slice(0, 2)).toEqual([1, 'connection_not_found'])
  })
})

describe('who and where', () => {
  const credentials = () => ['--credentials', fileOf({ api_key: secrets.test })]
  const commands: [string, () => string[]][] = [
    ['set', credentials],
    ['test', () => []],
    ['remove', () => []],
  ]

  test.each(commands)('%s: what is no provider has no connection', async (name, more) => {
    for (const provider of ['paypal', 'Bridge', 'sandbox', '__proto__']) {
      const refusal = await refusalOf(name, provider, '--app', testAppId, ...more())
      expect(refusal.slice(0, 2)).toEqual([1, 'connection_not_found'])
    }
    expect(standIn.requests).toEqual([])
  })

  test.each(commands)(
    '%s: an unknown app is refused, a missing one is wrong usage',
    async (name, more) => {
      const refusal = await refusalOf(name, 'bridge', '--app', 'app_nonsense', ...more())
      expect(refusal.slice(0, 2)).toEqual([1, 'app_not_found'])
      expect((await refusalOf(name, 'bridge', ...more())).slice(0, 2)).toEqual([2, 'wrong_usage'])
    },
  )

  test('set without credentials is wrong usage', async () => {
    const refusal = await refusalOf('set', 'bridge', '--app', testAppId)
    expect(refusal).toEqual([2, 'wrong_usage', expect.stringContaining('--credentials <file>')])
  })
})

test('beside a running server nothing of a credential is in what the server writes', async () => {
  const serve = await startServe(database.environment)
  try {
    await run(...setTo({ api_key: secrets.test }))
    await run(...setTo({ api_key: secrets.refused }))
    expect(keysAsked()).toEqual([secrets.test, secrets.refused])
    expect(await listed()).toHaveLength(1)
  } finally {
    const { code, out, error } = await serve.stop()
    expect(code).toBe(0)
    expect(out + error).not.toMatch(anySecret)
  }
})
