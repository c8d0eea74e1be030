// Owns the routes that providers call: raw bytes in, nothing but a receipt out.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import {
  methodNotAllowed,
  retryAfterOf,
  routeNotFound,
  statusOfKind,
  translateError,
} from './answer-error.ts'
import { limits } from './limits.ts'

export interface HookCall {
  provider: string
  connectionId: string
  headers: Record<string, string>
  query: Record<string, string>
  body: Uint8Array
}

const url = '/:provider/:connection'
const otherMethods = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'TRACE']

/** Answers how many facts were new. */
export type ReceiveHook = (call: HookCall) => Promise<number>

/** `POST /hooks/{provider}/{connection}`: the signature is the credential. */
export async function addHooks(server: FastifyInstance, receive: ReceiveHook): Promise<void> {
  await server.register(
    async (scope) => {
      scope.removeAllContentTypeParsers()
      // Any type: the signature is over the bytes, so they are kept as they came.
      scope.addContentTypeParser(
        '*',
        { parseAs: 'buffer', bodyLimit: limits.bodyBytesMax },
        async (_request: FastifyRequest, bytes: Buffer) => bytes,
      )
      scope.setErrorHandler((thrown, request, reply) => {
        const error = translateError(thrown)
        const status = statusOfKind(error.definition.kind)
        if (status >= 500 && !request.turnedAwayFor) {
          request.log.error({ requestId: request.id }, error.definition.title)
        }
        const retryAfter = retryAfterOf(error)
        if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter))
        const { code } = error.definition
        return reply.code(status).send({ error: { code, message: error.message } })
      })
      scope.setNotFoundHandler(() => {
        throw routeNotFound()
      })
      scope.route({
        method: 'POST',
        url,
        preParsing: [scope.rateLimit()],
        handler: async (request, reply) => {
          const received = await receive(toCall(request))
          return reply.header('cache-control', 'no-store').send({ received })
        },
      })
      scope.route({
        method: otherMethods,
        url,
        handler: async (_request, reply) => {
          reply.header('allow', 'POST')
          throw methodNotAllowed()
        },
      })
    },
    { prefix: '/hooks' },
  )
}

function toCall(request: FastifyRequest): HookCall {
  const { provider = '', connection = '' } = request.params as Record<string, string>
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array()
  return {
    provider,
    connectionId: connection,
    headers: textsOf(request.headers),
    query: textsOf(request.query as Record<string, unknown>),
    body,
  }
}

function textsOf(values: Record<string, unknown>): Record<string, string> {
  const texts = Object.entries(values).filter(([, value]) => typeof value === 'string')
  return Object.fromEntries(texts) as Record<string, string>
}
