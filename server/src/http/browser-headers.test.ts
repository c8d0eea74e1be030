// Owns the promise of what every route tells a browser, with and without HTTPS before it (P39).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mountedPaths } from '../../../test/mounted-paths.ts'
import { type Application, createApplication } from '../app.ts'
import { readConfig } from '../config.ts'
import { surfaces } from '../surfaces/surfaces.ts'

const folder = mkdtempSync(join(tmpdir(), 'clientele-headers-'))
let application: Application
let url: string
/** Every path that is served, and some that are not. */
let paths: string[]
/** Asked as a page of another place would ask. */
let answers: Told[]

beforeAll(async () => {
  const config = readConfig({
    PORT: '0',
    CLIENTELE_DATA_DIR: join(folder, 'data'),
    // A busy machine is no refusal.
    CLIENTELE_EVENT_LOOP_DELAY_MS: '0',
  })
  application = await createApplication(config, pino({ level: 'silent' }))
  await application.start({ withWorker: false })
  await application.server.listen({ host: '127.0.0.1', port: 0 })
  url = application.server.listeningOrigin
  const mounted = mountedPaths(application.server.printRoutes({ commonPrefix: false }))
  expect(mounted.length).toBeGreaterThan(100)
  paths = [...mounted, '/', '/nothing', '/docs/none', '/v1/nothing', '/v1/customers/%zz']
  answers = await headersOf({ origin: 'https://evil.example' })
})
afterAll(async () => {
  await application.close()
  rmSync(folder, { recursive: true, force: true })
})

const isOfSurface = (path: string) => surfaces.some(({ basePath }) => path.startsWith(basePath))

interface Told {
  name: string
  path: string
  status: number
  headers: Headers
}

async function headersOf(more: Record<string, string>): Promise<Told[]> {
  const asked = paths.flatMap((path) => [
    { method: 'GET', path },
    { method: 'POST', path },
  ])
  const told = asked.map(async ({ method, path }) => {
    const answer = await fetch(url + path.replaceAll(/[{}]/g, ''), { method, headers: more })
    await answer.arrayBuffer()
    const { status, headers } = answer
    return { name: `${method} ${path} ${status}`, path, status, headers }
  })
  return Promise.all(told)
}

const yearSeconds = 31_536_000

describe('every route', () => {
  test('is read as the type that it says', () => {
    for (const { name, headers } of answers) {
      expect([name, headers.get('x-content-type-options')]).toEqual([name, 'nosniff'])
    }
  })

  test('keeps a browser on HTTPS for a year where a proxy speaks it, not elsewhere', async () => {
    for (const { name, headers } of await headersOf({ 'x-forwarded-proto': 'https' })) {
      const said = headers.get('strict-transport-security')
      expect([name, said]).toEqual([name, `max-age=${yearSeconds}`])
    }
    for (const { name, headers } of answers) {
      expect([name, headers.get('strict-transport-security')]).toEqual([name, null])
    }
  })

  test('opens no door to scripts of other places, and does not name its software', () => {
    for (const { name, headers } of answers) {
      const open = ['access-control-allow-origin', 'server', 'x-powered-by']
      expect([name, ...open.map((one) => headers.get(one))]).toEqual([name, null, null, null])
    }
  })
})

test('what a surface answers is stored nowhere', () => {
  const told = answers.filter(({ path }) => isOfSurface(path))
  expect(told.length).toBeGreaterThan(100)
  for (const { name, status, headers } of told) {
    // Refused before it is known whose path it is: it tells nothing of anybody.
    if (name.includes('%zz')) expect(status).toBe(400)
    else expect([name, headers.get('cache-control')]).toEqual([name, 'no-store'])
  }
})

test('every page runs nothing, stands in no frame, and shares no window', () => {
  const pages = answers.filter(({ path }) => path.startsWith('/docs'))
  expect(pages.length).toBeGreaterThan(10)
  for (const { name, headers } of pages) {
    const policy = headers.get('content-security-policy')?.split(';') ?? []
    expect([name, policy]).toEqual([
      name,
      [
        // Objects, scripts and everything else that is not named below.
        "default-src 'none'",
        "style-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'none'",
      ],
    ])
    expect([name, headers.get('cross-origin-opener-policy')]).toEqual([name, 'same-origin'])
    expect([name, headers.get('referrer-policy')]).toEqual([name, 'no-referrer'])
  }
})
