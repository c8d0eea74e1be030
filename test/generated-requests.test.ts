// Owns the promise that whatever the documents allow is answered as they say (P23).
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type OpenApiDocument,
  type OperationObject,
  toOpenApi,
} from '../server/src/http/openapi.ts'
import type { Operation } from '../server/src/http/operation.ts'
import type { Surface } from '../server/src/http/surface.ts'
import { surfaces } from '../server/src/surfaces/surfaces.ts'
import {
  type ExampleRequest,
  everyOperation,
  exampleOf,
  type Ids,
  prepareIds,
  send,
} from './example-requests.ts'
import { type Chance, createChance, generate } from './generated-values.ts'
import { type Answer, startTestServer, type TestServer } from './harness.ts'

/** The promise's own figures: 2,000 on each merge, and with CLIENTELE_TEST_SCALE=50 a night's. */
const scale = Number(process.env['CLIENTELE_TEST_SCALE'] ?? '1')
const requestsMin = 2_000 * scale
const requestsEach = Math.ceil(requestsMin / everyOperation.length)

let server: TestServer
const own: Record<string, Ids> = {}
const documents = new Map(surfaces.map((surface) => [surface.name, toOpenApi(surface)]))

beforeAll(async () => {
  server = await startTestServer()
  for (const surface of surfaces) {
    own[surface.name] = await prepareIds(server, surface, server.key)
  }
})
afterAll(() => server.close())

interface Asked {
  surface: Surface
  operation: Operation
}

function describedBy({ surface, operation }: Asked) {
  const document = documents.get(surface.name)
  const described = document?.paths[operation.path]?.[operation.method.toLowerCase()]
  if (!document || !described) throw new Error(`${operation.id} is in the document`)
  return { document, described }
}

/** With ids that there are, for the most part; a form stays as it is. */
function requestBy(asked: Asked, chance: Chance): ExampleRequest {
  const { surface, operation } = asked
  const { document, described } = describedBy(asked)
  const example = exampleOf(surface, operation, own[surface.name] ?? {})
  const [json] = Object.entries(described.requestBody?.content ?? {}).filter(([type]) =>
    /json/.test(type),
  )
  const body = json && !chance.is(0.1) ? generate(document, json[1].schema, chance) : example.body
  const params = Object.entries(example.params ?? {}).map(([name, value]) => {
    return [
      name,
      chance.is(0.1) ? chance.pick(['x', '0', value.toUpperCase(), `${value}0`]) : value,
    ]
  })
  const safe = keepInside(body, example)
  return {
    ...example,
    params: Object.fromEntries(params),
    query: queryBy(document, described, chance),
    ...(safe === undefined ? {} : { body: Object(safe) }),
  }
}

function queryBy(document: OpenApiDocument, { parameters }: OperationObject, chance: Chance) {
  const named = parameters.flatMap((one) =>
    'name' in one && one.in === 'query' && chance.is(one.required ? 0.95 : 0.2) ? [one] : [],
  )
  const values = named.map(({ name, schema }) => {
    const value = generate(document, schema, chance)
    return [name, typeof value === 'string' ? value : JSON.stringify(value)]
  })
  return Object.fromEntries(values)
}

/** The provider stays the one that stands in: no test calls another address. */
function keepInside(body: unknown, { body: example }: ExampleRequest): unknown {
  if (example?.['base_url'] === undefined) return body
  return { ...Object(body), base_url: example['base_url'] }
}

/** What a file may be, where the document says that it is bytes. */
const fileTypes = ['application/pdf', 'image/jpeg', 'image/png']

function expectDescribed(asked: Asked, answer: Answer, seed: number): void {
  const { described } = describedBy(asked)
  const { status, headers, text } = answer
  const told = { operation: asked.operation.id, seed, status, text: text.slice(0, 300) }
  // That the status and the body are the document's, the harness has checked.
  expect(told).toMatchObject({ status: expect.toSatisfy((one) => one < 500) })
  const { content = {}, headers: named = {} } = described.responses[status] ?? {}
  const types = 'application/octet-stream' in content ? fileTypes : Object.keys(content)
  const [type = ''] = (headers.get('content-type') ?? '').split(';')
  expect({ ...told, type, isKnown: types.join() === type || types.includes(type) }).toMatchObject({
    isKnown: true,
  })
  const missing = Object.keys(named).filter((one) => one !== replayed && !headers.has(one))
  expect({ ...told, missing }).toMatchObject({ missing: [] })
}

/** Only where it is one. */
const replayed = 'Idempotent-Replayed'

/** So that it is no contest in being refused. */
const acceptedShareMin = 0.25

const timeoutMs = 60_000 * scale

test.each(surfaces)(
  '$name answers generated requests as it says',
  { timeout: timeoutMs },
  async ({ name }) => {
    const asked = everyOperation.filter(({ surface }) => surface.name === name)
    let accepted = 0
    for (const row of asked) {
      for (let round = 0; round < requestsEach; round += 1) {
        const seed = everyOperation.indexOf(row) * 1_000_003 + round
        const request = requestBy(row, createChance(seed))
        const answer = await send(server, { ...row, key: server.key }, request)
        expectDescribed(row, answer, seed)
        if (answer.status < 400) accepted += 1
      }
    }
    expect(accepted / (asked.length * requestsEach)).toBeGreaterThan(acceptedShareMin)
  },
)

describe('what is removed stays removed', () => {
  test.each([
    ['removeWebhookEndpoint', 'getWebhookEndpoint', 'endpointId'],
    ['removeConnection', 'getConnection', 'provider'],
  ])('%s, then %s: 404, however often', async (removeId, readId) => {
    const surface = surfaces.find(({ name }) => name === 'platform')
    const ids = surface ? await prepareIds(server, surface, server.key) : {}
    const ask = async (id: string) => {
      const operation = surface?.operations.find((one) => one.id === id)
      if (!surface || !operation) throw new Error(`platform has ${id}`)
      const target = { surface, operation, key: server.key }
      return (await send(server, target, exampleOf(surface, operation, ids))).status
    }
    expect(await ask(readId)).toBe(200)
    expect(await ask(removeId)).toBeLessThan(300)
    for (let time = 0; time < 3; time += 1) {
      expect([await ask(readId), await ask(removeId)]).toEqual([404, 404])
    }
  })
})
