// Owns one call: its request, its attempts, its time limits, and any failure's way to a Result.
import { bounded } from './bounded.ts'
import { ApiError, ArgumentError, ClienteleError, NetworkError, ParseError } from './errors.ts'
import { encodeForm } from './multipart.ts'
import { type CallOptions, readCallOptions, type Settings } from './options.ts'
import { failure, type Result, success } from './result.ts'
import { retry } from './retry.ts'

/** One call of a resource file. */
export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the base URL. What a caller gave stands as `{ customerId }`, to be percent-encoded. */
  path: (string | Record<string, string>)[]
  /** Texts and numbers by name, or by `name[member]`; what has no value is left out. */
  query?: object | undefined
  /** Sent as JSON. */
  body?: unknown
  /** Sent as `multipart/form-data`, instead of `body`. */
  form?: FormData
  /** Sent as `application/x-www-form-urlencoded`, instead of `body`. */
  fields?: Record<string, string>
  /** Beside those of every request of the client. */
  headers?: Record<string, string>
  /** Sent as HTTP Basic; for a call that goes out without a bearer. */
  basic?: { user: string; password: string }
  /**
   * The JSON of a good answer; any other is a `ParseError`. `nothing` is an empty body, `bytes` one
   * of any kind, as a `Blob`.
   */
  answers: 'object' | 'array' | 'nothing' | 'bytes' | ((json: unknown) => boolean)
  /** It answers a secret: no error shows the answer, and no key asks the server to keep it. */
  isGrant?: boolean
  /** It changes nothing, whatever its method says: no key makes it happen once. */
  isRead?: boolean
}

export interface Client {
  call<T extends object | null>(call: Call, options?: CallOptions): Promise<Result<T>>
  /** Waits, or throws the `AbortError` of the signal. */
  pause(ms: number, options?: CallOptions): Promise<void>
}

/** A failure in place of settings is what every call resolves to. */
export function createClient(settings: Result<Settings>): Client {
  return {
    async call<T extends object | null>(call: Call, callOptions?: CallOptions): Promise<Result<T>> {
      if (!settings.ok) return settings
      try {
        return await send<T>(settings.value, call, callOptions)
      } catch (error) {
        if (error instanceof ClienteleError) return failure(error)
        return failure(new ArgumentError('call', 'cannot be sent as it is', { cause: error }))
      }
    },
    async pause(ms, callOptions) {
      if (!settings.ok) throw settings.error
      const { signal } = readCallOptions(settings.value, callOptions)
      await bounded({ signal }, (stop) => settings.value.retryOptions.wait(ms, stop))
    },
  }
}

async function send<T>(
  settings: Settings,
  call: Call,
  callOptions: CallOptions | undefined,
): Promise<Result<T>> {
  const { credential, retryOptions } = settings
  const { timeoutMs, signal, idempotencyKey } = readCallOptions(settings, callOptions)
  const url = urlOf(settings, call)
  // Made once: every attempt is the same request with the same key.
  const request = await bounded({ signal }, () => requestOf(settings, call, idempotencyKey))
  const sendOnce = async (bearer: string | undefined): Promise<Result<T>> => {
    try {
      const answer = await bounded({ timeoutMs, signal }, (stop) =>
        exchange(settings, url, { ...request, bearer, stop, asBytes: call.answers === 'bytes' }),
      )
      return readAnswer<T>(call, answer)
    } catch (error) {
      return failure(error instanceof ClienteleError ? error : unreachable(url, error))
    }
  }
  // What it throws is final: a credential that cannot be had has been tried as often as it may be.
  const bearerNow = () => bounded({ signal }, async () => credential.bearer())
  let mayRenew = true
  const attempt = async (): Promise<Result<T>> => {
    const bearer = await bearerNow()
    const result = await sendOnce(bearer)
    if (!mayRenew || !isUnauthorized(result) || !credential.renew?.(bearer)) return result
    mayRenew = false
    return sendOnce(await bearerNow())
  }
  const pause = (ms: number) => bounded({ signal }, (stop) => retryOptions.wait(ms, stop))
  return retry(retryOptions, attempt, pause)
}

function isUnauthorized(result: Result<unknown>): boolean {
  return !result.ok && result.error instanceof ApiError && result.error.status === 401
}

function urlOf(settings: Settings, { path, query }: Call): string {
  const segments = path.flatMap((segment) =>
    typeof segment === 'string'
      ? segment
      : Object.entries(segment).map(([name, value]) => encodeSegment(name, value)),
  )
  const text = new URLSearchParams(pairsOf(query ?? {})).toString()
  return `${settings.baseUrl}/${segments.join('/')}${text === '' ? '' : `?${text}`}`
}

function pairsOf(query: object): [string, string][] {
  return Object.entries(query).flatMap(([name, value]): [string, string][] => {
    if (value === undefined || value === null) return []
    if (!isObject(value)) return [[name, String(value)]]
    return pairsOf(value).map(([member, text]) => [`${name}[${member}]`, text])
  })
}

/** An empty value, `.` or `..` would make it another path, even when percent-encoded. */
function encodeSegment(name: string, value: string): string {
  if (typeof value !== 'string' || value === '' || value === '.' || value === '..') {
    throw new ArgumentError(name, 'is not an id')
  }
  try {
    return encodeURIComponent(value)
  } catch (error) {
    throw new ArgumentError(name, 'is not well-formed text', { cause: error })
  }
}

interface Request {
  method: Call['method']
  headers: Record<string, string>
  body?: string | Blob
}

async function requestOf(
  settings: Settings,
  call: Call,
  idempotencyKey: string | undefined,
): Promise<Request> {
  const { method } = call
  const headers: Record<string, string> = {
    accept: call.answers === 'bytes' ? '*/*' : 'application/json',
    ...settings.headers,
    ...call.headers,
  }
  const isWrite = method !== 'GET' && call.isGrant !== true && call.isRead !== true
  if (isWrite) {
    headers['idempotency-key'] = idempotencyKey ?? crypto.randomUUID()
  }
  if ('form' in call) {
    const { contentType, body } = await encodeForm(call.form)
    return { method, headers: { ...headers, 'content-type': contentType }, body }
  }
  if (call.basic) headers['authorization'] = `Basic ${basicOf(call.basic)}`
  if (call.fields) {
    headers['content-type'] = 'application/x-www-form-urlencoded'
    return { method, headers, body: new URLSearchParams(call.fields).toString() }
  }
  if (!('body' in call)) return { method, headers }
  headers['content-type'] = 'application/json'
  return { method, headers, body: jsonOf(call.body) }
}

export function basicOf({ user, password }: { user: string; password: string }): string {
  return btoa(`${user}:${password}`)
}

function jsonOf(body: unknown): string {
  let text: string | undefined
  try {
    text = JSON.stringify(body)
  } catch (error) {
    throw new ArgumentError('body', 'cannot be written as JSON', { cause: error })
  }
  if (text === undefined) throw new ArgumentError('body', 'is missing')
  return text
}

interface Answer {
  status: number
  isGood: boolean
  headers: Headers
  text: string
  /** In place of the text, where they were asked for. */
  bytes?: Blob
}

async function exchange(
  settings: Settings,
  url: string,
  request: Request & { bearer: string | undefined; stop: AbortSignal; asBytes: boolean },
): Promise<Answer> {
  const { bearer, stop, asBytes, headers: own, ...rest } = request
  // Called without an object before the dot: a browser's own fetch refuses any other.
  const { fetch, credential } = settings
  const { header = 'authorization' } = credential
  const shownAs = header === 'authorization' ? `Bearer ${bearer}` : String(bearer)
  const headers = bearer === undefined ? own : { ...own, [header]: shownAs }
  // A redirect followed by itself would turn a POST into a GET.
  const response = await fetch(url, { ...rest, headers, redirect: 'manual', signal: stop })
  const { status, ok: isGood } = response
  if (isGood && asBytes) {
    return { status, isGood, headers: response.headers, text: '', bytes: await response.blob() }
  }
  const text = await response.text()
  // A gateway may print the request that it refuses, and errors end up in logs.
  const secrets = bearer === undefined ? credential.secrets : [...credential.secrets, bearer]
  const shown = isGood ? text : hide(secrets, text)
  return { status, isGood, headers: response.headers, text: shown }
}

function hide(secrets: readonly string[], text: string): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '[secret]'), text)
}

function readAnswer<T>(call: Call, answer: Answer): Result<T> {
  const { status, isGood, headers, text, bytes } = answer
  if (bytes !== undefined) return success(bytes as T)
  if (isGood && call.answers === 'nothing' && text === '') return success(null as T)
  const json = parse(text)
  if (!isGood) return failure(new ApiError(status, json === undefined ? text : json, headers))
  if (isExpected(json, call.answers)) return success(json as T)
  return failure(new ParseError(status, call.isGrant === true ? '[secret]' : text, headers))
}

/** `undefined` for what is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isExpected(json: unknown, answers: Call['answers']): boolean {
  if (typeof answers === 'function') return answers(json)
  if (answers === 'nothing' || answers === 'bytes') return false
  if (answers === 'array') return Array.isArray(json) && json.every(isObject)
  return isObject(json)
}

export function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

/** Names the host and the system's code (`ECONNREFUSED`); everything else stands in `cause`. */
function unreachable(url: string, thrown: unknown): NetworkError {
  const inner = thrown instanceof Error ? thrown.cause : undefined
  const code = inner instanceof Error ? Reflect.get(inner, 'code') : undefined
  const why = typeof code === 'string' ? `: ${code}` : ''
  return new NetworkError(`No answer from ${new URL(url).host}${why}.`, { cause: thrown })
}
