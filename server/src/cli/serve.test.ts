// Owns the tests of `serve` as a process: its banner, its end, and commands beside it.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, engine, type TestDatabase } from '../../../test/harness.ts'
import { surfaces } from '../surfaces/surfaces.ts'
import {
  documentOf,
  runProcess,
  type ServeProcess,
  spawnCommand,
  startServe,
} from './test-process.ts'

let database: TestDatabase
let serve: ServeProcess | null
beforeEach(async () => {
  database = await createTestDatabase()
  serve = null
})
afterEach(async () => {
  await serve?.stop('SIGKILL')
  await database.remove()
})

const list = (url: string, key: string | null) =>
  fetch(`${url}/payouts/customers`, { headers: { authorization: `Bearer ${key}` } })

/** Says nothing of the database: one engine is enough, and a process takes its time to start. */
const testOnce = (name: string, run: () => Promise<void>) => {
  if (engine === 'sqlite') test(name, run)
}

test('the first start prints a key, and a request per surface that works when pasted', async () => {
  serve = await startServe(database.environment)
  const { url, key } = serve
  const { out } = serve.output()
  for (const { basePath } of surfaces) expect(out).toContain(` ${url}${basePath}\n`)
  expect(out).toMatch(/\nTest app {3}app_\w{26}\nTest key {3}sk_test_\w{49} /)
  const pasted = out.split(/\n(?= {2}curl )/).slice(1)
  expect(pasted).toHaveLength(surfaces.length)
  for (const text of pasted) {
    const [command = ''] = text.split('\n\n')
    const line = `${command.trim()} -s -w '\n%{http_code}'`
    const shell = spawnSync('sh', ['-c', line], { encoding: 'utf8' })
    expect(shell.stdout).toMatch(/\n20[01]$/)
  }
  expect((await list(url, key)).status).toBe(200)
  expect((await serve.stop()).code).toBe(0)
})

test('a later start keeps everything, and prints how to make another key', async () => {
  const { key, stop } = await startServe(database.environment)
  await stop()
  serve = await startServe(database.environment)
  expect(serve.key).toBeNull()
  expect(serve.output().out).toMatch(
    /\nAnother key: npm run clientele -- keys create --app app_\w+/,
  )
  expect((await list(serve.url, key)).status).toBe(200)
})

testOnce(
  'with --json the ready document stands alone on stdout, and logs go to stderr',
  async () => {
    const spawned = spawnCommand(['serve', '--json'], database.environment)
    const ready = /^\{\n[\s\S]*\n\}\n$/
    for (let round = 0; round < 1_000 && !ready.test(spawned.output().out); round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    const { url, testKey } = JSON.parse(spawned.output().out)
    expect((await list(url, testKey)).status).toBe(200)
    spawned.child.kill('SIGTERM')
    const { code, out, error } = await spawned.ended
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({
      url,
      surfaces: Object.fromEntries(surfaces.map(({ name, basePath }) => [name, url + basePath])),
      reference: `${url}/docs`,
      testApp: { id: expect.stringMatching(/^app_\w{26}$/) },
      testKey: expect.stringMatching(/^sk_test_\w{49}$/),
      warnings: [],
    })
    expect(error).toContain('"route":"/payouts/customers"')
  },
)

testOnce(
  'the signals of one Ctrl-C, which come twice, end it in order with its log written',
  async () => {
    serve = await startServe(database.environment)
    await list(serve.url, serve.key)
    serve.child.kill('SIGINT')
    const { code, out, error } = await serve.stop('SIGINT')
    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(out).toMatch(/"route":"\/payouts\/customers","status":200/)
    expect(existsSync(join(database.environment['CLIENTELE_DATA_DIR'] ?? '', 'control.sock'))).toBe(
      false,
    )
  },
)

testOnce(
  'connections that are idle or never end their request do not keep it from ending',
  async () => {
    serve = await startServe(database.environment)
    const port = Number(new URL(serve.url).port)
    const sent = ['', 'GET /livez HTTP/1.1\r\nhost: a\r\n\r\n', 'GET /livez HTTP/1.1\r\nhos']
    const sockets = await Promise.all(
      sent.map(async (text) => {
        const socket = createConnection(port, '127.0.0.1')
        socket.on('error', () => {})
        await new Promise((resolve) => socket.once('connect', resolve))
        socket.write(text)
        return socket
      }),
    )
    // Answered after the others were read: a request on a later connection.
    await list(serve.url, serve.key)
    const startedAt = Date.now()
    const { code } = await serve.stop()
    expect(code).toBe(0)
    expect(Date.now() - startedAt).toBeLessThan(10_000)
    for (const socket of sockets) socket.destroy()
  },
)

testOnce('a port in use is one line', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const environment = { ...database.environment, PORT: String(port), CLIENTELE_LOG_LEVEL: 'error' }
  const { code, out, error } = await runProcess([], environment)
  other.close()
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(error).toBe(
    `clientele: port ${port} on 127.0.0.1 is in use by another process; ` +
      'stop that process, or set PORT to another port\n',
  )
})

testOnce('commands work beside the server, and a revoked key is refused', async () => {
  serve = await startServe(database.environment)
  const run = (...args: string[]) => runProcess([...args, '--json'], database.environment)
  const { apps } = documentOf(await run('apps', 'list')) as { apps: { id: string }[] }
  const app = ['--app', apps[0]?.id ?? '']
  const made = documentOf(await run('keys', 'create', '--name', 'a', ...app))
  const { key, secret } = made as { key: { id: string }; secret: string }
  expect((await list(serve.url, secret)).status).toBe(200)
  const revoked = await run('keys', 'revoke', key.id, ...app)
  expect(revoked.code).toBe(0)
  // On PostgreSQL another process has revoked it: the promise there is "within a second".
  if (engine === 'postgresql') await refusedWithin(1_000, serve.url, secret)
  else expect((await list(serve.url, secret)).status).toBe(401)
  const [verified, examined, migrated] = await Promise.all([
    run('verify'),
    run('doctor'),
    run('migrate'),
  ])
  expect(documentOf(verified)).toMatchObject({ isWhole: true, apps: 2, events: 0 })
  expect(documentOf(examined)).toMatchObject({ isHealthy: true })
  expect(documentOf(migrated)).toEqual({ isDryRun: false, applied: [], pending: [] })
})

async function refusedWithin(ms: number, url: string, key: string): Promise<void> {
  const end = Date.now() + ms
  let status = 200
  while (status === 200 && Date.now() < end) ({ status } = await list(url, key))
  expect(status).toBe(401)
}

test('after kill -9 the next start takes over, with a socket of its own', async () => {
  const killed = await startServe(database.environment)
  await killed.stop('SIGKILL')
  serve = await startServe(database.environment)
  const socket = join(database.environment['CLIENTELE_DATA_DIR'] ?? '', 'control.sock')
  if (engine === 'sqlite') expect(statSync(socket).mode & 0o777).toBe(0o600)
  else expect(existsSync(socket)).toBe(false)
  expect((await runProcess(['apps', 'list'], database.environment)).code).toBe(0)
})

test('a second server on the same data is refused by name, or shares the database', async () => {
  serve = await startServe(database.environment)
  if (engine === 'postgresql') {
    const second = await startServe(database.environment)
    expect((await list(second.url, serve.key)).status).toBe(200)
    expect((await second.stop()).code).toBe(0)
    return
  }
  const { code, error } = await runProcess(['serve'], database.environment)
  const folder = database.environment['CLIENTELE_DATA_DIR']
  expect({ code, error }).toEqual({
    code: 1,
    error:
      `clientele: the data folder ${folder} is in use by process ${serve.child.pid}; ` +
      'stop that process, or set CLIENTELE_DATA_DIR to another folder\n',
  })
})

testOnce('beside a server without a socket a command is refused, naming the holder', async () => {
  const long = join(database.environment['CLIENTELE_DATA_DIR'] ?? '', 'x'.repeat(100))
  mkdirSync(long, { recursive: true })
  const environment = { ...database.environment, CLIENTELE_DATA_DIR: long }
  serve = await startServe(environment)
  const { code, error } = await runProcess(['apps', 'list'], environment)
  if (engine === 'postgresql') return expect(code).toBe(0)
  expect(code).toBe(1)
  expect(error).toContain(`${long} is in use by process ${serve.child.pid}`)
  expect(error).toContain('the path of its control socket is too long for this system')
  expect((await runProcess(['doctor'], environment)).code).toBe(0)
})
