// Owns the promise of the platform's refusals: one shape, known by its id, with a page (P15, P16).
import { afterAll, beforeAll, expect, test } from 'vitest'
import { httpErrors } from '../server/src/http/http-errors.ts'
import type { Operation } from '../server/src/http/operation.ts'
import { allErrorsOf } from '../server/src/http/operation-errors.ts'
import { platformSurface as surface } from '../server/src/surfaces/platform/surface.ts'
import { exampleOf, examplesOf, type Ids, prepareIds, send } from './example-requests.ts'
import { type Answer, startTestServer, type TestServer } from './harness.ts'

let server: TestServer
let page: string
let ids: Ids
beforeAll(async () => {
  server = await startTestServer()
  ids = await prepareIds(server, surface, server.key)
  page = (await server.call('GET', '/docs/platform', { key: null })).text
})
afterAll(() => server.close())

const seen = new Set<string>()
const waitRoundsMax = 1_000

/** Its line is written when the answer has left. */
async function statusInLog(requestId: string): Promise<number | undefined> {
  for (let round = 0; round < waitRoundsMax; round += 1) {
    const line = server.logLines.find((one) => one.includes(requestId) && one.includes('"status"'))
    if (line) return JSON.parse(line).status
    await new Promise(setImmediate)
  }
  return undefined
}

const internals =
  /\bat \S+ \(|node_modules|\.ts\b|\bselect\b.*\bfrom\b|sqlite|postgres|\/\w+\/\w+\.js/i

async function expectProblem(answer: Answer): Promise<void> {
  const { status, headers, json, text } = answer
  expect({ status, text }).toMatchObject({ status: expect.toSatisfy((one) => one >= 400) })
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  expect(json).toMatchObject({
    type: `/docs/platform#${json.code}`,
    title: expect.stringMatching(/\S/),
    status,
    code: expect.stringMatching(/^[a-z_]+$/),
    detail: expect.stringMatching(/\S/),
  })
  expect(json.request_id).toBe(headers.get('request-id'))
  expect(seen.has(json.request_id)).toBe(false)
  seen.add(json.request_id)
  expect(await statusInLog(json.request_id)).toBe(status)
  expect(page).toContain(` id="${json.code}"`)
  expect(text).not.toMatch(internals)
  if (status === 422) expect(json.errors.length, text).toBeGreaterThan(0)
  for (const { pointer, detail } of json.errors ?? []) {
    expect([pointer, detail]).toEqual([expect.stringMatching(/^\/\S+$/), expect.any(String)])
  }
}

/** One of each way in which any operation can be refused, as far as it has that place. */
async function refusalsOf(operation: Operation): Promise<Answer[]> {
  const example = exampleOf(surface, operation, ids)
  const target = { surface, operation, key: server.key }
  const reader = await server.createKey(server.testApp, ['payouts:read'])
  const answers = [
    await send(server, { ...target, key: null }, example),
    await send(server, { ...target, key: 'sk_test_x' }, example),
    await send(server, { ...target, key: reader }, example),
    await send(server, target, { ...example, query: { unheard_of: '1' } }),
  ]
  if (operation.path.includes('{')) {
    const missing = exampleOf(surface, operation, examplesOf(surface).missing)
    answers.push(await send(server, target, { ...example, params: missing.params ?? {} }))
  }
  if (operation.method === 'GET') return answers
  const json = { 'content-type': 'application/json' }
  const long = { 'idempotency-key': 'k'.repeat(256) }
  answers.push(await send(server, target, example, { headers: long }))
  answers.push(await send(server, target, example, { body: '{', headers: json }))
  answers.push(
    await send(server, target, example, { body: 'x', headers: { 'content-type': 'a/b' } }),
  )
  if (!operation.body) return answers
  const body = { ...example.body, 'a/b~c': 1 }
  answers.push(await send(server, target, { ...example, body }))
  return answers
}

test.each(surface.operations)('$id is refused as a problem that can be looked up', async (one) => {
  const refusals = await refusalsOf(one)
  expect(refusals.length).toBeGreaterThan(3)
  for (const answer of refusals) await expectProblem(answer)
})

test('so is what no operation sees', async () => {
  await expectProblem(await server.call('GET', '/v1/nothing'))
  await expectProblem(await server.call('PUT', '/v1/customers'))
  await expectProblem(await server.call('GET', `/v1/customers/${'x'.repeat(300)}`))
  await expectProblem(await server.call('POST', '/v1/customers', { body: 'x'.repeat(1_100_000) }))
})

test('the page of each refusal is served to anybody, with a place for its code', async () => {
  const definitions = [
    ...surface.operations.flatMap((one) => allErrorsOf(surface, one)),
    ...Object.values(httpErrors),
  ]
  for (const { code } of definitions) {
    expect(page.split(` id="${code}"`), code).toHaveLength(2)
  }
  const [path = '', anchor] = `/docs/platform#${definitions[0]?.code}`.split('#')
  expect([(await server.call('GET', path, { key: null })).status, anchor]).toEqual([
    200,
    definitions[0]?.code,
  ])
})

test('a pointer leads to the member, whatever it is called', async () => {
  const body = { kind: 'individual', 'a/b~c': 1 }
  const { json } = await server.call('POST', '/v1/customers', { body })
  expect(json.errors[0].pointer).toBe('/a~1b~0c')
})

test('each counted answer tells how many requests are left', async () => {
  const first = await server.call('GET', '/v1/apps')
  const refused = await server.call('GET', '/v1/customers/x')
  for (const { headers } of [first, refused]) {
    expect(headers.get('ratelimit-policy')).toBe('"key";q=1000000;w=1')
    expect(headers.get('ratelimit')).toMatch(/^"key";r=99\d{4};t=[01]$/)
  }
})
