// Owns "installs what is missing": runs on whatever Node started npm, so it uses nothing newer.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** How the server is started: by `npm start`, and by the benchmark. */
export const serverLaunch = JSON.parse(
  readFileSync(join(root, 'scripts', 'server-launch.json'), 'utf8'),
)

/** Installs when the lockfile is not the one installed last; answers the path of our own Node. */
export function ensureInstalled() {
  const stamp = join(root, 'node_modules', '.installed-lockfile')
  const lockfile = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  const wanted = lockfile.digest('hex')
  const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : ''
  if (installed !== wanted) {
    install()
    writeFileSync(stamp, wanted)
  }
  const node = join(root, 'node_modules', 'node', 'bin', 'node')
  if (existsSync(node)) return node
  fail('the npm package "node" did not bring its binary', 'allow its install script, then: npm ci')
}

function install() {
  process.stderr.write('Installing what is missing (once)...\n')
  const npm = process.env.npm_execpath
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const [command, start] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  const { status } = spawnSync(command, [...start, ...args], {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
  })
  if (status !== 0) fail('npm ci failed', 'read its message above, then start again')
}

function fail(problem, fix) {
  process.stderr.write(`clientele: ${problem}; ${fix}\n`)
  process.exit(1)
}
