// Owns the tests of the way from anything thrown to a refusal.
import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { pino } from 'pino'
import Type from 'typebox'
import { afterEach, expect, test } from 'vitest'
import { AppError, defineErrors, type ErrorKind } from '../core/errors.ts'
import { answerOutside, routeNotFound, statusOf } from './answer-error.ts'
import type { Surface } from './surface.ts'

const surface: Surface = {
  name: 'odd',
  basePath: '/odd',
  title: 'Odd',
  version: '1.0.0',
  description: 'A surface that differs where it can.',
  credentials: { read: () => null, securityScheme: {} },
  idempotencyHeaders: [],
  requestIdHeader: 'x-odd-id',
  statuses: { invalid: 400, key_reused: 422 },
  errorSchema: Type.Unknown(),
  renderError: ({ definition, message, param, issues, requestId }) => {
    return { odd: definition.code, message, param, issues, requestId }
  },
  operations: [],
}

const servers: FastifyInstance[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function answerTo(thrown: unknown, path = '/odd/x') {
  const lines: string[] = []
  const log = pino({ base: null }, { write: (line) => lines.push(line) })
  const server: FastifyInstance = fastify({
    loggerInstance: log as FastifyBaseLogger,
    genReqId: () => 'req_1',
  })
  servers.push(server)
  server.get('/*', (request, reply) => answerOutside([surface], thrown, request, reply))
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  const answer = await fetch(url + path)
  const failures = lines.filter((line) => line.includes('"failure"'))
  return { status: answer.status, headers: answer.headers, json: await answer.json(), failures }
}

const kinds: Record<ErrorKind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  method_not_allowed: 405,
  conflict: 409,
  precondition_failed: 412,
  precondition_missing: 428,
  key_reused: 409,
  too_large: 413,
  unsupported_media: 415,
  invalid: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
  upstream: 502,
  upstream_refused: 502,
  upstream_timeout: 504,
}

test('every kind has its status, and a surface may differ in a row', () => {
  for (const [kind, status] of Object.entries(kinds)) {
    expect(statusOf({ ...surface, statuses: {} }, kind as ErrorKind)).toBe(status)
  }
  expect([statusOf(surface, 'invalid'), statusOf(surface, 'key_reused')]).toEqual([400, 422])
})

const { teapot } = defineErrors({
  teapot: { kind: 'invalid', title: 'A teapot', detail: 'It is a teapot.', fix: 'Brew tea.' },
})

test('a refusal is told in the words of its surface', async () => {
  const error = new AppError(teapot, { issues: [{ param: 'pot', message: 'is short' }] })
  const { status, headers, json, failures } = await answerTo(error)
  expect(status).toBe(400)
  expect(json).toEqual({
    odd: 'teapot',
    message: 'It is a teapot. Brew tea.',
    param: 'pot',
    issues: [{ param: 'pot', message: 'is short' }],
    requestId: 'req_1',
  })
  expect(headers.get('x-odd-id')).toBe('req_1')
  expect(headers.get('retry-after')).toBeNull()
  expect(failures).toEqual([])
})

const withCode = (code: string, more: object = {}) =>
  Object.assign(new Error('Ana Unmistakable'), { code }, more)

test.each([
  [new Error('Ana Unmistakable'), 500, 'internal_error'],
  ['Ana Unmistakable', 500, 'internal_error'],
  [undefined, 500, 'internal_error'],
  [null, 500, 'internal_error'],
  [withCode('23505'), 500, 'internal_error'],
  [withCode('ECONNREFUSED'), 503, 'temporarily_unavailable'],
  [withCode('57P01'), 503, 'temporarily_unavailable'],
  [withCode('57014'), 503, 'temporarily_unavailable'],
  [withCode('53300'), 503, 'temporarily_unavailable'],
  [withCode('08006'), 503, 'temporarily_unavailable'],
  [withCode('55P03'), 503, 'temporarily_unavailable'],
  [withCode('ENOSPC'), 503, 'temporarily_unavailable'],
  [new Error('database or disk is full'), 503, 'temporarily_unavailable'],
  [new Error('Connection terminated unexpectedly'), 503, 'temporarily_unavailable'],
  [new Error('timeout expired'), 503, 'temporarily_unavailable'],
  [new Error('Query read timeout'), 503, 'temporarily_unavailable'],
  [new Error('Client was closed and is not queryable'), 503, 'temporarily_unavailable'],
  [new Error('Unmistakable: timeout expired'), 500, 'internal_error'],
  [withCode('FST_ERR_CTP_BODY_TOO_LARGE', { statusCode: 413 }), 413, 'body_too_large'],
  [withCode('FST_ERR_CTP_INVALID_MEDIA_TYPE'), 415, 'media_type_unsupported'],
  [withCode('FST_ERR_BAD_URL', { statusCode: 400 }), 400, 'request_malformed'],
  [Object.assign(new Error('slow down'), { statusCode: 429 }), 429, 'too_many_requests'],
  [routeNotFound(), 404, 'route_not_found'],
])('%s becomes %i %s, and its own words are kept back', async (thrown, status, code) => {
  const answer = await answerTo(thrown)
  expect([answer.status, (answer.json as { odd: string }).odd]).toEqual([status, code])
  expect(JSON.stringify(answer.json)).not.toContain('Unmistakable')
  expect(answer.failures).toHaveLength(status >= 500 ? 1 : 0)
  expect(answer.failures.join('')).not.toContain('Unmistakable')
  const mustWait = status === 503 || status === 429
  expect(answer.headers.get('retry-after')).toBe(mustWait ? '1' : null)
})

test('an error that knows when to come back says so', async () => {
  const { busy } = defineErrors({
    busy: { kind: 'unavailable', title: 'Busy', detail: 'It is busy.', fix: 'Wait.' },
  })
  const { headers } = await answerTo(new AppError(busy, { retryAfterSeconds: 7 }))
  expect(headers.get('retry-after')).toBe('7')
})

test('below no surface a refusal is told in plain words, with its id', async () => {
  const { status, json, headers } = await answerTo(routeNotFound(), '/oddly?email=a@b.co')
  expect(status).toBe(404)
  expect(json).toEqual({
    error: { code: 'route_not_found', message: expect.any(String), requestId: 'req_1' },
  })
  expect(headers.get('request-id')).toBe('req_1')
  expect(JSON.stringify(json)).not.toContain('a@b.co')
})
