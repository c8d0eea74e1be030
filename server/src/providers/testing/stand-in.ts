// Owns a local HTTP server that stands in for a provider: checks what it is sent, plays bad days.
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StandInRequest {
  method: string
  /** Path with the query string, as it came. */
  url: string
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: Buffer
  /** Parsed; throws when the body is no JSON. */
  json(): unknown
  form(): URLSearchParams
}

export interface StandInReply {
  status: number
  /** Sent as JSON unless it is text or bytes. */
  body?: unknown
  headers?: Record<string, string>
}

/** What goes wrong instead of an answer, once or until it is taken back. */
export type BadDay =
  | 'hang'
  | 'reset'
  | 'error_500'
  | 'limited_429'
  | 'html'
  | 'huge'
  | 'empty'
  /** Answers by a reset after the handler has done its work: a crash before our commit. */
  | 'reset_after'

export interface StandIn {
  url: string
  /** Every request that came, oldest first. */
  requests: StandInRequest[]
  /** What a request broke of the provider's documentation; a test expects none. */
  violations: string[]
  badDay: BadDay | null
  /** What goes out in place of a handler's answer. */
  rewrite: ((reply: StandInReply, request: StandInRequest) => StandInReply) | null
  /** Milliseconds before each answer. */
  delayMs: number
  close(): Promise<void>
}

/** What a handler throws is a violation and a 400: the documentation was broken. */
export class Violation extends Error {}

export function expectThat(isTrue: boolean, what: string): asserts isTrue {
  if (!isTrue) throw new Violation(what)
}

const hugeBytes = 100 * 1024 * 1024

export async function startStandIn(
  handle: (request: StandInRequest) => StandInReply | Promise<StandInReply>,
): Promise<StandIn> {
  const standIn: StandIn = {
    url: '',
    requests: [],
    violations: [],
    badDay: null,
    rewrite: null,
    delayMs: 0,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const server = createServer((incoming, outgoing) => {
    answer(standIn, handle, incoming, outgoing).catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  standIn.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return standIn
}

async function answer(
  standIn: StandIn,
  handle: (request: StandInRequest) => StandInReply | Promise<StandInReply>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const request = await readRequest(incoming)
  standIn.requests.push(request)
  if (standIn.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, standIn.delayMs))
  if (standIn.badDay !== null && standIn.badDay !== 'reset_after') {
    return playBadDay(standIn.badDay, outgoing)
  }
  const written = await replyOf(standIn, handle, request)
  const reply = standIn.rewrite?.(written, request) ?? written
  if (standIn.badDay === 'reset_after') {
    incoming.socket.resetAndDestroy()
    return
  }
  const { status, body, headers = {} } = reply
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  const bytes = body === undefined ? '' : isRaw ? body : JSON.stringify(body)
  const type = isRaw || body === undefined ? {} : { 'content-type': 'application/json' }
  outgoing.writeHead(status, { ...type, ...headers }).end(bytes)
}

async function replyOf(
  standIn: StandIn,
  handle: (request: StandInRequest) => StandInReply | Promise<StandInReply>,
  request: StandInRequest,
): Promise<StandInReply> {
  try {
    return await handle(request)
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    standIn.violations.push(`${request.method} ${request.path}: ${what}`)
    return { status: 400, body: { message: what } }
  }
}

async function readRequest(incoming: IncomingMessage): Promise<StandInRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  const url = incoming.url ?? '/'
  const { pathname, searchParams } = new URL(url, 'http://stand-in')
  return {
    method: incoming.method ?? '',
    url,
    path: pathname,
    query: searchParams,
    headers: incoming.headers,
    body,
    json: () => JSON.parse(body.toString('utf8')),
    form: () => new URLSearchParams(body.toString('utf8')),
  }
}

async function playBadDay(badDay: BadDay, outgoing: ServerResponse): Promise<void> {
  switch (badDay) {
    case 'hang':
      return
    case 'error_500':
      outgoing.writeHead(500).end('oops')
      return
    case 'limited_429':
      outgoing.writeHead(429, { 'retry-after': '7' }).end('{}')
      return
    case 'html':
      outgoing.writeHead(200, { 'content-type': 'text/html' }).end('<html>maintenance</html>')
      return
    case 'empty':
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end()
      return
    case 'huge':
      return sendHuge(outgoing)
    default:
      outgoing.socket?.resetAndDestroy()
  }
}

async function sendHuge(outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(200, { 'content-type': 'application/json' })
  const chunk = Buffer.alloc(1024 * 1024, 0x20)
  for (let sent = 0; sent < hugeBytes && !outgoing.destroyed; sent += chunk.length) {
    if (!outgoing.write(chunk)) {
      await new Promise<void>((resolve) => {
        const go = () => {
          outgoing.off('drain', go).off('close', go)
          resolve()
        }
        outgoing.on('drain', go).on('close', go)
      })
    }
  }
  outgoing.end()
}
