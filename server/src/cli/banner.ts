// Owns what `serve` prints when it is ready.
import type { App } from '../core/context.ts'
import { printId } from '../lib/id.ts'
import type { UnsafeSetting } from '../storage/database.ts'
import { surfaces } from '../surfaces/surfaces.ts'
import { examples, toCurl } from './examples.ts'

export interface Ready {
  origin: string
  /** The first app in test mode. */
  testApp: App | null
  /** Only from the start that made it. */
  secret: string | null
  unsafe: UnsafeSetting[]
}

export function renderBanner({ origin, testApp, secret, unsafe }: Ready): string {
  const lines = ['', `Clientele is ready at ${origin}`]
  for (const { name, basePath } of surfaces) lines.push(`  ${name.padEnd(14)} ${origin}${basePath}`)
  lines.push(`  ${'reference'.padEnd(14)} ${origin}/docs`, '')
  if (testApp) lines.push(`Test app   ${printId('app', testApp.id)}`)
  if (secret !== null) lines.push(...renderFirstKey(origin, secret))
  else if (testApp) lines.push(...renderLater(testApp))
  for (const { detail, fix } of unsafe) lines.push(`Warning: ${detail}; ${fix}`, '')
  return `${lines.join('\n')}\n`
}

function renderFirstKey(origin: string, secret: string): string[] {
  const lines = [`Test key   ${secret}   (shown once: keep it)`, '', 'Try it:']
  for (const { name, basePath } of surfaces) {
    const example = examples[name]
    if (!example) continue
    lines.push(...toCurl(example, origin + basePath, secret).map((line) => `  ${line}`), '')
  }
  return lines
}

function renderLater(testApp: App): string[] {
  const command = `npm run clientele -- keys create --app ${printId('app', testApp.id)}`
  return [`Another key: ${command} --name <text>`, '']
}

/** The same for programs. */
export function toReadyDocument({ origin, testApp, secret, unsafe }: Ready): object {
  const urls = surfaces.map(({ name, basePath }) => [name, origin + basePath])
  return {
    url: origin,
    surfaces: Object.fromEntries(urls),
    reference: `${origin}/docs`,
    testApp: testApp && { id: printId('app', testApp.id) },
    testKey: secret,
    warnings: unsafe,
  }
}
