// Owns the promise that nobody sets by a request what the server alone decides (P35).
import type { TSchema } from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toJsonSchema } from '../server/src/http/json-schema.ts'
import type { Operation } from '../server/src/http/operation.ts'
import type { Surface } from '../server/src/http/surface.ts'
import { surfaces } from '../server/src/surfaces/surfaces.ts'
import { countRows } from './count-rows.ts'
import { everyOperation, exampleOf, type Ids, prepareIds, send } from './example-requests.ts'
import { startTestServer, type TestServer } from './harness.ts'

let server: TestServer
const own: Record<string, Ids> = {}
/** What there is, and stays as it is through every test. */
let before: string
beforeAll(async () => {
  server = await startTestServer()
  for (const surface of surfaces) {
    own[surface.name] = await prepareIds(server, surface, server.key)
  }
  before = await everything()
})
afterAll(() => server.close())

/** What stands behind a record, in the names that other products give it. */
const hidden = ['id', 'app_id', 'appId', 'merchantId', 'owner', 'version', 'is_admin', 'created_at']

/** Whatever the answer shows, at any depth, and what it does not show. */
function ownedBy({ returns }: Operation): Set<string> {
  const names = new Set(hidden)
  const collect = (schema: ReturnType<typeof toJsonSchema>): void => {
    for (const [name, member] of Object.entries(schema.properties ?? {})) {
      names.add(name)
      collect(member)
    }
    for (const part of [...(schema.anyOf ?? []), ...(schema.items ? [schema.items] : [])]) {
      collect(part)
    }
  }
  collect(toJsonSchema(returns.schema))
  return names
}

function membersOf(schema: TSchema | undefined): Set<string> {
  return new Set(Object.keys(toJsonSchema(schema ?? {}).properties ?? {}))
}

const values: unknown[] = ['ACTIVE', 1, true, null]

async function everything(): Promise<string> {
  const [path, banking] = [own['platform']?.['id'], own['platform']?.['bankingId']]
  const shown = await Promise.all(
    [path, banking].map((id) => server.call('GET', `/v1/customers/${id}`)),
  )
  expect(shown.map(({ status }) => status)).toEqual([200, 200])
  return JSON.stringify([await countRows(server.system), ...shown.map(({ json }) => json)])
}

const withBody = everyOperation.filter(({ operation }) => operation.body !== undefined)

test.each(withBody)('$name refuses what the server owns, by name', async (row) => {
  const { operation } = row
  const taken = membersOf(operation.body)
  const foreign = [...ownedBy(operation)].filter((name) => !taken.has(name))
  expect(foreign.length).toBeGreaterThan(5)
  const answers = await Promise.all(
    foreign.map((name, index) => sent(row, name, values[index % 4])),
  )
  for (const [index, { status, text }] of answers.entries()) {
    expect({ status, text }).toMatchObject({
      status: expect.toSatisfy((one) => one === 400 || one === 422),
      text: expect.stringContaining(`${foreign[index]}: `),
    })
  }
  expect(await everything()).toBe(before)
})

function sent(
  { surface, operation }: { surface: Surface; operation: Operation },
  name: string,
  value: unknown,
) {
  const example = exampleOf(surface, operation, own[surface.name] ?? {})
  const body = { ...example.body, [name]: value }
  return send(server, { surface, operation, key: server.key }, { ...example, body })
}

test.each([
  ['address', 'verified'],
  ['address', 'id'],
  ['document', 'verified'],
  ['document', 'number_hash'],
  ['background', 'risk_score'],
])('a customer’s %s has no member %s', async (part, name) => {
  const path = `/v1/customers/${own['platform']?.['id']}`
  const body = { kind: 'individual', [part]: { [name]: 'yes' } }
  const headers = { 'if-match': '*' }
  const answers = [
    await server.call('POST', '/v1/customers', { body }),
    await server.call('PATCH', path, { body, headers }),
  ]
  for (const { status, json } of answers) {
    expect([status, json.errors[0].pointer]).toEqual([422, `/${part}/${name}`])
  }
  expect(await everything()).toBe(before)
})
