// Owns the guarantees of the data folder: one process at a time, one clear line when unfit.
import { createHash } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readRows } from './crash/database-reader.ts'
import {
  type Ending,
  runServerProcess,
  type ServerProcess,
  startServerProcess,
} from './crash/server-process.ts'
import { canMountDisks, createSmallDisk, type SmallDisk } from './crash/small-disk.ts'
import {
  type Answered,
  createCounter,
  runWriters,
  sendAgain,
  type Target,
} from './crash/workload.ts'
import { engine } from './harness.ts'
import { isFull, runs, runsMsMax } from './runs.ts'

let folder: string
let environment: Record<string, string>
let server: ServerProcess | null
let disk: SmallDisk | null

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clientele-folder-'))
  environment = {
    CLIENTELE_DATA_DIR: join(folder, 'data'),
    CLIENTELE_MASTER_KEY_FILE: join(folder, 'master.key'),
    CLIENTELE_REQUESTS_PER_SECOND: '1000000',
  }
  server = null
  disk = null
})
afterEach(async () => {
  await server?.remove()
  disk?.remove()
  rmSync(folder, { recursive: true, force: true })
})

/** One line for a person, nothing of our code, and the exit code that says "refused". */
function expectRefusal(ending: Ending, line: string | RegExp): void {
  expect(ending.stderr).toMatch(/^clientele: [^\n]+; [^\n]+\n$/)
  expect(ending.stderr).toMatch(line)
  expect(`${ending.stdout}${ending.stderr}`).not.toMatch(/\n\s+at /)
  expect([ending.code, ending.signal]).toEqual([1, null])
}

const embedded = engine === 'sqlite'

// On PostgreSQL the folder holds no data; test/start.test.ts starts two processes on one.
test('the folder is not touched where the data is somewhere else', async () => {
  const url = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }
  const ending = await runServerProcess({ environment: embedded ? { PORT: 'x' } : url })
  expect(ending.code).toBe(1)
  expect(readdirSync(folder)).toEqual([])
})

if (embedded) {
  test(
    'a second process is refused by its holder’s name, and writes nothing',
    async () => {
      server = await startServerProcess({ environment })
      const before = hashesOf(environment['CLIENTELE_DATA_DIR'] ?? '')
      const attempts = runs({ few: 3, full: 100 })
      const refusals: Ending[] = []
      const attempt = async () => {
        while (refusals.length < attempts) refusals.push(await runServerProcess({ environment }))
      }
      await Promise.all([attempt(), attempt(), attempt()])
      for (const ending of refusals) expectRefusal(ending, `is in use by process ${server.pid}; `)
      expect(hashesOf(environment['CLIENTELE_DATA_DIR'] ?? '')).toEqual(before)
      expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    },
    runsMsMax,
  )

  test(
    'a folder that a killed process has held is taken over at once',
    async () => {
      server = await startServerProcess({ environment })
      for (let round = 0; round < runs({ few: 2, full: 100 }); round += 1) {
        await server.remove()
        server = await startServerProcess({ environment })
        expect(server.key).toBeNull()
      }
    },
    runsMsMax,
  )

  test('a folder that cannot be written is one clear line', async () => {
    const data = environment['CLIENTELE_DATA_DIR'] ?? ''
    server = await startServerProcess({ environment })
    await server.remove()
    const asNobody = process.getuid?.() === 0 ? { uid: nobody } : {}
    chmodSync(folder, 0o755)
    chmodSync(data, 0o555)
    const used = await runServerProcess({ environment, ...asNobody })
    const empty = mkdtempSync(join(folder, 'empty-'))
    chmodSync(empty, 0o555)
    const unused = await runServerProcess({
      environment: { ...environment, CLIENTELE_DATA_DIR: empty },
      ...asNobody,
    })
    const inner = await runServerProcess({
      environment: { ...environment, CLIENTELE_DATA_DIR: join(empty, 'inner') },
      ...asNobody,
    })
    chmodSync(data, 0o700)
    chmodSync(empty, 0o700)
    expectRefusal(used, `the data folder ${data} cannot be written`)
    expectRefusal(unused, `the data folder ${empty} cannot be written`)
    expectRefusal(inner, `the data folder ${join(empty, 'inner')} cannot be written`)
    expect(readdirSync(empty)).toEqual([])
  })

  describe('with data in the folder', () => {
    const other = Buffer.alloc(32, 7).toString('base64')
    const cases: [string, (file: string) => Record<string, string>, RegExp][] = [
      [
        'another master key',
        () => ({ CLIENTELE_MASTER_KEY: other }),
        /is not the one that this database was made with/,
      ],
      [
        'no master key',
        (file) => ({ CLIENTELE_MASTER_KEY_FILE: join(dirname(file), 'none') }),
        /there is no master key in .*none/,
      ],
      ['a malformed key', () => ({ CLIENTELE_MASTER_KEY: 'short' }), /is not 32 bytes/],
      [
        'a key file that others can read',
        (file) => {
          const copy = join(dirname(file), 'exposed')
          writeFileSync(copy, readFileSync(file))
          chmodSync(copy, 0o644)
          return { CLIENTELE_MASTER_KEY_FILE: copy }
        },
        /exposed can be read by other users; run: chmod 600/,
      ],
    ]

    test('a start with another, no, a malformed or an exposed master key changes no row', async () => {
      server = await startServerProcess({ environment })
      server.signal('SIGTERM')
      await server.ended()
      const before = await everyRow()
      for (const [, change, line] of cases) {
        const more = change(environment['CLIENTELE_MASTER_KEY_FILE'] ?? '')
        const ending = await runServerProcess({ environment: { ...environment, ...more } })
        expectRefusal(ending, line)
        expect(ending.stderr).not.toContain(other)
      }
      expect(await everyRow()).toEqual(before)
      // With its own key everything is as it was.
      server = await startServerProcess({ environment })
      expect(server.key).toBeNull()
    })
  })
}

const nobody = 65534

// A file system of its own size needs root. Without it, storage/sqlite-writer.test.ts still fills a
// database to its limit.
if (embedded && canMountDisks()) {
  describe('a full disk', () => {
    test.each(isFull ? [0, 20, 60, 150] : [20])(
      'at the start, with %i KiB left, is one clear line',
      async (kib) => {
        disk = createSmallDisk(1024 * 1024)
        disk?.fill(kib * 1024)
        const data = join(disk?.folder ?? '', 'data')
        const onDisk = { CLIENTELE_DATA_DIR: data, CLIENTELE_MASTER_KEY_FILE: '' }
        const ending = await runServerProcess({ environment: { ...environment, ...onDisk } })
        expectRefusal(ending, `the disk that holds ${data} is full; free some space`)
        disk?.empty()
        server = await startServerProcess({ environment: { ...environment, ...onDisk } })
        expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
      },
    )

    test('while it runs: writes get 503, reads go on, and with space everything does', async () => {
      disk = createSmallDisk(4 * 1024 * 1024)
      environment['CLIENTELE_DATA_DIR'] = join(disk?.folder ?? '', 'data')
      server = await startServerProcess({ environment })
      const target = { url: server.url, key: server.key ?? '' }
      const counter = createCounter()
      disk?.fill(300 * 1024)
      const writes = await runWriters(target, { writers: 8, counter, isOver: () => false })
      const kept = writes.filter((write) => write.answer !== null)
      const refused = writes.filter((write) => write.answer === null)
      expect(kept.length).toBeGreaterThan(0)
      expect(refused.length).toBeGreaterThanOrEqual(8)

      const refusal = await writeUntilRefused(target)
      expect([refusal.status, refusal.headers.get('retry-after')]).toEqual([503, '1'])
      expect(await refusal.json()).toMatchObject({ error: { code: 'temporarily_unavailable' } })
      const headers = { authorization: `Bearer ${target.key}` }
      const read = await fetch(`${target.url}/payouts/customers`, { headers })
      expect(read.status).toBe(200)

      disk?.empty()
      expect(await sendAgain(target, kept)).toEqual(kept.map(asReplay))
      const late = await sendAgain(target, refused)
      expect(late.map((answer) => answer?.isReplayed)).toEqual(refused.map(() => false))
      await server.remove()
      server = await startServerProcess({ environment })
      const restarted = { ...target, url: server.url }
      expect(await sendAgain(restarted, kept)).toEqual(kept.map(asReplay))
    })
  })
}

/** Pages that a refused transaction has left in the log are used up first. */
async function writeUntilRefused({ url, key }: Target): Promise<Response> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ type: 'individual', name: 'Ana', country: 'AR' })
  for (let count = 0; count < 2_000; count += 1) {
    const response = await fetch(`${url}/payouts/customers`, { method: 'POST', headers, body })
    if (response.status !== 201) return response
    await response.arrayBuffer()
  }
  throw new Error('the disk does not get full')
}

function asReplay(write: { answer: Answered | null }): object {
  return { ...write.answer, isReplayed: true }
}

/** A hash for each file; where the write-ahead log ends is also noted in shared memory. */
function hashesOf(data: string): Record<string, string> {
  const files = readdirSync(data, { withFileTypes: true }).filter((entry) => entry.isFile())
  const hashes = files.map(({ name }) => {
    const bytes = readFileSync(join(data, name))
    return [name, createHash('sha256').update(bytes).digest('hex')]
  })
  return Object.fromEntries(hashes)
}

async function everyRow(): Promise<string> {
  const tables = ['settings', 'merchants', 'apps', 'keys', 'kysely_migration']
  const rows = tables.map((table) => readRows(environment, `select * from ${table} order by 1`))
  return JSON.stringify(await Promise.all(rows))
}
