// Owns how Mercado Pago is called: bearer tokens, its error bodies with their numbered causes.
import Type, { type Static, type TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import type { ProviderConnection } from '../../core/provider.ts'
import type { Json } from '../../lib/canonical.ts'
import type { Egress } from '../../lib/egress.ts'
import { exchange, type ProviderAnswer, rejected, safeReason, unusable } from '../http-client.ts'

export interface MercadoPagoClient {
  get(path: string): Promise<ProviderAnswer>
  post(path: string, body: Record<string, Json>, idempotencyKey: string): Promise<ProviderAnswer>
  put(path: string, body: Record<string, Json>, idempotencyKey: string): Promise<ProviderAnswer>
  /** The answer when it is a success; throws `provider_rejected` with the reason given. */
  accepted(answer: ProviderAnswer): ProviderAnswer
  reasonOf(answer: ProviderAnswer): string
}

/** One for test users and for live: the token decides. */
const ownBaseUrl = 'https://api.mercadopago.com'

/** What an id looks like there; anything else must not become a part of a path. */
export const mercadoPagoIdPattern = '^[A-Za-z0-9_-]{1,64}$'

/** `token`: in place of the connection's, as for a seller who has linked an account. */
export function mercadoPagoClient(
  egress: Egress,
  connection: ProviderConnection,
  personal: readonly string[] = [],
  token: string = connection.credentials['access_token'] ?? '',
): MercadoPagoClient {
  const baseUrl = connection.baseUrl ?? ownBaseUrl
  const authorization = { Authorization: `Bearer ${token}` }
  const send = (
    method: 'POST' | 'PUT',
    path: string,
    { body, idempotencyKey }: { body: Record<string, Json>; idempotencyKey: string },
  ) =>
    exchange(egress, {
      method,
      url: `${baseUrl}${path}`,
      headers: {
        ...authorization,
        'Content-Type': 'application/json',
        'X-Idempotency-Key': idempotencyKey,
      },
      body: JSON.stringify(body),
    })
  const unsaid = [...Object.values(connection.credentials), ...personal]
  const reasonOf = (answer: ProviderAnswer) => safeReason(saidIn(answer), unsaid)
  return {
    get: (path) =>
      exchange(egress, { method: 'GET', url: `${baseUrl}${path}`, headers: authorization }),
    post: (path, body, idempotencyKey) => send('POST', path, { body, idempotencyKey }),
    put: (path, body, idempotencyKey) => send('PUT', path, { body, idempotencyKey }),
    accepted: (answer) => {
      if (answer.status < 400) return answer
      if (answer.status === 404) throw rejected('it does not know this customer')
      throw rejected(reasonOf(answer))
    },
    reasonOf,
  }
}

/** The body when it has the documented form; nothing else of it is used. */
export function readMercadoPago<T extends TSchema>(
  form: Validator<Record<never, never>, T>,
  answer: ProviderAnswer,
  what: string,
): Static<T> {
  if (!form.Check(answer.json)) throw unusable(`it is not ${what}`)
  return answer.json
}

export const userForm = Compile(
  Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) }),
)

const messageForm = Compile(Type.Object({ message: Type.String() }))
const causesForm = Compile(Type.Object({ cause: Type.Array(Type.Unknown()) }))
const codeForm = Compile(Type.Object({ code: Type.Union([Type.String(), Type.Integer()]) }))
const descriptionForm = Compile(Type.Object({ description: Type.String() }))

/** The numbered causes of a refusal, as text: `101` is a customer that exists already. */
export function causesOf({ json }: ProviderAnswer): string[] {
  const causes = causesForm.Check(json) ? json.cause : []
  return causes.flatMap((cause) => (codeForm.Check(cause) ? String(cause.code) : []))
}

/** Each member is looked at by itself: a cause without words must not hide the message. */
function saidIn({ json }: ProviderAnswer): string {
  const causes = causesForm.Check(json) ? json.cause : []
  const described = causes.flatMap((one) => (descriptionForm.Check(one) ? one.description : []))
  if (described.length > 0) return described.join('; ')
  return messageForm.Check(json) ? json.message : 'it gave no reason'
}
