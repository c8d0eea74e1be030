// Owns the guarantee that a server that stood still turns away what waited, and then serves again.
import { Agent, get } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ServerProcess, startServerProcess } from './crash/server-process.ts'
import { createTestDatabase, type TestDatabase } from './harness.ts'
import { sendRaw } from './raw-request.ts'
import { runs, runsMsMax } from './runs.ts'

const rounds = runs({ few: 1, full: 100 })
const stopMs = 2_000
const connections = 20
const patienceMs = 20_000

let database: TestDatabase
let server: ServerProcess
beforeEach(async () => {
  database = await createTestDatabase()
  const environment = { ...database.environment, CLIENTELE_EVENT_LOOP_DELAY_MS: '1000' }
  server = await startServerProcess({ environment })
})
afterEach(async () => {
  await server.remove()
  await database.remove()
})

/** Status, `Retry-After` and code; on a connection that stays, so that it waits at the server. */
function ask(agent: Agent): Promise<string> {
  const headers = { authorization: `Bearer ${server.key}` }
  return new Promise((resolve, reject) => {
    get(`${server.url}/payouts/customers`, { agent, headers }, async (response) => {
      let text = ''
      for await (const chunk of response) text += chunk
      const { statusCode, headers } = response
      resolve(`${statusCode} ${headers['retry-after']} ${JSON.parse(text).error?.code}`)
    }).on('error', reject)
  })
}

const askAll = (agent: Agent) => Promise.all(Array.from({ length: connections }, () => ask(agent)))

const served = '200 undefined undefined'
const turnedAway = '503 1 temporarily_unavailable'

async function until(look: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + patienceMs
  while (performance.now() < end) {
    if (await look()) return true
    await wait(20)
  }
  return false
}

async function figure(name: string): Promise<number> {
  const { text } = await sendRaw(server.url, { method: 'GET', path: '/metrics' })
  const line = text.split('\n').find((one) => one.startsWith(`${name} `))
  return Number(line?.slice(name.length + 1) ?? 0)
}

const sockets = 'nodejs_active_resources{type="TCPSocketWrap"}'
const refusals = 'clientele_http_turned_away_total{reason="event_loop"}'

test(
  'after it stood still for 2 s it turns away what waited, serves again, and keeps no socket',
  async () => {
    const before = await figure(sockets)
    let turnedAwayCount = 0
    for (let round = 0; round < rounds; round += 1) {
      const agent = new Agent({ keepAlive: true, maxSockets: connections })
      const isServed = async () => {
        const answers = await askAll(agent)
        const refused = answers.filter((answer) => answer !== served)
        for (const answer of refused) expect(answer).toBe(turnedAway)
        turnedAwayCount += refused.length
        return refused.length === 0
      }
      // Not at once where the machine itself holds it back.
      expect(await until(isServed)).toBe(true)
      server.signal('SIGSTOP')
      const waiting = askAll(agent)
      await wait(stopMs)
      server.signal('SIGCONT')
      // Whatever it does first when it goes on: these have been there for longer than the bound.
      expect(new Set(await waiting)).toEqual(new Set([turnedAway]))
      turnedAwayCount += connections
      expect(await until(isServed)).toBe(true)
      agent.destroy()
    }
    expect(await figure(refusals)).toBe(turnedAwayCount)
    expect(await until(async () => (await figure(sockets)) === before)).toBe(true)
  },
  runsMsMax,
)
