// Owns how Stripe is called: its official library, over our guarded door, its errors in our words.
import Stripe from 'stripe'
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
    const { status, headers } = response
    return new Response(new Uint8Array(response.body), { status, headers })
  }
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
  if (error instanceof AppError) return error
  const failed = causeOf(error)
  if (failed) return toProviderError(failed)
  if (error instanceof Stripe.errors.StripeRateLimitError) {
    return limited(readRetryAfter(error.headers?.['retry-after']))
  }
  const isRefused =
    error instanceof Stripe.errors.StripeAuthenticationError ||
    error instanceof Stripe.errors.StripePermissionError
  if (isRefused) return new AppError(providerErrors.provider_credentials_refused)
  if (error instanceof Stripe.errors.StripeError) {
    const status = error.statusCode ?? 0
    if (status === 404) return rejected('it does not know this customer')
    // Another answer than the documented one has no type, or comes with a status of success.
    const isRefusal = status >= 400 && status < 500 && error.rawType !== undefined
    return isRefusal ? rejected(error.message, personal) : unavailable('Its answer is not usable.')
  }
  // The library broke over an answer that is none.
  return error instanceof Error ? unavailable('Its answer is not usable.') : new Error('unknown')
}

/** The library wraps what the network threw. */
function causeOf(error: unknown): EgressFailed | null {
  let cause = error
  for (let depth = 0; depth < 5 && cause instanceof Error; depth += 1) {
    if (cause instanceof EgressFailed) return cause
    cause = Reflect.get(cause, 'detail') ?? cause.cause
  }
  return null
}
