// Owns the proof that the documentation's commands run and answer what the pages say.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'clientele-docs-'))
const startTimeoutMs = 30_000

let server: ChildProcess
/** By a page's commands; whatever fails, none is left behind. */
const started: ChildProcess[] = []
let origin = ''
let key = ''

beforeAll(async () => {
  const environment = {
    PORT: '0',
    CLIENTELE_DATA_DIR: join(folder, 'data'),
    // The machine is busy with other tests: no reason to turn a reader away.
    CLIENTELE_EVENT_LOOP_DELAY_MS: '0',
  }
  server = spawn(process.execPath, [join(root, 'scripts/start.mjs')], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const printed = await readUntil(server, /Try it:[\s\S]*\n\n/)
  origin = /ready at (http:\S+)/.exec(printed)?.[1] ?? ''
  key = /Test key\s+(sk_test_\w+)/.exec(printed)?.[1] ?? ''
  expect(key).not.toBe('')
  installCurl()
})

afterAll(async () => {
  for (const child of started) child.kill('SIGKILL')
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  await ended
  rmSync(folder, { recursive: true, force: true })
})

const pages = [
  'README.md',
  'docs/start.md',
  'docs/guides/idempotency.md',
  'docs/guides/providers.md',
  'docs/guides/one-person.md',
  'docs/guides/operators.md',
  'docs/guides/webhooks.md',
]

describe.each(pages)('%s', (page) => {
  test('its commands run, and answer what the page shows', () => {
    const blocks = readBlocks(readFileSync(join(root, page), 'utf8'))
    const variables: Record<string, string> = { KEY: key }
    let answer: unknown
    let count = 0
    for (const block of blocks) {
      if (block.language === 'sh' && block.text.includes('curl ')) {
        answer = runCommand(block.text, variables)
        Object.assign(variables, namesOf(answer))
        count += 1
      } else if (block.language === 'json') {
        expect(shapeOf(answer)).toEqual(shapeOf(JSON.parse(block.text)))
      } else if (block.language === 'ts') {
        expect(runProgram(block.text)).toMatch(/^cust_\w{26}\n$/)
      }
    }
    expect(count).toBeGreaterThan(0)
  })
})

test('the receiver in the guide of webhooks verifies what listen forwards of a trigger', async () => {
  const page = readFileSync(join(root, 'docs/guides/webhooks.md'), 'utf8')
  const commandOf = (name: string) =>
    new RegExp(`npm run clientele -- (${name} .*)`).exec(page)?.[1]?.split(' ') ?? []
  const port = String(await freePort())
  const listenArgs = commandOf('listen').map((arg) => arg.replace('3000', port))
  const listening = startCommand([...listenArgs, '--json'])
  const secret = /"secret":"(whsec_[^"]+)"/.exec(await readUntil(listening, /\n/))?.[1] ?? ''
  const [block] = readBlocks(page).filter(({ language }) => language === 'js')
  const program = `${block?.text}console.log('ready')`.replace('3000', port)
  const receiver = startProgram(program, { WEBHOOK_SECRET: secret })
  await readUntil(receiver, /ready/)
  const received = readUntil(receiver, /customer\.payout\.completed evt_\w{26}_\d+\n/)
  const [code] = await once(startCommand(commandOf('trigger')), 'exit')
  expect(code).toBe(0)
  expect(await received).toContain('customer.payout.completed')
  for (const child of [listening, receiver]) {
    const ended = once(child, 'exit')
    child.kill('SIGINT')
    await ended
  }
})

test('every npm command that a page names exists, and every link leads to a file', () => {
  const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts
  const documents = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name))
  const problems: string[] = []
  for (const page of ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', ...documents]) {
    const text = readFileSync(join(root, page), 'utf8')
    for (const [, name = ''] of text.matchAll(/npm (?:run )?(start|test|bench|[a-z]+ --)/g)) {
      const script = name.replace(' --', '')
      if (!(script in scripts)) problems.push(`${page}: npm run ${script}`)
    }
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      const path = join(root, dirname(page), target)
      if (!readable(path)) problems.push(`${page}: ${target}`)
    }
  }
  expect(problems).toEqual([])
})

interface Block {
  language: string
  text: string
}

function readBlocks(page: string): Block[] {
  return [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    language,
    text,
  }))
}

function runCommand(text: string, variables: Record<string, string>): unknown {
  const command = text.replaceAll('http://127.0.0.1:4000', origin)
  const result = spawnSync('bash', ['-euc', command], {
    cwd: folder,
    env: { ...process.env, PATH: `${folder}:${process.env['PATH']}`, ...variables },
    encoding: 'utf8',
  })
  expect(result.stderr).toBe('')
  return JSON.parse(result.stdout)
}

/** The variables that a page asks its reader to fill. */
function namesOf(answer: unknown): Record<string, string> {
  const saved = Object(answer)
  if ('defaultBankAccountId' in saved) return { CUSTOMER: saved.customerId }
  if ('documents' in saved && 'terms_and_conditions_accepted' in saved) {
    return { APPLICATION: saved.id, DOCUMENT: saved.documents[0].id }
  }
  if ('secret' in saved && 'events' in saved) return { ENDPOINT: saved.id }
  const data = Object(saved.data)
  return 'customer_id' in data ? { CUSTOMER: data.customer_id } : {}
}

/** Equal but for what differs from run to run: ids and times. */
function shapeOf(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replace(/\b(cust|ba|po|mer|acc|appl|doc|we)_[0-9a-z]{26}\b/g, '$1_…')
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'uuid')
    .replace(/\breq_[0-9a-z]+/g, 'req_…')
    .replace(/\bwhsec_[\w+/]+={0,2}/g, 'whsec_…')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z/g, 'time')
  return JSON.parse(text)
}

function startCommand(args: string[]): ChildProcess {
  const environment = { ...process.env, CLIENTELE_DATA_DIR: join(folder, 'data') }
  return start([join(root, 'server/src/main.ts'), ...args], environment)
}

function startProgram(text: string, variables: Record<string, string>): ChildProcess {
  const environment = { ...process.env, ...variables }
  return start([saveProgram('program.mjs', text)], environment)
}

function start(args: string[], env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  started.push(child)
  return child
}

function saveProgram(name: string, text: string): string {
  const file = join(folder, name)
  const sdk = join(root, 'sdk/src/index.ts')
  const program = text
    .replace("'@clientele/sdk'", JSON.stringify(sdk))
    .replace('http://127.0.0.1:4000', origin)
  writeFileSync(file, program)
  return file
}

function runProgram(text: string): string {
  const file = saveProgram('program.ts', text)
  const environment = { ...process.env, KEY: key }
  const result = spawnSync(process.execPath, [file], { env: environment, encoding: 'utf8' })
  expect(result.stderr).toBe('')
  return result.stdout
}

/** The machine may have no curl: then a small program with the options used here stands in. */
function installCurl(): void {
  if (spawnSync('curl', ['--version']).status === 0) return
  const program = `#!${process.execPath}
const { parseArgs } = require('node:util')
const options = { silent: { type: 'boolean', short: 's' }, data: { type: 'string', short: 'd' },
  header: { type: 'string', short: 'H', multiple: true }, request: { type: 'string', short: 'X' },
  form: { type: 'string', short: 'F' } }
const { values, positionals } = parseArgs({ options, allowPositionals: true })
const headers = Object.fromEntries((values.header ?? []).map((line) => line.split(/: (.*)/, 2)))
let body = values.data
if (values.form) {
  const [, name, file] = /^(\\w+)=@(.+)$/.exec(values.form)
  body = new FormData()
  body.append(name, new File([require('node:fs').readFileSync(file)], file))
}
const method = values.request ?? (body === undefined ? 'GET' : 'POST')
fetch(positionals[0], { method, headers, body })
  .then((response) => response.text()).then((text) => process.stdout.write(text))
`
  writeFileSync(join(folder, 'curl'), program, { mode: 0o755 })
}

/** Where nobody listens: a program of a page takes the one that it is given. */
async function freePort(): Promise<number> {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const address = taken.address()
  taken.close()
  await once(taken, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function readUntil(child: ChildProcess, ending: RegExp): Promise<string> {
  let text = ''
  const late = AbortSignal.timeout(startTimeoutMs)
  while (!ending.test(text)) {
    const [chunk] = await once(child.stdout ?? process.stdin, 'data', { signal: late })
    text += String(chunk)
  }
  return text
}

function readable(path: string): boolean {
  try {
    readFileSync(path)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EISDIR'
  }
}
