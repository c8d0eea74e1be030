// Owns the proof that generated files are what the code says today.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generateFiles } from '../../scripts/generated-files.ts'
import { type Application, createApplication } from '../../server/src/app.ts'
import { readConfig } from '../../server/src/config.ts'
import { toOpenApi } from '../../server/src/http/openapi.ts'
import { surfaces } from '../../server/src/surfaces/surfaces.ts'
import { mountedPaths } from '../mounted-paths.ts'

const root = join(import.meta.dirname, '..', '..')
const files = generateFiles()

describe('generated files', () => {
  test.each([...files.keys()])('%s is what the code says; npm run generate writes it', (path) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(files.get(path))
  })

  test('no file stands among them that is generated no more', () => {
    const reference = readdirSync(join(root, 'docs/reference')).map(
      (name) => `docs/reference/${name}`,
    )
    const types = readdirSync(join(root, 'sdk/src'))
      .filter((name) => name.endsWith('.generated.ts'))
      .map((name) => `sdk/src/${name}`)
    expect([...reference, ...types].sort()).toEqual([...files.keys()].sort())
  })

  test('a type, a setting, an event and an error are in them', () => {
    expect(files.get('sdk/src/payouts-types.generated.ts')).toContain(
      "  type: 'individual' | 'business'\n",
    )
    expect(files.get('docs/reference/settings.md')).toContain('| `CLIENTELE_DATA_DIR` | `./data` |')
    expect(files.get('docs/reference/events.md')).toContain('| `customer.payout.accepted` |')
    expect(files.get('docs/reference/errors.md')).toContain('\n## `bank_account_exists`\n')
  })
})

describe('routes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-freshness-'))
  let application: Application
  let url: string
  let mounted: string[]

  beforeAll(async () => {
    const config = readConfig({
      PORT: '0',
      CLIENTELE_DATA_DIR: join(folder, 'data'),
      CLIENTELE_EVENT_LOOP_DELAY_MS: '0',
    })
    application = await createApplication(config, pino({ level: 'silent' }))
    await application.start({ withWorker: false })
    await application.server.listen({ host: '127.0.0.1', port: 0 })
    url = application.server.listeningOrigin
    mounted = mountedPaths(application.server.printRoutes({ commonPrefix: false }))
  })
  afterAll(async () => {
    await application.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test.each(surfaces)('what $name serves is what its document describes', async (surface) => {
    const own = mounted.filter((path) => path.startsWith(`${surface.basePath}/`))
    const served: string[] = []
    for (const path of own) served.push(...(await servedMethods(path)).map((it) => `${it} ${path}`))
    const described = Object.entries(toOpenApi(surface).paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${surface.basePath}${path}`),
    )
    const itself = `GET ${surface.basePath}/openapi.json`
    expect(served.sort()).toEqual([...described, itself].sort())
  })

  test('outside of the surfaces nothing is served but health, figures and the reference', () => {
    const others = mounted.filter(
      (path) => !surfaces.some(({ basePath }) => path.startsWith(`${basePath}/`)),
    )
    const pages = surfaces.map(({ name }) => `/docs/${name}`)
    expect(others.sort()).toEqual(
      [
        '/docs',
        '/docs/',
        '/docs/reference.css',
        '/hooks/{provider}/{connection}',
        '/livez',
        '/metrics',
        '/readyz',
        ...pages,
      ].sort(),
    )
  })

  /** Those that are not refused as a method: without a key an operation answers 401. */
  async function servedMethods(path: string): Promise<string[]> {
    const served: string[] = []
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const { status } = await fetch(url + path.replaceAll(/[{}]/g, ''), { method })
      if (status !== 405) served.push(method)
    }
    return served
  }
})
