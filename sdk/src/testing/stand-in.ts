// Owns a server for tests that misbehaves as it is told: one reaction a request, the last repeats.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** `reset`: the connection breaks. `hang`: no answer. `cut`, `stall`: half a body, then either. */
export type Reaction = Reply | 'reset' | 'hang' | 'cut' | 'stall'

export interface Reply {
  status: number
  /** Sent as JSON; a string goes out as it is. */
  body?: unknown
  headers?: Record<string, string>
}

export interface Received {
  method: string
  /** As it stood in the request line. */
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface StandIn {
  url: string
  received: Received[]
  /** Resolves when that many requests have arrived. */
  arrived(count: number): Promise<void>
  /** Resolves when a caller has left before its answer was complete. */
  left: Promise<void>
}

export async function startStandIn(...reactions: Reaction[]): Promise<StandIn> {
  const received: Received[] = []
  const waiting: { count: number; resolve: () => void }[] = []
  let leave = (): void => {}
  const left = new Promise<void>((resolve) => {
    leave = resolve
  })
  const server = createServer(async (request, response) => {
    response.on('close', () => {
      if (!response.writableFinished) leave()
    })
    let body = ''
    for await (const part of request.setEncoding('utf8')) body += part
    const { method = '', url: path = '', headers } = request
    received.push({ method, path, headers, body })
    for (const { count, resolve } of waiting) if (received.length >= count) resolve()
    react(reactions[Math.min(received.length, reactions.length) - 1] ?? 'reset', response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    left,
    arrived: (count) =>
      new Promise((resolve) => {
        if (received.length >= count) resolve()
        else waiting.push({ count, resolve })
      }),
  }
}

function react(reaction: Reaction, response: ServerResponse): void {
  if (reaction === 'hang') return
  if (reaction === 'reset') {
    response.socket?.resetAndDestroy()
  } else if (reaction === 'cut' || reaction === 'stall') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
    response.write('{"id":', () => {
      if (reaction === 'cut') response.socket?.destroy()
    })
  } else {
    const { status, body = {}, headers = {} } = reaction
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
}
