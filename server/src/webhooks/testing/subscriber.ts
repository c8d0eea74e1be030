// Owns a subscriber for tests: a local server that keeps what it was sent and answers as told.
import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  headers: IncomingHttpHeaders
  body: string
}

/** `hang`: takes the request and never answers. */
export type SubscriberAnswer = { status: number; headers?: Record<string, string> } | 'hang'

export interface Subscriber {
  url: string
  received: Received[]
  /** Connections that anybody opened. */
  readonly connections: number
  answer: SubscriberAnswer
  close(): Promise<void>
}

export async function startSubscriber(): Promise<Subscriber> {
  let connections = 0
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
      const { answer } = subscriber
      if (answer !== 'hang') response.writeHead(answer.status, answer.headers).end()
    })
  })
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const subscriber: Subscriber = {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    get connections() {
      return connections
    },
    answer: { status: 200 },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return subscriber
}

/** By the text of Standard Webhooks alone: nothing of the product's own signing is used. */
export function verifies({ headers, body }: Received, secret: string): boolean {
  const key = Buffer.from(secret.split('_')[1] ?? '', 'base64')
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const expected = createHmac('sha256', key).update(content).digest('base64')
  const signatures = String(headers['webhook-signature']).split(' ')
  return signatures.some((signature) => signature === `v1,${expected}`)
}
