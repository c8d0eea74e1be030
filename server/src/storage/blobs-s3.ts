// Owns blobs in an S3-compatible store, signed here and sent through the guarded door.
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AwsV4Signer } from 'aws4fetch'
import {
  type Egress,
  EgressFailed,
  type EgressRequest,
  type EgressResponse,
} from '../lib/egress.ts'
import { BlobMissing, type BlobStore, BlobStoreUnavailable, checkBlobName } from './blobs.ts'
import { openFolderBlobs, readFrom, sweepBlobs } from './blobs-folder.ts'

export interface S3Options {
  endpoint: string
  region: string
  bucket: string
  accessKeyId: string
  secretAccessKey: string
  egress: Egress
  /** Where a blob waits, sealed, until its length is known. */
  spoolFolder: string
  /** Of one try. */
  timeoutMs?: number
}

/** Over what a file is at most, sealed. */
const blobBytesMax = 16 * 1024 * 1024
const timeoutMsDefault = 60_000
const triesMax = 3

export async function openS3Blobs(options: S3Options): Promise<BlobStore> {
  // The same promise as a folder of its own keeps: whole, and gone when it fails.
  const spool = await openFolderBlobs(options.spoolFolder)
  // A process that ended within an upload left it here whole, and nobody asks for it.
  await sweepBlobs(options.spoolFolder, () => true)
  return {
    async put(name, bytes) {
      await spool.put(name, bytes)
      const path = join(options.spoolFolder, checkBlobName(name).slice(0, 2), name)
      try {
        const { size } = await stat(path)
        const headers = { 'content-length': String(size) }
        await send(options, 'PUT', name, { headers, body: () => readFrom(path) })
      } finally {
        await rm(path, { force: true })
      }
    },
    async get(name) {
      const { status, body } = await send(options, 'GET', name)
      if (status === 404) throw new BlobMissing('there is no blob of this name')
      return once(body)
    },
    async delete(name) {
      await send(options, 'DELETE', name)
    },
    async check() {
      // Not HEAD, whose answer does not tell a missing bucket from a missing blob.
      await send(options, 'GET', 'check')
    },
  }
}

interface Content {
  headers?: Record<string, string>
  /** Anew for every try; opens nothing before it is read, since a try may never read it. */
  body?: () => AsyncIterable<Uint8Array>
}

/** Answers 2xx, and 404 of a blob; else tries again, and then `BlobStoreUnavailable`. */
async function send(
  options: S3Options,
  method: EgressRequest['method'],
  name: string,
  content: Content = {},
): Promise<EgressResponse> {
  let reason = ''
  for (let attempt = 0; attempt < triesMax; attempt += 1) {
    try {
      const response = await sendOnce(options, method, name, content)
      if (response.status < 300 || isBlobMissing(method, response)) return response
      reason = `it answered ${response.status}`
      if (response.status < 500 && response.status !== 429) break
    } catch (error) {
      if (!(error instanceof EgressFailed)) throw error
      reason = error.message
    }
  }
  throw new BlobStoreUnavailable(`the object store did not take a request: ${reason}`)
}

/** A bucket that is missing answers 404 too: nothing was stored, and nothing is known of a blob. */
function isBlobMissing(method: EgressRequest['method'], { status, body }: EgressResponse): boolean {
  return status === 404 && method !== 'PUT' && !body.includes('NoSuchBucket')
}

async function sendOnce(
  options: S3Options,
  method: EgressRequest['method'],
  name: string,
  { headers = {}, body }: Content,
): Promise<EgressResponse> {
  const { endpoint, region, bucket, accessKeyId, secretAccessKey, egress } = options
  const url = `${endpoint}/${bucket}/${checkBlobName(name)}`
  const signer = new AwsV4Signer({
    method,
    url,
    // The bytes are sealed and authenticated by themselves, and their hash would cost a pass more.
    headers: { ...headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    accessKeyId,
    secretAccessKey,
    service: 's3',
    region,
  })
  const signed = await signer.sign()
  return egress.send({
    method,
    url: signed.url.href,
    headers: { ...Object.fromEntries(signed.headers), ...headers },
    ...(body ? { body: body() } : {}),
    timeoutMs: options.timeoutMs ?? timeoutMsDefault,
    responseBytesMax: blobBytesMax,
  })
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
