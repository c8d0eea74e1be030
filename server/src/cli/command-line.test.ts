// Owns the tests of the command line: usage, exit codes, refusals in one line.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { documentOf, type Environment, runInProcess, runProcess } from './test-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'clientele-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const nowhere: Environment = { CLIENTELE_DATA_DIR: join(folder, 'nowhere'), PORT: '0' }
const away: Environment = { ...nowhere, DATABASE_URL: 'postgres://ana:geheim@127.0.0.1:1/records' }

test.each([
  [['--help'], 'Usage: clientele'],
  [['keys', 'create', '--help'], 'payouts:read'],
  [['--version'], '0.1.0'],
])('%j answers and ends with 0', async (args, text) => {
  const { code, out, error } = await runInProcess(args, nowhere)
  expect({ code, error }).toEqual({ code: 0, error: '' })
  expect(out).toContain(text)
})

const wrongUsages: [string[], string][] = [
  [['paint'], "unknown command 'paint'"],
  [['serve', '--fast'], "unknown option '--fast'"],
  [['serve', 'now'], 'too many arguments'],
  [['keys', 'list'], "required option '--app <id>' not specified"],
  [['keys', 'paint'], "unknown command 'paint'"],
  [['keys', 'revoke', '--app', 'app_1'], "missing required argument 'keyId'"],
  [['payouts', 'fail', 'po_1', '--app', 'app_1'], "required option '--reason <text>'"],
  [['keys', 'create', '--app', 'a', '--name', 'a', '--scope', 'moon'], '"moon" is not a scope'],
  [['keys', 'create', '--app', 'a', '--name', ' \n'], '--name is not one line'],
  [['keys', 'create', '--app', 'a', '--name', 'x'.repeat(101)], '1 to 100 characters'],
  ...['0s', '12', 'h', '3651d', '1w', '1.5d', ''].map((duration): [string[], string] => [
    ['keys', 'create', '--app', 'a', '--name', 'a', '--expires-in', duration],
    '--expires-in is not a duration of 1s to 3650d',
  ]),
  [['keys', 'rotate', 'k', '--app', 'a', '--overlap', '8d'], '--overlap is not a duration of 0s'],
]

test.each(wrongUsages)('wrong usage %j ends with 2 and one line', async (args, text) => {
  const { code, out, error } = await runInProcess(args, nowhere)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(error).toMatch(/^clientele: .*; .*\n$/)
  expect(error).toContain(text)
})

test.each(wrongUsages)('with --json wrong usage %j is a document', async (args, text) => {
  const ended = await runInProcess([...args, '--json'], nowhere)
  expect(ended.code).toBe(2)
  expect(documentOf(ended)).toEqual({
    error: {
      code: 'wrong_usage',
      message: expect.stringContaining(text),
      fix: expect.stringMatching(/.+/),
    },
  })
})

test('a group without its command shows its help and ends with 2', async () => {
  const { code, out, error } = await runInProcess(['keys'], nowhere)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(error).toContain('Usage: clientele keys')
  expect(error).toContain('clientele: a command is missing;')
})

const needDatabase = [
  ['apps', 'list'],
  ['keys', 'list', '--app', 'app_1'],
  ['keys', 'create', '--app', 'app_1', '--name', 'a'],
  ['keys', 'revoke', 'key_1', '--app', 'app_1'],
  ['payouts', 'complete', 'po_1', '--app', 'app_1'],
  ['payouts', 'fail', 'po_1', '--app', 'app_1', '--reason', 'closed'],
  ['verify'],
]

test.each(needDatabase)('without a database "%s %s" says so and makes none', async (...args) => {
  const { code, out, error } = await runInProcess(args, nowhere)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(error).toBe(
    `clientele: there is no database in ${nowhere['CLIENTELE_DATA_DIR']}; ` +
      'run: npm start, or set CLIENTELE_DATA_DIR to the folder that has one\n',
  )
  expect(existsSync(join(folder, 'nowhere'))).toBe(false)
})

test.each([...needDatabase, ['migrate'], ['serve']])(
  'an unreachable PostgreSQL gives "%s %s" one line without the password',
  async (...args) => {
    const { code, error } = await runInProcess(args, { ...away, CLIENTELE_LOG_LEVEL: 'silent' })
    expect(code).toBe(1)
    expect(error).toBe(
      'clientele: PostgreSQL at 127.0.0.1:1 does not answer (ECONNREFUSED); ' +
        'start it, or correct the host and port in DATABASE_URL\n',
    )
  },
)

test('a refusal with --json is a document, and nothing else is printed', async () => {
  const ended = await runInProcess(['apps', 'list', '--json'], away)
  expect(ended.code).toBe(1)
  expect(documentOf(ended)).toEqual({
    error: {
      code: 'database_away',
      message: 'PostgreSQL at 127.0.0.1:1 does not answer (ECONNREFUSED)',
      fix: 'start it, or correct the host and port in DATABASE_URL',
    },
  })
})

test('a setting that breaks its rule is one line, before anything is opened', async () => {
  const { code, error } = await runInProcess(['doctor'], { ...nowhere, PORT: 'high' })
  expect({ code, error }).toEqual({
    code: 1,
    error: 'clientele: PORT is not a whole number from 0 to 65535; correct PORT, or unset it\n',
  })
})

test('a process ends with the exit code of its command', async () => {
  const codes = await Promise.all(
    [['--help'], ['apps', 'list'], ['paint']].map(async (args) => {
      const { code } = await runProcess(args, nowhere)
      return code
    }),
  )
  expect(codes).toEqual([0, 1, 2])
})
