// Owns the load: a fixed number of connections, each sending the next request when one is answered.
import autocannon from 'autocannon'

export interface LoadPlan {
  url: string
  connections: number
  seconds: number
  method: 'GET' | 'POST'
  /** The path of the next request. */
  path: () => string
  headers: Record<string, string>
  /** More headers, of the next request alone. */
  ownHeaders?: () => Record<string, string>
  body?: () => string
}

export interface LoadResult {
  requestsPerSecond: number
  p50Ms: number
  p99Ms: number
  /** Answers that were not 2xx, and requests without an answer. */
  failures: number
}

export async function applyLoad(plan: LoadPlan): Promise<LoadResult> {
  const latencies: number[] = []
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(optionsOf(plan), (error, done) =>
      error ? reject(error) : resolve(done),
    )
    instance.on('response', (_client, _status, _bytes, ms) => {
      latencies.push(ms)
    })
  })
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0
  return {
    requestsPerSecond: result['2xx'] / result.duration,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    failures: result.non2xx + result.errors + result.timeouts,
  }
}

function optionsOf(plan: LoadPlan): autocannon.Options {
  const { url, connections, seconds, method, headers } = plan
  const setupRequest = (request: autocannon.Request) => ({
    ...request,
    path: plan.path(),
    ...(plan.ownHeaders ? { headers: { ...headers, ...plan.ownHeaders() } } : {}),
    ...(plan.body ? { body: plan.body() } : {}),
  })
  return { url, connections, duration: seconds, requests: [{ method, headers, setupRequest }] }
}
