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

/** Also heard while closing: the last figures of a process are worth having. */
const healthPaths: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics'])

const closing: UnsafeSetting = {
  name: 'shutting_down',
  detail: 'the server is shutting down',
  fix: 'send requests to another one',
}

/** Empty when the server can keep its promises. */
export async function reasonsNotReady(parts: HealthParts): Promise<UnsafeSetting[]> {
  const { database, allowedUnsafe } = parts
  try {
    // Before the start has ended too: what a start waits for is often the database.
    const pending = pendingReasons(await database.pendingMigrations())
    if (!hasStarted(parts)) return [starting, ...pending]
    const unsafe = await database.unsafeSettings()
    return [...pending, ...unsafe.filter(({ name }) => !allowedUnsafe.includes(name))]
  } catch {
    return hasStarted(parts) ? [databaseAway] : [starting, databaseAway]
  }
}

function hasStarted({ current }: HealthParts): boolean {
  try {
    current()
    return true
  } catch {
    return false
  }
}

/** A database that was put in this one's place, or one that a start is just migrating. */
function pendingReasons(names: string[]): UnsafeSetting[] {
  if (names.length === 0) return []
  const detail = `the database has not had the migrations ${names.join(', ')}`
  return [{ name: 'migrations_pending', detail, fix: 'restart, or run: clientele migrate' }]
}

const starting: UnsafeSetting = {
  name: 'starting',
  detail: 'the start has not ended: migrations, master key',
  fix: 'wait, or read the log',
}

const databaseAway: UnsafeSetting = {
  name: 'database_away',
  detail: 'the database does not answer',
  fix: 'start it, or correct DATABASE_URL',
}
