// Owns the proof that every error and event is listed once.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { errorCatalogue, eventCatalogue } from './catalogue.ts'

const core = import.meta.dirname

/** Every value that the facets' files export under a name with this ending, merged. */
async function exportedAs(ending: 'Errors' | 'Events'): Promise<[string, unknown][]> {
  const files = readdirSync(core, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => readFileSync(join(core, file), 'utf8').includes(`${ending} = `))
  const modules = await Promise.all(files.map((file) => import(join(core, file))))
  return modules.flatMap((module) =>
    Object.entries(module)
      .filter(([name]) => name.endsWith(ending))
      .flatMap(([, entries]) => Object.entries(Object(entries))),
  )
}

test('every error that a facet defines stands in the catalogue, and nothing else does', async () => {
  const defined = (await exportedAs('Errors')).map(([, definition]) => definition)
  expect(defined.length).toBeGreaterThan(15)
  expect(new Set(errorCatalogue)).toEqual(new Set(defined))
  expect(errorCatalogue).toHaveLength(defined.length)
})

test('every event that a facet names stands in the catalogue, and nothing else does', async () => {
  const named = (await exportedAs('Events')).map(([, type]) => type)
  expect(named.length).toBeGreaterThan(9)
  expect(Object.keys(eventCatalogue).sort()).toEqual(named.sort())
})

test('an error code is a fact in snake_case and names one error', () => {
  const codes = errorCatalogue.map(({ code }) => code)
  expect(new Set(codes).size).toBe(codes.length)
  for (const code of codes) expect(code).toMatch(/^[a-z]+(_[a-z]+)+$/)
})

test('an event is a fact about a customer, in the past tense', () => {
  for (const type of Object.keys(eventCatalogue)) {
    expect(type).toMatch(/^customer\.([a-z_]+\.)*(?:[a-z_]+ed|paid)$/)
  }
})

test('each error and event explains itself in whole sentences', () => {
  const sentences = [
    ...errorCatalogue.flatMap(({ detail, fix }) => [detail, fix]),
    ...Object.values(eventCatalogue),
  ]
  for (const sentence of sentences) expect(sentence).toMatch(/^\S.{8,}\.$/)
})
