// Owns turning a request away for the load alone, so that the log and the figures say which load.
import type { FastifyRequest } from 'fastify'
import { AppError } from '../core/errors.ts'
import { httpErrors } from './http-errors.ts'

export const loadReasons = ['allowance', 'lists', 'event_loop'] as const
export type LoadReason = (typeof loadReasons)[number]

declare module 'fastify' {
  interface FastifyRequest {
    /** Told in the log line and counted in /metrics; `null`: it was not. */
    turnedAwayFor: LoadReason | null
  }
}

/** A request, as far as turning it away goes. */
export type Refusable = Pick<FastifyRequest, 'turnedAwayFor'>

/** The refusal to throw. Not a failure of ours: it leaves no error line in the log. */
export function turnAway(
  request: Refusable,
  reason: LoadReason,
  retryAfterSeconds?: number,
): AppError {
  request.turnedAwayFor = reason
  return new AppError(definitions[reason], {
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(reason === 'lists' ? { detail: listsTaken } : {}),
  })
}

const listsTaken = 'The server is at work on as many lists and searches as it takes at once.'

const definitions = {
  allowance: httpErrors.too_many_requests,
  lists: httpErrors.temporarily_unavailable,
  event_loop: httpErrors.temporarily_unavailable,
}
