// Owns how the platform client calls: which answers are good, and lists with cursors.
import { type Call, type Client, isObject } from './client.ts'
import type { CallOptions } from './options.ts'
import { createPagedList, type PagedList } from './paged-list.ts'
import type { Result } from './result.ts'

/** A page, and the way to the next one. */
export interface PlatformPage<T> {
  data: T[]
  has_more: boolean
  /** `null` on the last page. */
  next_cursor: string | null
}

export type PlatformList<T> = PagedList<T, PlatformPage<T>>

type Path = Call['path']
type Options = CallOptions | undefined

/** Calls as the surface has them: an object is answered, whatever is asked. */
export interface PlatformCalls {
  get<T extends object>(path: Path, query: object | undefined, options: Options): Promise<Result<T>>
  /** What is put in `more` stands beside method and path: a body, a form, headers. */
  send<T extends object>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: Path,
    more: Pick<Call, 'body' | 'form' | 'query' | 'headers'>,
    options: Options,
  ): Promise<Result<T>>
  /** Its answer has no body. */
  remove(path: Path, options: Options): Promise<Result<null>>
  /** The bytes of a file. */
  download(path: Path, options: Options): Promise<Result<Blob>>
  list<T extends object>(path: Path, query: Paged | undefined, options: Options): PlatformList<T>
  /** A list that is asked for in a body. */
  search<T extends object>(path: Path, body: Paged, options: Options): PlatformList<T>
  pause(ms: number, options: Options): Promise<void>
}

interface Paged {
  cursor?: string | null
  /** A moment to begin at, which stands beside no cursor: for the first page alone. */
  since?: string | null
}

export function createCalls(client: Client): PlatformCalls {
  const listBy = <T extends object>(
    asked: Paged | undefined,
    callFor: (asked: object) => Omit<Call, 'answers'>,
    options: Options,
  ): PlatformList<T> =>
    createPagedList<T, PlatformPage<T>, string>({
      first: asked?.cursor ?? undefined,
      read: (cursor) => {
        const isFirst = cursor === (asked?.cursor ?? undefined)
        const page = isFirst ? { ...asked } : { ...asked, since: undefined, cursor }
        return client.call({ ...callFor(page), answers: isPage }, options)
      },
      next: ({ has_more, next_cursor }) => (has_more ? (next_cursor ?? undefined) : undefined),
    })
  return {
    get: (path, query, options) =>
      client.call({ method: 'GET', path, query, answers: 'object' }, options),
    send: (method, path, more, options) =>
      client.call({ method, path, ...more, answers: 'object' }, options),
    remove: (path, options) => client.call({ method: 'DELETE', path, answers: 'nothing' }, options),
    download: (path, options) => client.call({ method: 'GET', path, answers: 'bytes' }, options),
    list: (path, query, options) =>
      listBy(query, (asked) => ({ method: 'GET', path, query: asked }), options),
    search: (path, body, options) =>
      listBy(body, (asked) => ({ method: 'POST', path, body: asked, isRead: true }), options),
    pause: client.pause,
  }
}

function isPage(json: unknown): boolean {
  if (!isObject(json)) return false
  const { data, has_more: hasMore, next_cursor: cursor } = json
  if (!Array.isArray(data) || !data.every(isObject) || typeof hasMore !== 'boolean') return false
  return cursor === null || typeof cursor === 'string'
}
