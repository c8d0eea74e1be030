// Owns the proof that the README does what it says.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { findCaller } from '../../server/src/core/apps/app-service.ts'
import { printId } from '../../server/src/lib/id.ts'
import { startTestServer } from '../../test/harness.ts'

const packageFolder = dirname(import.meta.dirname)

test('the code of the README runs as it stands, against a real server', async () => {
  const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8')
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code)
  expect(blocks).toHaveLength(7)
  const server = await startTestServer()
  onTestFinished(() => server.close())
  const caller = await findCaller(server.system, server.key)
  const folder = mkdtempSync(join(tmpdir(), 'clientele-readme-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'node_modules', '@clientele'), { recursive: true })
  symlinkSync(packageFolder, join(folder, 'node_modules', '@clientele', 'sdk'))
  const script = blocks.join('\n').replaceAll('http://127.0.0.1:4000', server.url)
  writeFileSync(join(folder, 'readme.mts'), script)

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
  const [output, failure] = await Promise.all([text(child.stdout), text(child.stderr)])
  if (child.exitCode === null) await once(child, 'exit')
  expect(failure).toBe('')
  const printed = ['pending', 'no such customer', '1', 'Gerardo Ratto', 'true']
  printed.push('alice@example.com', '1', 'Base', '1')
  printed.push('MISSING_DOCUMENT, TERMS_AND_CONDITIONS_NOT_ACCEPTED')
  expect(output).toBe(`${printed.join('\n')}\n`)
})
