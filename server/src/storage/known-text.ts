// Owns the texts of statements that are sent all the time: making one costs more than running it.
import { CompiledQuery, type Kysely } from 'kysely'
import { assert } from '../lib/assert.ts'
import type { Tables } from './tables.ts'

/** Texts kept for each engine; what is beyond them is made at each call. */
const textsMax = 1_000
const textLengthMax = 8_192
const textsByEngine = new Map<unknown, Map<string, string>>()

/**
 * The statement that `build` makes, whose text is kept under `name`: two with one name differ in
 * their parameters alone, which stand here in the order of the text.
 */
export function knownText<R>(
  db: Kysely<Tables>,
  name: string,
  parameters: unknown[],
  build: () => CompiledQuery<R>,
): CompiledQuery<R> {
  const engine = db.getExecutor().adapter.constructor
  const texts = textsByEngine.get(engine) ?? new Map<string, string>()
  textsByEngine.set(engine, texts)
  const text = texts.get(name) ?? textOf(build(), parameters)
  if (texts.size < textsMax && text.length <= textLengthMax) texts.set(name, text)
  return CompiledQuery.raw(text, parameters) as CompiledQuery<R>
}

function textOf(compiled: CompiledQuery, parameters: unknown[]): string {
  const isSame = compiled.parameters.every((value, at) => value === parameters[at])
  assert(
    isSame && compiled.parameters.length === parameters.length,
    'parameters are as in the text',
  )
  return compiled.sql
}
