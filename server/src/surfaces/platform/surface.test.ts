// Owns what all operations of this surface have in common: credentials, problems, replays.
import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import type { ErrorKind } from '../../core/errors.ts'
import { statusOf } from '../../http/answer-error.ts'
import { platformSurface } from './surface.ts'
import { problem, problemOf, secrets, testConnections } from './test-connections.ts'

const connections = testConnections()
const isProblem = Compile(platformSurface.errorSchema)

test('the operations, each with its scope and success status', () => {
  const served = platformSurface.operations.map(
    ({ method, path, scope, returns }) => `${method} ${path} ${scope} ${returns.status}`,
  )
  expect(served.toSorted()).toEqual(
    [
      'DELETE /webhook-endpoints/{id} platform:write 204',
      'GET /webhook-endpoints platform:read 200',
      'GET /webhook-endpoints/{id} platform:read 200',
      'GET /webhook-endpoints/{id}/deliveries platform:read 200',
      'PATCH /webhook-endpoints/{id} platform:write 200',
      'POST /webhook-endpoints platform:write 201',
      'POST /webhook-endpoints/{id}/deliveries/{delivery_id}/replay platform:write 202',
      'POST /webhook-endpoints/{id}/replay platform:write 202',
      'POST /webhook-endpoints/{id}/rotate-secret platform:write 200',
      'POST /webhook-endpoints/{id}/test platform:write 202',
      'POST /customers/{id}/registrations/{registration_id}/move platform:write 200',
      'GET /payouts/{id} platform:read 200',
      'POST /payouts/{id}/outcome platform:write 200',
      'POST /payouts/outcomes platform:write 200',
      'GET /apps platform:read 200',
      'GET /keys platform:read 200',
      'POST /keys platform:write 201',
      'POST /keys/{id}/rotate platform:write 200',
      'DELETE /keys/{id} platform:write 200',
      'GET /connections platform:read 200',
      'GET /connections/{provider} platform:read 200',
      'PUT /connections/{provider} platform:write 200',
      'POST /connections/{provider}/test platform:write 200',
      'DELETE /connections/{provider} platform:write 200',
      'POST /customers platform:write 201',
      'GET /customers platform:read 200',
      'POST /customers/search platform:read 200',
      'GET /customers/{id} platform:read 200',
      'PATCH /customers/{id} platform:write 200',
      'GET /customers/{id}/eligibility platform:read 200',
      'GET /customers/{id}/events platform:read 200',
      'GET /customers/{id}/proof platform:read 200',
      'GET /events platform:read 200',
      'GET /customers/{id}/registrations platform:read 200',
      'POST /customers/{id}/status platform:write 200',
      'GET /status-machines platform:read 200',
      'GET /applications platform:read 200',
      'GET /applications/{id} platform:read 200',
      'GET /applications/{id}/documents/{document_id} platform:read 200',
      'POST /applications/{id}/decision platform:write 200',
    ].toSorted(),
  )
  expect(platformSurface.basePath).toBe('/v1')
})

describe('credentials', () => {
  test.each([
    ['none', {}],
    ['an unknown key', { authorization: 'Bearer sk_test_x' }],
  ])('%s: 401 as a problem', async (_name, headers) => {
    const answer = await connections.call('GET', '/connections', { key: null, headers })
    expect(answer.status).toBe(401)
    expect(problemOf(answer).isWhole).toBe(true)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })

  test('a key that may read may not save, and the provider is not asked', async () => {
    const { server, standIn } = connections
    const key = await server.createKey(server.testApp, ['platform:read'])
    const body = { credentials: { api_key: secrets.apiKey }, base_url: standIn.url }
    const answer = await connections.call('PUT', '/connections/bridge', { key, body })
    expect(problemOf(answer)).toEqual(problem(403, 'scope_missing'))
    expect(answer.json.detail).toContain('platform:write')
    expect(standIn.requests).toEqual([])
    expect((await connections.call('GET', '/connections', { key })).status).toBe(200)
  })
})

describe('problems', () => {
  test.each<[ErrorKind, number]>([
    ['malformed', 400],
    ['unauthenticated', 401],
    ['forbidden', 403],
    ['missing', 404],
    ['method_not_allowed', 405],
    ['conflict', 409],
    ['key_reused', 409],
    ['too_large', 413],
    ['unsupported_media', 415],
    ['invalid', 422],
    ['rate_limited', 429],
    ['internal', 500],
    ['upstream', 502],
    ['upstream_refused', 422],
    ['unavailable', 503],
    ['upstream_timeout', 504],
  ])('what is %s answers %i, in the form of RFC 9457', (kind, status) => {
    const definition = { code: 'x_y', kind, title: 'T', detail: 'D.', fix: 'F.' }
    const bare = { definition, message: 'D. F.', param: undefined, issues: [], requestId: 'req_1' }
    expect(statusOf(platformSurface, kind)).toBe(status)
    const body = platformSurface.renderError({ ...bare, status })
    expect(body).toEqual({
      type: '/docs/platform#x_y',
      title: 'T',
      status,
      code: 'x_y',
      detail: 'D. F.',
      request_id: 'req_1',
    })
    const issues = [{ param: 'credentials.api_key', message: 'is missing' }]
    const named = platformSurface.renderError({
      ...bare,
      status,
      param: 'credentials.api_key',
      issues,
    })
    expect(named).toMatchObject({
      errors: [{ pointer: '/credentials/api_key', detail: 'is missing' }],
    })
    expect([body, named].every((one) => isProblem.Check(one))).toBe(true)
  })

  test('404 and 405 where nothing is served', async () => {
    expect(problemOf(await connections.call('GET', '/nothing'))).toEqual(
      problem(404, 'route_not_found'),
    )
    const answer = await connections.call('PATCH', '/connections/bridge')
    expect(problemOf(answer)).toEqual(problem(405, 'method_not_allowed'))
    expect(answer.headers.get('allow')?.split(', ').toSorted()).toEqual(
      ['DELETE', 'GET', 'HEAD', 'PUT'].toSorted(),
    )
  })
})

describe('replays', () => {
  test('saving again with the same Idempotency-Key gets the same answer and saves once', async () => {
    const { test: key } = await connections.newAppKeys()
    const { standIn } = connections
    const headers = { 'idempotency-key': 'save-once' }
    const save = (api_key: string) =>
      connections.call('PUT', '/connections/bridge', {
        key,
        headers,
        body: { credentials: { api_key }, base_url: standIn.url },
      })
    const first = await save(secrets.apiKey)
    connections.server.clock.advance(1_000)
    const again = await save(secrets.apiKey)
    expect([again.status, again.text]).toEqual([200, first.text])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(problemOf(await save(secrets.otherKey))).toEqual(
      problem(409, 'idempotency_key_reused', '/Idempotency-Key'),
    )
    const read = await connections.call('GET', '/connections/bridge', { key })
    expect(read.json).toEqual(first.json)
  })

  test('a stored reply holds no credentials', async () => {
    const { test: key } = await connections.newAppKeys()
    const body = { credentials: { api_key: secrets.apiKey }, base_url: connections.standIn.url }
    const headers = { 'idempotency-key': 'sealed' }
    await connections.call('PUT', '/connections/bridge', { key, headers, body })
    const rows = await connections.server.system.db.selectFrom('replies').selectAll().execute()
    const text = rows.flatMap((row) =>
      Object.values(row).map((value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
      ),
    )
    expect(rows.length).toBeGreaterThan(0)
    expect(text.join('\n')).not.toContain(secrets.apiKey)
  })
})
