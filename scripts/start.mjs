// Owns `npm start`: installs what is missing, then runs the command line on our own Node.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureInstalled, root, serverLaunch } from './install.mjs'

const node = ensureInstalled()
const main = join(root, 'server', 'src', 'main.ts')
const child = spawn(node, [...serverLaunch.flags, main, ...process.argv.slice(2)], {
  env: { NODE_COMPILE_CACHE: join(root, serverLaunch.compileCache), ...process.env },
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  // The child decides when it ends; this process only carries its exit code.
  process.on(signal, () => child.kill(signal))
}
child.on('exit', (code) => process.exit(code ?? 1))
