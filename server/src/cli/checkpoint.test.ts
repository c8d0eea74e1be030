// Owns the proof of `checkpoint`: a file that nobody can change, and that tells what is gone.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, startTestServer, type TestDatabase } from '../../../test/harness.ts'
import { createCustomer, updateCustomer } from '../core/customer/customer-service.ts'
import { printId } from '../lib/id.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Vault } from '../vault/vault.ts'
import { openCheckpoint } from './checkpoint-file.ts'
import { documentOf, runInProcess } from './test-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'clientele-checkpoint-'))
const file = join(folder, 'checkpoint.txt')
let database: TestDatabase
let ids: string[]
let vault: Vault
let appId: string

beforeAll(async () => {
  database = await createTestDatabase()
  ids = await withServer(async (server) => {
    const context = server.contextOf(server.testApp)
    const made: string[] = []
    for (const name of ['Ana Canary', 'Bea Canary', 'Cleo Canary']) {
      const { id } = await createCustomer(context, { kind: 'individual', name })
      await updateCustomer(context, id, { country: 'AR' })
      made.push(id)
    }
    appId = printId('app', server.testApp.id)
    vault = server.system.vault
    return made
  })
})
afterAll(async () => {
  await database.remove()
  rmSync(folder, { recursive: true, force: true })
})

type Server = Awaited<ReturnType<typeof startTestServer>>
async function withServer<T>(work: (server: Server) => Promise<T>): Promise<T> {
  const server = await startTestServer({}, database)
  try {
    return await work(server)
  } finally {
    await server.stop()
  }
}

const run = (...args: string[]) => runInProcess(args, database.environment)
const runJson = async (...args: string[]) => documentOf(await run(...args, '--json'))
async function refusalOf(...args: string[]): Promise<string> {
  const ended = await run(...args, '--json')
  expect(ended.code).not.toBe(0)
  return (documentOf(ended)['error'] as { code: string }).code
}

const codeOf = (error: unknown) => (error instanceof Refusal ? error.code : String(error))

describe('a checkpoint', () => {
  test('is a list of heads without a name in it, for its owner alone', async () => {
    expect(await runJson('checkpoint', file)).toEqual({
      file,
      bytes: statSync(file).size,
      apps: 1,
      customers: 3,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
    })
    const lines = readFileSync(file, 'utf8').split('\n')
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      ...['clientele-checkpoint-1', 'app', ...ids, 'end', ''],
    ])
    expect(lines[2]).toMatch(/^[0-9a-f-]{36} 2 [\w-]{43}$/)
    expect(lines.join()).not.toMatch(/canary/i)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('never replaces a file, and leaves nothing beside its own', async () => {
    const before = readFileSync(file)
    expect(await refusalOf('checkpoint', file)).toBe('file_exists')
    expect(readFileSync(file).equals(before)).toBe(true)
    const nowhere = join(folder, 'no-such-folder', 'checkpoint.txt')
    expect(await refusalOf('checkpoint', nowhere)).toBe('file_not_writable')
    expect(existsSync(`${file}.part`)).toBe(false)
  })

  test('is borne out by the database that it was made of, and by one that has grown', async () => {
    const { createdAt: checkpointAt } = { createdAt: readFileSync(file, 'utf8').split(/[ \n]/)[1] }
    const whole = { isWhole: true, checkpointAt, broken: null }
    expect(await runJson('verify', '--checkpoint', file)).toMatchObject(whole)
    await withServer(async (server) => {
      const context = server.contextOf(server.testApp)
      await updateCustomer(context, ids[1] ?? '', { name: 'Bea Jones' })
      await createCustomer(context, { kind: 'individual', name: 'Dora' })
    })
    const { code, out } = await run('verify', '--checkpoint', file)
    expect([code, out]).toEqual([
      0,
      expect.stringContaining(`\nNothing of the checkpoint of ${checkpointAt} is gone\n`),
    ])
  })

  test('is of every app: it is not held against one', async () => {
    const ended = await run('verify', '--checkpoint', file, '--app', appId, '--json')
    expect([ended.code, (documentOf(ended)['error'] as { code: string }).code]).toEqual([
      2,
      'wrong_usage',
    ])
  })
})

describe('refused is a checkpoint', () => {
  test('with any bit changed, any line missing, or cut anywhere', async () => {
    const good = readFileSync(file)
    const lines = good.toString().split('\n')
    const without = (at: number) => Buffer.from(lines.toSpliced(at, 1).join('\n'))
    const bad = [
      ...Array.from({ length: 40 }, (_, count) => {
        const changed = Buffer.from(good)
        const at = Math.floor(good.length * ((count * 0.618_034) % 1))
        changed[at] = (changed[at] ?? 0) ^ (1 << (count % 8))
        return changed
      }),
      ...[0, 1, 2, 3, 4, 5].map(without),
      ...[0, 1, 100, good.length - 1].map((length) => good.subarray(0, length)),
      Buffer.concat([good, Buffer.from('\n')]),
      Buffer.concat([good, good]),
    ]
    const path = join(folder, 'changed.txt')
    const codes: string[] = []
    for (const bytes of bad) {
      writeFileSync(path, bytes)
      codes.push(await openCheckpoint(path, vault).then(() => 'taken', codeOf))
    }
    expect(codes).toEqual(bad.map(() => 'checkpoint_damaged'))
    expect(await refusalOf('verify', '--checkpoint', path)).toBe('checkpoint_damaged')
    expect(await openCheckpoint(file, vault).then(() => 'taken', codeOf)).toBe('taken')
  })

  test('that is not there, or of another installation', async () => {
    expect(await refusalOf('verify', '--checkpoint', join(folder, 'none'))).toBe('file_missing')
    const other = await createTestDatabase()
    await (await startTestServer({}, other)).stop()
    const ended = await runInProcess(['verify', '--checkpoint', file, '--json'], other.environment)
    await other.remove()
    expect(documentOf(ended)['error']).toMatchObject({ code: 'checkpoint_damaged' })
  })
})

test('a customer that is erased without trace is named, and no checkpoint is made of what is broken', async () => {
  const [first = '', second = ''] = ids
  await withServer(({ system }) =>
    system.database.transaction(async (db) => {
      await db.deleteFrom('events').where('customer_id', '=', second).execute()
      await db.deleteFrom('customers').where('id', '=', second).execute()
    }),
  )
  expect(await runJson('verify')).toMatchObject({ isWhole: true })
  const ended = await run('verify', '--checkpoint', file, '--json')
  expect(ended.code).toBe(1)
  const customerId = printId('customer', second)
  const broken = { appId, customerId, version: 2, problem: 'customer_erased' }
  expect(documentOf(ended)).toMatchObject({ isWhole: false, broken })
  const { out } = await run('verify', '--checkpoint', file)
  expect(out).toContain('Broken: the checkpoint has a customer that is gone')

  await withServer(({ system }) =>
    system.database.transaction((db) =>
      db.updateTable('events').set({ actor: 'x' }).where('customer_id', '=', first).execute(),
    ),
  )
  const another = join(folder, 'another.txt')
  expect(await refusalOf('checkpoint', another)).toBe('history_broken')
  expect(existsSync(another)).toBe(false)
})
