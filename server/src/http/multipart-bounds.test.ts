// Owns the bounds of reading multipart bodies: pace, memory, callers that never end or go away.
import type { IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import {
  encodeParts,
  fileHeaders,
  type MultipartServer,
  multipartType,
  type OnFile,
  readAll,
  startMultipartServer,
} from './testing/multipart-server.ts'

const mebibyte = 1024 * 1024
const options = {
  filePart: 'file',
  filesMax: 10,
  fileBytesMax: 10 * mebibyte,
  textParts: ['file_type'],
}

let server: MultipartServer | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

async function start(onFile: OnFile, more: Partial<typeof options> = {}): Promise<MultipartServer> {
  server = await startMultipartServer({ ...options, ...more }, onFile)
  return server
}

interface Answer {
  status: number
  code?: string
  files?: unknown[]
}

interface Sending {
  socket: Socket
  /** `null` when the connection was cut before it was there. */
  answer: Promise<Answer | null>
  /** Sends until all has gone or the connection is cut; answers how many bytes went. */
  write(chunk: Uint8Array, times?: number): Promise<number>
}

/** By hand: the clients of Node and browsers stop sending once they have an answer. */
function open(port: number, length: number | null = null): Sending {
  const socket = connect(port, '127.0.0.1')
  const framing = length === null ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`
  socket.write(`POST / HTTP/1.1\r\nHost: a\r\n${framing}\r\nContent-Type: ${multipartType}\r\n\r\n`)
  const asChunk = (bytes: Uint8Array) =>
    Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
  const cut = new Promise<null>((resolve) => socket.on('close', () => resolve(null)))
  socket.on('error', () => {})
  let received = ''
  const answered = new Promise<Answer>((resolve) => {
    socket.on('data', (bytes) => {
      received += bytes.toString()
      const [, status, body] = /^HTTP\/1.1 (\d+).*\r\n\r\n(\{.*\})$/s.exec(received) ?? []
      if (body) resolve({ status: Number(status), ...JSON.parse(body) })
    })
  })
  return {
    socket,
    answer: Promise.race([answered, cut]),
    async write(bytes, times = 1) {
      const chunk = length === null ? asChunk(bytes) : bytes
      for (let sent = 0; sent < times; sent += 1) {
        if (socket.destroyed) return sent * chunk.length
        if (socket.write(chunk)) continue
        const drained = new Promise((resolve) => socket.once('drain', resolve))
        await Promise.race([drained, cut])
      }
      return times * chunk.length
    },
  }
}

const whole = encodeParts([{ headers: fileHeaders('a.pdf'), content: '' }])
const start64 = Buffer.alloc(64 * 1024, 'x')
const opening = whole.subarray(0, whole.indexOf('\r\n\r\n') + 4)
const closing = whole.subarray(opening.length)

describe('a caller that never ends', () => {
  test('is told 413 at the bound of a file, is cut at the bound of a body, and costs no memory', async () => {
    let read = 0
    const { port, failures } = await start(async ({ stream }) => {
      for await (const chunk of stream) read += chunk.length
    })
    // One before the measure: what the first request alone costs is no growth.
    const first = open(port, opening.length + closing.length + 160 * start64.length)
    await first.write(opening)
    await first.write(start64, 160)
    await first.write(closing)
    expect(await first.answer).toMatchObject({ status: 200 })
    read = 0
    const before = process.memoryUsage().rss
    let most = before
    const sending = open(port)
    await sending.write(opening)
    let sent = 0
    for (let mebibytes = 0; mebibytes < 1_024 && !sending.socket.destroyed; mebibytes += 1) {
      sent += await sending.write(start64, 16)
      most = Math.max(most, process.memoryUsage().rss)
    }
    expect(await sending.answer).toMatchObject({ status: 413, code: 'upload_file_too_large' })
    expect(failures).toEqual(['upload_file_too_large'])
    expect(read).toBeLessThanOrEqual(10 * mebibyte)
    expect(sent).toBeLessThan(32 * mebibyte)
    expect(most - before).toBeLessThan(32 * mebibyte)
  })

  test('and says so before is told 413 at once, and no file is begun', async () => {
    let begun = 0
    const { port, failures } = await start(async () => {
      begun += 1
    })
    const sending = open(port, 2 ** 30)
    await sending.write(opening)
    await sending.write(start64)
    expect(await sending.answer).toMatchObject({ status: 413, code: 'upload_too_large' })
    expect([failures, begun]).toEqual([['upload_too_large'], 0])
  })

  test('after a refusal of the first bytes is answered at once and cut at the bound', async () => {
    const { port } = await start(async ({ stream }) => {
      for await (const _ of stream) throw new Error('refused')
    })
    const sending = open(port)
    await sending.write(opening)
    await sending.write(start64, 4)
    expect(await sending.answer).toMatchObject({ status: 500 })
    expect(await sending.write(start64, 16 * 1_024)).toBeLessThan(32 * mebibyte)
  })

  test('with parts without end is cut too', async () => {
    const { port, failures } = await start(async ({ stream }) => readAll(stream), {
      fileBytesMax: 1_000,
    })
    const sending = open(port)
    const noPart = Buffer.from(
      `--a-boundary\r\nContent-Type: text/plain\r\n\r\n${'x'.repeat(60_000)}\r\n`,
    )
    expect(await sending.write(noPart, 4_000)).toBeLessThan(20 * mebibyte)
    expect(await sending.answer).toMatchObject({ status: 413 })
    expect(failures).toEqual(['upload_too_large'])
  })
})

describe('a caller that is honest', () => {
  test('gets to read a refusal of its first file after it sent all ten', async () => {
    const { port } = await start(async () => {
      throw new Error('refused')
    })
    const tenFiles = 10 * (opening.length + 160 * start64.length + 2)
    const sending = open(port, tenFiles + closing.length - 2)
    for (let file = 0; file < 10; file += 1) {
      await sending.write(opening)
      await sending.write(start64, 160)
      await sending.write(Buffer.from('\r\n'))
    }
    await sending.write(closing.subarray(2))
    expect(await sending.answer).toMatchObject({ status: 500 })
    expect(sending.socket.destroyed).toBe(false)
  })

  test('is slowed to the pace of who reads', async () => {
    const gate = Promise.withResolvers<void>()
    let reading: IncomingMessage | null = null
    const { port } = await start(async ({ stream }, request) => {
      reading = request
      await gate.promise
      return (await readAll(stream)).length
    })
    const sending = open(port, whole.length + 159 * start64.length)
    const bytesRead = () => reading?.socket.bytesRead ?? 0
    await sending.write(opening)
    const sent = sending.write(start64, 159)
    await until(() => bytesRead() > start64.length)
    // Time enough to take all of it, as the test above shows.
    await turns(2_000)
    expect(bytesRead()).toBeLessThan(mebibyte)
    gate.resolve()
    await sent
    await sending.write(closing)
    expect((await sending.answer)?.files).toEqual([159 * start64.length])
    expect(bytesRead()).toBeGreaterThan(9 * mebibyte)
  })
})

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100_000 && !isTrue(); turn += 1) await turns(1)
  expect(isTrue()).toBe(true)
}

describe('a caller that goes away', () => {
  test('in the middle of a file makes its reader throw', async () => {
    const seen = Promise.withResolvers<void>()
    const thrown = Promise.withResolvers<unknown>()
    const { port, failures } = await start(async ({ stream }) => {
      try {
        for await (const _ of stream) seen.resolve()
      } catch (error) {
        thrown.resolve(error)
        throw error
      }
    })
    const sending = open(port)
    await sending.write(opening)
    await sending.write(start64)
    await seen.promise
    sending.socket.destroy()
    expect(await thrown.promise).toMatchObject({ definition: { code: 'upload_malformed' } })
    await until(() => failures.length > 0)
    expect(failures).toEqual(['upload_malformed'])
  })

  test('between two files ends the reading', async () => {
    const first = Promise.withResolvers<void>()
    const { port, failures } = await start(async ({ stream }) => {
      await readAll(stream)
      first.resolve()
    })
    const sending = open(port)
    await sending.write(Buffer.concat([opening, Buffer.from('\r\n'), opening.subarray(0, 12)]))
    await first.promise
    sending.socket.destroy()
    await until(() => failures.length > 0)
    expect(failures).toEqual(['upload_malformed'])
  })
})

describe('a reader of files', () => {
  test('that takes nothing, or stops early, still gets to the next one', async () => {
    let turn = 0
    const { url } = await start(async ({ fileName, stream }) => {
      turn += 1
      if (turn === 1) return fileName
      for await (const _ of stream) return `${fileName}, in part`
      return null
    })
    const content = Buffer.alloc(mebibyte)
    const names = ['a.pdf', 'b.pdf', 'c.pdf']
    const parts = names.map((name) => ({ headers: fileHeaders(name), content }))
    const response = await fetch(url, {
      method: 'POST',
      body: new Uint8Array(encodeParts(parts)),
      headers: { 'content-type': multipartType },
    })
    const { files }: Answer = JSON.parse(await response.text())
    expect(files).toEqual(['a.pdf', 'b.pdf, in part', 'c.pdf, in part'])
  })
})
