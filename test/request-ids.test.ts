// Owns the promise that every answer has an id, which the log knows, and nobody by name (P15).
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createKey } from '../server/src/core/apps/app-service.ts'
import { surfaces } from '../server/src/surfaces/surfaces.ts'
import { everyOperation, exampleOf, type Ids, prepareIds, send } from './example-requests.ts'
import { type Answer, startTestServer, type TestServer } from './harness.ts'
import { sendRaw } from './raw-request.ts'
import { runs } from './runs.ts'

const fuzzedMin = runs({ few: 500, full: 5_000 })

let server: TestServer
const own: Record<string, Ids> = {}
beforeAll(async () => {
  server = await startTestServer({ CLIENTELE_REQUESTS_PER_SECOND: '1000' })
  for (const surface of surfaces) {
    own[surface.name] = await prepareIds(server, surface, server.key)
  }
})
afterEach(() => {
  vi.restoreAllMocks()
})
afterAll(() => server.close())

const customers = '/payouts/customers'
/** What a log must never hold; each of them is sent below. */
const personal = {
  name: 'Zacarias Unmistakable',
  email: 'zacarias.unmistakable@example.com',
  cbu: '0070327530004025541644',
  cuit: '20221370075',
  note: 'unmistakable-note',
  query: 'unmistakable-query',
}
const newCustomer = {
  type: 'individual',
  name: personal.name,
  email: personal.email,
  country: 'AR',
  metadata: { note: personal.note },
}
const newPayout = {
  amount: '1.00',
  currency: 'ARS',
  destinationCbu: personal.cbu,
  destinationName: personal.name,
  destinationCuit: personal.cuit,
}

interface LogLine {
  requestId?: string
  status?: number
}

const logWaitRoundsMax = 1_000

/** The log's line of a request; it is written when the answer has left. */
async function logLineOf(requestId: string): Promise<LogLine | undefined> {
  for (let round = 0; round < logWaitRoundsMax; round += 1) {
    const text = server.logLines.find((line) => line.includes(requestId) && /"status":/.test(line))
    if (text) return JSON.parse(text)
    await new Promise(setImmediate)
  }
  return undefined
}

const seen = new Set<string>()

async function expectKnown(answer: Answer, status: number): Promise<void> {
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status })
  const id = answer.headers.get('request-id') ?? ''
  expect(id).toMatch(/^req_\w{20,}$/)
  expect(seen.has(id)).toBe(false)
  seen.add(id)
  if (status >= 400) expect(answer.json.error.requestId).toBe(id)
  expect(await logLineOf(id)).toMatchObject({ requestId: id, status })
}

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  server.call('POST', path, { body, headers })

const calls: [status: number, name: string, call: () => Promise<Answer>][] = [
  [200, 'a list', () => server.call('GET', `${customers}?limit=1`)],
  [201, 'a new customer', () => post(customers, newCustomer)],
  [201, 'a replay', () => post(customers, newCustomer, { 'idempotency-key': 'same' })],
  [201, 'the replay of it', () => post(customers, newCustomer, { 'idempotency-key': 'same' })],
  [400, 'broken JSON', () => post(customers, `{"name":"${personal.name}"`)],
  [400, 'an unknown parameter', () => server.call('GET', `${customers}?email=${personal.query}`)],
  [401, 'no key', () => server.call('GET', `${customers}?x=${personal.query}`, { key: null })],
  [401, 'a wrong key', () => server.call('GET', customers, { key: `${server.key}0` })],
  [404, 'a missing customer', () => server.call('GET', `${customers}/${personal.query}`)],
  [404, 'a path that nothing serves', () => server.call('GET', `/payouts/${personal.query}`)],
  [405, 'another method', () => server.call('DELETE', `${customers}?x=${personal.query}`)],
  [
    409,
    'a used idempotency key',
    () =>
      post('/payouts/customers', { ...newCustomer, country: 'BR' }, { 'idempotency-key': 'same' }),
  ],
  [413, 'a large body', () => post(customers, { ...newCustomer, name: 'x'.repeat(1024 * 1024) })],
  [415, 'another type', () => post(customers, personal.name, { 'content-type': 'text/plain' })],
  [422, 'a broken rule', () => post(customers, { ...newCustomer, country: 'ZZ' })],
  [422, 'a member of a personal name', () => post(customers, { [personal.name]: 1 })],
]

test.each(calls)('%i, %s: one id in the header, the body and the log', async (status, _, call) => {
  await expectKnown(await call(), status)
})

test('403: one id in the header, the body and the log', async () => {
  const input = { app: server.testApp, name: 'reader', scopes: ['payouts:read'] }
  const { secret } = await createKey(server.system, input)
  await expectKnown(await server.call('POST', customers, { key: secret, body: newCustomer }), 403)
})

test('429: one id in the header, the body and the log', async () => {
  const key = await server.createKey(server.testApp)
  const refused: Answer[] = []
  for (let round = 0; round < 100 && refused.length === 0; round += 1) {
    const flood = Array.from({ length: 100 }, () => server.call('GET', `${customers}/x`, { key }))
    refused.push(...(await Promise.all(flood)).filter(({ status }) => status === 429))
  }
  expect(refused.length).toBeGreaterThan(0)
  for (const answer of refused.slice(0, 10)) await expectKnown(answer, 429)
})

const failures: [status: number, failure: Error][] = [
  [500, new Error(`a defect over ${personal.name}`)],
  [503, Object.assign(new Error(personal.cbu), { code: 'ECONNREFUSED' })],
  [503, Object.assign(new Error(personal.email), { code: '57P01' })],
]

test.each(failures)(
  '%i: one id in header, body and log, and no word of the cause',
  async (status, failure) => {
    vi.spyOn(server.system.vault, 'seal').mockImplementation(() => {
      throw failure
    })
    const answer = await post('/payouts/payouts', newPayout)
    await expectKnown(answer, status)
    const id = answer.headers.get('request-id') ?? ''
    expect(server.logLines.some((line) => line.includes(id) && line.includes('"stack"'))).toBe(true)
    expect(answer.text).not.toContain('defect')
    expect(answer.headers.get('retry-after')).toBe(status === 503 ? '1' : null)
  },
)

test('500 calls of all kinds have 500 ids, and the log knows each with its status', async () => {
  const answers: Answer[] = []
  const ids: string[] = []
  for (let round = 0; answers.length < fuzzedMin; round += 1) {
    const { surface, operation } = everyOperation[round % everyOperation.length] ?? {}
    if (!surface || !operation) continue
    const example = exampleOf(surface, operation, own[surface.name] ?? {})
    const key = round % 7 === 0 ? null : server.key
    const query = round % 3 === 0 ? { ...example.query, x: personal.query } : example.query
    const odd = { ...example, ...(query ? { query } : {}) }
    const answer = await send(server, { surface, operation, key }, odd)
    answers.push(answer)
    ids.push(answer.headers.get(surface.requestIdHeader) ?? '')
  }
  expect(new Set(ids).size).toBe(answers.length)
  for (const [index, id] of ids.entries()) {
    expect(id).toMatch(/^req_\w{20,}$/)
    expect(await logLineOf(id)).toMatchObject({ status: answers[index]?.status })
  }
})

test.each([
  ['a path that no surface serves', '/nothing?x=unmistakable-query'],
  ['a path that is no text', '/payouts/customers/%zz'],
  ['a path of bytes that are no UTF-8', '/payouts/customers/%ff?x=unmistakable-query'],
  ['an id of 300 characters', `/payouts/customers/${'x'.repeat(300)}`],
])('%s has an id too, and is not told back', async (_, path) => {
  const headers = { authorization: `Bearer ${server.key}` }
  const answer = await sendRaw(server.url, { method: 'GET', path, headers })
  expect([400, 404, 414]).toContain(answer.status)
  const id = /^request-id: (req_\w+)\r$/im.exec(answer.head)?.[1]
  expect(id).toMatch(/^req_\w{20,}$/)
  expect(await logLineOf(id ?? '')).toMatchObject({ status: answer.status })
  expect(answer.text).not.toMatch(/unmistakable|%zz|%ff|xxx/)
})

test('no line of the log holds a name, an address, a number, a secret or a query', async () => {
  expect((await post('/payouts/payouts', newPayout)).status).toBe(201)
  expect(server.logLines.length).toBeGreaterThan(500)
  const log = server.logLines.join('')
  for (const value of Object.values(personal)) expect(log).not.toContain(value)
  expect(log).not.toMatch(/unmistakable|Gerardo|gerardo@|USR-4421|\?limit|%20/i)
  expect(log).not.toContain(server.key.slice(8, 30))
})
