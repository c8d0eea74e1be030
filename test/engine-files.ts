// Owns which test files need a database: those run on both engines, every other one once.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** Whoever imports one of these, however far away, asks which engine is under test. */
const engineModules = new Set(['test/harness.ts', 'test/postgresql.ts'])
/** With a database, and the same whichever it is: why. */
const sameOnEngines: Record<string, string> = {
  'test/surfaces.test.ts': 'forms of answers and refusals',
  'test/generated-requests.test.ts': 'forms of answers and refusals',
  'test/goldens.test.ts': 'the wire is the same; each operation is tested on both',
  'test/hostile-requests.test.ts': 'refused before a row is read',
  'test/problems.test.ts': 'forms of refusals, and the page about them',
  'test/server-owned.test.ts': 'refused before a row is read',
  'test/blocked-loop.test.ts': 'turned away before the database is asked',
  'test/request-ids.test.ts': 'headers and log lines',
  'test/inside-addresses.test.ts': 'refused at the door to the network',
  'server/src/cli/backup-drill.test.ts': 'PostgreSQL has tools of its own for backups',
  'server/src/providers/providers.test.ts':
    'adapters know no database; the sandbox is tested on both',
  'sdk/src/banking.test.ts': 'the wire is the same; the surface is tested on both',
  'sdk/src/crypto.test.ts': 'the wire is the same; the surface is tested on both',
  'sdk/src/payouts.test.ts': 'the wire is the same; the surface is tested on both',
  'sdk/src/platform.test.ts': 'the wire is the same; the surface is tested on both',
  'sdk/src/platform-operators.test.ts': 'the wire is the same; the surface is tested on both',
  'sdk/src/platform-events.test.ts': 'the wire is the same; the surface is tested on both',
  'sdk/src/webhooks-delivery.test.ts': 'the wire is the same; sending is tested on both',
  'sdk/src/readme.test.ts': 'the wire is the same; the surface is tested on both',
}
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
  const isOnEngines = (file: string) => sameOnEngines[file] === undefined && reachesEngine(file)
  return { onEngines: files.filter(isOnEngines), once: files.filter((file) => !isOnEngines(file)) }
}
