// Owns `npm run generate`: writes every file that is made from the code.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generateFiles } from './generated-files.ts'

const root = dirname(import.meta.dirname)

for (const [path, content] of generateFiles()) {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
  process.stdout.write(`${path}\n`)
}
