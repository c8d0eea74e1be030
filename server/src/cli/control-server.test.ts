// Owns the tests of the control socket, from both of its ends.
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import { type Command, defineCommand, type Host } from './command.ts'
import { commands } from './commands.ts'
import { askServer } from './control-client.ts'
import { controlLimits, controlPath } from './control-protocol.ts'
import { type ControlServer, listenForCommands } from './control-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

let folder: string
let control: ControlServer | null
let forgotten: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clientele-control-'))
  control = null
  forgotten = 0
})
afterEach(async () => {
  await control?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function listen(list: Command[] = commands, dataDir = folder): Promise<void> {
  const { system } = server
  const host: Host = {
    config: { ...server.config, dataDir },
    openDatabase: async () => system.database,
    openSystem: async () => system,
    inspect: async () => ({ ...system.database, exists: true }),
    server: {
      origin: server.url,
      forgetCallers: () => {
        forgotten += 1
      },
    },
  }
  control = await listenForCommands(host, list)
}

const ask = (command: string, args: Record<string, unknown> = {}) =>
  askServer({ dataDir: folder, request: { command, args }, report: () => {} })

/** What the server answers to these bytes, until it ends the connection. */
function send(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection(controlPath(folder))
    let answer = ''
    socket.on('data', (data) => {
      answer += data
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
    socket.write(bytes)
  })
}

test('a command runs in the server, and its result comes back', async () => {
  await listen()
  expect(await ask('verify')).toMatchObject({ isWhole: true, apps: 2, broken: null })
})

test('only the owner may connect, and the file goes with the server', async () => {
  await listen()
  expect(statSync(controlPath(folder)).mode & 0o777).toBe(0o600)
  await control?.close()
  expect(existsSync(controlPath(folder))).toBe(false)
  expect(await ask('verify')).toBeNull()
})

test('a file that a dead server has left is replaced', async () => {
  writeFileSync(controlPath(folder), '')
  expect(await ask('verify')).toBeNull()
  await listen()
  expect(await ask('verify')).toMatchObject({ isWhole: true })
})

test('a key that is revoked over the socket is forgotten at once', async () => {
  await listen()
  const made = await ask('keys create', { app: server.testApp.id, name: 'a' })
  const { key, secret } = made as { key: { id: string }; secret: string }
  expect((await server.call('GET', '/payouts/customers', { key: secret })).status).toBe(200)
  await ask('keys revoke', { app: server.testApp.id, keyId: key.id })
  expect(forgotten).toBe(1)
})

test('a refusal in the server is the same refusal here', async () => {
  await listen()
  await expect(ask('keys list', { app: 'app_nonsense' })).rejects.toMatchObject({
    name: 'Refusal',
    code: 'app_not_found',
    message: 'there is no app with this id',
  })
  await expect(ask('keys list', { app: 7 })).rejects.toMatchObject({ code: 'wrong_usage' })
  await expect(ask('serve')).rejects.toMatchObject({ code: 'unknown_command' })
})

test('progress comes before the result, line by line', async () => {
  const count = defineCommand<{ sum: number }>({
    name: 'count',
    summary: '',
    async run(_host, _args, job) {
      for (const line of ['one', 'two', 'three ☃']) job.report(line)
      return { sum: 3 }
    },
    render: String,
  })
  await listen([count])
  const lines: string[] = []
  const request = { command: 'count', args: {} }
  const report = (line: string) => lines.push(line)
  expect(await askServer({ dataDir: folder, request, report })).toEqual({ sum: 3 })
  expect(lines).toEqual(['one', 'two', 'three ☃'])
})

test.each(['no json\n', '[]\n', '{"command":7,"args":{}}\n', '{"command":"verify"}\n', '\n'])(
  'the line %j is answered with a refusal',
  async (line) => {
    await listen()
    expect(JSON.parse(await send(line)).error.code).toBe('unknown_command')
  },
)

test('a request that is too long is not read to its end', async () => {
  await listen()
  expect(await send('x'.repeat(controlLimits.requestBytesMax + 1))).toBe('')
  expect(await ask('verify')).toMatchObject({ isWhole: true })
})

/** Runs until it is told to end, and says how it went. */
function createLongCommand(): { command: Command; started: Promise<void>; ended: Promise<void> } {
  const started = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  const command = defineCommand<object>({
    name: 'long',
    summary: '',
    run: (_host, _args, job) => {
      started.resolve()
      return new Promise((_resolve, reject) => {
        job.signal.addEventListener('abort', () => {
          ended.resolve()
          reject(new Error('told to end'))
        })
      })
    },
    render: String,
  })
  return { command, started: started.promise, ended: ended.promise }
}

test('a command whose caller has gone is told to end', async () => {
  const { command, started, ended } = createLongCommand()
  await listen([command])
  const socket = createConnection(controlPath(folder))
  socket.write(`${JSON.stringify({ command: 'long', args: {} })}\n`)
  await started
  socket.destroy()
  await ended
})

test('a server that ends tells running commands to end, and waits for them', async () => {
  const { command, started, ended } = createLongCommand()
  await listen([command])
  const answer = ask('long')
  const refused = expect(answer).rejects.toMatchObject({ code: 'server_silent' })
  await started
  const idle = createConnection(controlPath(folder))
  await new Promise((resolve) => idle.once('connect', resolve))
  await control?.close()
  await ended
  await refused
  idle.destroy()
})

test('a server that does not answer is not waited for without end', async () => {
  const silent = createServer(() => {})
  await new Promise<void>((resolve) => silent.listen(controlPath(folder), resolve))
  const request = { command: 'verify', args: {} }
  const question = { dataDir: folder, request, report: () => {}, silenceMsMax: 50 }
  await expect(askServer(question)).rejects.toMatchObject({ code: 'server_silent' })
  silent.close()
})

test('where the path is too long for the system there is no socket', async () => {
  const deep = join(folder, 'x'.repeat(120))
  mkdirSync(deep)
  await listen(commands, deep)
  expect(control).toBeNull()
  const request = { command: 'verify', args: {} }
  expect(await askServer({ dataDir: deep, request, report: () => {} })).toBeNull()
})
