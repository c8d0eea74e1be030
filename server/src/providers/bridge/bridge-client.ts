// Owns how Bridge is called: its headers, its loose error bodies, and what a 404 means.
import Type, { type Static, type TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import type { ProviderConnection } from '../../core/provider.ts'
import type { Json } from '../../lib/canonical.ts'
import type { Egress } from '../../lib/egress.ts'
import { exchange, type ProviderAnswer, rejected, safeReason, unusable } from '../http-client.ts'

export type BridgeBody = Record<string, Json>

export interface BridgeClient {
  get(path: string): Promise<ProviderAnswer>
  post(path: string, body: BridgeBody, idempotencyKey: string): Promise<ProviderAnswer>
  put(path: string, body: BridgeBody): Promise<ProviderAnswer>
  /** The answer when it is a success; throws `provider_rejected` with Bridge's reason. */
  accepted(answer: ProviderAnswer): ProviderAnswer
  /** Why Bridge refused, without personal data. */
  reasonOf(answer: ProviderAnswer): string
}

const baseUrls = {
  live: 'https://api.bridge.xyz/v0',
  test: 'https://api.sandbox.bridge.xyz/v0',
}

/** What an id of Bridge looks like; anything else must not become a part of a path. */
export const bridgeIdPattern = '^[A-Za-z0-9_-]{1,64}$'

/** `personal`: texts that are cut out of whatever Bridge says. */
export function bridgeClient(
  egress: Egress,
  connection: ProviderConnection,
  personal: readonly string[] = [],
): BridgeClient {
  const baseUrl = connection.baseUrl ?? baseUrls[connection.mode]
  const key = { 'Api-Key': connection.credentials['api_key'] ?? '' }
  const json = { ...key, 'Content-Type': 'application/json' }
  const urlOf = (path: string) => `${baseUrl}${path}`
  const unsaid = [...Object.values(connection.credentials), ...personal]
  const reasonOf = (answer: ProviderAnswer) => safeReason(saidIn(answer), unsaid)
  return {
    get: (path) => exchange(egress, { method: 'GET', url: urlOf(path), headers: key }),
    // Bridge wants the key on each POST and refuses it on every other method.
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
export function readBridge<T extends TSchema>(
  form: Validator<Record<never, never>, T>,
  answer: ProviderAnswer,
  what: string,
): Static<T> {
  if (!form.Check(answer.json)) throw unusable(`it is not ${what}`)
  return answer.json
}

const noReason = 'it gave no reason'
const loose = Type.Optional(Type.Unknown())
const ErrorBody = Compile(Type.Object({ message: loose, errors: loose, source: loose }))

/** Bridge has four forms of an error body, some of them against its own schema. */
function saidIn(answer: ProviderAnswer): string {
  if (!ErrorBody.Check(answer.json)) return noReason
  const { message, errors, source } = answer.json
  const listed = Array.isArray(errors) ? errors.map((one) => memberOf(one, 'message')) : []
  const said = [message, ...listed].filter((text) => typeof text === 'string')
  const named = namesOf(memberOf(source, 'key'))
  const reason = [...new Set(said), ...named].join('; ')
  return reason || noReason
}

/** `"first_name"`, or `{first_name: "is too short"}`. */
function namesOf(key: unknown): string[] {
  if (typeof key === 'string') return [key]
  if (typeof key !== 'object' || key === null) return []
  return Object.entries(key).map(([name, rule]) =>
    typeof rule === 'string' ? `${name} ${rule}` : name,
  )
}

function memberOf(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined
}

const textLengthMin = 3

/** Every text in a body that a reason could repeat; digits are cut from reasons anyway. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.trim().length < textLengthMin ? [] : [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsOf)
}
