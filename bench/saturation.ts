// Owns what is left of writes while lists are asked for at five times what the server can answer.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { applyLoad } from './load.ts'
import { type BenchServer, startOurs } from './processes.ts'
import { pause, type Scenario } from './scenario.ts'

const writers = 8
const writesPerSecond = 25
const connections = 32
const timesCapacity = 5
/** For each of the bench's seconds: a minute when nothing is said. */
const floodFactor = 12
const normalSeconds = 10
const afterSeconds = 6

/** Long pages, exact counts and searches, in turn. */
const lists = (customers: number) => [
  '/payouts/customers?limit=200',
  '/orchestration/api/v1/customers?limit=50',
  `/crypto/customers?search=ratto+${Math.floor(customers / 2)}`,
]

export async function measureSaturation(scenario: Scenario): Promise<string> {
  const server = await startOurs(scenario.environment, scenario.folder)
  try {
    return await saturate(scenario, server)
  } finally {
    await server.stop()
  }
}

async function saturate({ key, ids, seconds }: Scenario, server: BenchServer): Promise<string> {
  const paths = lists(ids.length)
  const headers = { authorization: `Bearer ${key}`, 'x-api-key': key }
  let at = 0
  const path = () => paths[at++ % paths.length] ?? ''
  const ask = (time: number) =>
    applyLoad({ url: server.url, connections, seconds: time, method: 'GET', path, headers })
  await ask(2)
  const capacity = await ask(seconds)
  const writing = startWriters(server, key, ids)
  await writing.during(2)
  const normal = await writing.during(normalSeconds)
  const plan = {
    url: server.url,
    connections: timesCapacity * connections,
    perSecond: Math.round(timesCapacity * capacity.requestsPerSecond),
    seconds: floodFactor * seconds,
    headers,
    paths,
  }
  const memory = watchMemory(server)
  const flooding = runFlooder(plan)
  const busy = await writing.during(plan.seconds)
  const flood = await flooding
  const after: Written[] = []
  for (let second = 0; second < afterSeconds; second += 1) after.push(await writing.during(1))
  await writing.stop()
  // A second has few writes, and the machine other work: half as long again is no difference.
  const isNormal = ({ p99Ms }: Written) => p99Ms <= 1.5 * normal.p99Ms
  const recovered = after.findIndex(isNormal) + 1
  return [
    `lists: ${capacity.requestsPerSecond.toFixed(0)} a second by ${connections} connections, ` +
      `${capacity.failures} refused; then ${plan.perSecond} a second for ${plan.seconds} s:`,
    `  ${flood.sent.toFixed(0)} sent a second, ${flood.served.toFixed(0)} answered, ` +
      `${flood.shed.toFixed(0)} refused with 503, ${flood.other} otherwise or not at all`,
    `  writes to existing customers: ${print(normal)} before; ${print(busy)} meanwhile, ` +
      `ratio ${(busy.perSecond / normal.perSecond).toFixed(2)}`,
    `  p99 of the seconds after: ${after.map(({ p99Ms }) => p99Ms.toFixed(1)).join(', ')} ms; ` +
      (recovered > 0 ? `normal in second ${recovered}` : 'not normal in any of them'),
    `  memory at most ${memory.stop()} MiB`,
  ].join('\n')
}

interface Written {
  perSecond: number
  p50Ms: number
  p99Ms: number
  failures: number
}

const print = ({ perSecond, p50Ms, p99Ms, failures }: Written) =>
  `${perSecond.toFixed(1)} a second, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, ` +
  `${failures} failed`

/** Each sends its next one at its time, or when it has the answer to the one before. */
function startWriters(server: BenchServer, key: string, ids: string[]) {
  let isOver = false
  let written: { ms: number; isGood: boolean }[] = []
  const everyMs = 1_000 / writesPerSecond
  const write = async (number: number) => {
    const url = `${server.url}/v1/customers/${ids[number * 7]}`
    let due = performance.now() + (number * everyMs) / writers
    for (let count = 0; !isOver; count += 1) {
      await pause(Math.max(0, due - performance.now()))
      const began = performance.now()
      const isGood = await patch(url, key, { name: `Gerardo Ratto ${count}` })
      const now = performance.now()
      written.push({ ms: now - began, isGood })
      due = Math.max(due + everyMs, now)
    }
  }
  const all = Array.from({ length: writers }, (_, number) => write(number))
  return {
    async during(seconds: number): Promise<Written> {
      written = []
      const began = performance.now()
      await pause(seconds * 1_000)
      const elapsed = (performance.now() - began) / 1_000
      const good = written.filter(({ isGood }) => isGood).map(({ ms }) => ms)
      const sorted = good.toSorted((a, b) => a - b)
      const share = (of: number) => sorted[Math.floor(sorted.length * of)] ?? Number.NaN
      return {
        perSecond: good.length / elapsed,
        p50Ms: share(0.5),
        p99Ms: share(0.99),
        failures: written.length - good.length,
      }
    },
    async stop(): Promise<void> {
      isOver = true
      await Promise.all(all)
    },
  }
}

async function patch(url: string, key: string, body: object): Promise<boolean> {
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'if-match': '*',
  }
  const response = await fetch(url, { method: 'PATCH', headers, body: JSON.stringify(body) })
  await response.arrayBuffer()
  return response.status === 200
}

function watchMemory(server: BenchServer) {
  let most = server.memoryMib()
  const timer = setInterval(() => {
    most = Math.max(most, server.memoryMib())
  }, 250)
  return {
    stop(): number {
      clearInterval(timer)
      return most
    },
  }
}

export interface FloodPlan {
  url: string
  connections: number
  perSecond: number
  seconds: number
  headers: Record<string, string>
  paths: string[]
}

/** A second, but for `other`. */
export interface Flood {
  sent: number
  served: number
  shed: number
  other: number
}

/** In a process of its own: what it costs to send must not slow down what is measured. */
async function runFlooder(plan: FloodPlan): Promise<Flood> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'flooder.ts')], {
    env: { ...process.env, FLOOD_PLAN: JSON.stringify(plan) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [flood] = await once(child, 'message')
  await once(child, 'exit')
  return flood
}
