// Owns the lists of the banking surface: pages that name the cursor of the next.
import type { Pagination } from './banking-types.generated.ts'
import { type Call, type Client, isObject } from './client.ts'
import type { CallOptions } from './options.ts'
import { createPagedList, type PagedList } from './paged-list.ts'

/** A page, and the way to the next one. */
export interface BankingPage<T> {
  data: T[]
  pagination: Pagination
}

export type BankingList<T> = PagedList<T, BankingPage<T>>

export function listOf<T extends object>(
  client: Client,
  path: Call['path'],
  query: { cursor?: string } | undefined,
  options: CallOptions | undefined,
): BankingList<T> {
  return createPagedList<T, BankingPage<T>, string>({
    first: query?.cursor,
    read: (cursor) =>
      client.call({ method: 'GET', path, query: { ...query, cursor }, answers: isPage }, options),
    next: ({ pagination }) => pagination.next_cursor ?? undefined,
  })
}

function isPage(json: unknown): boolean {
  if (!isObject(json)) return false
  const { data, pagination } = json
  if (!Array.isArray(data) || !data.every(isObject) || !isObject(pagination)) return false
  const { next_cursor: cursor } = pagination
  return cursor === null || typeof cursor === 'string'
}
