// Owns the only door to the network outside: guarded addresses, bounded time, bounded answers.
import { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import ipaddr from 'ipaddr.js'
import type { Agent } from 'undici'
import { once } from './once.ts'
import { systemCode } from './refusal.ts'

export interface EgressRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD'
  /** `https:`; `http:` only to an allowed network. */
  url: string
  headers?: Record<string, string>
  body?: string | Uint8Array | AsyncIterable<Uint8Array>
  /** For the whole exchange, the body included. */
  timeoutMs: number
  responseBytesMax: number
  /** Hands the answer's body over as it comes, instead of gathering it. */
  onBody?: (chunk: Uint8Array) => void
  /** Breaks the exchange off, as a connection that failed. */
  signal?: AbortSignal
}

export interface EgressResponse {
  status: number
  /** By lower-case name; repeated ones joined by a comma. */
  headers: Record<string, string>
  /** Empty where `onBody` took it. */
  body: Buffer
}

export interface Egress {
  /** Never follows a redirect. Throws `EgressFailed`. */
  send(request: EgressRequest): Promise<EgressResponse>
  /** Refuses a URL that `send` would refuse by its form or its literal address. */
  checkUrl(url: string): void
  close(): Promise<void>
}

export type EgressFailure =
  /** The URL's form, or an address that is not public and not allowed. */
  'refused' | 'timeout' | 'too_large' | 'connection'

export class EgressFailed extends Error {
  override readonly name = 'EgressFailed'
  readonly reason: EgressFailure

  constructor(reason: EgressFailure, message: string) {
    super(message)
    this.reason = reason
  }
}

export interface EgressOptions {
  /** Networks in CIDR form that may be reached though they are not public. */
  allowedNetworks: readonly string[]
  /** How names become addresses; tests put their own in its place. */
  lookup?: LookupFunction
}

const connectTimeoutMs = 5_000
const connectionsPerOriginMax = 64

export function createEgress(options: EgressOptions): Egress {
  const networks = options.allowedNetworks.map((network) => ipaddr.parseCIDR(network))
  const lookup = options.lookup ?? systemLookup
  const agents: Promise<Agent>[] = []
  const agentOf = (check: typeof checkAddress) =>
    once(() => {
      const made = createAgent(guardedLookup(lookup, (address) => check(address, networks)))
      agents.push(made)
      return made
    })
  const secure = agentOf(checkAddress)
  const plain = agentOf(checkPlain)
  const checkUrl = (text: string) => checkedUrl(text, networks)
  return {
    checkUrl,
    // Async, so that a refused URL rejects like every other failure and is never thrown at once.
    async send(request) {
      const url = checkUrl(request.url)
      return send(await (url.protocol === 'http:' ? plain : secure)(), url, request)
    },
    async close() {
      await Promise.all(agents.map(async (agent) => (await agent).close()))
    },
  }
}

/** The client's code comes with the first call: no start has to wait for it. */
async function createAgent(lookup: LookupFunction): Promise<Agent> {
  const { Agent } = await import('undici')
  const connect = { timeout: connectTimeoutMs, lookup }
  return new Agent({ connections: connectionsPerOriginMax, connect })
}

/** Names whose address nobody has to look up: they are refused where a URL is set, too. */
function addressOfLocalName(host: string): string | null {
  const name = host.replace(/\.$/, '')
  if (name === 'localhost' || name.endsWith('.localhost')) return '127.0.0.1'
  return name === 'metadata.google.internal' ? '169.254.169.254' : null
}

type Network = ReturnType<typeof ipaddr.parseCIDR>

function checkedUrl(text: string, networks: Network[]): URL {
  if (!URL.canParse(text)) throw new EgressFailed('refused', 'the URL is not one')
  const url = new URL(text)
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:'
  if (!isHttp) throw new EgressFailed('refused', 'the URL is not https')
  if (url.username !== '' || url.password !== '') {
    throw new EgressFailed('refused', 'the URL carries credentials')
  }
  // The parser has turned `127.1`, octal and decimal spellings into the plain form.
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isNamed = isIP(host) === 0
  const address = isNamed ? addressOfLocalName(host) : host
  if (address !== null) checkAddress(address, networks)
  if (url.protocol === 'http:' && (isNamed ? networks.length === 0 : isPublic(host))) {
    throw new EgressFailed('refused', 'the URL is not https')
  }
  return url
}

/** Every address that a name has is checked: the connection then uses one that was. */
function guardedLookup(lookup: LookupFunction, check: (address: string) => void): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0)
      const addresses = Array.isArray(found) ? found : [{ address: found, family: isIP(found) }]
      try {
        if (addresses.length === 0) throw new EgressFailed('connection', 'the name has no address')
        for (const { address } of addresses) check(address)
      } catch (refused) {
        return callback(refused instanceof Error ? refused : new Error('refused'), '', 0)
      }
      if (options.all) return callback(null, addresses)
      const [first] = addresses
      return callback(null, first?.address ?? '', first?.family ?? 4)
    })
  }
}

function checkAddress(text: string, networks: Network[]): void {
  if (isPublic(text)) return
  const address = ipaddr.process(text)
  const isAllowed = networks.some(
    ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
  )
  if (!isAllowed) throw new EgressFailed('refused', 'the address is not a public one')
}

/** What is not encrypted stays inside the allowed networks, whatever its name resolves to. */
function checkPlain(text: string, networks: Network[]): void {
  checkAddress(text, networks)
  if (isPublic(text)) throw new EgressFailed('refused', 'the URL is not https')
}

/** The one part of IPv6 from which public addresses are given out. */
const globalIpv6 = ipaddr.parseCIDR('2000::/3')

/** A public address that in one large cloud is every machine's own host, metadata included. */
const cloudHost = '168.63.129.16'

/** `unicast` is what the registries of special ranges leave over. */
function isPublic(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  if (address.kind() === 'ipv6' && !address.match(...globalIpv6)) return false
  return address.range() === 'unicast' && address.toString() !== cloudHost
}

async function send(agent: Agent, url: URL, request: EgressRequest): Promise<EgressResponse> {
  const late = AbortSignal.timeout(request.timeoutMs)
  const ended = request.signal ? AbortSignal.any([late, request.signal]) : late
  try {
    const response = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: request.method,
      headers: request.headers ?? {},
      body: request.body === undefined ? null : toBody(request.body),
      signal: ended,
      headersTimeout: request.timeoutMs,
      bodyTimeout: request.timeoutMs,
    })
    const body = await readBody(response.body, request)
    return { status: response.statusCode, headers: toHeaders(response.headers), body }
  } catch (error) {
    throw toFailure(error, late.aborted)
  }
}

async function readBody(
  stream: AsyncIterable<Uint8Array> & { destroy(): unknown },
  request: EgressRequest,
): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > request.responseBytesMax) {
      stream.destroy()
      throw new EgressFailed('too_large', `the answer is over ${request.responseBytesMax} bytes`)
    }
    if (request.onBody) request.onBody(chunk)
    else chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function toBody(body: NonNullable<EgressRequest['body']>) {
  if (typeof body === 'string' || body instanceof Uint8Array) return body
  return Readable.from(body)
}

function toHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ])
  return Object.fromEntries(entries)
}

const timeoutCodes = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])

function toFailure(error: unknown, isLate: boolean): EgressFailed {
  if (error instanceof EgressFailed) return error
  const isTimeout = timeoutCodes.has(systemCode(error))
  if (isLate || isTimeout) return new EgressFailed('timeout', 'no answer in time')
  // Never the error's own message: it may name the URL, and that may name a person.
  return new EgressFailed('connection', 'the connection failed')
}
