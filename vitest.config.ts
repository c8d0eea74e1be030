import { accessSync, constants, statfsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { splitByEngine } from './test/engine-files.ts'
import { isFull, runsMsMax } from './test/runs.ts'

// Server processes that tests start keep their compiled code, as `npm start` does.
process.env['NODE_COMPILE_CACHE'] ??= `${import.meta.dirname}/node_modules/.cache/node`

const memoryFolder = '/dev/shm'
const memoryBytesMin = 4 * 1024 ** 3
// Databases of tests in memory, where the machine has the room: the same calls, a quiet disk.
if (process.env['TMPDIR'] === undefined && hasRoom(memoryFolder)) {
  process.env['TMPDIR'] = memoryFolder
}

const { onEngines, once } = splitByEngine(import.meta.dirname)

const everywhere = {
  // A worker keeps the modules that it has loaded; no test changes one, and a server is its own.
  isolate: false,
  testTimeout: isFull ? runsMsMax : 30_000,
  hookTimeout: 60_000,
}
const everyEngine = { ...everywhere, include: onEngines }

export default defineConfig({
  test: {
    // One more than the cores of a small machine: tests also wait, for the disk and for time.
    maxWorkers: 3,
    // A line that says "N passed, N failed" closes the run.
    reporters: ['default', './test/closing-line.ts'],
    projects: [
      { test: { ...everyEngine, name: 'sqlite', env: { CLIENTELE_TEST_ENGINE: 'sqlite' } } },
      {
        test: {
          ...everyEngine,
          name: 'postgresql',
          env: { CLIENTELE_TEST_ENGINE: 'postgresql' },
          globalSetup: ['./test/postgresql.ts'],
        },
      },
      { test: { ...everywhere, name: 'house', include: once } },
    ],
  },
})

function hasRoom(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize >= memoryBytesMin
  } catch {
    return false
  }
}
