// Owns the composition: every part of one server process, put together.

import rateLimit from '@fastify/rate-limit'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
} from 'fastify'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { System } from './core/context.ts'
import { AppError } from './core/errors.ts'
import { receiveHook } from './core/registrations/notice-service.ts'
import { Allowances } from './http/allowances.ts'
import { answerOutside, answerUnparsed, routeNotFound } from './http/answer-error.ts'
import { type Authenticator, createAuthenticator } from './http/auth.ts'
import { addBrowserHeaders, tellBrowser } from './http/browser-headers.ts'
import { watchEventLoop } from './http/event-loop-watch.ts'
import { addHealth } from './http/health.ts'
import { addHooks } from './http/hooks.ts'
import { httpErrors } from './http/http-errors.ts'
import { limits } from './http/limits.ts'
import { createListPlaces } from './http/list-places.ts'
import { addMetrics } from './http/metrics.ts'
import { mount } from './http/mount.ts'
import { addReference } from './http/reference.ts'
import { turnAway } from './http/turn-away.ts'
import {
  type Installation,
  openInstallationDatabase,
  type Ports,
  prepareInstallation,
  systemPorts,
} from './installation.ts'
import type { Worker } from './jobs/worker.ts'
import { systemClock } from './lib/clock.ts'
import type { Database } from './storage/database.ts'
import { surfaces } from './surfaces/surfaces.ts'
import { createProcessWorker } from './work.ts'

export interface Application {
  server: FastifyInstance
  authenticator: Authenticator
  /** Migrates, verifies the key, makes what a first start makes, and starts the worker. */
  start(options?: { withWorker: boolean }): Promise<Installation & { worker: Worker }>
  /** Answers what was accepted, lets running jobs end, then closes the database. */
  close(): Promise<void>
}

export async function createApplication(
  config: Config,
  log: Logger,
  ports: Ports = systemPorts,
): Promise<Application> {
  const database = await openInstallationDatabase(config)
  let system: System | null = null
  let worker: Worker | null = null
  const current = () => {
    if (!system) throw new AppError(httpErrors.temporarily_unavailable)
    return system
  }
  const authenticator = createAuthenticator(current)
  const server = await createServer(config, log, { database, current, authenticator })
  return {
    server,
    authenticator,
    async start(options = { withWorker: true }) {
      const installation = await prepareInstallation(database, config, ports)
      worker = createProcessWorker(installation.system, config, log, authenticator.takeUses)
      if (options.withWorker) worker.start()
      system = installation.system
      return { ...installation, worker }
    },
    async close() {
      // A connection that never ends its request must not keep the others from an orderly end.
      const closed = closeServer(server)
      await within(closeWaits.requestsMs, closed, () => server.server.closeAllConnections())
      // A job that hangs keeps its lease, and runs again after a restart.
      await within(closeWaits.jobsMs, worker?.stop())
      await system?.egress.close()
      await within(closeWaits.databaseMs, database.close())
    },
  }
}

/** Together below the ten seconds that a supervisor commonly allows. */
const closeWaits = { requestsMs: 5_000, jobsMs: 2_000, databaseMs: 1_500 } as const

const idleCheckMs = 20

/** Connections that fall idle while others still work are closed too, not waited for. */
async function closeServer(server: FastifyInstance): Promise<void> {
  const ended = new AbortController()
  const closed = server.close().then(() => ended.abort())
  while (!ended.signal.aborted) {
    server.server.closeIdleConnections()
    await systemClock.wait(idleCheckMs, ended.signal)
  }
  await closed
}

/** Waits for `work` at most `ms`; where `hurry` makes it end, until it has ended. */
async function within(ms: number, work: unknown, hurry?: () => void): Promise<void> {
  const done = new AbortController()
  const isLate = systemClock.wait(ms, done.signal).then(() => !done.signal.aborted)
  const isDone = Promise.resolve(work).then(() => false)
  if ((await Promise.race([isDone, isLate])) && hurry) {
    hurry()
    await work
  }
  done.abort()
}

interface ServerParts {
  database: Database
  current: () => System
  authenticator: Authenticator
}

async function createServer(
  config: Config,
  log: Logger,
  parts: ServerParts,
): Promise<FastifyInstance> {
  const server: FastifyInstance = fastify(serverOptions(log))
  server.setNotFoundHandler((request, reply) =>
    answerOutside(surfaces, routeNotFound(), request, reply),
  )
  server.decorateRequest('caller', null)
  server.decorateRequest('turnedAwayFor', null)
  server.addHook('onResponse', logRequest)
  addBrowserHeaders(server)
  const health = { ...parts, allowedUnsafe: config.allowedUnsafe }
  addHealth(server, health)
  addMetrics(server, health)
  await addReference(server, surfaces)
  await server.register(async (scope) => {
    const eventLoop = watchEventLoop(config.eventLoopDelayMsMax)
    scope.addHook('onRequest', async (request) => {
      if (eventLoop.isLate()) throw turnAway(request, 'event_loop')
    })
    scope.addHook('onListen', async () => eventLoop.start())
    scope.addHook('onClose', async () => eventLoop.stop())
    await scope.register(rateLimit, {
      global: false,
      store: Allowances,
      timeWindow: 1_000,
      max: config.requestsPerSecondMax,
      // After authentication, so that each key has its own allowance.
      hook: 'preParsing',
      addHeaders: noRateLimitHeaders,
      addHeadersOnExceeding: noRateLimitHeaders,
      keyGenerator: (request) => request.caller?.key.id ?? request.ip,
      onExceeded: (request) => {
        request.turnedAwayFor = 'allowance'
      },
    })
    const options = {
      system: parts.current,
      authenticator: parts.authenticator,
      replyAgeMsMax: config.replyAgeMsMax,
      lists: createListPlaces(config.listsAtOnceMax),
    }
    for (const surface of surfaces) await mount(scope, surface, options)
    await addHooks(scope, (call) => receiveHook(parts.current(), call))
  })
  return server
}

function serverOptions(log: Logger): FastifyServerOptions {
  const requestIds = createRequestIds()
  return {
    loggerInstance: log as FastifyBaseLogger,
    // Our own line instead, at the end of each request: see logRequest.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger) => logger,
    genReqId: requestIds,
    // Refused by our own hook while closing, in the surface's words: see http/health.ts.
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => {
      const requestId = requestIds()
      const status = answerUnparsed({ code: error.code ?? '', requestId }, socket)
      log.info({ requestId, route: '(unparsed)', status })
    },
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // Paths that are no text, or too long: refused before any hook, so their line is logged here.
    frameworkErrors: (error, request, reply) => {
      tellBrowser(request, reply)
      answerOutside(surfaces, error, request, reply)
      logRequest(request, reply)
    },
    routerOptions: { maxParamLength: limits.pathParamLengthMax },
  }
}

/** Unique across processes by their random start, and within one by counting. */
function createRequestIds(): () => string {
  const start = systemPorts.random.bytes(12).toString('hex')
  let count = 0
  return () => {
    count += 1
    return `req_${start}${count.toString(36).padStart(6, '0')}`
  }
}

/** One line a request: the route's template, never the URL, so that no value of it is logged. */
async function logRequest(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  request.log.info({
    requestId: request.id,
    method: request.method,
    route: request.routeOptions.url ?? '(none)',
    status: reply.statusCode,
    durationMs: Math.round(reply.elapsedTime * 10) / 10,
    appId: request.caller?.app.id,
    keyId: request.caller?.key.id,
    turnedAwayFor: request.turnedAwayFor ?? undefined,
  })
}

/** Only a refusal carries a header, `Retry-After`, which answer-error.ts writes. */
const noRateLimitHeaders = {
  'x-ratelimit-limit': false,
  'x-ratelimit-remaining': false,
  'x-ratelimit-reset': false,
}
