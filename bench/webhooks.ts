// Owns how soon an event is at ten endpoints of which one never answers: at a rate, and in a burst.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { printShares, watchCpu } from './cpu.ts'
import { type BenchServer, startOurs } from './processes.ts'
import { pause, type Scenario, until } from './scenario.ts'

const events = 10_000
const endpoints = 10
const perSecond = 100
/** At once, in the burst. */
const writers = 32

/** The delay counts from the time in the event, which is a moment before its commit. */
export async function measureWebhooks(scenario: Scenario): Promise<string> {
  const server = await startOurs(scenario.environment, scenario.folder)
  const receivers = await startReceivers()
  try {
    for (const url of receivers.urls) {
      const body = { url, events: ['customer.created'] }
      await post(server, scenario.key, { path: '/v1/webhook-endpoints', body })
    }
    const steady = await measureRun(scenario, { server, receivers, create: createSteadily })
    const burst = await measureRun(scenario, { server, receivers, create: createAtOnce })
    return [
      `${events} events to ${endpoints} endpoints, one of them hanging:`,
      `at ${perSecond} a second: ${steady}`,
      `in one burst: ${burst}`,
    ].join('\n')
  } finally {
    await server.stop()
    receivers.close()
  }
}

interface Run {
  server: BenchServer
  receivers: Receivers
  create(server: BenchServer, key: string): Promise<void>
}

async function measureRun({ key }: Scenario, { server, receivers, create }: Run): Promise<string> {
  receivers.forget()
  const shares = watchCpu({ server: [server.pid], 'load and receivers': [process.pid] })
  const began = performance.now()
  await create(server, key)
  const createdMs = performance.now() - began
  const expected = events * (endpoints - 1)
  await until(() => receivers.delaysMs.length >= expected)
  const allMs = performance.now() - began
  const delays = receivers.delaysMs.toSorted((a, b) => a - b)
  const share = (of: number) => Math.round(delays[Math.floor(delays.length * of)] ?? 0)
  return (
    `p50 ${share(0.5)} ms, p99 ${share(0.99)} ms, last ${share(1 - 1 / delays.length)} ms; ` +
    `made in ${(createdMs / 1_000).toFixed(1)} s, all received after ` +
    `${(allMs / 1_000).toFixed(1)} s; ${receivers.repeats()} repeated; ${printShares(shares())}`
  )
}

async function createSteadily(server: BenchServer, key: string): Promise<void> {
  const began = performance.now()
  const made: Promise<void>[] = []
  for (let number = 0; number < events; number += 1) {
    const waitMs = began + (number / perSecond) * 1_000 - performance.now()
    if (waitMs > 0) await pause(waitMs)
    made.push(createCustomer(server, key))
  }
  await Promise.all(made)
}

async function createAtOnce(server: BenchServer, key: string): Promise<void> {
  let number = 0
  const write = async () => {
    for (number += 1; number <= events; number += 1) await createCustomer(server, key)
  }
  await Promise.all(Array.from({ length: writers }, write))
}

function createCustomer(server: BenchServer, key: string): Promise<void> {
  const body = { kind: 'individual', name: 'Gerardo Ratto', country: 'AR' }
  return post(server, key, { path: '/v1/customers', body })
}

async function post(
  server: BenchServer,
  key: string,
  { path, body }: { path: string; body: object },
): Promise<void> {
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  await response.arrayBuffer()
  if (response.status !== 201) throw new Error(`${path} answered ${response.status}`)
}

interface Receivers {
  urls: string[]
  /** One for each event at each endpoint that answers. */
  delaysMs: number[]
  /** Messages that an endpoint had already. */
  repeats(): number
  forget(): void
  close(): void
}

/** Each on a port of its own, as ten machines would be; the last one takes all and says nothing. */
async function startReceivers(): Promise<Receivers> {
  const known = Array.from({ length: endpoints }, () => new Set<string>())
  let repeated = 0
  const receivers: Receivers = {
    urls: [],
    delaysMs: [],
    repeats: () => repeated,
    forget: () => {
      receivers.delaysMs = []
      repeated = 0
    },
    close: () => {
      for (const server of servers) server.close().closeAllConnections()
    },
  }
  const servers = known.map((seen) =>
    createServer(async (request, response) => {
      const { id, at } = await readMessage(request, response)
      if (seen.has(id)) repeated += 1
      else receivers.delaysMs.push(Date.now() - at)
      seen.add(id)
    }),
  )
  servers[endpoints - 1] = createServer((request) => request.resume())
  receivers.urls = await Promise.all(servers.map(listen))
  return receivers
}

async function readMessage(request: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  response.writeHead(204).end()
  const { timestamp } = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  return { id: String(request.headers['webhook-id']), at: Date.parse(timestamp) }
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    })
  })
}
