// Owns turning a surface into routes: who calls, what they send, what they get, and every refusal.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../core/apps/app-service.ts'
import type { Context, System } from '../core/context.ts'
import type { Json } from '../lib/canonical.ts'
import { answerError, methodNotAllowed, routeNotFound } from './answer-error.ts'
import { type Authenticator, requireScope } from './auth.ts'
import { readIdempotencyKey, runOnce } from './idempotency.ts'
import { parseJsonBody, refuseContentEncoding } from './json.ts'
import { limits } from './limits.ts'
import { toOpenApi } from './openapi.ts'
import type { Operation, RawInput } from './operation.ts'
import type { Surface } from './surface.ts'

export interface MountOptions {
  /** Refuses with `temporarily_unavailable` until the start has ended. */
  system: () => System
  authenticator: Authenticator
  /** How long a stored reply is replayed. */
  replyAgeMsMax: number
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null
  }
}

const documentPath = '/openapi.json'

type Run = (context: Context, raw: RawInput) => Promise<unknown>

export async function mount(
  server: FastifyInstance,
  surface: Surface,
  options: MountOptions,
): Promise<void> {
  await server.register(
    async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser(
        'application/json',
        { parseAs: 'buffer', bodyLimit: limits.bodyBytesMax },
        async (request: FastifyRequest, bytes: Buffer) => {
          refuseContentEncoding(request.headers['content-encoding'])
          return parseJsonBody(bytes)
        },
      )
      scope.addHook('onRequest', async (request, reply) => {
        reply.header(surface.requestIdHeader, request.id)
        reply.header('cache-control', 'no-store')
        reply.header('x-content-type-options', 'nosniff')
      })
      scope.setErrorHandler((error, request, reply) => answerError(surface, error, request, reply))
      scope.setNotFoundHandler((request, reply) =>
        answerError(surface, routeNotFound(), request, reply),
      )
      for (const operation of surface.operations) addRoute(scope, surface, operation, options)
      const document = JSON.stringify(toOpenApi(surface))
      scope.get(documentPath, (_request, reply) => send(reply, 200, document))
      refuseOtherMethods(scope, surface)
    },
    { prefix: surface.basePath },
  )
}

function addRoute(
  scope: FastifyInstance,
  surface: Surface,
  operation: Operation,
  options: MountOptions,
): void {
  const run = operation.prepare()
  const isWrite = operation.method !== 'GET'
  scope.route({
    method: operation.method,
    url: fastifyPath(operation.path),
    onRequest: async (request) => {
      const presented = surface.credentials.read(request.headers)
      request.caller = await options.authenticator.authenticate(presented)
    },
    preParsing: [
      // One count for all routes: a limit in the route's own configuration would count per route.
      scope.rateLimit(),
      async (request) => requireScope(callerOf(request), operation.scope),
    ],
    handler: async (request, reply) => {
      const context = contextOf(options.system(), request)
      const raw = { params: request.params, query: queryOf(request), body: request.body }
      const key = isWrite ? idempotencyKeyOf(surface, request) : null
      if (key === null) {
        const result = await run(context, raw)
        return send(reply, operation.returns.status, JSON.stringify(result))
      }
      return answerOnce(reply, { surface, operation, options, context, run, raw, key })
    },
  })
}

interface OnceRequest {
  surface: Surface
  operation: Operation
  options: MountOptions
  context: Context
  run: Run
  raw: RawInput
  key: string
}

async function answerOnce(reply: FastifyReply, request: OnceRequest): Promise<FastifyReply> {
  const { surface, operation, options, context, run, raw, key } = request
  const route = surface.basePath + operation.path
  const content = [raw.params, raw.query, raw.body ?? null] as Json
  const once = { key, method: operation.method, route, content }
  const answer = await runOnce(context, once, options, async (tx) => {
    const result = await run(tx, raw)
    return { status: operation.returns.status, body: JSON.stringify(result) }
  })
  if (answer.isReplayed) reply.header('idempotent-replayed', 'true')
  return send(reply, answer.status, answer.body)
}

const methodsAnswered = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE']

/** A path that exists answers 405 and its methods, not 404. */
function refuseOtherMethods(scope: FastifyInstance, surface: Surface): void {
  const taken = new Map([[documentPath, new Set(['OPTIONS', 'GET'])]])
  for (const { path, method } of surface.operations) {
    taken.set(path, (taken.get(path) ?? new Set(['OPTIONS'])).add(method))
  }
  for (const [path, methods] of taken) {
    if (methods.has('GET')) methods.add('HEAD')
    const others = methodsAnswered.filter((method) => !methods.has(method))
    scope.route({
      method: others,
      url: fastifyPath(path),
      handler: (request, reply) => {
        reply.header('allow', [...methods].filter((method) => method !== 'OPTIONS').join(', '))
        return answerError(surface, methodNotAllowed(), request, reply)
      },
    })
  }
}

function send(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply.code(status).header('content-type', 'application/json; charset=utf-8').send(body)
}

function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new Error('an operation runs only after authentication')
  return request.caller
}

function contextOf(system: System, request: FastifyRequest): Context {
  const { app, key } = callerOf(request)
  return { ...system, app, actor: `key:${key.id}` }
}

function queryOf(request: FastifyRequest): Record<string, unknown> {
  return { ...(request.query as Record<string, unknown>) }
}

function idempotencyKeyOf(surface: Surface, request: FastifyRequest): string | null {
  for (const name of [...surface.idempotencyHeaders, 'idempotency-key']) {
    const value = request.headers[name]
    if (typeof value === 'string') return readIdempotencyKey(value)
  }
  return null
}

/** `/customers/{customerId}` → `/customers/:customerId` */
function fastifyPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1')
}
