// Owns search by the beginnings of words: which hashes a record stands under, and how to find it.
//
// A word is looked up by a keyed hash of its first 3, 5 and 8 characters, or of all of it where it
// is shorter. See word-index.ts for when they are written.
import type { Kysely } from 'kysely'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { Context } from '../context.ts'
import type { Customer } from './customer.ts'
import { deleteWords, insertWords, tokensMax } from './customer-word-store.ts'

/** What search looks at. */
export type SearchedFields = Pick<Customer, 'name' | 'email' | 'externalId'>

const startLengths = [8, 5, 3] as const
/** The words of a long text after these are compared on the opened records alone. */
const wordsLookedUpMax = 8

export function wordTokens(context: Context, fields: SearchedFields): Uint8Array[] {
  return tokensOf(context, [...startsOf(fields)])
}

export function moveCustomerWords(
  context: Context,
  move: { id: string; before: SearchedFields; after: SearchedFields },
): (db: Kysely<Tables>) => Write[] {
  const { before, after } = move
  const fields = ['name', 'email', 'externalId'] as const
  if (fields.every((field) => before[field] === after[field])) return () => []
  const [had, has] = [startsOf(before), startsOf(after)]
  const gone = tokensOf(context, [...had.difference(has)])
  const come = tokensOf(context, [...has.difference(had)])
  const { app, database } = context
  const into = { engine: database.engine, appId: app.id }
  const customerId = move.id
  return (db) => [
    ...deleteWords(db, app.id, { customerId, tokens: gone }),
    ...insertWords(db, into, [{ customerId, tokens: come }]),
  ]
}

export interface WordQuery {
  /** One a word, the longest word first: it leaves the fewest candidates. */
  tokens: Uint8Array[]
  /** What stands under all tokens matches; otherwise each candidate is to be looked at. */
  isExact: boolean
  matches(fields: SearchedFields): boolean
}

/** Every word of the text must begin a word of the record; `null` when the text has no word. */
export function parseSearch(context: Context, text: string): WordQuery | null {
  const words = [...new Set(wordsOf(text))].sort((a, b) => b.length - a.length)
  if (words.length === 0) return null
  const starts = words.slice(0, wordsLookedUpMax).map(longestStart)
  return {
    tokens: tokensOf(context, [...new Set(starts)]),
    isExact: words.every((word, at) => word === starts[at]),
    matches(fields) {
      const known = [...searchedWords(fields)]
      return words.every((word) =>
        known.some((one) => (lengthOf(word) < shortest ? one === word : one.startsWith(word))),
      )
    },
  }
}

const shortest = 3

function longestStart(word: string): string {
  const letters = [...word]
  const length = startLengths.find((one) => letters.length >= one)
  return length === undefined ? word : letters.slice(0, length).join('')
}

/** Characters, as people count them: half of a pair is none. */
function lengthOf(word: string): number {
  return [...word].length
}

function startsOf(fields: SearchedFields): Set<string> {
  const starts = new Set<string>()
  for (const word of searchedWords(fields)) {
    const letters = [...word]
    const lengths = startLengths.filter((length) => letters.length >= length)
    const own = lengths.map((length) => letters.slice(0, length).join(''))
    if (starts.size + own.length >= tokensMax) break
    for (const start of own.length === 0 ? [word] : own) starts.add(start)
  }
  return starts
}

/** The name last: of a very long one, it is the later words that are not looked up. */
function searchedWords({ name, email, externalId }: SearchedFields): Set<string> {
  return new Set([externalId, email, name].flatMap((text) => (text === null ? [] : wordsOf(text))))
}

/** Letters, digits and pictures in a row; case, accents and the width of letters do not matter. */
function wordsOf(text: string): string[] {
  // The small sigma has a second form for the end of a word, which a beginning of it lacks.
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ς', 'σ')
  return plain.match(/[\p{L}\p{N}\p{So}]+/gu) ?? []
}

function tokensOf(context: Context, starts: string[]): Uint8Array[] {
  const { vault, app } = context
  return starts.map((start) => vault.blindIndex(app.id, 'customer.word', start))
}
