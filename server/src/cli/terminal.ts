// Owns what is printed where: results on stdout, progress and failures on stderr.
import { spinner } from '@clack/prompts'
import type { Failure } from './failure.ts'

export interface Terminal {
  writeOut(text: string): void
  writeError(text: string): void
  /** Whether a person looks at stderr: only then is progress shown. */
  isWatched: boolean
  /** For a command that goes on: aborts at Ctrl-C, a signal to end, or when nobody reads on. */
  untilEnded(): AbortSignal
}

export const processTerminal: Terminal = {
  writeOut: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  // Without a width nothing can be drawn: some terminals of containers say 0.
  isWatched: process.stderr.isTTY === true && process.stderr.columns > 0,
  untilEnded,
}

/** Ctrl-C reaches us from the terminal and once more through npm: within this time it is one. */
const sameSignalMs = 1_000

/** The first signal ends in order; a later one at once. */
function untilEnded(): AbortSignal {
  const ended = new AbortController()
  let firstAt: number | null = null
  const end = () => {
    const now = performance.now()
    if (firstAt !== null && now - firstAt > sameSignalMs) process.exit(interruptedExitCode)
    firstAt ??= now
    ended.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
  // As `listen | head` does.
  process.stdout.on('error', end)
  return ended.signal
}

export function printResult(terminal: Terminal, isJson: boolean, print: ResultText): void {
  const text = isJson ? JSON.stringify(print.result, null, 2) : print.render()
  terminal.writeOut(`${text}\n`)
}

export interface ResultText {
  result: object
  render: () => string
}

export function printFailure(terminal: Terminal, isJson: boolean, failure: Failure): void {
  if (isJson) terminal.writeOut(`${JSON.stringify({ error: failure }, null, 2)}\n`)
  else terminal.writeError(`clientele: ${failure.message}; ${failure.fix}\n`)
}

export interface Progress {
  report(line: string): void
  /** Leaves nothing of it on the terminal. */
  clear(): void
}

/** As a shell says "ended by Ctrl-C". */
const interruptedExitCode = 130

/** Shown from the first report on. */
export function createProgress(isShown: boolean): Progress {
  if (!isShown) return { report: () => {}, clear: () => {} }
  const shown = spinner({ output: process.stderr, indicator: 'timer', withGuide: false })
  let isStarted = false
  // While it spins, Ctrl-C reaches the spinner, which would end the process as a success.
  const interrupted = () => {
    process.exitCode = interruptedExitCode
  }
  return {
    report(line) {
      if (isStarted) return shown.message(line)
      isStarted = true
      process.once('exit', interrupted)
      shown.start(line)
    },
    clear() {
      if (!isStarted) return
      process.off('exit', interrupted)
      shown.clear()
    },
  }
}

/** Columns as wide as their widest cell. */
export function renderTable(rows: string[][]): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(cell.length, widest[index] ?? 0)),
    [],
  )
  const lines = rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return lines.join('\n')
}

export function toTime(ms: number): string {
  return new Date(ms).toISOString()
}
