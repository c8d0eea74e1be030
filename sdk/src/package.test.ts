// Owns the proof that the published package stands alone, with its exports and its types.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as source from './index.ts'

const packageFolder = dirname(import.meta.dirname)
const compiler = join(dirname(packageFolder), 'node_modules', 'typescript', 'bin', 'tsc')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clientele-sdk-'))
  const installed = join(folder, 'node_modules', '@clientele', 'sdk')
  mkdirSync(installed, { recursive: true })
  cpSync(join(packageFolder, 'package.json'), join(installed, 'package.json'))
  const project = join(packageFolder, 'tsconfig.build.json')
  const built = run(compiler, '-p', project, '--outDir', join(installed, 'dist'))
  if (built.status !== 0) throw new Error(`the build fails: ${built.stdout}`)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(...args: string[]) {
  return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', timeout: 60_000 })
}

test('the sources import nothing but each other', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => !name.endsWith('.test.ts'))
  const sources = files.filter((name) => name.endsWith('.ts'))
  expect(sources).toContain('client.ts')
  for (const name of sources) {
    const text = readFileSync(join(import.meta.dirname, name), 'utf8')
    const imported = [...text.matchAll(/\b(?:from|import|require)\b\s*\(?\s*['"]([^'"]+)['"]/g)]
    for (const [, specifier = ''] of imported) expect(specifier).toMatch(/^\.\/[a-z.-]+\.ts$/)
  }
  const manifest = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'))
  const wanted = Object.keys(manifest).filter((name) => /dependencies$/i.test(name))
  expect(wanted).toEqual([])
})

test('a plain node imports the built package, with the exports of its source', () => {
  const script = "import('@clientele/sdk').then((sdk) => console.log(Object.keys(sdk).join()))"
  const { stdout, stderr } = run('-e', script)
  expect(stderr).toBe('')
  expect(stdout.trim().split(',').toSorted()).toEqual(Object.keys(source).toSorted())
  expect(Object.keys(source).toSorted()).toEqual([
    'AbortError',
    'ApiError',
    'ArgumentError',
    'ClienteleError',
    'NetworkError',
    'OakError',
    'ParseError',
    'TimeoutError',
    'createBankingClient',
    'createCryptoClient',
    'createCustomerService',
    'createOakClient',
    'createPayoutsClient',
    'createPlatformClient',
    'verifyWebhook',
  ])
})

test('the built types reach whoever installs the package', () => {
  const lines = [
    "import { createPayoutsClient, type Customer, type Oak } from '@clientele/sdk'",
    "const client = createPayoutsClient({ apiKey: 'k', baseUrl: 'http://127.0.0.1:4000/payouts' })",
    "const result = await client.customers.retrieve('cust_1')",
    'if (result.ok) console.log(result.value satisfies Customer)',
    'console.log(result.value)',
    'export const amount: number = result.ok ? result.value.name : 0',
    "export const statuses: Oak.CustomerStatus[] = ['APPROVED', 'approved']",
  ]
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}')
  writeFileSync(join(folder, 'consumer.ts'), lines.join('\n'))
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--lib', 'es2023,dom']
  const { stdout } = run(compiler, ...options, '--target', 'es2022', 'consumer.ts')
  const errors = [...stdout.matchAll(/^(\S+)\(\d+,\d+\): error (TS\d+)/gm)]
  expect(errors.map(([, file, code]) => `${file} ${code}`)).toEqual([
    'consumer.ts TS2339',
    'consumer.ts TS2322',
    'consumer.ts TS2820',
  ])
})
