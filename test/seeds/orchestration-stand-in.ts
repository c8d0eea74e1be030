// Owns the least server that the orchestration page's examples can run against.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Oak } from '../../sdk/src/index.ts'

const token = 'a-token'
const now = '2026-02-25T12:00:00.000Z'
const credentials = { client_id: 'key_1', client_secret: 'sk_test_1' }

interface Request {
  line: string
  url: URL
  form: () => Promise<FormData>
  json: () => Promise<Record<string, string>>
}

type Answer = [status: number, data: unknown]

export async function startOrchestrationStandIn() {
  const customers: Record<string, unknown>[] = []
  const files: Partial<Oak.FileEntry>[] = []
  const server = createServer(async (request, response) => {
    const isGrant = request.url === '/orchestration/api/v1/merchant/token/grant'
    const isKnown = request.headers.authorization === `Bearer ${token}`
    const read = readRequest(request)
    const [status, data] = isGrant
      ? await grant(read)
      : isKnown
        ? await answer(read, customers, files)
        : [401, null]
    const body = isGrant ? data : { msg: status < 300 ? 'Done' : 'Refused', data }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    customUrl: `http://127.0.0.1:${port}/orchestration`,
    clientId: credentials.client_id,
    clientSecret: credentials.client_secret,
    drainJobs: async () => {},
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function readRequest(request: IncomingMessage): Request {
  const url = new URL(request.url ?? '', 'http://stand-in')
  const body = async () => {
    const bytes = Uint8Array.from(await buffer(request))
    return new Response(bytes, {
      headers: { 'content-type': request.headers['content-type'] ?? '' },
    })
  }
  return {
    line: `${request.method} ${url.pathname.replace('/orchestration/api/v1', '')}`,
    url,
    form: async () => (await body()).formData(),
    json: async () => (await body()).json() as Promise<Record<string, string>>,
  }
}

async function grant(request: Request): Promise<Answer> {
  const given = await request.json()
  const wanted = { ...credentials, grant_type: 'client_credentials' }
  const isGranted = JSON.stringify(given) === JSON.stringify(wanted)
  if (!isGranted) return [401, { msg: 'Refused', data: null }]
  return [200, { access_token: token, token_type: 'Bearer', expires_in: 3_600 }]
}

async function answer(
  request: Request,
  customers: Record<string, unknown>[],
  files: Partial<Oak.FileEntry>[],
): Promise<Answer> {
  const { line, url } = request
  if (line === 'POST /customers') {
    const id = `cus_${customers.length + 1}`
    customers.unshift({ id, customer_id: id, ...(await request.json()) })
    return [201, customers[0]]
  }
  if (line === 'GET /customers') {
    const email = url.searchParams.get('email')
    const list = customers.filter((it) => it['email'] === email)
    return [200, { count: list.length, customer_list: list }]
  }
  const [, method, id, rest = ''] = /^(\w+) \/customers\/([^/]+)(\/\w+)?$/.exec(line) ?? []
  const customer = customers.find((it) => it['id'] === id)
  if (customer === undefined) return [404, null]
  if (method === 'PUT') Object.assign(customer, await request.json())
  if (rest === '') return [200, customer]
  if (rest === '/files' && method === 'POST') {
    const parts = (await request.form()).getAll('file').filter((part) => part instanceof File)
    const added = parts.map(({ name, size, type }) => ({ name, size, content_type: type }))
    files.push(...added.map((entry, index) => ({ id: `file_${index + 1}`, ...entry })))
  }
  return answerFacet(`${method} ${rest}`, url, files)
}

function answerFacet(line: string, url: URL, files: Partial<Oak.FileEntry>[]): Answer {
  const provider = url.searchParams.get('provider')
  const totals = [{ currency: 'USD', amount: 1_200, available: 1_200, pending: 300 }]
  if (line === 'POST /files' || line === 'GET /files') return [200, files]
  if (line === 'POST /sync') return [200, { sync_id: 'sync_1', status: 'scheduled' }]
  if (line === 'POST /platforms') return [200, [{ provider: 'stripe', status: 'submitted' }]]
  if (line === 'GET /balances') {
    return [200, { as_of: now, balances: [{ account_id: 'acct_1', provider, totals }] }]
  }
  return [404, null]
}
