// Owns the composition: every part of one server process, put together.

import rateLimit from '@fastify/rate-limit'
import underPressure from '@fastify/under-pressure'
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
import { getApp, listApps } from './core/apps/app-service.ts'
import type { Context, System } from './core/context.ts'
import { AppError } from './core/errors.ts'
import { payoutJobKind } from './core/payouts/payout.ts'
import { transferPayout } from './core/payouts/payout-transfer.ts'
import { railByMode } from './core/payouts/rail.ts'
import { answerOutside, answerUnparsed, routeNotFound } from './http/answer-error.ts'
import { type Authenticator, createAuthenticator } from './http/auth.ts'
import { addHealth } from './http/health.ts'
import { httpErrors } from './http/http-errors.ts'
import { deleteOldReplies } from './http/idempotency.ts'
import { limits } from './http/limits.ts'
import { mount } from './http/mount.ts'
import { addReference } from './http/reference.ts'
import {
  type Installation,
  openInstallationDatabase,
  type Ports,
  prepareInstallation,
  systemPorts,
} from './installation.ts'
import { createWorker, type Worker } from './jobs/worker.ts'
import { systemClock } from './lib/clock.ts'
import { rails } from './rails/rails.ts'
import type { Database } from './storage/database.ts'
import { surfaces } from './surfaces/surfaces.ts'

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
      worker = createPayoutWorker(installation.system, config, log)
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
  server.addHook('onResponse', logRequest)
  addHealth(server, { ...parts, allowedUnsafe: config.allowedUnsafe })
  await addReference(server, surfaces)
  await server.register(async (scope) => {
    await scope.register(underPressure, {
      maxEventLoopDelay: limits.eventLoopDelayMsMax,
      retryAfter: limits.retryAfterSeconds,
    })
    await scope.register(rateLimit, {
      global: false,
      timeWindow: 1_000,
      max: config.requestsPerSecondMax,
      // After authentication, so that each key has its own allowance.
      hook: 'preParsing',
      addHeaders: noRateLimitHeaders,
      addHeadersOnExceeding: noRateLimitHeaders,
      keyGenerator: (request) => request.caller?.key.id ?? request.ip,
    })
    const options = {
      system: parts.current,
      authenticator: parts.authenticator,
      replyAgeMsMax: config.replyAgeMsMax,
      requestsPerSecondMax: config.requestsPerSecondMax,
    }
    for (const surface of surfaces) await mount(scope, surface, options)
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
  })
}

/** Only a refusal carries a header, `Retry-After`, which answer-error.ts writes. */
const noRateLimitHeaders = {
  'x-ratelimit-limit': false,
  'x-ratelimit-remaining': false,
  'x-ratelimit-reset': false,
}

const hourMs = 60 * 60 * 1000
const oldRepliesPerPass = 500

function createPayoutWorker(system: System, config: Config, log: Logger): Worker {
  const { database, clock, random, ids } = system
  return createWorker({
    database,
    clock,
    random,
    ids,
    log,
    kinds: {
      [payoutJobKind]: {
        run: async (job) => {
          const context = await contextOfJob(system, job.appId, payoutJobKind)
          const { name } = railByMode[context.app.mode]
          if (name === 'manual') return 'done'
          return transferPayout(context, job.subjectId, rails[name])
        },
        retry: { firstDelayMs: 200, delayMsMax: 60_000 },
        attemptsMax: 50,
      },
    },
    chores: [
      { name: 'delete old replies', everyMs: hourMs, run: () => deleteReplies(system, config) },
    ],
  })
}

async function contextOfJob(system: System, appId: string, kind: string): Promise<Context> {
  return { ...system, app: await getApp(system, appId), actor: `job:${kind}` }
}

async function deleteReplies(system: System, config: Config): Promise<void> {
  const before = system.clock.now() - config.replyAgeMsMax
  for (const app of await listApps(system)) {
    const filter = { appId: app.id, before, limit: oldRepliesPerPass }
    let deleted = oldRepliesPerPass
    while (deleted === oldRepliesPerPass) {
      deleted = await system.database.transaction((db) => deleteOldReplies(db, filter))
    }
  }
}
