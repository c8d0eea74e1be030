// Owns how Pagar.me is called: Basic credentials, its error bodies, and what a 404 means.
import Type, { type Static, type TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import type { ProviderConnection } from '../../core/provider.ts'
import type { Json } from '../../lib/canonical.ts'
import type { Egress } from '../../lib/egress.ts'
import { exchange, type ProviderAnswer, rejected, safeReason, unusable } from '../http-client.ts'

export type PagarMeBody = Record<string, Json>

export interface PagarMeClient {
  get(path: string): Promise<ProviderAnswer>
  post(path: string, body: PagarMeBody, idempotencyKey: string): Promise<ProviderAnswer>
  put(path: string, body: PagarMeBody): Promise<ProviderAnswer>
  /** The answer when it is a success; throws `provider_rejected` with Pagar.me's reason. */
  accepted(answer: ProviderAnswer): ProviderAnswer
  /** Why Pagar.me refused, without personal data. */
  reasonOf(answer: ProviderAnswer): string
}

/** One for test and live: the key decides. */
const ownBaseUrl = 'https://api.pagar.me/core/v5'

/** What an id of Pagar.me looks like; anything else must not become a part of a path. */
export const pagarMeIdPattern = '^[A-Za-z0-9_-]{1,64}$'

/** `personal`: texts that are cut out of whatever Pagar.me says. */
export function pagarMeClient(
  egress: Egress,
  connection: ProviderConnection,
  personal: readonly string[] = [],
): PagarMeClient {
  const baseUrl = connection.baseUrl ?? ownBaseUrl
  const secret = Buffer.from(`${connection.credentials['secret_key'] ?? ''}:`).toString('base64')
  const authorization = { Authorization: `Basic ${secret}` }
  const json = { ...authorization, 'Content-Type': 'application/json' }
  const urlOf = (path: string) => `${baseUrl}${path}`
  const unsaid = [...Object.values(connection.credentials), ...personal]
  const reasonOf = (answer: ProviderAnswer) => safeReason(saidIn(answer), unsaid)
  return {
    get: (path) => exchange(egress, { method: 'GET', url: urlOf(path), headers: authorization }),
    post: (path, body, idempotencyKey) =>
      exchange(egress, {
        method: 'POST',
        url: urlOf(path),
        headers: { ...json, 'Idempotency-Key': idempotencyKey },
        body: JSON.stringify(body),
      }),
    put: (path, body) =>
      exchange(egress, {
        method: 'PUT',
        url: urlOf(path),
        headers: json,
        body: JSON.stringify(body),
      }),
    accepted: (answer) => {
      if (answer.status < 400) return answer
      if (answer.status === 404) throw rejected('it does not know this customer')
      throw rejected(reasonOf(answer))
    },
    reasonOf,
  }
}

/** The answer's body when it has the documented form; nothing else of it is used. */
export function readPagarMe<T extends TSchema>(
  form: Validator<Record<never, never>, T>,
  answer: ProviderAnswer,
  what: string,
): Static<T> {
  if (!form.Check(answer.json)) throw unusable(`it is not ${what}`)
  return answer.json
}

const noReason = 'it gave no reason'
const loose = Type.Optional(Type.Unknown())
const ErrorBody = Compile(Type.Object({ message: loose, errors: loose }))

/** Its third part, `request`, repeats everything that was sent: it is never read. */
function saidIn(answer: ProviderAnswer): string {
  if (!ErrorBody.Check(answer.json)) return noReason
  const { message, errors } = answer.json
  const byField =
    typeof errors === 'object' && errors !== null
      ? Object.entries(errors).map(([field, rules]) => `${field} ${textsIn(rules).join(', ')}`)
      : []
  return [...textsIn(message), ...byField].join('; ') || noReason
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

const textLengthMin = 3

/** Every text in a body that a reason could repeat; digits are cut from reasons anyway. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.trim().length < textLengthMin ? [] : [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsOf)
}
