// Owns `npm test`: installs what is missing, then runs the gate on our own Node.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureInstalled, root } from './install.mjs'

const node = ensureInstalled()
const check = join(root, 'scripts', 'check.ts')
const { status } = spawnSync(node, [check, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
process.exit(status ?? 1)
