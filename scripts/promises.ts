// Owns the full figures of the promises: `node scripts/promises.ts [--project NAME] [FILE...]`.
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const root = join(import.meta.dirname, '..')
const patterns = ['server/src/**/*.test.ts', 'sdk/src/**/*.test.ts', 'test/**/*.test.ts']

const { values, positionals } = parseArgs({
  options: { project: { type: 'string' } },
  allowPositionals: true,
})
/** Every test that has a full form says so by importing test/runs.ts. */
const files =
  positionals.length > 0
    ? positionals
    : globSync(patterns, { cwd: root }).filter((file) =>
        readFileSync(join(root, file), 'utf8').includes("/runs.ts'"),
      )
const project = values.project === undefined ? [] : ['--project', values.project]
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
// One file at a time: a promise about time is not to be kept against other tests.
const args = [vitest, 'run', '--maxWorkers=1', ...project, ...files.toSorted()]
const { status } = spawnSync(process.execPath, args, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, CLIENTELE_TEST_RUNS: 'full' },
})
process.exitCode = status ?? 1
