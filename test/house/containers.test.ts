// Owns the proof of Dockerfile and compose.yaml, as far as it goes without a container runtime.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { settings } from '../../server/src/config.ts'

const root = join(import.meta.dirname, '../..')
const read = (name: string) => readFileSync(join(root, name), 'utf8')
const dockerfile = read('Dockerfile').replaceAll(/\\\n\s*/g, '')
const compose = read('compose.yaml')
const instructions = dockerfile.split('\n').filter((line) => /^[A-Z]/.test(line))

/** What the image takes from the repository. */
const copied = instructions
  .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
  .flatMap((line) => line.split(' ').slice(1, -1))

/** As .dockerignore leaves it out: `**` at the beginning of a line. */
const isLeftOut = (path: string) => /\.test\.ts$|(^|\/)testing(\/|$)/.test(path)

test('the base image has the Node version that the tests run on', () => {
  const { version } = JSON.parse(read('package-lock.json')).packages['node_modules/node']
  const bases = instructions.filter((line) => line.startsWith('FROM '))
  expect(bases).toEqual([`FROM node:${version}-slim AS installed`, `FROM node:${version}-slim`])
})

test('it does not run as root, and its health check asks /readyz', () => {
  const user = instructions.indexOf('USER node')
  expect(user).toBeGreaterThan(instructions.findLastIndex((line) => /^(COPY|RUN|FROM) /.test(line)))
  const [check = ''] = instructions.filter((line) => line.startsWith('HEALTHCHECK '))
  const command: string[] = JSON.parse(check.slice(check.indexOf('[')))
  expect(command.slice(0, 2)).toEqual(['node', '-e'])
  expect(command[2]).toContain("'/readyz'")
  expect(spawnSync(process.execPath, ['--check', '-'], { input: command[2] ?? '' }).status).toBe(0)
})

test('what it copies is there, and .dockerignore lets it through', () => {
  const ignored = read('.dockerignore').split('\n')
  expect(ignored[0]).toBe('*')
  expect(ignored.slice(1)).toEqual(expect.arrayContaining(['**/*.test.ts', '**/testing']))
  for (const path of copied) {
    expect([path, existsSync(join(root, path))]).toEqual([path, true])
    expect(ignored).toContain(`!${path}`)
  }
})

test('its command runs with what it copies alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-image-'))
  try {
    for (const path of copied) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      cpSync(join(root, path), join(folder, path), {
        recursive: true,
        filter: (source) => !isLeftOut(source.slice(root.length)),
      })
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    const [entry = ''] = instructions.filter((line) => line.startsWith('ENTRYPOINT '))
    const [program, ...args]: string[] = JSON.parse(entry.slice('ENTRYPOINT '.length))
    expect(program).toBe('node')
    const run = spawnSync(process.execPath, [...args, 'serve', '--help'], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect([run.status, run.stderr]).toEqual([0, ''])
    expect(run.stdout).toContain('run the server')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('every setting that they name exists', () => {
  const known = new Set(settings.map(({ name }) => name))
  const named = (dockerfile + compose).match(/\b(?:CLIENTELE_[A-Z_]+|DATABASE_URL)\b/g) ?? []
  expect(named.length).toBeGreaterThan(2)
  expect(named.filter((name) => !known.has(name))).toEqual([])
})

test('there is no secret in them: each comes from the environment, or the start is refused', () => {
  for (const text of [dockerfile, compose]) {
    expect(text).not.toMatch(/sk_(test|live)_|whsec_|[A-Za-z0-9+/]{32,}={0,2}|\b[0-9a-f]{32,}\b/)
  }
  const assigned = compose.match(/^ +\w*(?:PASSWORD|KEY|SECRET|TOKEN)\w*: .*$/gm) ?? []
  expect(assigned.map((line) => line.trim())).toEqual([
    `POSTGRES_PASSWORD: ${required('POSTGRES_PASSWORD')}`,
    `CLIENTELE_MASTER_KEY: ${required('CLIENTELE_MASTER_KEY')}`,
  ])
  expect(compose).toContain(`postgres://clientele:\${POSTGRES_PASSWORD}@database:5432/clientele`)
})

/** A variable without which compose does not start. */
const required = (name: string) => `\${${name}:?set it, see docs/operating/containers.md}`
