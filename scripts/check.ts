// Owns the gate: named steps, each of which must pass. `check types` runs one of them.
import { spawnSync } from 'node:child_process'
import { existsSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const root = dirname(import.meta.dirname)
const bin = join(root, 'node_modules', '.bin')

const steps: Record<string, string[]> = {
  types: [join(bin, 'tsc'), '-p', root],
  lint: [join(bin, 'biome'), 'ci', '--error-on-warnings', root],
  tests: [process.execPath, join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run'],
}

const memoryFolder = '/dev/shm'
const roomMin = 4 * 1024 ** 3

/** What tests write is thrown away: in memory, where the system has a folder with room for it. */
function scratchFolder(): string {
  if (process.env['TMPDIR'] !== undefined) return process.env['TMPDIR']
  if (!existsSync(memoryFolder)) return tmpdir()
  const { bavail, bsize } = statfsSync(memoryFolder)
  return bavail * bsize >= roomMin ? memoryFolder : tmpdir()
}

function run(name: string, command: string[], more: string[]): boolean {
  const [program = '', ...args] = command
  process.stdout.write(`\n== ${name}\n`)
  const env = { ...process.env, TMPDIR: scratchFolder() }
  const { status } = spawnSync(program, [...args, ...more], { cwd: root, stdio: 'inherit', env })
  return status === 0
}

const [only, ...more] = process.argv.slice(2)
const chosen = only === undefined ? Object.keys(steps) : [only]
const failed = chosen.filter((name) => {
  const command = steps[name]
  return !command || !run(name, command, more)
})
if (failed.length > 0) process.stdout.write(`\nfailed: ${failed.join(', ')}\n`)
process.exitCode = failed.length === 0 ? 0 : 1
