// Owns what the HTTP adapters share: a bounded exchange, errors told apart, and reasons that are
// safe to show.
import { AppError } from '../core/errors.ts'
import { providerErrors } from '../core/provider.ts'
import type { Clock } from '../lib/clock.ts'
import { type Egress, EgressFailed, type EgressRequest } from '../lib/egress.ts'

/** What an adapter is made of, by `create<Name>(parts)`. */
export interface ProviderParts {
  egress: Egress
  clock: Clock
}

export interface ProviderRequest {
  method: EgressRequest['method']
  url: string
  headers: Record<string, string>
  body?: string | Uint8Array
  /** The values of the customer that this request carries: cut out of what the provider says. */
  personal?: readonly (string | null | undefined)[]
}

export interface ProviderAnswer {
  status: number
  headers: Record<string, string>
  /** The parsed body; `undefined` when it is empty. Nothing in it is checked yet. */
  json: unknown
  text: string
}

export const providerTimeoutMs = 10_000
/** A provider's answers are a few KiB; a list page some dozens. */
export const answerBytesMax = 1024 * 1024
const reasonLengthMax = 200
const shortLengthMax = 4

/**
 * One exchange. Answers every status below 500 but 401, 403 and 429; throws `provider_unavailable`,
 * `provider_timeout`, `provider_limited` (with its wait) or `provider_credentials_refused`.
 */
export async function exchange(egress: Egress, request: ProviderRequest): Promise<ProviderAnswer> {
  const { method, url, headers, body } = request
  const limits = { timeoutMs: providerTimeoutMs, responseBytesMax: answerBytesMax }
  const sent = { method, url, headers, ...limits, ...(body === undefined ? {} : { body }) }
  const response = await egress.send(sent).catch((error: unknown) => {
    throw toProviderError(error)
  })
  const { status } = response
  if (status === 401 || status === 403) {
    throw new AppError(providerErrors.provider_credentials_refused)
  }
  if (status === 429) throw limited(readRetryAfter(response.headers['retry-after']))
  if (status >= 500 || status === 408) {
    throw unavailable(`It answered ${status}.`, response.headers['retry-after'])
  }
  if (status >= 300 && status < 400) throw unavailable('It answered a redirect.')
  const text = response.body.toString('utf8')
  return { status, headers: response.headers, json: parseJson(text, status), text }
}

/** As `exchange`, and a status from 400 on becomes `provider_rejected` with its reason. */
export async function exchangeOk(
  egress: Egress,
  request: ProviderRequest,
  reasonOf: (answer: ProviderAnswer) => string,
): Promise<ProviderAnswer> {
  const answer = await exchange(egress, request)
  if (answer.status < 400) return answer
  throw rejected(reasonOf(answer), request.personal ?? [])
}

/** `provider_rejected`, its reason bounded and without the customer's values. */
export function rejected(
  reason: string,
  personal: readonly (string | null | undefined)[] = [],
): AppError {
  const safe = safeReason(reason, personal)
  return new AppError(providerErrors.provider_rejected, {
    detail: `The provider refused the request: ${safe || 'it gave no reason'}.`,
  })
}

export function unavailable(what: string, retryAfter?: string): AppError {
  const detail = `The provider did not give a usable answer. ${what}`
  const retryAfterSeconds = readRetryAfter(retryAfter)
  return new AppError(providerErrors.provider_unavailable, {
    detail,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  })
}

/** Another form than the documented one: nothing of it is used. */
export function unusable(what: string): AppError {
  return unavailable(`Its answer does not have the documented form: ${what}.`)
}

/** Text of a provider without addresses, numbers of three digits or more, and the given values. */
export function safeReason(
  reason: string,
  personal: readonly (string | null | undefined)[] = [],
): string {
  let safe = reason.toWellFormed().replace(/\p{Cc}+/gu, ' ')
  const values = personal.flatMap((value) => (value && value.trim().length > 1 ? [value] : []))
  // The longest first: a name inside a longer one must not leave the rest standing.
  for (const value of values.sort((left, right) => right.length - left.length)) {
    safe = replaceAllIgnoringCase(safe, value)
  }
  safe = safe
    .replace(/[^\s@<>"'(),;:]+@[^\s@<>"'(),;:]+/gu, '…')
    .replace(/\+?\d[\d ().\-/]{1,}\d/g, '…')
  return safe
    .trim()
    .slice(0, reasonLengthMax)
    .replace(/[.\s]+$/, '')
}

function replaceAllIgnoringCase(text: string, value: string): string {
  const pattern = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  // A house's number cut out of the middle of a phone number would leave the ends standing.
  const isShort = value.length < shortLengthMax
  const whole = isShort ? `(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])` : pattern
  return text.replace(new RegExp(whole, 'giu'), '…')
}

/** A failure of the network, as one of the port's errors. */
export function toProviderError(error: unknown): AppError {
  if (!(error instanceof EgressFailed)) throw error
  if (error.reason === 'timeout') return new AppError(providerErrors.provider_timeout)
  return unavailable(`${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`)
}

export function limited(retryAfterSeconds = 1): AppError {
  return new AppError(providerErrors.provider_limited, { retryAfterSeconds })
}

const retryAfterSecondsMax = 3_600

/** In seconds, bounded; `undefined` where it says none that can be read. */
export function readRetryAfter(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,9}$/.test(text)) return undefined
  return Math.min(Number(text), retryAfterSecondsMax)
}

function parseJson(text: string, status: number): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    // An error may come as plain text; a success that is no JSON is not used.
    if (status >= 400) return undefined
    throw unusable('it is not JSON')
  }
}
