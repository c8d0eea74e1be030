// Owns lists: one page when awaited, every entry when iterated.
import { ClienteleError } from './errors.ts'
import type { Result } from './result.ts'

/**
 * A list call. Nothing is sent until you use it, in one of two ways:
 *
 * - `await list` sends one request and resolves to the `Result` of one page; it never throws.
 * - `for await (const entry of list)` walks all pages, holding one in memory and asking for the
 *   next only when it is reached. An iterator has no other channel for failures, so here a page
 *   that fails is **thrown**, as its `ClienteleError`.
 *
 * An `async` function that returns a list awaits it: hand lists on from functions that are not.
 */
export interface List<T> extends PromiseLike<Result<T[]>>, AsyncIterable<T> {}

export interface ListReader<T> {
  /** Entries of a full page; a page with fewer is the last. `undefined`: as the server decides. */
  limit: number | undefined
  /** The cursor to begin with. */
  startingAfter: string | undefined
  /** What the server takes for `limit` when a walk has to know it. */
  limitDefault: number
  /** The cursor of the page that follows this entry. */
  idOf: (entry: T) => string
  read: (page: PageQuery) => Promise<Result<T[]>>
}

export interface PageQuery {
  limit: number | undefined
  startingAfter: string | undefined
}

export function createList<T>(reader: ListReader<T>): List<T> {
  const { limit, startingAfter } = reader
  let page: Promise<Result<T[]>> | undefined
  return {
    // biome-ignore lint/suspicious/noThenProperty: a list is awaited like any other call
    then(onResult, onThrow) {
      page ??= reader.read({ limit, startingAfter })
      return page.then(onResult, onThrow)
    },
    [Symbol.asyncIterator]: () => walk(reader),
  }
}

async function* walk<T>(reader: ListReader<T>): AsyncGenerator<T, void, undefined> {
  const limit = reader.limit ?? reader.limitDefault
  let startingAfter = reader.startingAfter
  for (;;) {
    const page = await reader.read({ limit, startingAfter })
    if (!page.ok) throw page.error
    yield* page.value
    const last = page.value.at(-1)
    if (last === undefined || page.value.length < limit) return
    const next = reader.idOf(last)
    // A server that repeats itself would otherwise be asked for ever.
    if (typeof next !== 'string' || next === startingAfter) {
      throw new ClienteleError('The server repeats a page, or its last entry has no id.')
    }
    startingAfter = next
  }
}
