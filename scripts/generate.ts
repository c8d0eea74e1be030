// Owns `npm run generate`: writes every file that is made from the code; with `--goldens`, records
// instead what each surface answers, for operations and versions that no golden file has.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generateFiles } from './generated-files.ts'

const root = dirname(import.meta.dirname)

if (process.argv.includes('--goldens')) recordGoldens()
else writeFiles()

function writeFiles(): void {
  for (const [path, content] of generateFiles()) {
    const file = join(root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
    process.stdout.write(`${path}\n`)
  }
}

/** A server answers them, as in the tests, which then hold every later one against the files. */
function recordGoldens(): void {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const test = ['run', '--project', 'house', 'test/goldens.test.ts', '-t', 'is recorded']
  const env = { ...process.env, CLIENTELE_RECORD_GOLDENS: '1' }
  const { status } = spawnSync(process.execPath, [vitest, ...test], {
    cwd: root,
    env,
    stdio: 'inherit',
  })
  process.exitCode = status ?? 1
}
