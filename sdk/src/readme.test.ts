// Owns the proof that the README does what it says.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { findCaller } from '../../server/src/core/apps/app-service.ts'
import { printId } from '../../server/src/lib/id.ts'
import { handOutAll } from '../../server/src/webhooks/testing/hand-out-all.ts'
import { startTestServer, type TestServer } from '../../test/harness.ts'

const packageFolder = dirname(import.meta.dirname)

test('the code of the README runs as it stands, against a real server', async () => {
  const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8')
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code)
  expect(blocks).toHaveLength(10)
  const server = await startTestServer()
  onTestFinished(() => server.close())
  const caller = await findCaller(server.system, server.key)
  const folder = mkdtempSync(join(tmpdir(), 'clientele-readme-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'node_modules', '@clientele'), { recursive: true })
  symlinkSync(packageFolder, join(folder, 'node_modules', '@clientele', 'sdk'))
  const port = await freePort()
  const script = blocks.join('\n').replaceAll('http://127.0.0.1:4000', server.url)
  writeFileSync(join(folder, 'readme.mts'), script.replaceAll('4100', String(port)))

  const child = spawn(process.execPath, ['--conditions=clientele-source', 'readme.mts'], {
    cwd: folder,
    env: {
      ...process.env,
      CLIENTELE_API_KEY: server.key,
      CLIENTELE_CLIENT_ID: printId('key', caller?.key.id ?? ''),
      CLIENTELE_CLIENT_SECRET: server.key,
    },
    timeout: 20_000,
  })
  const exited = once(child, 'exit')
  const outputs = Promise.all([text(child.stdout), text(child.stderr)])
  await deliverUntil(server, exited)
  const [output, failure] = await outputs
  expect(failure).toBe('')
  const printed = ['pending', 'no such customer', '1', 'Gerardo Ratto', 'true']
  printed.push('alice@example.com', '1', 'Base', '1')
  printed.push('MISSING_DOCUMENT, TERMS_AND_CONDITIONS_NOT_ACCEPTED')
  printed.push('2', 'country changed with version 2 (customer.updated)', 'false')
  printed.push('customer.created 1', 'customer.updated 2', 'customer.created 1')
  expect(output).toBe(`${printed.join('\n')}\n`)
})

async function freePort(): Promise<number> {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  taken.close()
  await once(taken, 'close')
  return port
}

const roundsMax = 2_000

/** What the worker of a running server does: sends what has happened, and tries again. */
async function deliverUntil(server: TestServer, exited: Promise<unknown>): Promise<void> {
  let isOver = false
  const over = exited.then(() => {
    isOver = true
  })
  for (let round = 0; round < roundsMax && !isOver; round += 1) {
    await handOutAll(server.contextOf(server.testApp))
    await server.worker.runDue()
    await Promise.race([over, server.clock.wait(10)])
  }
  await over
}
