// Owns /livez and /readyz: whether the process runs, and whether it can keep its promises.
import type { FastifyInstance } from 'fastify'
import type { System } from '../core/context.ts'
import type { Database, UnsafeSetting } from '../storage/database.ts'
import { notReady } from './answer-error.ts'

export interface HealthParts {
  database: Database
  /** Throws until the start has ended. */
  current: () => System
  allowedUnsafe: string[]
}

export function addHealth(server: FastifyInstance, parts: HealthParts): void {
  let isClosing = false
  server.addHook('preClose', async () => {
    isClosing = true
  })
  server.addHook('onRequest', async (request, reply) => {
    if (!isClosing) return
    reply.header('connection', 'close')
    if (!healthPaths.has(request.routeOptions.url ?? '')) throw notReady()
  })
  server.get('/livez', async () => ({ status: 'alive' }))
  server.get('/readyz', async (_request, reply) => {
    const reasons = isClosing ? [closing] : await reasonsNotReady(parts)
    reply.header('cache-control', 'no-store')
    if (reasons.length === 0) return { status: 'ready' }
    reply.code(503).header('retry-after', '1')
    return { status: 'not_ready', reasons }
  })
}

const healthPaths: ReadonlySet<string> = new Set(['/livez', '/readyz'])

const closing: UnsafeSetting = {
  name: 'shutting_down',
  detail: 'the server is shutting down',
  fix: 'send requests to another one',
}

async function reasonsNotReady(parts: HealthParts): Promise<UnsafeSetting[]> {
  try {
    parts.current()
  } catch {
    const detail = 'the start has not ended: migrations, master key'
    return [{ name: 'starting', detail, fix: 'wait, or read the log' }]
  }
  try {
    const unsafe = await parts.database.unsafeSettings()
    return unsafe.filter((setting) => !parts.allowedUnsafe.includes(setting.name))
  } catch {
    const detail = 'the database does not answer'
    return [{ name: 'database_away', detail, fix: 'start it, or correct DATABASE_URL' }]
  }
}
