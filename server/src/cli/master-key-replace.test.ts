// Owns the proof that the master key can be replaced at any time, and nothing is lost by it (P41).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, startTestServer, type TestDatabase } from '../../../test/harness.ts'
import { runs, runsMsMax } from '../../../test/runs.ts'
import { readCustomers } from '../core/customer/customer-list.ts'
import { createCustomer } from '../core/customer/customer-service.ts'
import { inTransaction } from '../storage/transaction.ts'
import { documentOf, runInProcess, spawnCommand, startServe } from './test-process.ts'

let folder: string
let database: TestDatabase
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clientele-master-key-'))
  database = await createTestDatabase()
})
afterEach(async () => {
  await database.remove()
  rmSync(folder, { recursive: true, force: true })
})

const withKey = (file: string) => ({ ...database.environment, CLIENTELE_MASTER_KEY_FILE: file })
const replace = async (from: Record<string, string>, file: string) =>
  documentOf(await runInProcess(['master-key', 'replace', file, '--json'], from))
const opens = async (environment: Record<string, string>) => {
  const { error } = documentOf(await runInProcess(['verify', '--json'], environment))
  return error === undefined ? 'opens' : (error as { code: string }).code
}

const standing = runs({ few: 50, full: 100_000 })
const together = 500
const ana = { kind: 'individual', name: 'Ana Standing' } as const

/** A key, and the customers that stand there before anything is replaced. */
async function fill(): Promise<{ key: string; ids: string[] }> {
  const server = await startTestServer({}, database)
  const context = server.contextOf(server.testApp)
  const ids: string[] = []
  while (ids.length < standing) {
    const count = Math.min(together, standing - ids.length)
    const made = await inTransaction(context, (tx) =>
      Promise.all(Array.from({ length: count }, () => createCustomer(tx, ana))),
    )
    ids.push(...made.map(({ id }) => id))
  }
  await server.stop()
  return { key: server.key, ids }
}

interface Filled {
  ids: string[]
  /** By the id, the e-mail address: those of the load. */
  made: Map<string, string>
}

async function readAll(file: string, key: string, { ids, made }: Filled): Promise<void> {
  const after = await startTestServer({ CLIENTELE_MASTER_KEY_FILE: file }, database)
  const context = after.contextOf(after.testApp)
  for (let at = 0; at < ids.length; at += together) {
    const page = ids.slice(at, at + together)
    const names = (await readCustomers(context, { ids: page })).map(({ name }) => name)
    expect(names).toEqual(page.map(() => ana.name))
  }
  for (const [id, email] of made) {
    // Opened, found by its blind index, and by a key whose secret is hashed.
    const answer = await after.call('GET', `/payouts/customers/${id}`, { key })
    expect([answer.status, answer.json.email]).toEqual([200, email])
  }
  await after.stop()
}

const readByTheNext =
  'under load no request fails, and afterwards all is read with the next key alone'
test(
  readByTheNext,
  async () => {
    const file = join(folder, 'next.key')
    const { key, ids } = await fill()
    const server = await startServe(database.environment)
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const made = new Map<string, string>()
    const failed: number[] = []
    let isOver = false
    const writer = async (name: number) => {
      for (let count = 0; !isOver; count += 1) {
        const email = `ana.${name}.${count}@example.com`
        const body = JSON.stringify({ type: 'individual', name: 'Ana', country: 'AR', email })
        const url = `${server.url}/payouts/customers`
        const answer = await fetch(url, { method: 'POST', headers, body })
        const { customerId } = (await answer.json()) as { customerId: string }
        if (answer.status === 201) made.set(customerId, email)
        else failed.push(answer.status)
      }
    }
    const writing = Promise.all([writer(1), writer(2), writer(3)])
    await wait(100)
    expect(await replace(database.environment, file)).toEqual({ file })
    await wait(100)
    isOver = true
    await writing
    await server.stop()
    expect(failed).toEqual([])
    expect(await opens(database.environment)).toBe('master_key_wrong')
    expect(await opens(withKey(join(folder, 'none.key')))).toBe('master_key_missing')
    await readAll(file, key, { ids, made })
  },
  runsMsMax,
)

test('it is replaced again and again, and refused with a key that no longer counts', async () => {
  await (await startTestServer({}, database)).stop()
  const [first, second] = [join(folder, 'first.key'), join(folder, 'second.key')]
  await replace(database.environment, first)
  await replace(withKey(first), second)
  expect(await opens(withKey(second))).toBe('opens')
  expect(await opens(withKey(first))).toBe('master_key_wrong')
  const refused = await replace(withKey(first), join(folder, 'third.key'))
  expect(refused['error']).toMatchObject({ code: 'master_key_wrong' })
  const same = await runInProcess(['master-key', 'replace', second, '--json'], withKey(second))
  expect([same.code, documentOf(same)['error']]).toMatchObject([2, { code: 'wrong_usage' }])
  expect(await opens(withKey(second))).toBe('opens')
})

test(
  'killed at any moment, one of the two keys opens everything',
  async () => {
    await fill()
    let current = database.environment['CLIENTELE_MASTER_KEY_FILE'] ?? ''
    for (let kill = 1; kill <= runs({ few: 1, full: 20 }); kill += 1) {
      const next = join(folder, `${kill}.key`)
      const { child, ended } = spawnCommand(['master-key', 'replace', next], withKey(current))
      await wait(200 + Math.random() * 800)
      child.kill('SIGKILL')
      await ended
      const old = await opens(withKey(current))
      expect(['opens', 'master_key_wrong']).toContain(old)
      if (old === 'opens') continue
      expect(await opens(withKey(next))).toBe('opens')
      current = next
    }
  },
  runsMsMax,
)
