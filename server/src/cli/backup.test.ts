// Owns the proof of `backup`: what was answered comes back, and nothing is shown or replaced.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engine, startTestServer } from '../../../test/harness.ts'
import { type BackupBench, openBackupBench, refusalOf, run } from './test-backup.ts'
import { documentOf, startServe } from './test-process.ts'

let bench: BackupBench
beforeAll(async () => {
  bench = await openBackupBench()
})
afterAll(() => bench.remove())

if (engine === 'postgresql') {
  test('on PostgreSQL it names pg_dump instead, without the address, and makes no file', async () => {
    const refusal = await refusalOf(bench.environment, 'backup', bench.archive)
    expect(refusal.code).toBe('not_for_postgresql')
    expect(refusal.fix).toContain(
      'PGOPTIONS="-c clientele.app_id=00000000-0000-0000-0000-000000000000" ' +
        'pg_dump --enable-row-security --format=custom --file=FILE "$DATABASE_URL"',
    )
    expect(JSON.stringify(refusal)).not.toMatch(/postgres:\/\//)
    expect(existsSync(bench.archive)).toBe(false)
  })
} else {
  beforeAll(async () => {
    const made = documentOf(await run(bench.environment, 'backup', bench.archive))
    expect(made['error']).toBeUndefined()
    expect(made).toEqual({
      file: bench.archive,
      bytes: statSync(bench.archive).size,
      files: 1,
      hasFiles: true,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  describe('a backup', () => {
    test('comes back: the same answer to the same key, the same files, every chain whole', async () => {
      const place = bench.emptyPlace()
      expect(documentOf(await run(place, 'restore', bench.archive))).toEqual({
        createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
        files: 1,
        apps: 2,
        customers: 2,
        events: 2,
      })
      expect(readFileSync(join(place.CLIENTELE_DATA_DIR, 'files', 'ab', bench.blob.name))).toEqual(
        bench.blob.bytes,
      )
      expect(existsSync(join(place.CLIENTELE_DATA_DIR, 'restoring'))).toBe(false)
      const server = await startTestServer({}, { environment: place, remove: async () => {} })
      try {
        const answer = await server.call('GET', bench.customer.path, { key: bench.key })
        expect([answer.status, answer.text]).toEqual([200, bench.customer.text])
      } finally {
        await server.stop()
      }
    })

    test('holds no master key and nobody’s name, and only its owner may read it', () => {
      const bytes = readFileSync(bench.archive)
      const masterKey = readFileSync(bench.environment['CLIENTELE_MASTER_KEY_FILE'] ?? '', 'utf8')
      expect(bytes.includes(masterKey.trim())).toBe(false)
      expect(bytes.includes(Buffer.from(masterKey.trim(), 'base64'))).toBe(false)
      expect(bytes.includes('Ana Canary')).toBe(false)
      expect(statSync(bench.archive).mode & 0o777).toBe(0o600)
    })

    test('never replaces a file, and leaves nothing beside its own', async () => {
      const before = readFileSync(bench.archive)
      const refusal = await refusalOf(bench.environment, 'backup', bench.archive)
      expect(refusal.code).toBe('file_exists')
      expect(readFileSync(bench.archive).equals(before)).toBe(true)
      const nowhere = join(bench.folder, 'no-such-folder', 'a.tar')
      const { code } = await refusalOf(bench.environment, 'backup', nowhere)
      expect(code).toBe('file_not_writable')
      expect(readdirSync(bench.folder).filter((name) => name.startsWith('good'))).toEqual([
        'good.tar',
      ])
    })

    test('of a folder without a database is refused, and makes none', async () => {
      const place = bench.emptyPlace()
      expect((await refusalOf(place, 'backup', join(bench.folder, 'x.tar'))).code).toBe(
        'no_database',
      )
      expect(existsSync(join(place.CLIENTELE_DATA_DIR, 'clientele.db'))).toBe(false)
    })
  })

  test('beside a server that writes: all that was answered before it is in it', async () => {
    const masterKeyFile = { CLIENTELE_MASTER_KEY_FILE: join(bench.folder, 'served.key') }
    const environment = bench.emptyPlace(masterKeyFile)
    const server = await startServe(environment)
    const file = join(bench.folder, 'beside.tar')
    const headers = { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ type: 'individual', name: 'Ana', country: 'AR' })
    const state = { created: 0, isOver: false, refused: 0 }
    const writer = async () => {
      while (!state.isOver) {
        const answer = await fetch(`${server.url}/payouts/customers`, {
          method: 'POST',
          headers,
          body,
        })
        await answer.arrayBuffer()
        if (answer.status === 201) state.created += 1
        else state.refused += 1
      }
    }
    const writers = Promise.all([writer(), writer(), writer(), writer()])
    while (state.created < 50) await new Promise((resolve) => setImmediate(resolve))
    const before = state.created
    const made = documentOf(await run(environment, 'backup', file))
    state.isOver = true
    await writers
    await server.stop()
    expect(made).toMatchObject({ file, files: 0 })
    expect(state.refused).toBe(0)
    const place = bench.emptyPlace(masterKeyFile)
    const { customers, events } = documentOf(await run(place, 'restore', file))
    expect(customers).toBe(events)
    expect(customers).toBeGreaterThanOrEqual(before)
    expect(customers).toBeLessThanOrEqual(state.created)
  }, 60_000)
}
