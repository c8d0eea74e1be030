// Owns /metrics: what a process did and how it is, as Prometheus text without any personal data.
import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { listApps } from '../core/apps/app-service.ts'
import { forApp } from '../core/context.ts'
import { countJobs } from '../storage/job-queue.ts'
import { type HealthParts, reasonsNotReady } from './health.ts'
import { loadReasons } from './turn-away.ts'

/** From what a cached read takes to what a caller gives up on. */
const durationSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** Labels are a route's template, a method and a status: never a value of a request. */
export function addMetrics(server: FastifyInstance, parts: HealthParts): void {
  const registry = new Registry()
  const durations = new Histogram({
    name: 'clientele_http_request_duration_seconds',
    help: 'From the headers of a request to the end of its answer; its count is the requests',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: durationSeconds,
    registers: [registry],
  })
  const turnedAway = new Counter({
    name: 'clientele_http_turned_away_total',
    help: 'Requests refused for the load alone, by what was too much',
    labelNames: ['reason'] as const,
    registers: [registry],
  })
  // From the start: a rate over a series that begins with its first refusal misses that one.
  for (const reason of loadReasons) turnedAway.inc({ reason }, 0)
  server.addHook('onResponse', async (request, reply) => {
    if (request.turnedAwayFor) turnedAway.inc({ reason: request.turnedAwayFor })
    const route = request.routeOptions.url ?? '(none)'
    const labels = { method: request.method, route, status: reply.statusCode }
    durations.observe(labels, reply.elapsedTime / 1_000)
  })
  const state = createState(registry)
  let hasDefaults = false
  server.get('/metrics', async (_request, reply) => {
    // Only a process that is asked pays for watching its event loop and garbage collection.
    if (!hasDefaults) collectDefaultMetrics({ register: registry })
    hasDefaults = true
    await observe(state, parts)
    return reply
      .header('cache-control', 'no-store')
      .header('content-type', registry.contentType)
      .send(await registry.metrics())
  })
}

interface State {
  ready: Gauge
  notReady: Gauge<'reason'>
  jobs: Gauge<'kind' | 'status'>
}

function createState(registry: Registry): State {
  const registers = [registry]
  return {
    ready: new Gauge({
      name: 'clientele_ready',
      help: '1 when the server can keep its promises, as /readyz says, else 0',
      registers,
    }),
    notReady: new Gauge({
      name: 'clientele_not_ready',
      help: '1 for each reason that /readyz names',
      labelNames: ['reason'] as const,
      registers,
    }),
    jobs: new Gauge({
      name: 'clientele_jobs',
      help: 'Jobs in the database, of all apps: waiting, or dead and to be looked at',
      labelNames: ['kind', 'status'] as const,
      registers,
    }),
  }
}

/** A scrape is answered whatever the database does: then the figures that it holds are left out. */
async function observe({ ready, notReady, jobs }: State, parts: HealthParts): Promise<void> {
  const reasons = await reasonsNotReady(parts)
  ready.set(reasons.length === 0 ? 1 : 0)
  notReady.reset()
  for (const { name } of reasons) notReady.set({ reason: name }, 1)
  const counts = await countAllJobs(parts)
  jobs.reset()
  for (const { kind, status, count } of counts) jobs.inc({ kind, status }, Number(count))
}

async function countAllJobs({ current }: HealthParts) {
  try {
    const system = current()
    const apps = await listApps(system)
    return (await Promise.all(apps.map(({ id }) => countJobs(forApp(system, id).db, id)))).flat()
  } catch {
    // Said already, by name, among the reasons for not being ready.
    return []
  }
}
