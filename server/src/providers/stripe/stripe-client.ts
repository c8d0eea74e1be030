// Owns how Stripe is called: its official library, over our guarded door, its errors in our words.
import Stripe from 'stripe'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { AppError } from '../../core/errors.ts'
import { type ProviderConnection, providerErrors } from '../../core/provider.ts'
import { type Egress, EgressFailed, type EgressRequest } from '../../lib/egress.ts'
import {
  answerBytesMax,
  limited,
  providerTimeoutMs,
  readRetryAfter,
  rejected,
  toProviderError,
  unavailable,
} from '../http-client.ts'

/** What an id looks like there; anything else must not become a part of a path. */
export const stripeIdForm = /^[A-Za-z0-9_]{1,64}$/

/** Made anew for a call: it holds no connection of its own. */
export function stripeClient(egress: Egress, connection: ProviderConnection): Stripe {
  const { baseUrl, credentials } = connection
  return new Stripe(credentials['secret_key'] ?? '', {
    httpClient: Stripe.createFetchHttpClient(fetchThrough(egress)),
    // Our jobs try again themselves, with the same idempotency key.
    maxNetworkRetries: 0,
    timeout: providerTimeoutMs,
    telemetry: false,
    ...(baseUrl === null ? {} : addressOf(baseUrl)),
  })
}

function addressOf(baseUrl: string): { protocol: 'http' | 'https'; host: string; port: string } {
  const url = new URL(baseUrl)
  const protocol = url.protocol === 'http:' ? 'http' : 'https'
  const port = url.port === '' ? (protocol === 'http' ? '80' : '443') : url.port
  return { protocol, host: url.hostname, port }
}

/** The library's idea of a network: bounded and guarded as every other call of ours. */
function fetchThrough(egress: Egress): typeof fetch {
  return async (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input)
    const body = init.body
    const response = await egress.send({
      method: (init.method ?? 'GET') as EgressRequest['method'],
      url,
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(typeof body === 'string' || body instanceof Uint8Array ? { body } : {}),
      timeoutMs: providerTimeoutMs,
      responseBytesMax: answerBytesMax,
    })
    const { status } = response
    const retryAfter = response.headers['retry-after']
    if (status === 401) throw new AppError(providerErrors.provider_credentials_refused)
    if (status === 429) throw limited(readRetryAfter(retryAfter))
    // 409: another request with the same key is still under way.
    const isPassing = status >= 500 || status === 408 || status === 409
    if (isPassing) throw unavailable(`It answered ${status}.`, retryAfter)
    if (status >= 300 && status < 400) throw unavailable('It answered a redirect.')
    return new Response(checkAnswer(response.body.toString('utf8')), { status })
  }
}

const Text = Type.Optional(Type.Union([Type.String(), Type.Null()]))
const answerForm = Compile(
  Type.Object({ error: Type.Optional(Type.Object({ type: Text, message: Text, code: Text })) }),
)

/**
 * What the library takes apart without looking. A plain number or text for an answer breaks it in
 * a promise of its own: that would end this process, and the call would never be answered.
 */
function checkAnswer(text: string): string {
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    throw unavailable('Its answer is not JSON.')
  }
  if (!answerForm.Check(answer)) throw unavailable('Its answer is not usable.')
  return text
}

/** Whatever the library throws, as one of the port's errors; reasons without these values. */
export async function askStripe<T>(
  { credentials }: Pick<ProviderConnection, 'credentials'>,
  personal: readonly (string | null | undefined)[],
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    throw toAppError(error, [...Object.values(credentials), ...personal])
  }
}

function toAppError(error: unknown, personal: readonly (string | null | undefined)[]): Error {
  const known = causeOf(error)
  if (known) return known instanceof AppError ? known : toProviderError(known)
  if (!(error instanceof Stripe.errors.StripeError)) {
    // The library broke over an answer that is none.
    return error instanceof Error ? unavailable('Its answer is not usable.') : new Error('unknown')
  }
  if (error instanceof Stripe.errors.StripeRateLimitError) return limited()
  const status = error.statusCode ?? 0
  // An account that does not exist, or that has cut us off, comes as a lack of permission.
  if (status === 404 || (status === 403 && error.code === 'account_invalid')) {
    return rejected('it does not know this customer')
  }
  if (status === 403) return new AppError(providerErrors.provider_credentials_refused)
  // Another answer than the documented one has no type, or comes with a status of success.
  const isRefusal = status >= 400 && status < 500 && error.rawType !== undefined
  return isRefusal ? rejected(error.message, personal) : unavailable('Its answer is not usable.')
}

/** The library wraps what the network threw. */
function causeOf(error: unknown): AppError | EgressFailed | null {
  let cause = error
  for (let depth = 0; depth < 5 && cause instanceof Error; depth += 1) {
    if (cause instanceof AppError || cause instanceof EgressFailed) return cause
    cause = Reflect.get(cause, 'detail') ?? cause.cause
  }
  return null
}
