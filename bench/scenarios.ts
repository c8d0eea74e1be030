// Owns what is measured without a floor: uploads while others read, and syncs by jobs.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { applyLoad } from './load.ts'
import { type BenchServer, startOurs } from './processes.ts'
import { type Scenario, until } from './scenario.ts'

async function withServer<T>(
  { environment, folder }: Scenario,
  work: (server: BenchServer) => Promise<T>,
): Promise<T> {
  const server = await startOurs(environment, folder)
  try {
    return await work(server)
  } finally {
    await server.stop()
  }
}

const customers = '/orchestration/api/v1/customers'
const uploadsAtOnce = 50

/** Memory of one upload of 10 MiB, and reads while fifty such uploads run at once. */
export function measureUploads(scenario: Scenario): Promise<string> {
  return withServer(scenario, (server) => uploadAndRead(scenario, server))
}

async function uploadAndRead({ key, ids }: Scenario, server: BenchServer): Promise<string> {
  const upload = (own: string[]) => runUploader({ url: server.url + customers, key, ids: own })
  const reads = (seconds: number) =>
    applyLoad({
      url: server.url,
      connections: 8,
      seconds,
      method: 'GET',
      path: () => `${customers}/${ids[Math.floor(Math.random() * ids.length)]}`,
      headers: { authorization: `Bearer ${key}` },
    })
  // Once before, so that code and pools are not counted.
  await upload(ids.slice(0, 1))
  const before = server.memoryMib()
  await upload(ids.slice(1, 2))
  const grown = server.memoryMib() - before
  await reads(2)
  const idle = await reads(4)
  const uploading = upload(ids.slice(0, uploadsAtOnce))
  const busy = await reads(4)
  await uploading
  const ratio = (busy.p99Ms / idle.p99Ms).toFixed(2)
  return (
    `upload of 10 MiB: memory grew by ${grown} MiB; ${uploadsAtOnce} at once: p99 of get ` +
    `${idle.p99Ms.toFixed(2)} ms idle, ${busy.p99Ms.toFixed(2)} ms meanwhile, ratio ${ratio}`
  )
}

/** In a process of its own: what it costs to send must not slow down what is measured. */
async function runUploader(plan: { url: string; key: string; ids: string[] }): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'uploader.ts')], {
    env: { ...process.env, UPLOADER_PLAN: JSON.stringify(plan) },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error('an upload failed')
}

const syncs = 1_000
const providerMs = 100

/** A thousand syncs against a provider that answers in 100 ms, by the default worker. */
export function measureSyncs(scenario: Scenario): Promise<string> {
  return withServer(scenario, (server) => syncAll(scenario, server))
}

async function syncAll({ key, ids }: Scenario, server: BenchServer): Promise<string> {
  const provider = await startSlowProvider()
  try {
    const call = async (method: string, path: string, body: object) => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
      const init = { method, headers, body: JSON.stringify(body) }
      const response = await fetch(server.url + path, init)
      if (!response.ok) throw new Error(`${path} answered ${response.status}`)
    }
    const credentials = { api_key: 'sk-test-bench' }
    await call('PUT', '/v1/connections/bridge', { credentials, base_url: provider.url })
    const own = ids.slice(0, 100)
    const registration = { provider: 'bridge', target_role: 'customer' }
    for (const id of own) {
      await call('PUT', `${customers}/${id}`, { first_name: 'Gerardo', last_name: 'Ratto' })
      await call('POST', `${customers}/${id}/platforms`, registration)
    }
    await until(() => provider.made() >= own.length)
    const body = { providers: ['bridge'], fields: ['email'] }
    const began = performance.now()
    for (let count = 0; count < syncs; count += own.length) {
      await Promise.all(own.map((id) => call('POST', `${customers}/${id}/sync`, body)))
    }
    const queued = performance.now()
    await until(() => provider.pushed() >= syncs)
    const ended = performance.now()
    const rate = (syncs / (ended - began)) * 1000
    return (
      `${syncs} syncs to a provider of ${providerMs} ms: queued in ` +
      `${Math.round(queued - began)} ms, drained at ${rate.toFixed(0)} a second`
    )
  } finally {
    await provider.close()
  }
}

async function startSlowProvider() {
  const counts = { made: 0, pushed: 0 }
  const server = createServer((request, response) => {
    request.resume()
    setTimeout(() => {
      const isCustomer = /\/customers(?:\/[\w-]+)?$/.test(request.url ?? '')
      const id = `bench_${counts.made}`
      if (request.method === 'POST' && isCustomer) counts.made += 1
      if (request.method === 'PUT') counts.pushed += 1
      const customer = { id, type: 'individual', status: 'active' }
      const body = isCustomer ? customer : { data: [] }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }, providerMs)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    made: () => counts.made,
    pushed: () => counts.pushed,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
