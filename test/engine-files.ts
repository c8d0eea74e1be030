// Owns which test files need a database: those run on both engines, every other one once.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** Whoever imports one of these, however far away, asks which engine is under test. */
const engineModules = new Set(['test/harness.ts', 'test/postgresql.ts'])
const importPattern = /^(?:import|export)\b[^'"]*?['"](\.{1,2}\/[^'"]+)['"]/gms

export function splitByEngine(root: string): { onEngines: string[]; once: string[] } {
  const reaches = new Map<string, boolean>()
  const reachesEngine = (file: string): boolean => {
    const known = reaches.get(file)
    if (known !== undefined) return known
    reaches.set(file, engineModules.has(file))
    const text = readFileSync(join(root, file), 'utf8')
    const found =
      engineModules.has(file) ||
      text.includes('CLIENTELE_TEST_ENGINE') ||
      [...text.matchAll(importPattern)]
        .map(([, specifier = '']) => normalize(join(dirname(file), specifier)))
        .filter((target) => target.endsWith('.ts'))
        .some(reachesEngine)
    reaches.set(file, found)
    return found
  }
  const files = globSync(['server/src/**/*.test.ts', 'sdk/src/**/*.test.ts', 'test/**/*.test.ts'], {
    cwd: root,
  })
  return { onEngines: files.filter(reachesEngine), once: files.filter((f) => !reachesEngine(f)) }
}
