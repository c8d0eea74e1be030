// Owns a local stand-in for an S3-compatible store: signatures are recomputed, objects are kept.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { systemClock } from '../../lib/clock.ts'
import {
  expectThat,
  type StandIn,
  type StandInReply,
  type StandInRequest,
  startStandIn,
} from '../../providers/testing/stand-in.ts'

export interface S3StandInOptions {
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
}

export interface S3StandIn extends StandIn {
  /** By key; only whole ones. */
  objects: Map<string, Buffer>
}

const skewMsMax = 15 * 60 * 1000

export async function startS3StandIn(options: S3StandInOptions): Promise<S3StandIn> {
  const objects = new Map<string, Buffer>()
  const standIn = await startStandIn((request) => {
    const refusal = refusalOf(request, options)
    return refusal ? s3Error(403, refusal) : serve(request, options.bucket, objects)
  })
  return Object.assign(standIn, { objects })
}

function serve(
  request: StandInRequest,
  bucket: string,
  objects: Map<string, Buffer>,
): StandInReply {
  const [, inBucket, key, ...more] = request.path.split('/')
  expectThat(more.length === 0 && Boolean(key), 'a path is a bucket and a key')
  if (inBucket !== bucket) return s3Error(404, 'NoSuchBucket')
  const name = decodeURIComponent(key ?? '')
  switch (request.method) {
    case 'PUT':
      if (request.headers['content-length'] === undefined)
        return s3Error(411, 'MissingContentLength')
      objects.set(name, request.body)
      return { status: 200 }
    case 'GET': {
      const found = objects.get(name)
      return found ? { status: 200, body: found } : s3Error(404, 'NoSuchKey')
    }
    case 'DELETE':
      objects.delete(name)
      return { status: 204 }
    default:
      expectThat(false, `nobody documents ${request.method} here`)
      return s3Error(405, 'MethodNotAllowed')
  }
}

const s3Error = (status: number, code: string): StandInReply => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`,
})

interface Credential {
  accessKeyId: string
  /** `20261121/us-east-1/s3/aws4_request` */
  scope: string
  signedHeaders: string[]
  signature: string
}

/** The code of what is wrong with the signature, by the published steps of version 4. */
function refusalOf(request: StandInRequest, options: S3StandInOptions): string | null {
  const credential = readAuthorization(request.headers.authorization ?? '')
  if (!credential) return 'AccessDenied'
  if (credential.accessKeyId !== options.accessKeyId) return 'InvalidAccessKeyId'
  const signedAt = headerOf(request, 'x-amz-date')
  const day = signedAt.slice(0, 8)
  if (Math.abs(systemClock.now() - readInstant(signedAt)) > skewMsMax) return 'RequestTimeTooSkewed'
  if (credential.scope !== `${day}/${options.region}/s3/aws4_request`) {
    return 'AuthorizationHeaderMalformed'
  }
  if (!isEverythingSigned(request, credential.signedHeaders)) return 'AccessDenied'
  if (!isPayloadAsSigned(request)) return 'XAmzContentSHA256Mismatch'
  const text = ['AWS4-HMAC-SHA256', signedAt, credential.scope]
  const canonical = sha256(canonicalRequest(request, credential.signedHeaders))
  const expected = hmac(signingKey(options, day), [...text, canonical].join('\n'))
  const given = Buffer.from(credential.signature, 'hex')
  const isRight = given.length === expected.length && timingSafeEqual(given, expected)
  return isRight ? null : 'SignatureDoesNotMatch'
}

const authorizationPattern = new RegExp(
  '^AWS4-HMAC-SHA256 Credential=([^/]+)/([^,]+), ?' +
    'SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$',
)

function readAuthorization(text: string): Credential | null {
  const match = authorizationPattern.exec(text)
  if (!match) return null
  const [, accessKeyId = '', scope = '', signedHeaders = '', signature = ''] = match
  return { accessKeyId, scope, signedHeaders: signedHeaders.split(';'), signature }
}

/** `20261121T102548Z`; nothing else is an instant here, and is then too far away. */
function readInstant(text: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (!match) return Number.NEGATIVE_INFINITY
  const [, year, month, day, hour, minute, second] = match
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

/** The host and every `x-amz-` header have to be under the signature, in order. */
function isEverythingSigned(request: StandInRequest, signedHeaders: string[]): boolean {
  const amazonHeaders = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'))
  const isInOrder = signedHeaders.join() === signedHeaders.toSorted().join()
  return isInOrder && ['host', ...amazonHeaders].every((name) => signedHeaders.includes(name))
}

function isPayloadAsSigned(request: StandInRequest): boolean {
  const hash = headerOf(request, 'x-amz-content-sha256')
  return hash === 'UNSIGNED-PAYLOAD' || hash === sha256(request.body)
}

function canonicalRequest(request: StandInRequest, signedHeaders: string[]): string {
  const query = [...request.query]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&')
  const headers = signedHeaders.map((name) => {
    return `${name}:${headerOf(request, name).trim().replace(/ +/g, ' ')}\n`
  })
  return [
    request.method,
    request.path.split('/').map(decodeURIComponent).map(encode).join('/'),
    query,
    headers.join(''),
    signedHeaders.join(';'),
    headerOf(request, 'x-amz-content-sha256'),
  ].join('\n')
}

function signingKey(options: S3StandInOptions, day: string): Buffer {
  const parts = [day, options.region, 's3', 'aws4_request']
  return parts.reduce<Buffer>(
    (key, part) => hmac(key, part),
    Buffer.from(`AWS4${options.secretAccessKey}`),
  )
}

function headerOf(request: StandInRequest, name: string): string {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(',') : (value ?? '')
}

/** Everything but the unreserved characters of RFC 3986. */
function encode(text: string): string {
  const more = (found: string) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`
  return encodeURIComponent(text).replace(/[!'()*]/g, more)
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()
