// Owns sending a request exactly as written, for what a well-meaning client would repair or refuse.
import { connect } from 'node:net'

export interface RawRequest {
  method: string
  path: string
  headers?: Record<string, string>
  body?: string | Uint8Array
}

export interface RawAnswer {
  status: number
  /** Status line and headers. */
  head: string
  text: string
}

const answerTimeoutMs = 10_000

/** On a connection of its own; also takes an answer that comes before the body has been sent. */
export function sendRaw(url: string, request: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  const { body: sent = '' } = request
  const body = typeof sent === 'string' ? Buffer.from(sent) : Buffer.from(sent)
  const length = request.body === undefined ? {} : { 'content-length': String(body.length) }
  const headers = {
    host: `${hostname}:${port}`,
    connection: 'close',
    ...length,
    ...request.headers,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = `${request.method} ${request.path} HTTP/1.1\r\n${lines.join('')}\r\n`
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(Number(port), hostname)
    const end = (error?: Error) => {
      socket.destroy()
      const answer = parse(Buffer.concat(chunks).toString('utf8'))
      if (answer) resolve(answer)
      else reject(error ?? new Error('the connection was closed without an answer'))
    }
    socket.setTimeout(answerTimeoutMs, () => end(new Error('no answer in time')))
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', end)
    socket.on('close', () => end())
    socket.write(head)
    socket.write(body)
  })
}

function parse(text: string): RawAnswer | null {
  const match = /^HTTP\/1\.1 (\d{3})[\s\S]*?\r\n\r\n/.exec(text)
  if (!match) return null
  const [head] = match
  return { status: Number(match[1]), head, text: text.slice(head.length) }
}
