// Owns how the first version of BRLA's API is called: a login for a token, and the token for calls.
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { AppError } from '../../core/errors.ts'
import { type ProviderConnection, providerErrors } from '../../core/provider.ts'
import type { Json } from '../../lib/canonical.ts'
import type { Egress, EgressRequest } from '../../lib/egress.ts'
import { accepted, digestOf, readForm } from '../avenia-brla.ts'
import { exchange, type ProviderAnswer, rejected } from '../http-client.ts'

export type BrlaBody = Record<string, Json>

export interface BrlaClient {
  egress: Egress
  /** Texts that are cut out of whatever BRLA says: the customer's, and our credentials. */
  personal: readonly string[]
  /** Answers every status that `exchange` answers. */
  send(method: EgressRequest['method'], path: string, body?: BrlaBody): Promise<ProviderAnswer>
  /** As `send`; throws `provider_rejected` from 400 on. */
  ask(method: EgressRequest['method'], path: string, body?: BrlaBody): Promise<ProviderAnswer>
}

const origin = 'https://api.brla.digital'
const ports = { live: '5567', test: '4567' }

/** One host for both modes; the port tells. */
export function brlaModeOf({ baseUrl }: Pick<ProviderConnection, 'baseUrl'>) {
  if (baseUrl === null || !URL.canParse(baseUrl)) return null
  const url = new URL(baseUrl)
  if (url.hostname !== new URL(origin).hostname) return null
  if (url.port === ports.live) return 'live'
  return url.port === ports.test ? 'test' : null
}

function urlOf({ baseUrl, mode }: ProviderConnection, path: string): string {
  return `${baseUrl ?? `${origin}:${ports[mode]}/v1`}${path}`
}

const loginsMax = 1_000

/** The tokens at hand or on their way, by the credentials that they are given for. */
export type BrlaLogins = Map<string, Promise<string>>

export function brlaClient(
  egress: Egress,
  logins: BrlaLogins,
  connection: ProviderConnection,
  personalTexts: readonly string[] = [],
): BrlaClient {
  const personal = [...Object.values(connection.credentials), ...personalTexts]
  const send: BrlaClient['send'] = async (method, path, body) => {
    const sendWith = (token: string) =>
      exchange(egress, {
        ...{ method, url: urlOf(connection, path), personal },
        headers: {
          Authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    const login = loginFor(egress, logins, connection)
    const token = await login
    try {
      return await sendWith(token)
    } catch (error) {
      if (!isRefusal(error)) throw error
      // The token has run out; what was refused has had no effect, so it may go once more.
      return sendWith(await loginFor(egress, logins, connection, login))
    }
  }
  return {
    egress,
    personal,
    send,
    ask: async (method, path, body) => accepted(await send(method, path, body), personal),
  }
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof AppError && error.definition === providerErrors.provider_credentials_refused
  )
}

/** Callers of the same moment share one. `refused`: the one whose token is good no more. */
function loginFor(
  egress: Egress,
  logins: BrlaLogins,
  connection: ProviderConnection,
  refused?: Promise<string>,
): Promise<string> {
  const { email = '', password = '' } = connection.credentials
  const key = digestOf(JSON.stringify([urlOf(connection, ''), email, password]))
  const known = logins.get(key)
  if (known && known !== refused) return known
  const login = logIn(egress, connection)
  logins.delete(key)
  logins.set(key, login)
  const [oldest] = logins.keys()
  if (logins.size > loginsMax && oldest !== undefined) logins.delete(oldest)
  login.catch(() => {
    if (logins.get(key) === login) logins.delete(key)
  })
  return login
}

const loginForm = Compile(
  Type.Object({ accessToken: Type.String({ pattern: '^[\\x21-\\x7e]{1,4096}$' }) }),
)

/** Throws `provider_credentials_refused` for a wrong e-mail or password. */
export async function logIn(egress: Egress, connection: ProviderConnection): Promise<string> {
  const { email = '', password = '' } = connection.credentials
  const answer = await exchange(egress, {
    method: 'POST',
    url: urlOf(connection, '/business/login'),
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  if (answer.status === 404) throw rejected('it has no such path: check the base URL')
  if (answer.status >= 400) throw new AppError(providerErrors.provider_credentials_refused)
  return readForm(loginForm, answer, 'a login').accessToken
}
