// Owns lists whose pages say which page follows: one page when awaited, every entry when iterated.
import { ClienteleError } from './errors.ts'
import type { Result } from './result.ts'

/** A page of a list, as the server answers it. */
export interface PageOf<T> {
  data: T[]
}

/**
 * A list call. Nothing is sent until you use it:
 *
 * - `await list` sends one request and resolves to the `Result` of one page; it never throws.
 * - `for await (const entry of list)` walks all pages, and `for await (const page of list.pages())`
 *   does so page by page, holding one in memory. An iterator has no other channel for failures, so
 *   here a page that fails is **thrown**, as its `ClienteleError`.
 *
 * An `async` function that returns a list awaits it: hand lists on from functions that are not.
 */
export interface PagedList<T, P extends PageOf<T>>
  extends PromiseLike<Result<P>>,
    AsyncIterable<T> {
  pages(): AsyncIterable<P>
}

export interface PagedListReader<P, C> {
  /** Where to begin; `undefined` is the first page. */
  first: C | undefined
  read: (at: C | undefined) => Promise<Result<P>>
  /** Where the page after this one is; `undefined` after the last. */
  next: (page: P) => C | undefined
}

export function createPagedList<T, P extends PageOf<T>, C>(
  reader: PagedListReader<P, C>,
): PagedList<T, P> {
  let page: Promise<Result<P>> | undefined
  return {
    // biome-ignore lint/suspicious/noThenProperty: a list is awaited like any other call
    then(onResult, onThrow) {
      page ??= reader.read(reader.first)
      return page.then(onResult, onThrow)
    },
    pages: () => ({ [Symbol.asyncIterator]: () => walk(reader) }),
    async *[Symbol.asyncIterator]() {
      for await (const { data } of { [Symbol.asyncIterator]: () => walk(reader) }) yield* data
    },
  }
}

async function* walk<P, C>(reader: PagedListReader<P, C>): AsyncGenerator<P, void, undefined> {
  let at = reader.first
  for (;;) {
    const page = await reader.read(at)
    if (!page.ok) throw page.error
    yield page.value
    const next = reader.next(page.value)
    if (next === undefined) return
    // A server that repeats itself would otherwise be asked for ever.
    if (next === at) throw new ClienteleError('The server names the same page again.')
    at = next
  }
}
