// Owns the proof that an exchange with an outsider is bounded: no redirect, no flood, no long wait.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createEgress, type Egress, EgressFailed, type EgressRequest } from './egress.ts'

let answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void = () => {}
const seen: string[] = []
let server: Server
let base = ''
let egress: Egress
beforeAll(async () => {
  server = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`)
    answer(incoming, outgoing)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  base = `http://127.0.0.1:${address.port}`
  egress = createEgress({ allowedNetworks: ['127.0.0.0/8'] })
})
afterEach(() => {
  seen.length = 0
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await egress.close()
})

const send = (request: Partial<EgressRequest> = {}) =>
  egress.send({
    method: 'GET',
    url: `${base}/`,
    timeoutMs: 5_000,
    responseBytesMax: 1_000,
    ...request,
  })

async function failure(sent: Promise<unknown>): Promise<string> {
  const error = await sent.then(
    () => new Error('nothing failed'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof EgressFailed) return `${error.reason}: ${error.message}`
  throw error
}

async function* inChunks(...chunks: string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk)
}

const late = 'timeout: no answer in time'
const broken = 'connection: the connection failed'

test.each([301, 302, 303, 307, 308])(
  'a redirect %i is handed back, never followed',
  async (status) => {
    answer = (_, outgoing) => {
      outgoing.writeHead(status, { location: `${base}/elsewhere` }).end('moved')
    }
    for (const method of ['GET', 'POST'] as const) {
      const response = await send({ method, ...(method === 'POST' ? { body: 'x' } : {}) })
      expect(response.status).toBe(status)
      expect(response.headers['location']).toBe(`${base}/elsewhere`)
    }
    expect(seen).toEqual(['GET /', 'POST /'])
  },
)

describe('what is sent and answered', () => {
  test.each([
    ['text', () => 'first second', '12'],
    ['bytes', () => Buffer.from('first second'), '12'],
    ['a stream', () => inChunks('first ', 'second'), undefined],
  ])('%s arrives as the body, the query and the headers beside it', async (_what, body, length) => {
    answer = async (incoming, outgoing) => {
      const chunks: Buffer[] = []
      for await (const chunk of incoming) chunks.push(chunk)
      outgoing.setHeader('X-Twice', ['one', 'two'])
      const { 'content-length': sent, 'x-mine': mine } = incoming.headers
      outgoing.end(JSON.stringify({ body: Buffer.concat(chunks).toString(), sent, mine }))
    }
    const response = await send({
      method: 'POST',
      url: `${base}/path?a=1&b=%20`,
      headers: { 'x-mine': 'yes' },
      body: body(),
    })
    expect(seen).toEqual(['POST /path?a=1&b=%20'])
    expect(response.headers['x-twice']).toBe('one, two')
    const expected = { body: 'first second', sent: length, mine: 'yes' }
    expect(JSON.parse(response.body.toString())).toEqual(
      Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined)),
    )
  })

  test('the body goes to whoever takes it as it comes, and is not gathered', async () => {
    answer = (_, outgoing) => outgoing.end('some words')
    const chunks: Uint8Array[] = []
    const response = await send({ onBody: (chunk) => chunks.push(chunk) })
    expect(Buffer.concat(chunks).toString()).toBe('some words')
    expect(response.body.length).toBe(0)
  })

  test.each([
    ['the length is told', { 'content-length': '1000' }],
    ['the length is not told', {}],
  ])('as many bytes as are allowed are taken when %s', async (_when, headers) => {
    answer = (_, outgoing) => outgoing.writeHead(200, headers).end('x'.repeat(1_000))
    expect((await send()).body.length).toBe(1_000)
  })
})

describe('a body over what is allowed', () => {
  const tooLarge = 'too_large: the answer is over 1000 bytes'

  test.each([200, 302, 500])(
    'is refused with one byte more, whatever the status: %i',
    async (status) => {
      answer = (_, outgoing) => outgoing.writeHead(status).end('x'.repeat(1_001))
      expect(await failure(send())).toBe(tooLarge)
    },
  )

  test('is refused though it is handed over as it comes', async () => {
    answer = (_, outgoing) => outgoing.end('x'.repeat(1_001))
    let taken = 0
    const onBody = (chunk: Uint8Array) => {
      taken += chunk.length
    }
    expect(await failure(send({ onBody }))).toBe(tooLarge)
    expect(taken).toBeLessThanOrEqual(1_000)
  })

  test('that never ends is cut off at the connection', async () => {
    const closed = new Promise<void>((resolve) => {
      answer = (_, outgoing) => {
        outgoing.on('close', resolve)
        const pour = () => {
          if (!outgoing.destroyed && outgoing.write(Buffer.alloc(65_536))) setImmediate(pour)
        }
        outgoing.on('drain', pour)
        pour()
      }
    })
    expect(await failure(send())).toBe(tooLarge)
    await closed
  })
})

describe('an exchange ends in time', () => {
  test('when there is no answer at all', async () => {
    answer = () => {}
    expect(await failure(send({ timeoutMs: 100 }))).toBe(late)
  })

  test('when the body stops half way', async () => {
    answer = (_, outgoing) => {
      outgoing.writeHead(200, { 'content-length': '100' }).write('half')
    }
    expect(await failure(send({ timeoutMs: 100 }))).toBe(late)
  })

  test('when bytes keep coming, one by one: the time is for the whole', async () => {
    answer = (_, outgoing) => {
      const drip = setInterval(() => outgoing.write('x'), 10)
      outgoing.on('close', () => clearInterval(drip))
    }
    expect(await failure(send({ timeoutMs: 150, responseBytesMax: 1_000_000 }))).toBe(late)
  })

  test('when the name is never resolved', async () => {
    const stuck = createEgress({ allowedNetworks: [], lookup: () => {} })
    const sent = stuck.send({
      method: 'GET',
      url: 'https://api.example/',
      timeoutMs: 100,
      responseBytesMax: 1,
    })
    expect(await failure(sent)).toBe(late)
  })
})

test('whoever asked may break it off, at any point', async () => {
  for (const begin of [false, true]) {
    const asked = Promise.withResolvers<void>()
    answer = (_, outgoing) => {
      if (begin) outgoing.writeHead(200).write('half')
      asked.resolve()
    }
    const over = new AbortController()
    const sent = failure(send({ signal: over.signal }))
    await asked.promise
    over.abort()
    expect(await sent).toBe(broken)
  }
})

describe('a connection that fails says so, and nothing of where it led', () => {
  test.each([
    [
      'a reset',
      (_: IncomingMessage, outgoing: ServerResponse) => outgoing.socket?.resetAndDestroy(),
    ],
    ['an end', (_: IncomingMessage, outgoing: ServerResponse) => outgoing.socket?.end()],
    [
      'no HTTP',
      (_: IncomingMessage, outgoing: ServerResponse) => outgoing.socket?.end('SSH-2.0\r\n'),
    ],
    [
      'a body shorter than told',
      (_: IncomingMessage, outgoing: ServerResponse) =>
        outgoing.socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'),
    ],
    [
      'headers without end',
      (_: IncomingMessage, outgoing: ServerResponse) =>
        outgoing.socket?.end(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(1_000_000)}\r\n\r\n`),
    ],
  ])('%s', async (_what, bad) => {
    answer = bad
    expect(await failure(send({ url: `${base}/?email=jane@doe.example` }))).toBe(broken)
  })

  test('nobody listens', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    await new Promise((resolve) => other.close(resolve))
    if (address === null || typeof address === 'string') throw new Error('no port')
    const url = `http://127.0.0.1:${address.port}/?email=jane@doe.example`
    expect(await failure(send({ url }))).toBe(broken)
  })

  test('a name that cannot be resolved', async () => {
    const lost = createEgress({
      allowedNetworks: [],
      lookup: (name, _options, callback) => callback(new Error(`ENOTFOUND ${name}`), '', 0),
    })
    const request = { url: 'https://jane.example/', timeoutMs: 5_000, responseBytesMax: 1 }
    expect(await failure(lost.send({ method: 'GET', ...request }))).toBe(broken)
  })

  test('a header that would begin another line', async () => {
    expect(await failure(send({ headers: { 'x-mine': 'a\r\nx-other: b' } }))).toBe(broken)
    expect(seen).toEqual([])
  })

  test('a refusal in a URL says nothing of it either', async () => {
    const url = 'https://10.0.0.1/?email=jane@doe.example'
    expect(await failure(send({ url }))).toBe('refused: the address is not a public one')
  })
})
