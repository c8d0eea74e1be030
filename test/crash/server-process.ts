// Owns a real server process for a test: started, watched, ended, and never left behind.
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { processEnvironment } from '../process-environment.ts'
import { runs } from '../runs.ts'

const root = join(import.meta.dirname, '../..')
/** The long form may run beside anything. */
const readyTimeoutMs = runs({ few: 30_000, full: 180_000 })
const endTimeoutMs = 20_000

export interface Ending {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface ServerProcess {
  pid: number
  url: string
  /** The key that the first start prints; `null` on a later start. */
  key: string | null
  /** From the spawn to the ready line. */
  readyMs: number
  stdout(): string
  /** As when the reader of the log goes away. */
  closeOutput(): void
  signal(name: NodeJS.Signals): void
  /** Resolves when the process is gone; rejects when it does not go in time. */
  ended(): Promise<Ending>
  /** Ends it the hard way, for the end of a test. */
  remove(): Promise<void>
}

export interface ProcessOptions {
  environment: Record<string, string>
  /** Runs as this user: for what root is allowed and others are not. */
  uid?: number
}

/** Starts a server and waits until it says that it is ready. Throws with its output if it ends. */
export async function startServerProcess(options: ProcessOptions): Promise<ServerProcess> {
  const began = performance.now()
  const child = spawnServer(options)
  const output = collect(child)
  const ready = /Clientele is ready at (\S+)\n[\s\S]*?\n\n/
  await output.until(() => ready.test(output.stdout()), readyTimeoutMs)
  const url = ready.exec(output.stdout())?.[1]
  if (url === undefined || child.pid === undefined) {
    child.kill('SIGKILL')
    throw new Error(`the server did not start: ${output.stderr()}${output.stdout()}`)
  }
  const readyMs = performance.now() - began
  // The key stands behind the addresses: on a first start it follows at once.
  const key = /Test key +(sk_test_\w+)/.exec(output.stdout())?.[1] ?? null
  return {
    pid: child.pid,
    url,
    key,
    readyMs,
    stdout: output.stdout,
    closeOutput: () => child.stdout?.destroy(),
    signal: (name) => child.kill(name),
    ended: output.ended,
    async remove() {
      child.kill('SIGKILL')
      await output.ended()
    },
  }
}

/** Runs a server that is expected to refuse: resolves with how it ended. */
export function runServerProcess(options: ProcessOptions): Promise<Ending> {
  return collect(spawnServer(options)).ended()
}

const alive = new Set<ChildProcess>()
// Whatever ends the test, no server outlives it.
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

function spawnServer({ environment, uid }: ProcessOptions): ChildProcess {
  const child = spawn(process.execPath, ['server/src/main.ts', 'serve'], {
    cwd: root,
    env: processEnvironment({ PORT: '0', ...environment }),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  alive.add(child)
  child.once('close', () => alive.delete(child))
  return child
}

function collect(child: ChildProcess) {
  let stdout = ''
  let stderr = ''
  let ending: Ending | null = null
  const watchers = new Set<() => void>()
  const tell = () => {
    for (const watcher of watchers) watcher()
  }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    tell()
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    tell()
  })
  child.once('close', (code, signal) => {
    ending = { code, signal, stdout, stderr }
    tell()
  })

  /** Resolves when `condition` holds, the process has ended, or the time is over. */
  function until(condition: () => boolean, timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        watchers.delete(look)
        resolve()
      }
      const look = () => {
        if (ending !== null || condition()) done()
      }
      const timer = setTimeout(done, timeoutMs)
      watchers.add(look)
      look()
    })
  }

  return {
    until,
    stdout: () => stdout,
    stderr: () => stderr,
    async ended(): Promise<Ending> {
      await until(() => false, endTimeoutMs)
      if (ending !== null) return ending
      child.kill('SIGKILL')
      throw new Error(`the server was still there after ${endTimeoutMs} ms: ${stdout}${stderr}`)
    },
  }
}
