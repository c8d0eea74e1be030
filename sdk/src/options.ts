// Owns what a caller may set on a client and on a call, and the check of it.
import { ArgumentError, ClienteleError } from './errors.ts'
import { failure, type Result, success } from './result.ts'
import { attemptsLimit, type RetryOptions, retryDefaults } from './retry.ts'

/** What a client is made of. An option that cannot be used shows in each call's `Result`. */
export interface ClientOptions extends SendOptions {
  /** The secret of one app's key, `sk_test_…` or `sk_live_…`. */
  apiKey: string
  /** The surface's address, such as `http://127.0.0.1:4000/payouts`. */
  baseUrl: string
}

/** The options that every client has. */
export interface SendOptions {
  /** How often, and after how long, a failure that may pass is tried again. */
  retryOptions?: RetryOptions | undefined
  /** Time limit of one attempt, its body included, in milliseconds: 30,000 by default. */
  timeoutMs?: number | undefined
  /** Sends the requests instead of the global `fetch`. */
  fetch?: typeof globalThis.fetch | undefined
}

/** The optional last argument of every call. */
export interface CallOptions {
  /**
   * Makes a write happen once, however often you send it: 1 to 255 printable ASCII characters.
   * Without it each write has a key of its own, kept across its attempts. Reads carry none.
   */
  idempotencyKey?: string | undefined
  /** Aborts the call, also while it waits for its next attempt: an `AbortError`. */
  signal?: AbortSignal | undefined
  /** Time limit of one attempt in milliseconds, instead of the client's. */
  timeoutMs?: number | undefined
}

/** A client's options, checked and complete. */
export interface Settings extends SendSettings {
  /** Without a slash at its end. */
  baseUrl: string
  credential: Credential
  /** Of every request, beside what each call says. */
  headers?: Record<string, string>
}

/** How requests are sent, whoever sends them and wherever they go. */
export interface SendSettings {
  retryOptions: Required<RetryOptions>
  timeoutMs: number
  fetch: typeof globalThis.fetch
}

/** What shows the server who calls. */
export interface Credential {
  /**
   * The bearer token of the next attempt; `undefined` sends none. Throws a `ClienteleError` when
   * there is none to be had, which ends the call.
   */
  bearer(): string | undefined | Promise<string | undefined>
  /** Takes a bearer that was answered 401; `true` when another attempt may have a better one. */
  renew?(refused: string | undefined): boolean
  /** The header that carries it, where that is not `authorization`. */
  header?: 'x-api-key'
  /** What no error may show, beside the bearer. */
  secrets: readonly string[]
}

const timeoutMsDefault = 30_000
/** What a timer takes; a longer one would end at once. */
const msMax = 2 ** 31 - 1

/** A failure instead of a throw: an application may build its client before anything can catch. */
export function readClientOptions(options: ClientOptions): Result<Settings> {
  return readOptions(() => {
    const apiKey = readSecret('apiKey', options.apiKey)
    return {
      credential: { bearer: () => apiKey, secrets: [] },
      baseUrl: readBaseUrl('baseUrl', options.baseUrl),
      ...readSendOptions(options),
    }
  })
}

/** The settings that `read` makes of options, or why they cannot be used. */
export function readOptions(read: () => Settings): Result<Settings> {
  try {
    return success(read())
  } catch (error) {
    if (error instanceof ClienteleError) return failure(error)
    return failure(new ArgumentError('options', 'is not an object', { cause: error }))
  }
}

/** Throws {@link ArgumentError}, like the readers of single options below. */
export function readSendOptions(options: SendOptions): SendSettings {
  return {
    retryOptions: readRetryOptions(options.retryOptions),
    timeoutMs: readMs('timeoutMs', options.timeoutMs ?? timeoutMsDefault, 1),
    fetch: readFunction('fetch', options.fetch, (...args) => globalThis.fetch(...args)),
  }
}

/** Throws {@link ArgumentError}, which the call turns into its result. */
export function readCallOptions(settings: Settings, options: CallOptions | undefined): CallOptions {
  const { idempotencyKey, signal, timeoutMs = settings.timeoutMs } = options ?? {}
  if (idempotencyKey !== undefined && !isIdempotencyKey(idempotencyKey)) {
    throw new ArgumentError('options.idempotencyKey', 'is not 1 to 255 printable ASCII characters')
  }
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw new ArgumentError('options.signal', 'is not an AbortSignal')
  }
  return { idempotencyKey, signal, timeoutMs: readMs('options.timeoutMs', timeoutMs, 1) }
}

/** Checked here because `fetch` would quote a bad header value, the key itself, in its error. */
export function readSecret(param: string, secret: string): string {
  if (isSecret(secret)) return secret
  throw new ArgumentError(param, 'is empty, or has characters that no key has')
}

export function isSecret(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)
}

/** The address is not quoted: what is wrong with it may be a password in it. */
export function readBaseUrl(param: string, baseUrl: string): string {
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) {
    throw new ArgumentError(param, 'is not an absolute URL')
  }
  const url = new URL(baseUrl)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ArgumentError(param, 'begins with neither http: nor https:')
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new ArgumentError(param, 'has a user, a password, a query or a fragment')
  }
  return url.origin + url.pathname.replace(/\/+$/, '')
}

function readRetryOptions(options: RetryOptions | undefined): Required<RetryOptions> {
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined)
  const read: Required<RetryOptions> = { ...retryDefaults, ...Object.fromEntries(given) }
  const { attemptsMax } = read
  if (!Number.isInteger(attemptsMax) || attemptsMax < 1 || attemptsMax > attemptsLimit) {
    throw new ArgumentError('retryOptions.attemptsMax', `is not 1 to ${attemptsLimit}`)
  }
  for (const name of ['firstDelayMs', 'delayMsMax', 'retryAfterMsMax'] as const) {
    readMs(`retryOptions.${name}`, read[name], 0)
  }
  for (const name of ['wait', 'random'] as const) {
    if (typeof read[name] === 'function') continue
    throw new ArgumentError(`retryOptions.${name}`, 'is not a function')
  }
  return read
}

export function readMs(param: string, ms: number, min: number): number {
  if (typeof ms === 'number' && ms >= min && ms <= msMax) return ms
  throw new ArgumentError(param, `is not ${min} to ${msMax} milliseconds`)
}

/** The default looks its function up at each call: one that is put in place later is used. */
export function readFunction<F>(param: string, given: F | undefined, otherwise: F): F {
  const read = given ?? otherwise
  if (typeof read === 'function') return read
  throw new ArgumentError(param, 'is not a function')
}

function isIdempotencyKey(key: string): boolean {
  return typeof key === 'string' && /^[\x20-\x7e]{1,255}$/.test(key) && key.trim() !== ''
}
