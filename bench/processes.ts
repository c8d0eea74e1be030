// Owns the two server processes of a measurement: starting, their memory, ending.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import launch from '../scripts/server-launch.json' with { type: 'json' }
import { freePort } from '../test/postgresql.ts'
import type { ExampleBodies } from './measure.ts'

export interface BenchServer {
  pid: number
  url: string
  ids: string[]
  memoryMib(): number
  stop(): Promise<void>
}

const root = join(import.meta.dirname, '..')
const startTimeoutMs = 60_000
let started = 0

/** The server as users run it, its log going to a file. */
export async function startOurs(
  environment: Record<string, string>,
  folder: string,
): Promise<BenchServer> {
  started += 1
  const logFile = join(folder, `server-${started}.log`)
  const output = openSync(logFile, 'w')
  const main = join(root, 'server/src/main.ts')
  const child = spawn(process.execPath, [...launch.flags, main, 'serve'], {
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: join(root, launch.compileCache),
      ...environment,
    },
    stdio: ['ignore', output, 'inherit'],
  })
  const url = await waitFor(
    async () => /ready at (http:\S+)/.exec(readFileSync(logFile, 'utf8'))?.[1],
  )
  return {
    pid: child.pid ?? 0,
    url,
    ids: [],
    memoryMib: () => memoryMib(child),
    stop: () => stop(child),
  }
}

export async function startFloor(plan: {
  folder: string
  customers: number
  bodies: ExampleBodies
  url: string | undefined
}): Promise<BenchServer> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'floor.ts')], {
    env: {
      ...process.env,
      FLOOR_FILE: join(plan.folder, 'floor.db'),
      FLOOR_COUNT: String(plan.customers),
      FLOOR_BODIES: JSON.stringify(plan.bodies),
      ...(plan.url === undefined ? {} : { DATABASE_URL: plan.url }),
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [{ url, ids }] = await once(child, 'message')
  return {
    pid: child.pid ?? 0,
    url,
    ids,
    memoryMib: () => memoryMib(child),
    stop: () => stop(child),
  }
}

/** Milliseconds from typing `npm start` to the first 200. */
export async function timeToFirstAnswer(environment: Record<string, string>): Promise<number> {
  const port = await freePort()
  const started = performance.now()
  const child = spawn('npm', ['start', '--silent'], {
    cwd: root,
    env: { ...process.env, ...environment, PORT: String(port) },
    stdio: 'ignore',
    // A group of its own, so that npm and the server end together.
    detached: true,
  })
  await waitFor(async () => {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null)
    return response?.status === 200 ? 'ready' : undefined
  })
  const elapsedMs = performance.now() - started
  const ended = once(child, 'exit')
  process.kill(-(child.pid ?? 0), 'SIGTERM')
  await ended
  return elapsedMs
}

async function waitFor(look: () => Promise<string | undefined>): Promise<string> {
  const end = Date.now() + startTimeoutMs
  while (Date.now() < end) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('the server did not start')
}

function memoryMib(child: ChildProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
