// Owns the command line under test: in this process with captured output, or as its own process.
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { processEnvironment } from '../../../test/process-environment.ts'
import { runCommandLine } from './command-line.ts'

export type Environment = Record<string, string>

export interface Ended {
  code: number | null
  out: string
  error: string
}

/** Runs a command within this process. */
export async function runInProcess(
  args: string[],
  environment: Environment,
  following: { until?: AbortSignal; onOut?: (text: string) => void } = {},
): Promise<Ended> {
  let [out, error] = ['', '']
  const terminal = {
    writeOut: (text: string) => {
      out += text
      following.onOut?.(text)
    },
    writeError: (text: string) => {
      error += text
    },
    isWatched: false,
    untilEnded: () => following.until ?? new AbortController().signal,
  }
  const code = await runCommandLine(args, terminal, environment)
  return { code, out, error }
}

/** Its document: fails unless stdout is one JSON document and stderr is empty. */
export function documentOf(ended: Ended): Record<string, unknown> {
  if (ended.error !== '') throw new Error(`stderr is not empty: ${ended.error}`)
  return JSON.parse(ended.out)
}

const main = join(import.meta.dirname, '..', 'main.ts')
const waitMsMax = 60_000

export interface Spawned {
  child: ChildProcess
  /** What it has written so far. */
  output(): { out: string; error: string }
  ended: Promise<Ended>
}

export function spawnCommand(args: string[], environment: Environment): Spawned {
  const child = spawn(process.execPath, [main, ...args], {
    env: processEnvironment(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, error] = ['', '']
  child.stdout.on('data', (data) => {
    out += data
  })
  child.stderr.on('data', (data) => {
    error += data
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), waitMsMax)
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({ code, out, error })
    })
  })
  return { child, output: () => ({ out, error }), ended }
}

export function runProcess(args: string[], environment: Environment): Promise<Ended> {
  return spawnCommand(args, environment).ended
}

export interface ServeProcess extends Spawned {
  url: string
  /** The test key, when this start has made it. */
  key: string | null
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Ended>
}

/** Resolves when it says that it is ready; throws with its output when it ends before. */
export async function startServe(
  environment: Environment,
  args = ['serve'],
): Promise<ServeProcess> {
  const spawned = spawnCommand(args, environment)
  let hasEnded = false
  void spawned.ended.then(() => {
    hasEnded = true
  })
  const end = Date.now() + waitMsMax
  for (;;) {
    const { out } = spawned.output()
    const url = /Clientele is ready at (http:\S+)\n[\s\S]*\n$/.exec(out)?.[1]
    if (url !== undefined) {
      const key = /Test key {3}(sk_test_\w+)/.exec(out)?.[1] ?? null
      const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
        spawned.child.kill(signal)
        return spawned.ended
      }
      return { ...spawned, url, key, stop }
    }
    if (hasEnded || Date.now() > end) {
      spawned.child.kill('SIGKILL')
      throw new Error(`serve did not become ready: ${JSON.stringify(spawned.output())}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
