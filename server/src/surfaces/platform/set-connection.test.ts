// Owns the outcomes of PUT /v1/connections/{provider}.
import { describe, expect, test } from 'vitest'
import { startTestServer } from '../../../../test/harness.ts'
import {
  anySecret,
  problem,
  problemOf,
  secrets,
  testConnections,
  unknownProviders,
  wireTime,
} from './test-connections.ts'

const connections = testConnections()
const put = (body: unknown, key?: string, provider = 'bridge') =>
  connections.call('PUT', `/connections/${provider}`, key === undefined ? { body } : { body, key })
const toBridge = (more: object = {}) => ({
  credentials: { api_key: secrets.apiKey },
  base_url: connections.standIn.url,
  ...more,
})

describe('200', () => {
  test('saves what the provider accepts, after one call that changes nothing', async () => {
    const { test: key } = await connections.newAppKeys()
    const answer = await put(toBridge(), key)
    expect(answer.status).toBe(200)
    const { id } = answer.json
    const time = expect.stringMatching(wireTime)
    expect(answer.json).toEqual({
      id: expect.stringMatching(/^con_[0-7][0-9a-hjkmnp-tv-z]{25}$/),
      provider: 'bridge',
      base_url: connections.standIn.url,
      credentials: ['api_key'],
      may_replace_legal_address: false,
      webhook_path: `/hooks/bridge/${id}`,
      checked_at: time,
      created_at: time,
      updated_at: time,
    })
    expect(connections.standIn.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /customers?limit=1',
    ])
    expect(connections.standIn.requests[0]?.headers['api-key']).toBe(secrets.apiKey)
  })

  test('saving again replaces credentials and settings; the id, and so the webhook path, stays', async () => {
    const { test: key } = await connections.newAppKeys()
    const first = await connections.saveBridge({}, key)
    connections.server.clock.advance(1_000)
    const credentials = { api_key: secrets.otherKey }
    const again = await put(toBridge({ credentials, may_replace_legal_address: true }), key)
    expect(again.json).toMatchObject({
      id: first.id,
      created_at: first.created_at,
      may_replace_legal_address: true,
    })
    expect(Date.parse(again.json.updated_at)).toBeGreaterThan(Date.parse(first.updated_at))
    await connections.call('POST', '/connections/bridge/test', { key })
    expect(connections.standIn.requests.at(-1)?.headers['api-key']).toBe(secrets.otherKey)
  })

  test.each([null, undefined])("base_url %s: the provider's own is meant", async (base_url) => {
    // Refused before the network, which only a body of the right form can be.
    const answer = await put({ credentials: { api_key: secrets.liveKey }, base_url })
    expect(problemOf(answer)).toEqual(problem(409, 'connection_mode_differs'))
  })

  test('one connection a provider and app: another app has its own', async () => {
    const { test: one } = await connections.newAppKeys()
    const { test: other } = await connections.newAppKeys()
    const [first, second] = [
      await connections.saveBridge({}, one),
      await connections.saveBridge({}, other),
    ]
    expect(first.id).not.toBe(second.id)
  })
})

describe('secrets', () => {
  test('are in no answer, no log line and no plain column, also when they are refused', async () => {
    const { test: key } = await connections.newAppKeys()
    const answers = [
      await put(toBridge(), key),
      await connections.call('GET', '/connections', { key }),
      await connections.call('GET', '/connections/bridge', { key }),
      await connections.call('POST', '/connections/bridge/test', { key }),
      await put(toBridge({ credentials: { api_key: secrets.refusedKey } }), key),
      await put(toBridge({ credentials: { api_key: secrets.liveKey } }), key),
      await put(toBridge({ credentials: { [secrets.apiKey]: 'x' } }), key),
    ]
    for (const answer of answers.slice(0, 6)) {
      expect(answer.text).not.toMatch(anySecret)
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 422, 409, 422])
    expect(await connections.storedText()).not.toMatch(anySecret)
    expect(connections.server.logLines.length).toBeGreaterThan(0)
    expect(connections.server.logLines.join('\n')).not.toMatch(anySecret)
  })

  test('the same secret saved by two apps is two different texts at rest', async () => {
    const { test: one } = await connections.newAppKeys()
    const { test: other } = await connections.newAppKeys()
    await connections.saveBridge({}, one)
    await connections.saveBridge({}, other)
    const { db } = connections.server.system
    const rows = await db.selectFrom('connections').select('credentials').execute()
    const texts = rows.map(({ credentials }) => Buffer.from(credentials).toString('hex'))
    expect(new Set(texts).size).toBe(texts.length)
  })
})

describe('a failing check saves nothing', () => {
  test('422: the provider refuses the credentials', async () => {
    const { test: key } = await connections.newAppKeys()
    const answer = await put(toBridge({ credentials: { api_key: secrets.refusedKey } }), key)
    expect(problemOf(answer)).toEqual(problem(422, 'provider_credentials_refused'))
    expect(problemOf(await connections.call('GET', '/connections/bridge', { key }))).toEqual(
      problem(404, 'connection_not_found'),
    )
  })

  test('what was saved before stays when the new one is refused', async () => {
    const { test: key } = await connections.newAppKeys()
    const saved = await connections.saveBridge({}, key)
    await put(toBridge({ credentials: { api_key: secrets.refusedKey } }), key)
    expect((await connections.call('GET', '/connections/bridge', { key })).json).toEqual(saved)
    await connections.call('POST', '/connections/bridge/test', { key })
    expect(connections.standIn.requests.at(-1)?.headers['api-key']).toBe(secrets.apiKey)
  })

  test.each(['error_500', 'html', 'reset', 'empty', 'limited_429'] as const)(
    '502: the provider has a bad day (%s)',
    async (badDay) => {
      const { test: key } = await connections.newAppKeys()
      connections.standIn.badDay = badDay
      const before = await connections.countConnections()
      const answer = await put(toBridge(), key)
      const code = badDay === 'limited_429' ? 'provider_limited' : 'provider_unavailable'
      expect(problemOf(answer)).toEqual(problem(502, code))
      if (badDay === 'limited_429') expect(answer.headers.get('retry-after')).toBe('7')
      expect(await connections.countConnections()).toBe(before)
    },
  )

  test('422: another service stands at the base URL', async () => {
    const { test: key } = await connections.newAppKeys()
    const before = await connections.countConnections()
    const answer = await put(toBridge({ base_url: `${connections.standIn.url}/other` }), key)
    expect(problemOf(answer)).toEqual(problem(422, 'provider_rejected'))
    expect(await connections.countConnections()).toBe(before)
  })
})

describe('409: the mode differs, refused before the network', () => {
  test.each([
    ['live', 'test', secrets.liveKey],
    ['test', 'live', secrets.apiKey],
  ] as const)('%s credentials in a %s app', async (of, mode, api_key) => {
    const keys = await connections.newAppKeys()
    const before = await connections.countConnections()
    const answer = await put(toBridge({ credentials: { api_key } }), keys[mode])
    expect(problemOf(answer)).toEqual(problem(409, 'connection_mode_differs'))
    expect(answer.json.detail).toBe(
      `These are ${of} credentials, and this is a ${mode} app. ` +
        'Use test credentials in a test app, and live credentials in a live app.',
    )
    expect(connections.standIn.requests).toEqual([])
    expect(await connections.countConnections()).toBe(before)
  })

  test('live credentials in a live app are saved', async () => {
    const { live } = await connections.newAppKeys()
    const answer = await put(toBridge({ credentials: { api_key: secrets.liveKey } }), live)
    expect(answer.status).toBe(200)
  })
})

describe('422, refused before the network', () => {
  test.each<[string, object, string]>([
    ['a credential that is missing', { credentials: {} }, '/credentials/api_key'],
    ['a blank one', { credentials: { api_key: ' ' } }, '/credentials/api_key'],
    ['an unknown one', { credentials: { api_key: 'x', pin: '1' } }, '/credentials/pin'],
    ['one that is no text', { credentials: { api_key: 5 } }, '/credentials/api_key'],
    ['a slash at the end of the URL', { base_url: 'https://example.com/' }, '/base_url'],
    ['no URL', { base_url: 'example' }, '/base_url'],
    ['another scheme', { base_url: 'ftp://example.com' }, '/base_url'],
    ['credentials in the URL', { base_url: 'https://a:b@example.com' }, '/base_url'],
    ['an address inside', { base_url: 'https://10.0.0.1' }, '/base_url'],
    ['an address inside, in decimal', { base_url: 'https://167772161' }, '/base_url'],
    ['a link-local address', { base_url: 'https://169.254.169.254' }, '/base_url'],
    ['an IPv6 address inside', { base_url: 'https://[fd00::1]' }, '/base_url'],
    ['a mapped address', { base_url: 'https://[::ffff:10.0.0.1]' }, '/base_url'],
    ['an unknown member', { mode: 'test' }, '/mode'],
    ['a flag that is none', { may_replace_legal_address: 'yes' }, '/may_replace_legal_address'],
  ])('%s', async (_name, fields, pointer) => {
    const before = await connections.countConnections()
    const answer = await put(toBridge(fields))
    expect(problemOf(answer)).toMatchObject({ status: 422, pointers: [pointer], isWhole: true })
    expect(connections.standIn.requests).toEqual([])
    expect(await connections.countConnections()).toBe(before)
  })

  test('a private address that is not allowed: nothing is asked, nothing is saved', async () => {
    const strict = await startTestServer({ CLIENTELE_ALLOWED_NETWORKS: '' })
    try {
      for (const base_url of [connections.standIn.url, 'https://127.0.0.1', 'https://[::1]']) {
        const options = { body: toBridge({ base_url }) }
        const answer = await strict.call('PUT', '/v1/connections/bridge', options)
        const expected = problem(422, 'connection_url_refused', '/base_url')
        expect(problemOf(answer)).toEqual(expected)
      }
      expect((await strict.call('GET', '/v1/connections')).json.data).toEqual([])
      expect(connections.standIn.requests).toEqual([])
    } finally {
      await strict.close()
    }
  })
})

describe('404 and 400', () => {
  test.each(unknownProviders)('%s is no provider', async (provider) => {
    const answer = await put(toBridge(), undefined, provider)
    expect(problemOf(answer)).toEqual(problem(404, 'connection_not_found'))
    expect(connections.standIn.requests).toEqual([])
  })

  test('no body', async () => {
    expect(problemOf(await put(undefined))).toMatchObject({ status: 400, pointers: ['/body'] })
  })
})
