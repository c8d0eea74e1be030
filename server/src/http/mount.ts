// Owns turning a surface into routes: who calls, what they send, what they get, and every refusal.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { accessTokenPrefix } from '../core/apps/access-token.ts'
import { keyErrors } from '../core/apps/app.ts'
import type { Caller } from '../core/apps/app-service.ts'
import { type Context, contextOf, type System } from '../core/context.ts'
import { AppError } from '../core/errors.ts'
import type { Json } from '../lib/canonical.ts'
import { once } from '../lib/once.ts'
import { answerError, methodNotAllowed, routeNotFound } from './answer-error.ts'
import type { Authenticator } from './auth.ts'
import { type Clearance, clearanceOf } from './clearance.ts'
import { type Download, sendDownload } from './download.ts'
import { parseFormBody } from './form.ts'
import { httpErrors } from './http-errors.ts'
import { readIdempotencyKey, runOnce } from './idempotency.ts'
import { parseJsonBody, refuseContentEncoding } from './json.ts'
import { limits } from './limits.ts'
import { type ListPlaces, readsMany } from './list-places.ts'
import { toOpenApi } from './openapi.ts'
import type { Operation, RawInput, Runner } from './operation.ts'
import { readOperatorName, selectOperatorApp } from './operators.ts'
import type { Surface } from './surface.ts'
import { turnAway } from './turn-away.ts'

export interface MountOptions {
  /** Refuses with `temporarily_unavailable` until the start has ended. */
  system: () => System
  authenticator: Authenticator
  /** How long a stored reply is replayed. */
  replyAgeMsMax: number
  /** One for all surfaces. */
  lists: ListPlaces
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null
  }
  interface FastifyContextConfig {
    /** The body is multipart/form-data, and the operation reads it itself. */
    takesUpload?: boolean
    /** The body may be application/x-www-form-urlencoded. */
    takesForm?: boolean
    /** The body may be application/merge-patch+json. */
    takesMergePatch?: boolean
  }
}

const documentPath = '/openapi.json'
const noContent = 204

export async function mount(
  server: FastifyInstance,
  surface: Surface,
  options: MountOptions,
): Promise<void> {
  await server.register(
    async (scope) => {
      scope.removeAllContentTypeParsers()
      const asBytes = { parseAs: 'buffer', bodyLimit: limits.bodyBytesMax } as const
      const parseJson = async (request: FastifyRequest, bytes: Buffer) => {
        refuseContentEncoding(request.headers['content-encoding'])
        return parseJsonBody(bytes)
      }
      scope.addContentTypeParser('application/json', asBytes, parseJson)
      scope.addContentTypeParser(
        'application/merge-patch+json',
        asBytes,
        async (request: FastifyRequest, bytes: Buffer) => {
          if (request.routeOptions.config.takesMergePatch) return parseJson(request, bytes)
          throw new AppError(httpErrors.media_type_unsupported)
        },
      )
      scope.addContentTypeParser(
        'application/x-www-form-urlencoded',
        asBytes,
        async (request: FastifyRequest, bytes: Buffer) => {
          if (!request.routeOptions.config.takesForm) {
            throw new AppError(httpErrors.media_type_unsupported)
          }
          refuseContentEncoding(request.headers['content-encoding'])
          return parseFormBody(bytes)
        },
      )
      scope.addContentTypeParser('multipart/form-data', async (request: FastifyRequest) => {
        if (request.routeOptions.config.takesUpload) return undefined
        throw new AppError(httpErrors.media_type_unsupported)
      })
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
      const document = once(() => JSON.stringify(toOpenApi(surface)))
      scope.get(documentPath, (_request, reply) => send(reply, 200, document()))
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
  const isWrite = operation.method !== 'GET'
  const { scope: needed } = operation
  const clearance = clearanceOf(surface, operation)
  const { lists } = options
  const takesPlace = readsMany(operation)
  const respond =
    operation.scope === null
      ? respondOpenly(operation.prepare(), operation, options)
      : respondTo(operation.prepare(), { surface, operation, options, clearance, isWrite })
  scope.route({
    method: operation.method,
    url: fastifyPath(operation.path),
    config: {
      takesUpload: operation.upload !== undefined,
      takesForm: operation.takesForm === true,
      takesMergePatch: operation.takesMergePatch === true,
    },
    onRequest: async (request) => {
      // Before anything is done for it; a place is taken when the whole request is there.
      if (takesPlace) lists.check(request)
      if (needed === null) return
      const presented = surface.credentials.read(request.headers)
      request.caller = await options.authenticator.authenticate(presented)
      if (surface.takesOperators) {
        request.caller = await selectOperatorApp(options.system(), request.caller, request.headers)
      }
      if (operation.changesKeys && presented?.startsWith(accessTokenPrefix)) {
        throw new AppError(keyErrors.token_refused)
      }
    },
    preParsing: [
      countRequests(scope, surface),
      async (request) => {
        if (needed !== null) clearance.requireCall(callerOf(request))
      },
    ],
    handler: takesPlace
      ? (request, reply) => lists.work(request, () => respond(request, reply))
      : respond,
  })
}

/** One count for all routes: a limit in the route's own configuration would count per route. */
function countRequests(scope: FastifyInstance, surface: Surface) {
  const count = scope.createRateLimit()
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const allowance = await count(request)
    if (allowance.isAllowed) return
    if (surface.tellsAllowance) {
      const { max, timeWindow, remaining, ttlInSeconds } = allowance
      reply.header('ratelimit-policy', `"key";q=${max};w=${timeWindow / 1_000}`)
      reply.header('ratelimit', `"key";r=${remaining};t=${ttlInSeconds}`)
    }
    if (allowance.isExceeded) throw turnAway(request, 'allowance', allowance.ttlInSeconds)
  }
}

type Respond = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

function respondOpenly(
  runner: Runner<System>,
  operation: Operation,
  options: MountOptions,
): Respond {
  return async (request, reply) => {
    const input = runner.parse(rawOf(request))
    const result = await runner.handle(options.system(), input, request.headers)
    return send(reply, operation.returns.status, JSON.stringify(result))
  }
}

interface Route {
  surface: Surface
  operation: Operation
  options: MountOptions
  clearance: Clearance
  isWrite: boolean
}

function respondTo(runner: Runner<Context>, route: Route): Respond {
  const { surface, operation, options, clearance, isWrite } = route
  const path = surface.basePath + operation.path
  const { status } = operation.returns
  return async (request, reply) => {
    const context = contextOfRequest(options.system(), surface, request)
    const raw = rawOf(request)
    const key = isWrite ? idempotencyKeyOf(surface, request) : null
    const input = runner.parse(raw)
    clearance.requireMembers(callerOf(request), input)
    const mask = clearance.maskFor(callerOf(request))
    if (key === null) {
      const { value } = await runner.before(context, input, request.raw)
      const result = await runner.handle(context, input, value)
      if (operation.changesKeys) options.authenticator.forget()
      // The shape of the answer is the operation's own promise: bytes where it names their type.
      if (operation.returns.contentType) return sendDownload(reply, status, result as Download)
      nameVersion(reply, operation, result)
      return send(reply, status, JSON.stringify(mask ? mask(result) : result))
    }
    const { value, fingerprint } = await runner.before(context, input, request.raw)
    const condition = operation.takesIfMatch ? [raw.ifMatch] : []
    // The secret of a key is shown again to the key that asked for it, and to no other.
    const asker = operation.changesKeys ? [callerOf(request).key.id] : []
    const about = [raw.params, raw.query, raw.body ?? null, fingerprint]
    const content = [...about, ...condition, ...asker] as Json
    const { method, insertsOnly = false } = operation
    const once = { key, method, route: path, content, insertsOnly }
    const answer = await runOnce(context, once, options, async (tx) => {
      const result = await runner.handle(tx, input, value)
      return { status, body: JSON.stringify(result) }
    })
    if (operation.changesKeys) options.authenticator.forget()
    if (answer.isReplayed) reply.header('idempotent-replayed', 'true')
    if (operation.returns.versionOf) nameVersion(reply, operation, JSON.parse(answer.body))
    // The reply is stored as it is, and shown as this caller may see it: another key may repeat it.
    const body = mask ? JSON.stringify(mask(JSON.parse(answer.body))) : answer.body
    return send(reply, answer.status, body)
  }
}

/** The version that an `If-Match` of a later request is compared with. */
function nameVersion(reply: FastifyReply, { returns }: Operation, result: unknown): void {
  const version = returns.versionOf?.(result as never)
  if (version !== undefined) reply.header('etag', `"${version}"`)
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
        const hint = surface.methodHints?.[`${request.method} ${path}`]
        return answerError(surface, methodNotAllowed(hint), request, reply)
      },
    })
  }
}

function send(reply: FastifyReply, status: number, body: string): FastifyReply {
  if (status === noContent) return reply.code(status).send()
  return reply.code(status).header('content-type', 'application/json; charset=utf-8').send(body)
}

function rawOf(request: FastifyRequest): RawInput {
  const ifMatch = request.headers['if-match'] ?? null
  return { params: request.params, query: queryOf(request), body: request.body, ifMatch }
}

function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new Error('an operation runs only after authentication')
  return request.caller
}

function contextOfRequest(system: System, surface: Surface, request: FastifyRequest): Context {
  const { app, key } = callerOf(request)
  const operator = surface.takesOperators ? readOperatorName(request.headers) : null
  const actor = operator === null ? `key:${key.id}` : `key:${key.id} operator:${operator}`
  return contextOf(system, { app, actor, key })
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
