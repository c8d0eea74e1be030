// Owns the tests of what a person is told when something fails.
import { expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { keyErrors } from '../core/apps/app.ts'
import { AppError } from '../core/errors.ts'
import { Refusal } from '../lib/refusal.ts'
import { toFailure } from './failure.ts'

const embedded = readConfig({ CLIENTELE_DATA_DIR: '/data' })
const postgresql = readConfig({ DATABASE_URL: 'postgres://ana:ge%20heim@db.example:5433/records' })

const withCode = (message: string, members: object) => Object.assign(new Error(message), members)

test('a refusal is told as it is', () => {
  const refusal = new Refusal('disk_full', 'the disk is full', 'free some space')
  expect(toFailure(refusal, null)).toEqual({
    code: 'disk_full',
    message: 'the disk is full',
    fix: 'free some space',
  })
})

test("the core's errors become one line with their fix", () => {
  expect(toFailure(new AppError(keyErrors.key_not_found), embedded)).toEqual({
    code: 'key_not_found',
    message: 'there is no key with this id in this app',
    fix: 'list the keys of the app and check the id',
  })
})

test.each([
  [{ code: 'EADDRINUSE', address: '127.0.0.1', port: 4000 }, 'port_in_use', 'port 4000'],
  [{ code: 'EACCES', address: '127.0.0.1', port: 80 }, 'address_unusable', '(EACCES)'],
])('a port that cannot be listened on: %j', (members, code, text) => {
  const failure = toFailure(withCode('listen', { syscall: 'listen', ...members }), embedded)
  expect(failure.code).toBe(code)
  expect(failure.message).toContain(text)
})

test.each([
  ['', { code: 'ECONNREFUSED' }, 'database_away'],
  ['', { code: 'ENOTFOUND' }, 'database_away'],
  ['Connection terminated due to connection timeout', {}, 'database_away'],
  ['the database system is starting up', { code: '57P03' }, 'database_away'],
  ['sorry, too many clients already', { code: '53300' }, 'database_away'],
  ['password authentication failed', { code: '28P01' }, 'database_refuses'],
  ['permission denied for schema public', { code: '42501' }, 'database_refuses'],
  ['database "records" does not exist', { code: '3D000' }, 'database_missing'],
])('PostgreSQL: "%s" %j is %s, without the password', (message, members, code) => {
  const failure = toFailure(withCode(message, members), postgresql)
  expect(failure.code).toBe(code)
  expect(failure.message).toContain('db.example:5433')
  expect(JSON.stringify(failure)).not.toMatch(/ge(%20| )heim/)
})

test.each([
  [withCode('no space', { code: 'ENOSPC' }), 'disk_full'],
  [withCode('database or disk is full', { code: 'ERR_SQLITE_ERROR' }), 'disk_full'],
  [withCode('denied', { code: 'EACCES', path: '/keys/master.key' }), 'file_unusable'],
])('a disk or file that fails: %s', (error, code) => {
  expect(toFailure(error, embedded).code).toBe(code)
})

test('what nobody expected is one line with a hint, without the password', () => {
  const failure = toFailure(new TypeError('at ge%20heim, ge heim\nsecond line'), postgresql)
  expect(failure.code).toBe('unexpected_error')
  expect(failure.message).toBe('unexpected error: TypeError: at …, …')
  expect(failure.fix).toContain('doctor')
  expect(toFailure('text', null).message).toBe('unexpected error: text')
})
