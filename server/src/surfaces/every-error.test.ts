// Owns the proof that whatever is defined anywhere as a refusal stands in the reference, once.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { everyError } from './every-error.ts'

const source = join(import.meta.dirname, '..')

test('every error that any layer defines is listed, and nothing else is', async () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => /Errors = defineErrors\(/.test(readFileSync(join(source, file), 'utf8')))
  const modules = await Promise.all(files.map((file) => import(join(source, file))))
  const defined = modules.flatMap((module) =>
    Object.entries(module)
      .filter(([name]) => name.endsWith('Errors'))
      .flatMap(([, entries]) => Object.values(Object(entries))),
  )
  expect(defined.length).toBeGreaterThan(100)
  expect(new Set(everyError)).toEqual(new Set(defined))
  expect(everyError).toHaveLength(defined.length)
})

test('a code names one error, over all layers', () => {
  const codes = everyError.map(({ code }) => code)
  expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([])
})

test('those beside the core are among them', () => {
  const codes = everyError.map(({ code }) => code)
  expect(codes).toEqual(
    expect.arrayContaining(['webhook_url_refused', 'webhook_endpoints_full', 'upload_malformed']),
  )
})
