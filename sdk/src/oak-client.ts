// Owns the client of the orchestration surface: where it is, who calls, the form of its answers.
import { createAccessToken } from './access-token.ts'
import { type Call, createClient, isObject } from './client.ts'
import { ArgumentError } from './errors.ts'
import {
  type CallOptions,
  readBaseUrl,
  readFunction,
  readOptions,
  readSecret,
  readSendOptions,
  type SendOptions,
  type Settings,
} from './options.ts'
import { type Result, success } from './result.ts'

/** An option that cannot be used shows in each call's `Result`. */
export interface OakClientOptions extends SendOptions {
  /**
   * Where the server is when `customUrl` does not say so: for `sandbox` the one on this machine;
   * `production` has no address of its own. Which records are met depends on the credentials.
   */
  environment: 'sandbox' | 'production'
  /** The id of one app's key. */
  clientId: string
  /** The secret of that key, `sk_test_…` or `sk_live_…`. */
  clientSecret: string
  /** The surface's address, such as `https://clientele.example/orchestration`. */
  customUrl?: string | undefined
  /** Milliseconds, by which a token's age is told; `Date.now` by default. Replace it in tests. */
  now?: (() => number) | undefined
}

/** What an answer of the surface holds. */
export interface Envelope<T> {
  /** A sentence about what was done. */
  msg: string
  data: T
}

/** A call of a service file; `answers` says what `data` is. */
export interface OakCall extends Omit<Call, 'answers' | 'isGrant'> {
  answers: 'object' | 'array'
}

/** Hand it to a service, such as `createCustomerService`. It need not be closed. */
export interface OakClient {
  call<T extends object>(call: OakCall, options?: CallOptions): Promise<Result<Envelope<T>>>
  /** Sends a form with files; its bytes are the same in every attempt. */
  postMultipart<T extends object>(
    call: Pick<OakCall, 'path' | 'answers'> & { form: FormData },
    options?: CallOptions,
  ): Promise<Result<Envelope<T>>>
}

/**
 * A client of the orchestration surface. It takes an access token when the first call needs one,
 * and keeps it for all of them.
 *
 * @example
 * const client = createOakClient({ environment: 'sandbox', clientId, clientSecret })
 * const customers = createCustomerService(client)
 */
export function createOakClient(options: OakClientOptions): OakClient {
  const client = createClient(readOptions(() => readSettings(options)))
  const call = <T extends object>({ answers, ...rest }: OakCall, callOptions?: CallOptions) =>
    client.call<Envelope<T>>({ ...rest, answers: envelopeOf(answers) }, callOptions)
  return {
    call,
    postMultipart: ({ path, form, answers }, callOptions) =>
      call({ method: 'POST', path, form, answers }, callOptions),
  }
}

function readSettings(options: OakClientOptions): Settings {
  const send = readSendOptions(options)
  const baseUrl = readAddress(options)
  const clientId = readSecret('clientId', options.clientId)
  const clientSecret = readSecret('clientSecret', options.clientSecret)
  // The grant goes out without a token: there is none yet.
  const anonymous = { bearer: () => undefined, secrets: [clientSecret] }
  const credential = createAccessToken({
    client: createClient(success({ ...send, baseUrl, credential: anonymous })),
    grant: {
      method: 'POST',
      path: ['api/v1/merchant/token/grant'],
      body: {
        client_id: clientId,
        client_secret: clientSecret,
        grant_type: 'client_credentials',
      },
    },
    secrets: [clientSecret],
    now: readFunction('now', options.now, () => Date.now()),
  })
  return { ...send, baseUrl, credential }
}

const sandboxUrl = 'http://127.0.0.1:4000/orchestration'

function readAddress({ environment, customUrl }: OakClientOptions): string {
  if (environment !== 'sandbox' && environment !== 'production') {
    throw new ArgumentError('environment', "is neither 'sandbox' nor 'production'")
  }
  if (customUrl !== undefined) return readBaseUrl('customUrl', customUrl)
  if (environment === 'sandbox') return sandboxUrl
  // A guess would send the secret of live records to whoever answers there.
  throw new ArgumentError(
    'customUrl',
    "is missing: in production pass your server's, such as https://clientele.example/orchestration",
  )
}

function envelopeOf(answers: OakCall['answers']): (json: unknown) => boolean {
  return (json) => {
    if (!isObject(json) || typeof json['msg'] !== 'string') return false
    const { data } = json
    if (answers === 'array') return Array.isArray(data) && data.every(isObject)
    return isObject(data)
  }
}
