// Owns the proof that a change which breaks callers fails the build, and an addition does not.
import { describe, expect, test } from 'vitest'
import { type OpenApiDocument, toOpenApi } from '../../server/src/http/openapi.ts'
import { surfaces } from '../../server/src/surfaces/surfaces.ts'
import { readDocuments } from '../golden-files.ts'
import { breakingChanges } from './breaking-changes.ts'
import { additiveEdits, breakingEdits, type Edit, type Pick } from './document-edits.ts'

const documents = surfaces.map(toOpenApi)
const published = readDocuments()

describe('what is published', () => {
  test.each(published)('$path can be called as on its day', ({ content, surface, path }) => {
    const present = documents[surfaces.findIndex(({ name }) => name === surface)]
    if (!present) throw new Error(`${path} is of no surface`)
    expect(breakingChanges(content, present)).toEqual([])
  })

  test('is every surface', () => {
    expect(new Set(published.map(({ surface }) => surface))).toEqual(
      new Set(surfaces.map(({ name }) => name)),
    )
  })
})

/** Each seed makes an edit somewhere else. */
const seeds = [...Array(3 * Number(process.env['CLIENTELE_TEST_SCALE'] ?? '1')).keys()]

/** The document with the edit in it: of the first surface, from the seed's on, that has a place. */
function edited(edit: Edit, seed: number): { before: OpenApiDocument; after: OpenApiDocument } {
  for (let turn = 0; turn < documents.length; turn += 1) {
    const before = documents[(seed + turn) % documents.length]
    if (!before) throw new Error('there are surfaces')
    const after = structuredClone(before)
    try {
      edit(after, createPick(seed))
      return { before, after }
    } catch (error) {
      if (!(error instanceof Nowhere)) throw error
    }
  }
  throw new Error('no surface has a place for this edit')
}

class Nowhere extends Error {}

/** Lehmer's generator: the same seed, the same choices. */
function createPick(seed: number): Pick {
  let state = seed * 7919 + 17
  return (choices) => {
    state = (state * 48_271) % 2_147_483_647
    const chosen = choices[state % choices.length]
    if (chosen === undefined) throw new Nowhere()
    return chosen
  }
}

const rowsOf = (edits: Record<string, Edit>) => {
  expect(Object.keys(edits)).toHaveLength(20)
  return Object.entries(edits).map(([name, edit]) => ({ name, edit }))
}

test.each(rowsOf(breakingEdits))('caught: $name', ({ edit }) => {
  for (const seed of seeds) {
    const { before, after } = edited(edit, seed)
    expect(breakingChanges(before, after).length, `seed ${seed}`).toBeGreaterThan(0)
  }
})

test.each(rowsOf(additiveEdits))('not flagged: $name', ({ edit }) => {
  for (const seed of seeds) {
    const { before, after } = edited(edit, seed)
    expect(JSON.stringify(after)).not.toBe(JSON.stringify(before))
    expect(breakingChanges(before, after), `seed ${seed}`).toEqual([])
  }
})

test('one more scope that is enough keeps nobody out; one that is enough no more does', () => {
  const [before] = documents
  if (!before) throw new Error('there are surfaces')
  const after = structuredClone(before)
  for (const methods of Object.values(after.paths)) {
    for (const operation of Object.values(methods)) {
      if (operation.security.length > 0) operation.security.push({ apiKey: ['another:read'] })
    }
  }
  expect(breakingChanges(before, after)).toEqual([])
  expect(breakingChanges(after, before).length).toBeGreaterThan(5)
})
