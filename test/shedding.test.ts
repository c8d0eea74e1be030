// Owns the guarantee that lists beyond the bound are refused, and nothing else is, nor for longer.
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { surfaces } from '../server/src/surfaces/surfaces.ts'
import { startTestServer, type TestServer } from './harness.ts'

const bound = 2
let server: TestServer
let customerId: string
beforeAll(async () => {
  server = await startTestServer({ CLIENTELE_LISTS_AT_ONCE: String(bound) })
  const body = { kind: 'individual', name: 'Ana', country: 'AR' }
  customerId = (await server.call('POST', '/v1/customers', { body })).json.id
})
afterAll(() => server.close())

interface Asked {
  method: string
  path: string
  body?: string
  key?: string
}

interface Heard {
  status: number
  head: string
  text: string
}

function printed({ method, path, body, key = server.key }: Asked): string {
  const length = body === undefined ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`
  const type = body === undefined ? '' : 'Content-Type: application/json\r\n'
  const credentials = `Authorization: Bearer ${key}\r\nX-Api-Key: ${key}\r\nIf-Match: *\r\n`
  return `${method} ${path} HTTP/1.1\r\nHost: x\r\n${credentials}${type}${length}\r\n${body ?? ''}`
}

function open(): Promise<Socket> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve(socket))
    socket.on('error', reject)
  })
}

/** All in one packet, so that the server has them at once; the answers come in their order. */
async function askAtOnce(requests: Asked[]): Promise<Heard[]> {
  const socket = await open()
  try {
    socket.write(requests.map(printed).join(''))
    const answers: Heard[] = []
    let text = ''
    for await (const chunk of socket.setEncoding('utf8')) {
      text += chunk
      for (let answer = cutAnswer(text); answer; answer = cutAnswer(text)) {
        answers.push(answer)
        text = text.slice(answer.head.length + answer.text.length)
      }
      if (answers.length === requests.length) break
    }
    return answers
  } finally {
    socket.destroy()
  }
}

/** What is sent here is ASCII: as many characters as bytes. */
function cutAnswer(text: string): Heard | null {
  const head = /^HTTP\/1\.1 (\d{3})[\s\S]*?content-length: (\d+)[\s\S]*?\r\n\r\n/i.exec(text)
  if (!head || text.length < head[0].length + Number(head[2])) return null
  const end = head[0].length + Number(head[2])
  return { status: Number(head[1]), head: head[0], text: text.slice(head[0].length, end) }
}

const list: Asked = { method: 'GET', path: '/v1/customers?limit=1' }
const times = (count: number, request: Asked) => Array.from({ length: count }, () => request)
const countOf = (answers: Heard[], status: number) =>
  answers.filter((answer) => answer.status === status).length

async function figure(name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  const line = text.split('\n').find((one) => one.startsWith(`${name} `))
  return Number(line?.slice(name.length + 1))
}

const refusals = 'clientele_http_turned_away_total{reason="lists"}'

test.each(surfaces)(
  '$name: lists beyond the bound are refused in its own words',
  async (surface) => {
    const operation = surface.operations.find(({ id }) => id === 'listCustomers')
    const path = surface.basePath + operation?.path
    const before = await figure(refusals)
    const answers = await askAtOnce(times(20, { method: 'GET', path }))
    const refused = answers.filter(({ status }) => status === 503)
    expect(refused.length).toBeGreaterThan(0)
    expect(countOf(answers, 200)).toBe(20 - refused.length)
    // More than the bound only where some had ended before the key of others was looked up.
    expect(countOf(answers, 200)).toBeGreaterThanOrEqual(bound)
    const shape = Compile(surface.errorSchema)
    for (const { head, text } of refused) {
      expect(head).toMatch(/^retry-after: 1\r$/im)
      expect(shape.Check(JSON.parse(text))).toBe(true)
      expect(text).toContain('at work on as many lists and searches as it takes')
    }
    expect((await figure(refusals)) - before).toBe(refused.length)
  },
)

test('a refusal for the load is a line of its request in the log, and no failure', async () => {
  const answers = await askAtOnce(times(10, list))
  const ids = answers
    .filter(({ status }) => status === 503)
    .map(({ head }) => /request-id: (\S+)/i.exec(head)?.[1])
  const lines = server.logLines.map((line) => JSON.parse(line))
  const own = lines.filter(({ requestId }) => ids.includes(requestId))
  expect(own.length).toBeGreaterThan(0)
  expect(own).toHaveLength(ids.length)
  for (const line of own) {
    expect(line).toMatchObject({ level: 30, status: 503, turnedAwayFor: 'lists' })
  }
})

test('among lists that are refused, writes and single reads are served', async () => {
  const path = `/v1/customers/${customerId}`
  const read: Asked = { method: 'GET', path }
  const write = (name: string): Asked => {
    return { method: 'PATCH', path, body: JSON.stringify({ name }) }
  }
  for (let round = 0; round < 10; round += 1) {
    const answers = await askAtOnce([
      ...times(10, list),
      write(`Ana ${round}`),
      read,
      ...times(10, list),
      write(`Bea ${round}`),
      read,
    ])
    const statuses = answers.map(({ status }) => status)
    expect([statuses[10], statuses[11], statuses[22], statuses[23]]).toEqual([200, 200, 200, 200])
    expect(statuses.filter((status) => status === 503).length).toBeGreaterThan(0)
  }
})

const search = '/v1/customers/search'
const ends: Record<string, Asked> = {
  answered: list,
  'a cursor that is not known': { method: 'GET', path: `${list.path}&cursor=cus_x` },
  'a parameter that breaks a rule': { method: 'GET', path: '/v1/customers?limit=0' },
  'a key that is not known': { ...list, key: 'sk_test_nobody' },
  'a search': { method: 'POST', path: search, body: '{"limit":1}' },
  'a body that is no JSON': { method: 'POST', path: search, body: '{' },
}

/** Sends all of it but the last `kept` bytes, and is gone. */
async function hangUp(request: Asked, kept: number): Promise<void> {
  const socket = await open()
  const text = printed(request)
  socket.write(text.slice(0, text.length - kept), () => socket.destroy())
  await new Promise((resolve) => socket.once('close', resolve))
}

const mixedEnds = 1_000
const patienceMs = 20_000

test('after 1,000 requests that ended in every way all places are there', async () => {
  const ways = Object.values(ends)
  const search = ends['a search']
  for (let done = 0; done < mixedEnds; done += 4 * ways.length) {
    await Promise.all([
      askAtOnce(ways),
      askAtOnce(ways.toReversed()),
      ...ways.map((way) => hangUp(way, 0)),
      ...times(ways.length, search ?? list).map((way, at) => hangUp(way, at)),
    ])
  }
  const end = performance.now() + patienceMs
  const allAtOnce = async () => countOf(await askAtOnce(times(bound, list)), 200)
  while ((await allAtOnce()) < bound && performance.now() < end) await wait(10)
  expect(await allAtOnce()).toBe(bound)
})
