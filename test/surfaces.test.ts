// Owns what every surface keeps, whatever its format: its answers, refusals, methods and headers.
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NoContent } from '../server/src/http/operation.ts'
import { surfaces } from '../server/src/surfaces/surfaces.ts'
import {
  everyOperation,
  exampleOf,
  examplesOf,
  exchange,
  idPlacesOf,
  pathOf,
  prepareIds,
  send,
} from './example-requests.ts'
import { startTestServer, type TestServer } from './harness.ts'
import { sendRaw } from './raw-request.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

test('no two surfaces share a name or a base path', () => {
  expect(surfaces.length).toBeGreaterThan(0)
  expect(new Set(surfaces.map(({ name }) => name)).size).toBe(surfaces.length)
  expect(new Set(surfaces.map(({ basePath }) => basePath)).size).toBe(surfaces.length)
})

describe.each(surfaces)('$name', (surface) => {
  const errorShape = Compile(surface.errorSchema)

  test('names its operations, routes and scopes without a clash', () => {
    const { operations } = surface
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length)
    const routes = operations.map(
      ({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`,
    )
    expect(new Set(routes).size).toBe(operations.length)
    for (const { id, method, scope } of operations) {
      // What stands before any key has no scope.
      if (scope === null) continue
      // The banking surface names a scope after its kind of record.
      const noun = surface.name === 'banking' ? '\\w+' : surface.name
      // A search is sent in a body, so that what is looked for is in no URL; it reads.
      const isRead = method === 'GET' || id === 'searchCustomers'
      expect(scope).toMatch(new RegExp(`^${noun}:${isRead ? 'read' : 'write'}$`))
    }
  })

  test('has an example for each operation, and for nothing else', () => {
    const ids = surface.operations.map(({ id }) => id).sort()
    expect(Object.keys(examplesOf(surface).requests).sort()).toEqual(ids)
  })

  test('closes every object that it reads, so that a slip of the pen is named', () => {
    for (const { params, query, body } of surface.operations) {
      for (const schema of [params, query, body]) {
        if (schema) expect(Reflect.get(schema, 'additionalProperties')).toBe(false)
      }
    }
  })

  test.each(['', '/', '/nothing', '/nothing/at/all', '/..%2flivez'])(
    'refuses the path "%s" in its own words, with and without a key',
    async (path) => {
      for (const headers of [{}, examplesOf(surface).credentials(server.key)]) {
        const answer = await server.call('GET', surface.basePath + path, { key: null, headers })
        expect(answer.status).toBe(404)
        expect(errorShape.Check(answer.json)).toBe(true)
        expect(answer.headers.get(surface.requestIdHeader)).toMatch(/^req_\w{20,}$/)
      }
    },
  )
})

describe.each(everyOperation)('$name', ({ surface, operation }) => {
  const errorShape = Compile(surface.errorSchema)
  const target = () => ({ surface, operation, key: server.key })

  test('answers in the status and the form that its schema says', async () => {
    const ids = await prepareIds(server, surface, server.key)
    const answer = await send(server, target(), exampleOf(surface, operation, ids))
    expect(answer.status).toBe(operation.returns.status)
    const isDownload = operation.returns.contentType !== undefined
    const isEmpty = operation.returns.schema === NoContent
    const shape = Compile(operation.returns.schema)
    if (isEmpty) expect(answer.text).toBe('')
    else if (!isDownload) expect(shape.Errors(answer.json), answer.text).toEqual([])
    const json = isEmpty ? null : 'application/json; charset=utf-8'
    const type = isDownload ? 'application/pdf' : json
    expect(answer.headers.get('content-type')).toBe(type)
    const disposition = answer.headers.get('content-disposition')
    expect(disposition?.startsWith('attachment; ') ?? false).toBe(isDownload)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get(surface.requestIdHeader)).toMatch(/^req_\w{20,}$/)
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    expect(answer.headers.get('server')).toBeNull()
    expect(answer.headers.get('x-powered-by')).toBeNull()
  })

  test('refuses in the form of its surface', async () => {
    const ids = await prepareIds(server, surface, server.key)
    const example = exampleOf(surface, operation, ids)
    const answers = [await send(server, target(), { ...example, query: { unheardOf: '1' } })]
    if (operation.scope !== null) {
      answers.push(await send(server, { ...target(), key: null }, example))
    }
    if (operation.method !== 'GET' && operation.scope !== null) {
      const headers = { 'idempotency-key': 'k'.repeat(256) }
      answers.push(await send(server, target(), example, { headers }))
      const headersOfJson = { 'content-type': 'application/json' }
      answers.push(await send(server, target(), example, { body: '{', headers: headersOfJson }))
    }
    const missing = exampleOf(surface, operation, examplesOf(surface).missing)
    for (const place of idPlacesOf(operation)) {
      answers.push(await send(server, target(), exchange(example, place, missing)))
    }
    for (const answer of answers) {
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(errorShape.Errors(answer.json), answer.text).toEqual([])
      const type = surface.errorContentType ?? 'application/json'
      expect(answer.headers.get('content-type')).toBe(`${type}; charset=utf-8`)
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
  })

  test('answers other methods with 405 and the methods that there are', async () => {
    const ids = await prepareIds(server, surface, server.key)
    const path = pathOf(surface, operation, { ...exampleOf(surface, operation, ids), query: {} })
    const there = surface.operations.filter((other) => other.path === operation.path)
    const methods = new Set<string>(there.map(({ method }) => method))
    if (methods.has('GET')) methods.add('HEAD')
    const headers = examplesOf(surface).credentials(server.key)
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE']) {
      if (methods.has(method)) continue
      const answer = await sendRaw(server.url, { method, path, headers })
      expect({ method, status: answer.status }).toEqual({ method, status: 405 })
      const allow = /^allow: (.*)\r$/im.exec(answer.head)?.[1]?.split(', ')
      expect(new Set(allow)).toEqual(methods)
    }
  })
})

const reads = everyOperation.filter(({ operation }) => operation.method === 'GET')

test.each(reads)('$name answers HEAD like GET, without a body', async ({ surface, operation }) => {
  const ids = await prepareIds(server, surface, server.key)
  const path = pathOf(surface, operation, exampleOf(surface, operation, ids))
  const headers = examplesOf(surface).credentials(server.key)
  const head = await sendRaw(server.url, { method: 'HEAD', path, headers })
  const get = await sendRaw(server.url, { method: 'GET', path, headers })
  const lengthOf = (text: string) => /^content-length: (\d+)\r$/im.exec(text)?.[1]
  expect([head.status, head.text, lengthOf(head.head)]).toEqual([200, '', lengthOf(get.head)])
  expect((await sendRaw(server.url, { method: 'HEAD', path })).status).toBe(401)
})
