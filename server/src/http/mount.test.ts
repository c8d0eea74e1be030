// Owns the tests of turning a surface into routes, with a surface that differs from all others.
import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance } from 'fastify'
import Type from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import { AppError, defineErrors } from '../core/errors.ts'
import { createAuthenticator } from './auth.ts'
import { createListPlaces } from './list-places.ts'
import { mount } from './mount.ts'
import { defineOperation } from './operation.ts'
import type { Surface } from './surface.ts'

const { thing_gone } = defineErrors({
  thing_gone: { kind: 'missing', title: 'Gone', detail: 'It is gone.', fix: 'Take another.' },
})
const closed = { additionalProperties: false }
const Thing = Type.Object({ id: Type.String(), calls: Type.Integer() }, closed)
let calls = 0

const described = { tag: 'Things', summary: 'A thing', errors: [thing_gone] }

const getThing = defineOperation({
  ...described,
  id: 'getThing',
  method: 'GET',
  path: '/things/{id}',
  scope: 'odd:read',
  params: Type.Object({ id: Type.String() }, closed),
  returns: { status: 200, description: 'The thing', schema: Thing },
  async handle(_, { params }) {
    if (params.id === 'gone') throw new AppError(thing_gone)
    if (params.id === 'defect') throw new Error('a defect')
    return { id: params.id, calls }
  },
})

const putThing = defineOperation({
  ...described,
  id: 'putThing',
  method: 'PUT',
  path: '/things/{id}',
  scope: 'odd:write',
  params: Type.Object({ id: Type.String() }, closed),
  query: Type.Object({ times: Type.Optional(Type.Integer()) }, closed),
  body: Type.Object({ name: Type.String() }, closed),
  returns: { status: 202, description: 'The thing', schema: Thing },
  async handle(_, { params, query, body }) {
    calls += 1
    return { id: `${params.id} ${query.times ?? 'no'} ${body.name}`, calls }
  },
})

const odd: Surface = {
  name: 'odd',
  basePath: '/odd/v7',
  title: 'Odd',
  version: '7.0.0',
  description: 'It differs where it can.',
  credentials: {
    read: (headers) => (typeof headers['x-odd-key'] === 'string' ? headers['x-odd-key'] : null),
    securityScheme: { type: 'apiKey', in: 'header', name: 'X-Odd-Key' },
  },
  idempotencyHeaders: ['x-odd-once'],
  requestIdHeader: 'x-odd-id',
  statuses: { key_reused: 422, missing: 410 },
  errorSchema: Type.Object({ odd: Type.String(), id: Type.String() }),
  renderError: ({ definition, requestId }) => ({ odd: definition.code, id: requestId }),
  operations: [getThing, putThing],
}

let server: TestServer
let own: FastifyInstance
let url: string
beforeAll(async () => {
  server = await startTestServer()
  own = fastify()
  own.decorateRequest('caller', null)
  own.decorateRequest('turnedAwayFor', null)
  await own.register(rateLimit, { global: false, hook: 'preParsing', max: 1_000_000 })
  await mount(own, odd, {
    system: () => server.system,
    authenticator: createAuthenticator(() => server.system),
    replyAgeMsMax: 60_000,
    lists: createListPlaces(0),
  })
  url = await own.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await own.close()
  await server.close()
})

async function call(
  method: string,
  path: string,
  more: Record<string, string> = {},
  body?: string,
) {
  const type: Record<string, string> =
    body === undefined ? {} : { 'content-type': 'application/json' }
  const headers = { 'x-odd-key': server.key, ...type, ...more }
  const init = { method, headers, ...(body === undefined ? {} : { body }) }
  const answer = await fetch(`${url}/odd/v7${path}`, init)
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

test('path, query and body reach the operation, and its answer the caller', async () => {
  const answer = await call('PUT', '/things/a%20b?times=2', {}, '{"name":"n"}')
  expect([answer.status, JSON.parse(answer.text).id]).toEqual([202, 'a b 2 n'])
  expect(answer.headers.get('x-odd-id')).toMatch(/^req/)
})

test('credentials are read where the surface has them, and nowhere else', async () => {
  expect((await call('GET', '/things/a')).status).toBe(200)
  const bearer = { 'x-odd-key': '', authorization: `Bearer ${server.key}` }
  expect((await call('GET', '/things/a', bearer)).status).toBe(401)
})

test('refusals have the statuses and the form of the surface', async () => {
  const gone = await call('GET', '/things/gone')
  expect(gone.status).toBe(410)
  expect(JSON.parse(gone.text)).toEqual({ odd: 'thing_gone', id: gone.headers.get('x-odd-id') })
  const defect = await call('GET', '/things/defect')
  expect([defect.status, JSON.parse(defect.text).odd]).toEqual([500, 'internal_error'])
  const nothing = await call('GET', '/nothing')
  expect([nothing.status, JSON.parse(nothing.text).odd]).toEqual([410, 'route_not_found'])
  const body = await call('PUT', '/things/a', {}, '{"name":1}')
  expect([body.status, JSON.parse(body.text).odd]).toEqual([422, 'field_invalid'])
})

test('an idempotency key is taken under the name of the surface and the common one', async () => {
  for (const header of ['x-odd-once', 'idempotency-key']) {
    const once = { [header]: `key in ${header}` }
    const first = await call('PUT', '/things/once', once, '{"name":"n"}')
    const second = await call('PUT', '/things/once', once, '{"name":"n"}')
    expect(second.text).toBe(first.text)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    const elsewhere = await call('PUT', '/things/other', once, '{"name":"n"}')
    expect([elsewhere.status, JSON.parse(elsewhere.text).odd]).toEqual([
      422,
      'idempotency_key_reused',
    ])
    const otherQuery = await call('PUT', '/things/once?times=1', once, '{"name":"n"}')
    expect(otherQuery.status).toBe(422)
  }
})

test('the name of the surface comes before the common one', async () => {
  const both = (own: string, common: string) => ({ 'x-odd-once': own, 'idempotency-key': common })
  const first = await call('PUT', '/things/both', both('mine', 'a'), '{"name":"n"}')
  const second = await call('PUT', '/things/both', both('mine', 'b'), '{"name":"n"}')
  const third = await call('PUT', '/things/both', both('yours', 'a'), '{"name":"n"}')
  expect([second.text === first.text, third.text === first.text]).toEqual([true, false])
})

test('a scope is asked for before the body is read', async () => {
  const key = await server.createKey(server.testApp, ['odd:read'])
  const answer = await call('PUT', '/things/a', { 'x-odd-key': key }, '{')
  expect([answer.status, JSON.parse(answer.text).odd]).toEqual([403, 'scope_missing'])
})

test('other methods of a path are refused with those that it has', async () => {
  const answer = await call('DELETE', '/things/a')
  expect(answer.status).toBe(405)
  expect(answer.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'HEAD', 'PUT'])
})

test('a surface describes itself to whoever asks', async () => {
  const answer = await fetch(`${url}/odd/v7/openapi.json`)
  expect(answer.status).toBe(200)
  const document = (await answer.json()) as { openapi: string; paths: object }
  expect(document.openapi).toMatch(/^3\.1\./)
  expect(Object.keys(document.paths).join(' ')).toContain('/things/{id}')
})
