// Owns the proof of `restore`: a backup that is damaged, broken or not for here leaves nothing.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engine } from '../../../test/harness.ts'
import { fromTarHeader, tarHeaderBytes, tarPadding } from '../lib/tar.ts'
import { openArchiveWriter } from './backup-archive.ts'
import {
  type BackupBench,
  expectNothingRestored,
  openBackupBench,
  refusalOf,
  run,
} from './test-backup.ts'
import { documentOf, startServe } from './test-process.ts'

let bench: BackupBench
beforeAll(async () => {
  bench = await openBackupBench()
})
afterAll(() => bench.remove())

if (engine === 'postgresql') {
  test('on PostgreSQL it names pg_restore instead, without the address', async () => {
    const refusal = await refusalOf(bench.environment, 'restore', bench.archive)
    expect(refusal.code).toBe('not_for_postgresql')
    expect(refusal.fix).toContain('pg_restore --no-owner --dbname="$DATABASE_URL" FILE')
    expect(JSON.stringify(refusal)).not.toMatch(/postgres:\/\//)
  })
} else {
  beforeAll(async () => {
    expect((await run(bench.environment, 'backup', bench.archive)).code).toBe(0)
  })

  describe('a damaged backup is refused, and nothing of it stays', () => {
    const restoreChanged = async (bytes: Uint8Array) => {
      const file = join(bench.folder, 'changed.tar')
      writeFileSync(file, bytes)
      const place = bench.emptyPlace()
      const { code } = await refusalOf(place, 'restore', file)
      expectNothingRestored(place)
      return code
    }

    test('with any one of 50 bytes changed', async () => {
      const good = readFileSync(bench.archive)
      const codes: string[] = []
      for (let count = 0; count < 50; count += 1) {
        const changed = Buffer.from(good)
        // Spread over all of it, the headers and the manifest at its end too.
        const end = count % 2 === 0 ? good.length : 4_096
        const index = good.length - 1 - Math.floor((end - 1) * ((count * 0.618_034) % 1))
        changed[index] = (changed[index] ?? 0) ^ (1 << (count % 8))
        codes.push(await restoreChanged(changed))
      }
      expect(codes).toEqual(codes.map(() => 'backup_damaged'))
    }, 60_000)

    test('cut anywhere, or with something added', async () => {
      const good = readFileSync(bench.archive)
      const lengths = [0, 1, 511, 512, 5_000, good.length - 1_536, good.length - 1]
      for (const length of lengths) {
        expect(await restoreChanged(good.subarray(0, length))).toBe('backup_damaged')
      }
      expect(await restoreChanged(Buffer.concat([good, Buffer.alloc(512)]))).toBe('backup_damaged')
      expect(await restoreChanged(Buffer.from('not an archive'))).toBe('backup_damaged')
    })

    test('without any one of its files, or with two of them exchanged', async () => {
      const good = readFileSync(bench.archive)
      const entries: Buffer[] = []
      for (let at = 0; at < good.length; ) {
        const header = fromTarHeader(good.subarray(at, at + tarHeaderBytes))
        if (header === null) break
        const bytes = tarHeaderBytes + header.bytes + tarPadding(header.bytes)
        entries.push(good.subarray(at, at + bytes))
        at += bytes
      }
      const end = good.subarray(Buffer.concat(entries).length)
      expect(entries).toHaveLength(4)
      expect(end.length).toBeGreaterThan(0)
      for (const index of entries.keys()) {
        const without = Buffer.concat([...entries.toSpliced(index, 1), end])
        expect(await restoreChanged(without)).toBe('backup_damaged')
      }
      const [first, second, ...others] = entries
      const exchanged = Buffer.concat([second ?? end, first ?? end, ...others, end])
      expect(await restoreChanged(exchanged)).toBe('backup_damaged')
    })

    test('whose sums are right, but whose names lead elsewhere or hold no database', async () => {
      const facts = { createdAt: '2026-01-01T00:00:00.000Z', migrations: [] }
      for (const name of ['../evil', 'files/../evil', 'files/ab/../../evil', 'files/ab/cd', null]) {
        const file = join(bench.folder, 'odd.tar')
        rmSync(file, { force: true })
        const writer = await openArchiveWriter(file)
        if (name !== null)
          await writer.add(name, bench.environment['CLIENTELE_MASTER_KEY_FILE'] ?? '')
        await writer.end(facts)
        await writer.close()
        expect(await restoreChanged(readFileSync(file))).toBe('backup_damaged')
      }
      expect(existsSync(join(bench.folder, 'evil'))).toBe(false)
    })
  })

  /** The database of the backup, changed, in an archive whose sums are right. */
  async function archiveOf(change: (db: DatabaseSync) => void, migrations: string[] = []) {
    const place = bench.emptyPlace()
    await run(place, 'restore', bench.archive)
    const file = join(place.CLIENTELE_DATA_DIR, 'clientele.db')
    const connection = new DatabaseSync(file)
    change(connection)
    connection.close()
    const changed = join(bench.folder, 'own.tar')
    rmSync(changed, { force: true })
    const writer = await openArchiveWriter(changed)
    await writer.add('clientele.db', file)
    await writer.end({ createdAt: '2026-01-01T00:00:00.000Z', migrations })
    await writer.close()
    return changed
  }

  describe('a restore is refused', () => {
    test('of a broken history, by the customer and version', async () => {
      const file = await archiveOf((db) => db.exec(`update events set actor = 'nobody'`))
      const place = bench.emptyPlace()
      const { code, message } = await refusalOf(place, 'restore', file)
      expect([code, message.includes('version 1, hash_differs')]).toEqual(['history_broken', true])
      expectNothingRestored(place)
    })

    test('of a newer version, by the migrations that this one lacks', async () => {
      const file = await archiveOf(() => {}, ['0001-record', '9999-later'])
      const place = bench.emptyPlace()
      const { code, message } = await refusalOf(place, 'restore', file)
      expect([code, message.includes('9999-later')]).toEqual(['backup_newer', true])
      expectNothingRestored(place)
    })

    test('into a folder that has anything but the master key', async () => {
      const place = bench.emptyPlace()
      mkdirSync(place.CLIENTELE_DATA_DIR)
      writeFileSync(join(place.CLIENTELE_DATA_DIR, 'clientele.db'), 'precious')
      const { code } = await refusalOf(place, 'restore', bench.archive)
      expect(code).toBe('data_folder_not_empty')
      const text = readFileSync(join(place.CLIENTELE_DATA_DIR, 'clientele.db'), 'utf8')
      expect(text).toBe('precious')
      const own = bench.emptyPlace()
      const masterKey = readFileSync(own['CLIENTELE_MASTER_KEY_FILE'] ?? '')
      mkdirSync(own.CLIENTELE_DATA_DIR)
      const keyFile = join(own.CLIENTELE_DATA_DIR, 'master.key')
      writeFileSync(keyFile, masterKey, { mode: 0o600 })
      const ended = await run(
        { ...own, CLIENTELE_MASTER_KEY_FILE: keyFile },
        'restore',
        bench.archive,
      )
      expect(documentOf(ended)).toMatchObject({ customers: 2 })
      // A second one finds the first.
      expect((await refusalOf(own, 'restore', bench.archive)).code).toBe('data_folder_not_empty')
    })

    test('without the master key, or with another one', async () => {
      const none = bench.emptyPlace({ CLIENTELE_MASTER_KEY_FILE: join(bench.folder, 'no.key') })
      expect((await refusalOf(none, 'restore', bench.archive)).code).toBe('master_key_missing')
      const value = Buffer.alloc(32, 7).toString('base64')
      const other = bench.emptyPlace({ CLIENTELE_MASTER_KEY: value })
      expect((await refusalOf(other, 'restore', bench.archive)).code).toBe('master_key_wrong')
      for (const place of [none, other]) expectNothingRestored(place)
    })

    test('while a server has the folder, and of a file that is not there', async () => {
      const place = bench.emptyPlace()
      expect((await refusalOf(place, 'restore', join(bench.folder, 'none.tar'))).code).toBe(
        'file_missing',
      )
      const server = await startServe(place)
      expect((await refusalOf(place, 'restore', bench.archive)).code).toBe('data_folder_in_use')
      await server.stop()
    })
  })
}
