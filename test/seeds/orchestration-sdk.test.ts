// Owns the proof that the code of the orchestration product's page compiles and runs here.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCustomerService, createOakClient } from '../../sdk/src/index.ts'
import { createKey, everyScope } from '../../server/src/core/apps/app-service.ts'
import { printId } from '../../server/src/lib/id.ts'
import { startTestServer } from '../harness.ts'
import { orchestration001Examples } from './orchestration-001-examples.ts'

const repository = resolve(import.meta.dirname, '../..')
const compiler = join(repository, 'node_modules', 'typescript', 'bin', 'tsc')
const { setup, ...blocks } = orchestration001Examples

let server: Awaited<ReturnType<typeof startOwnServer>>
let folder: string
/** What the page calls `cus_abc123`. */
let customerId: string
beforeAll(async () => {
  server = await startOwnServer()
  customerId = await registerCustomer()
  folder = mkdtempSync(join(tmpdir(), 'clientele-seed-'))
  mkdirSync(join(folder, 'node_modules', '@clientele'), { recursive: true })
  symlinkSync(join(repository, 'sdk'), join(folder, 'node_modules', '@clientele', 'sdk'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await server.close()
})

async function startOwnServer() {
  const own = await startTestServer()
  const input = { app: own.testApp, name: 'seed', scopes: [everyScope] }
  const { key, secret } = await createKey(own.system, input)
  return {
    customUrl: `${own.url}/orchestration`,
    clientId: printId('key', key.id, 'key'),
    clientSecret: secret,
    drainJobs: own.drainJobs,
    close: own.close,
  }
}

/** A customer of whom everything on the page can be asked: it has an account at Stripe. */
async function registerCustomer(): Promise<string> {
  const { customUrl, clientId, clientSecret } = server
  const options = { environment: 'sandbox', customUrl, clientId, clientSecret } as const
  const customers = createCustomerService(createOakClient(options))
  const created = await customers.create({
    email: 'alice@example.com',
    first_name: 'Alice',
    last_name: 'Smith',
    country_code: 'US',
  })
  if (!created.ok) throw created.error
  const { id } = created.value.data
  const target = { provider: 'stripe', target_role: 'connected_account' } as const
  const populated = await customers.populatePlatform(id, target)
  if (!populated.ok) throw populated.error
  await server.drainJobs()
  return id
}

/** The page's block as a module: the import is ours, and what the page leaves out is filled in. */
function moduleOf(code: string): string {
  const { customUrl, clientId, clientSecret } = server
  const options = JSON.stringify({ environment: 'sandbox', customUrl, clientId, clientSecret })
  const form = [
    'const formData = new FormData()',
    "formData.append('file', new File(['%PDF-1.7\\n%%EOF\\n'], 'passport.pdf'))",
    "formData.append('file_type', 'PASSPORT')",
  ]
  const own = setup.replace("'@oaknetwork/payments-sdk'", "'@clientele/sdk'")
  const opening = own.replace('{ ... }', options)
  const given = code.includes('formData') ? form : []
  return [opening, ...given, code, 'export {}'].join('\n')
}

/** Writes each block's module, and one that runs them in turn; answers what each printed. */
async function run(name: string, change: (code: string) => string): Promise<Map<string, string>> {
  const place = join(folder, name)
  mkdirSync(place)
  for (const [block, code] of Object.entries(blocks)) {
    writeFileSync(join(place, `${block}.mts`), moduleOf(change(code)))
  }
  const steps = Object.keys(blocks).map(
    (block) => `console.log('# ${block}')\nawait import('./${block}.mts')`,
  )
  writeFileSync(join(place, 'all.mjs'), steps.join('\n'))
  const { stdout, stderr } = await node(['--conditions=clientele-source', join(place, 'all.mjs')])
  expect(stderr).toBe('')
  const printed = stdout.split(/^# /m).slice(1)
  return new Map(
    printed.map((text) => {
      const [block = '', ...lines] = text.trimEnd().split('\n')
      return [block, lines.join('\n')]
    }),
  )
}

const node = (args: string[]) =>
  promisify(execFile)(process.execPath, args, { cwd: folder, timeout: 25_000 })

test('the blocks are the page’s ten, to the letter', () => {
  const text = Object.values(orchestration001Examples).join('\n\n')
  // Taken from the page itself, which is not in this repository.
  const digest = 'bac6bf680f06f3d832bbbd434685da4c57c63589bf246074b48162575058a360'
  expect(createHash('sha256').update(text).digest('hex')).toBe(digest)
  expect(Object.keys(blocks)).toHaveLength(9)
})

test('every block compiles, and one that misreads an answer does not', async () => {
  const place = join(folder, 'compiled')
  mkdirSync(place)
  const wrong = {
    wrongMember: blocks.get.replace('data.email', 'data.e_mail'),
    wrongField: blocks.sync.replace("'email'", "'phone'"),
    wrongCount: blocks.sync.replace("['stripe']", "['stripe', 'brla']"),
    unchecked: blocks.create.replace('if (result.ok) {', '{'),
  }
  const modules = Object.entries({ ...blocks, ...wrong })
  for (const [name, code] of modules) writeFileSync(join(place, `${name}.mts`), moduleOf(code))
  const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext']
  const source = ['--allowImportingTsExtensions', '--customConditions', 'clientele-source']
  const target = ['--target', 'es2022', '--lib', 'es2023,dom,dom.iterable']
  const files = modules.map(([name]) => join('compiled', `${name}.mts`))
  const said = await node([compiler, ...options, ...source, ...target, ...files]).then(
    ({ stdout }) => stdout,
    (failure: { stdout: string }) => failure.stdout,
  )
  const errors = [...said.matchAll(/^(\S+)\(\d+,\d+\): error (TS\d+)/gm)]
  expect(errors.map(([, file, code]) => `${file} ${code}`)).toEqual([
    'compiled/unchecked.mts TS2339',
    'compiled/wrongCount.mts TS2322',
    'compiled/wrongField.mts TS2322',
    'compiled/wrongMember.mts TS2551',
  ])
})

describe('run in the order of the page', () => {
  const id = '(cus_\\w+)'
  const expected: [keyof typeof blocks, RegExp][] = [
    ['create', new RegExp(`^Customer ID: ${id}$`)],
    ['get', /^Email: alice@example\.com$/],
    ['list', new RegExp(`^Total: 2(\\n ${id} — alice@example\\.com){2}$`)],
    ['update', /^Updated: Johnson$/],
    ['sync', /^Synced successfully$/],
    ['balance', /^Account: \w+ — Provider: stripe(\n {1,2}[A-Z]{3}: -?\d+ \(pending: -?\d+\))+$/],
    ['uploadFiles', /^Files uploaded: \[\n.*name: 'passport\.pdf'.*\n\]$/s],
    ['getFiles', /^File: file_\w+ — passport\.pdf$/],
    ['populatePlatform', /^Platform data populated$/],
  ]

  let printed: Map<string, string>
  beforeAll(async () => {
    printed = await run('known', (code) => code.replace('cus_abc123', customerId))
  })

  test.each(expected)('%s prints what the page says, for a customer that exists', (block, text) => {
    expect(printed.get(block)).toMatch(text)
  })

  test('the list shows the customer that the page itself has created first', () => {
    const created = printed.get('create')?.replace('Customer ID: ', '')
    const listed = [...(printed.get('list') ?? '').matchAll(/ (cus_\w+) —/g)].map(([, it]) => it)
    expect(listed).toEqual([created, customerId])
  })

  test('as they stand, with an id that nobody has, they print nothing and throw nothing', async () => {
    const asTheyStand = await run('as-they-stand', (code) => code)
    const silent = [...asTheyStand].filter(([, text]) => text === '').map(([block]) => block)
    expect(silent).toEqual(Object.keys(blocks).filter((it) => it !== 'create' && it !== 'list'))
    expect(asTheyStand.get('create')).toMatch(/^Customer ID: cus_\w+$/)
    expect(asTheyStand.get('list')).toMatch(/^Total: 3\n/)
  })
})
