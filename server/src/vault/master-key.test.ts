// Owns the proof of where the master key comes from, and that a wrong one is refused.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemRandom } from '../lib/random.ts'
import { readMasterKey, sealMasterKeyCheck, verifyMasterKey } from './master-key.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clientele-key-'))
  file = join(folder, 'deeper', 'master.key')
})
afterEach(() => rmSync(folder, { recursive: true }))

const key = systemRandom.bytes(32)

function read(value: string | undefined, mayCreate = true): Buffer {
  return readMasterKey({ value, file, mayCreate }, systemRandom)
}

function write(text: string, mode = 0o600): void {
  mkdirSync(join(folder, 'deeper'), { recursive: true })
  writeFileSync(file, text)
  chmodSync(file, mode)
}

describe('the environment', () => {
  test.each([
    ['base64', key.toString('base64')],
    ['base64 without padding', key.toString('base64').replace('=', '')],
    ['base64 for URLs', key.toString('base64url')],
    ['hex', key.toString('hex')],
    ['hex in capitals', key.toString('hex').toUpperCase()],
    ['a line end', `${key.toString('base64')}\n`],
  ])('gives the key in %s, and no file is made', (_, value) => {
    expect(read(value)).toEqual(key)
    expect(existsSync(file)).toBe(false)
  })

  test.each([
    ['too short', key.subarray(1).toString('base64')],
    ['too long', Buffer.concat([key, key]).toString('base64')],
    ['hex that is cut', key.toString('hex').slice(2)],
    ['not base64', `${key.toString('base64').slice(0, 20)} ! ${key.toString('base64').slice(20)}`],
    ['a word', 'secret'],
    ['empty', ''],
  ])('is refused, without its value, when the key is %s', (_, value) => {
    expect(() => read(value)).toThrow(
      expect.objectContaining({
        code: 'master_key_malformed',
        message: 'the master key in CLIENTELE_MASTER_KEY is not 32 bytes in base64 or hex',
        fix: 'make one with: openssl rand -base64 32',
      }),
    )
  })
})

describe('the file', () => {
  test('is made once, for its owner only, in a folder that is made with it', () => {
    const made = read(undefined)
    expect(made).toHaveLength(32)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).toBe(`${made.toString('base64')}\n`)
    expect(read(undefined)).toEqual(made)
  })

  test('that is missing is not replaced where data is sealed already', () => {
    expect(() => read(undefined, false)).toThrow(
      expect.objectContaining({ code: 'master_key_missing' }),
    )
    expect(existsSync(file)).toBe(false)
  })

  test.each([0o640, 0o604, 0o660, 0o644])('that others can read (%o) is refused', (mode) => {
    write(key.toString('base64'), mode)
    expect(() => read(undefined)).toThrow(
      expect.objectContaining({ code: 'master_key_exposed', fix: `run: chmod 600 ${file}` }),
    )
  })

  test.each([0o600, 0o400])('that only its owner can read (%o) is taken', (mode) => {
    write(key.toString('base64'), mode)
    expect(read(undefined)).toEqual(key)
  })

  test('that holds something else is refused by its name, and stays as it is', () => {
    write('half a k')
    expect(() => read(undefined)).toThrow(`the master key in ${file} is not 32 bytes`)
    expect(readFileSync(file, 'utf8')).toBe('half a k')
  })

  test('that is a folder is refused in one line', () => {
    mkdirSync(file, { recursive: true, mode: 0o700 })
    expect(() => read(undefined)).toThrow(
      expect.objectContaining({ code: 'master_key_unreadable' }),
    )
  })
})

describe('the check', () => {
  const check = sealMasterKeyCheck(key, systemRandom)

  test('passes the key that it was made with', () => {
    expect(() => verifyMasterKey(key, check, systemRandom)).not.toThrow()
  })

  test.each([
    ['another key', systemRandom.bytes(32), check],
    ['a check that was changed', key, Buffer.from(check).fill(0, 80)],
    ['a check that is cut', key, check.subarray(0, 20)],
    ['no check', key, Buffer.alloc(0)],
  ])('refuses %s', (_, masterKey, stored) => {
    expect(() => verifyMasterKey(masterKey, stored, systemRandom)).toThrow(
      expect.objectContaining({
        code: 'master_key_wrong',
        message: 'the master key is not the one that this database was made with',
      }),
    )
  })
})
