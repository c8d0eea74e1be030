// Owns the way from anything thrown to a refusal in the surface's own body, and its status.
import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError, type ErrorKind } from '../core/errors.ts'
import { systemCode } from '../lib/refusal.ts'
import { httpErrors } from './http-errors.ts'
import { limits } from './limits.ts'
import type { Surface } from './surface.ts'

/** The one table from kind to status; a surface may differ in a row. */
const statuses: Record<ErrorKind, number> = {
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

export function statusOf(surface: Surface, kind: ErrorKind): number {
  return surface.statuses[kind] ?? statuses[kind]
}

export function statusOfKind(kind: ErrorKind): number {
  return statuses[kind]
}

export function answerError(
  surface: Surface,
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const error = translateError(thrown)
  const { definition } = error
  const status = statusOf(surface, definition.kind)
  // A caller that hung up is no failure of ours, and nobody reads this answer.
  const isGone = request.raw.destroyed && !request.raw.complete
  if (status >= 500 && !isGone && !request.turnedAwayFor) {
    // The stack names our code, never a value: what a request carried stays out of the log.
    const failure = { name: nameOf(thrown), code: systemCode(thrown), stack: stackOf(thrown) }
    request.log.error({ requestId: request.id, failure }, definition.title)
  }
  reply.header(surface.requestIdHeader, request.id)
  const retryAfter = retryAfterOf(error)
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter))
  if (definition.kind === 'unauthenticated') reply.header('www-authenticate', 'Bearer')
  const { message, param, issues } = inWordsOf(surface, error)
  const requestId = request.id
  const body = surface.renderError({ definition, status, message, param, issues, requestId })
  return reply
    .code(status)
    .header('content-type', `${surface.errorContentType ?? 'application/json'}; charset=utf-8`)
    .send(JSON.stringify(body))
}

/** The core's names of fields become the surface's, wherever the refusal says one. */
function inWordsOf(
  { fieldNames }: Surface,
  { message, param, issues, isInWireWords }: AppError,
): Pick<AppError, 'message' | 'param' | 'issues'> {
  if (!fieldNames || param === undefined || isInWireWords) return { message, param, issues }
  const rename = (name: string) => {
    const known = Object.keys(fieldNames).find((one) => name === one || name.startsWith(`${one}.`))
    return known === undefined ? name : (fieldNames[known] ?? known) + name.slice(known.length)
  }
  const renamed = rename(param)
  return {
    message: message.startsWith(`${param}: `) ? renamed + message.slice(param.length) : message,
    param: renamed,
    issues: issues.map((issue) => ({ ...issue, param: rename(issue.param) })),
  }
}

/** For what reaches no route of a surface: its own words where the path is below one. */
export function answerOutside(
  surfaces: Surface[],
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const surface = surfaces.find(({ basePath }) => request.url.startsWith(`${basePath}/`))
  if (surface) return answerError(surface, thrown, request, reply)
  const error = translateError(thrown)
  const { definition, message } = error
  const retryAfter = retryAfterOf(error)
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter))
  const body = { error: { code: definition.code, message, requestId: request.id } }
  return reply.code(statuses[definition.kind]).header('request-id', request.id).send(body)
}

/** For bytes that are no HTTP at all: there is no request, so the answer is written by hand. */
export function answerUnparsed(
  failure: { code: string; requestId: string },
  socket: Pick<Socket, 'writable' | 'end' | 'destroy'>,
): number {
  const { status, reason } = unparsed[failure.code] ?? { status: 400, reason: 'Bad Request' }
  if (!socket.writable || failure.code === 'ECONNRESET') {
    socket.destroy()
    return status
  }
  const { code, detail, fix } = httpErrors.request_malformed
  const body = JSON.stringify({
    error: { code, message: `${detail} ${fix}`, requestId: failure.requestId },
  })
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nRequest-Id: ${failure.requestId}\r\n` +
      'Connection: close\r\nContent-Type: application/json; charset=utf-8\r\n' +
      `Content-Length: ${body.length}\r\n\r\n${body}`,
  )
  return status
}

const unparsed: Record<string, { status: number; reason: string }> = {
  HPE_HEADER_OVERFLOW: { status: 431, reason: 'Request Header Fields Too Large' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, reason: 'Request Timeout' },
}

export const routeNotFound = () => new AppError(httpErrors.route_not_found)

/** `hint` says what to do instead, where the surface knows. */
export function methodNotAllowed(hint?: string): AppError {
  const { detail } = httpErrors.method_not_allowed
  const options = hint === undefined ? {} : { detail: `${detail} ${hint}` }
  return new AppError(httpErrors.method_not_allowed, options)
}

export const notReady = () => new AppError(httpErrors.temporarily_unavailable)

export function translateError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const code = systemCode(thrown)
  const known = byCode[code]
  if (known) return known()
  if (isStorageAway(thrown)) return new AppError(httpErrors.temporarily_unavailable)
  const status = thrown instanceof Error ? Reflect.get(thrown, 'statusCode') : undefined
  if (status === 429) return new AppError(httpErrors.too_many_requests)
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new AppError(httpErrors.request_malformed)
  }
  return new AppError(httpErrors.internal_error)
}

/** Fastify's own refusals, in our words. */
const byCode: Record<string, () => AppError> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    new AppError(httpErrors.body_too_large, {
      param: 'body',
      detail: `body: is larger than ${limits.bodyBytesMax} bytes.`,
    }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => new AppError(httpErrors.media_type_unsupported),
}

/** Connection and resource failures of either engine: worth a retry, not a defect of ours. */
export function isStorageAway(thrown: unknown): boolean {
  const code = systemCode(thrown)
  if (/^(08|53|57P|55P03|25P03|57014)/.test(code)) return true
  if (/^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|ENOSPC)$/.test(code)) return true
  return awayReasons.test(thrown instanceof Error ? thrown.message : '')
}

/** What the drivers say without a code: pg of connections that end, or are not made in time. */
const awayReasons = new RegExp(
  'disk is full|disk I/O error|Connection terminated|timeout exceeded when|is not queryable$|' +
    '^timeout expired$|^Query read timeout$',
)

/** Seconds; whoever is told that it is not now is told when. */
export function retryAfterOf({ definition, retryAfterSeconds }: AppError): number | undefined {
  const { kind } = definition
  const isLater = kind === 'unavailable' || kind === 'rate_limited'
  return retryAfterSeconds ?? (isLater ? limits.retryAfterSeconds : undefined)
}

function nameOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : typeof thrown
}

/** Only the frames: a message may quote a value. */
function stackOf(thrown: unknown): string[] {
  if (!(thrown instanceof Error)) return []
  return (thrown.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
}
