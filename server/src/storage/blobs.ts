// Owns the port to where files' bytes are kept, sealed: a folder, or an S3-compatible store.

export interface BlobStore {
  /** Durable when it resolves; nothing of it stays when it rejects. */
  put(name: string, bytes: AsyncIterable<Uint8Array>): Promise<void>
  /** Throws `BlobMissing`. */
  get(name: string): Promise<AsyncIterable<Uint8Array>>
  /** Nothing when there is none. */
  delete(name: string): Promise<void>
  /** Throws when nothing can be written or read there. */
  check(): Promise<void>
}

export class BlobMissing extends Error {
  override readonly name = 'BlobMissing'
}

/** The store cannot be reached, or refuses: worth another try. */
export class BlobStoreUnavailable extends Error {
  override readonly name = 'BlobStoreUnavailable'
  /** Read as a storage that is away: the caller is told to come back. */
  readonly code = 'ECONNREFUSED'
}

/** Names are ours and hold nothing that a path could mean. */
export function checkBlobName(name: string): string {
  if (/^[a-z0-9-]{1,100}$/.test(name)) return name
  throw new TypeError('a blob is named by 1 to 100 of a-z, 0-9 and -')
}
