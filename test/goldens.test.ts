// Owns the promise that what was once published is answered the same for good (P14).
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { toOpenApi } from '../server/src/http/openapi.ts'
import type { Surface } from '../server/src/http/surface.ts'
import { surfaces } from '../server/src/surfaces/surfaces.ts'
import { prepareApp } from './example-requests.ts'
import { acceptingProviderUrl } from './examples/accepting-provider.ts'
import { missingOperations, readGoldens, writeGolden } from './golden-files.ts'
import { createMask, type Mask } from './golden-mask.ts'
import { record } from './golden-recording.ts'
import { holdTime, replay } from './golden-steps.ts'
import { createTestDatabase, startTestServer, type TestServer } from './harness.ts'

beforeAll(holdTime)
afterAll(() => {
  vi.useRealTimers()
})

/** A server that nobody has asked anything, started at the first moment. */
async function onFreshServer<T>(work: (parts: FreshParts) => Promise<T>): Promise<T> {
  holdTime()
  const server = await startTestServer({}, await createTestDatabase())
  try {
    const app = await prepareApp(server, server.key)
    const { id, secret } = app.credentials
    const mask = createMask({
      key: secret,
      basic: Buffer.from(`${id}:${secret}`).toString('base64'),
      provider: await acceptingProviderUrl(),
    })
    mask.ofAnswer([id, server.testApp.id])
    return await work({ server, app, mask })
  } finally {
    await server.close()
  }
}

interface FreshParts {
  server: TestServer
  app: Awaited<ReturnType<typeof prepareApp>>
  mask: Mask
}

if (process.env['CLIENTELE_RECORD_GOLDENS']) {
  test.each(surfaces)('what no file has of $name is recorded', async (surface: Surface) => {
    const operations = missingOperations(surface)
    if (operations.length === 0) return
    const golden = await onFreshServer((parts) => record({ ...parts, surface }, operations))
    const path = writeGolden(golden, toOpenApi(surface))
    process.stdout.write(`test/goldens/${path}: ${golden.steps.length} steps\n`)
  })
}

const goldens = readGoldens()

test.each(surfaces)('every operation of $name has been asked for good', (surface) => {
  // What is new is recorded by: npm run generate -- --goldens
  expect(missingOperations(surface, goldens).map(({ id }) => id)).toEqual([])
})

test.each(goldens)('$path is answered as it was', async ({ content }) => {
  expect(content.steps.length).toBeGreaterThan(0)
  const problems = await onFreshServer((parts) => replay(parts, content))
  expect(problems).toEqual([])
})

test('a changed status, value, reference or header is told; what is new is not', async () => {
  const golden = structuredClone(goldens.find(({ path }) => path === '1.0.0/payouts.json')?.content)
  const replies = (golden?.steps ?? []).flatMap((step) => ('reply' in step ? [step.reply] : []))
  const [created, added, paid] = replies
  if (!golden || !created || !added || !paid) throw new Error('payouts has a golden file')
  created.status = 200
  created.headers['x-forgotten'] = 'yes'
  created.json = { ...Object(created.json), metadata: {}, createdAt: '2026-11-21T12:00:02Z' }
  // As if the members of today were not known then.
  added.json = { bankAccountId: Object(added.json).bankAccountId }
  paid.json = { ...Object(paid.json), customerId: Object(paid.json).id.replace('po', 'cust') }
  const shorter = { ...golden, steps: golden.steps.slice(0, 3) }
  expect(await onFreshServer((parts) => replay(parts, shorter))).toEqual([
    '0 createCustomer.status: was 200, is 201',
    '0 createCustomer.headers.x-forgotten: was "yes", is undefined',
    '0 createCustomer.json.createdAt: was "2026-11-21T12:00:02Z", is "2026-11-21T12:00:01Z"',
    '2 createPayout.json.customerId: was "cust_{id5}", is "cust_{id3}"',
  ])
})

test('what a version has is not recorded over', () => {
  const [first] = goldens
  const surface = surfaces.find(({ name }) => name === first?.content.surface)
  if (!first || !surface) throw new Error('a surface has a golden file')
  expect(missingOperations(surface, [])).toEqual(surface.operations)
  const fewer = { ...first.content, steps: first.content.steps.slice(0, 0) }
  const another = { ...first.content, version: '0.0.0' }
  for (const content of [fewer, another]) {
    expect(missingOperations(surface, [{ ...first, content }])).toEqual(surface.operations)
  }
})
