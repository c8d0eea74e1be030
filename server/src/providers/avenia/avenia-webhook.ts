// Owns the webhooks of Avenia: the RSA-PSS signature, the key behind it, and what an event means.
import { constants, type KeyObject, verify } from 'node:crypto'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { ProviderConnection, ProviderNotice, WebhookDelivery } from '../../core/provider.ts'
import type { Clock } from '../../lib/clock.ts'
import {
  digestOf,
  isId,
  readForm,
  readPublicKey,
  readSigned,
  signatureInvalid,
  signatureOf,
} from '../avenia-brla.ts'
import { exchangeOk, type ProviderParts, unavailable, unusable } from '../http-client.ts'
import { aveniaBaseUrl } from './avenia-client.ts'

/** Forged webhooks must not make us ask for the key at each of them. */
export const keyAgeMsMin = 60_000
const hostsMax = 100

interface FetchedKey {
  fetchedAt: number
  key: Promise<KeyObject | null>
}

/** Avenia's own key, by base URL. It may change at any time: a miss asks again, within limits. */
export interface AveniaKeys {
  /** The key at hand, or one fetched now; `null` when there is none to be had. */
  get(connection: ProviderConnection): Promise<KeyObject | null>
  /** A newer key than the one at hand; `null` while it is too soon to ask. */
  renew(connection: ProviderConnection): Promise<KeyObject | null>
}

export function createAveniaKeys(parts: ProviderParts): AveniaKeys {
  const { clock } = parts
  const keys = new Map<string, FetchedKey>()
  const fetchFor = (baseUrl: string): Promise<KeyObject | null> => {
    const known = keys.get(baseUrl)
    if (known && isYoung(clock, known)) return Promise.resolve(null)
    const key = fetchKey(parts, baseUrl)
    keys.delete(baseUrl)
    keys.set(baseUrl, { fetchedAt: clock.now(), key: key.catch(() => null) })
    const [oldest] = keys.keys()
    if (keys.size > hostsMax && oldest !== undefined) keys.delete(oldest)
    return key
  }
  return {
    get: async (connection) => {
      const baseUrl = aveniaBaseUrl(connection)
      return (await keys.get(baseUrl)?.key) ?? fetchFor(baseUrl)
    },
    renew: (connection) => fetchFor(aveniaBaseUrl(connection)),
  }
}

function isYoung(clock: Clock, { fetchedAt }: FetchedKey): boolean {
  return clock.now() - fetchedAt < keyAgeMsMin
}

const keyForm = Compile(Type.Object({ publicKey: Type.String({ maxLength: 10_000 }) }))

async function fetchKey({ egress }: ProviderParts, baseUrl: string): Promise<KeyObject> {
  const url = `${baseUrl}/v2/public-key`
  const request = { method: 'GET', url, headers: { Accept: 'application/json' } } as const
  const answer = await exchangeOk(egress, request, () => 'it did not show its public key')
  const key = readPublicKey(readForm(keyForm, answer, 'a public key').publicKey)
  if (key?.asymmetricKeyType !== 'rsa') throw unusable('it is not an RSA public key')
  return key
}

/** The signature first; one delivery is one event. */
export async function parseAveniaWebhook(
  keys: AveniaKeys,
  connection: ProviderConnection,
  delivery: WebhookDelivery,
): Promise<ProviderNotice[]> {
  const signature = signatureOf(delivery)
  if (!(await isSigned(keys, connection, { body: delivery.body, signature }))) {
    throw signatureInvalid()
  }
  return [toNotice(readSigned(eventForm, delivery.body), delivery)]
}

interface Signed {
  body: Uint8Array
  signature: Buffer
}

async function isSigned(
  keys: AveniaKeys,
  connection: ProviderConnection,
  signed: Signed,
): Promise<boolean> {
  const pem = connection.credentials['webhook_public_key']
  if (pem) {
    const key = readPublicKey(pem)
    if (key === null) throw signatureInvalid('The webhook_public_key of the connection is no key.')
    return verifies(key, signed)
  }
  const key = await keys.get(connection)
  if (key === null) throw unavailable('It has not shown its public key.')
  if (verifies(key, signed)) return true
  const newer = await keys.renew(connection)
  return newer !== null && verifies(newer, signed)
}

function verifies(key: KeyObject, { body, signature }: Signed): boolean {
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_AUTO: saltLength } = constants
  const isRsa = key.asymmetricKeyType === 'rsa'
  return isRsa && verify('sha256', body, { key, padding, saltLength }, signature)
}

const Text = Type.Optional(Type.Union([Type.String({ maxLength: 200 }), Type.Null()]))
const subject = { subscription: Text, data: Type.Optional(Type.Unknown()) }
const Flat = Type.Object({
  ...subject,
  subscription: Type.String({ maxLength: 200 }),
  subAccountId: Text,
})
const Wrapped = Type.Object({
  event: Type.Object({ ...subject, accountId: Type.String({ maxLength: 200 }) }),
})
const eventForm = Compile(Type.Union([Flat, Wrapped]))

const attemptForm = Compile(
  Type.Object({
    attempt: Type.Object({
      id: Type.String(),
      status: Type.String(),
      result: Text,
      updatedAt: Text,
    }),
  }),
)

/**
 * The signature covers no time, so an old event may come again: whatever it says, Avenia is asked.
 * Payments and limits change no registration.
 */
function toNotice(
  event: Static<typeof Flat> | Static<typeof Wrapped>,
  { body, receivedAt }: WebhookDelivery,
): ProviderNotice {
  const { subscription, data } = 'event' in event ? event.event : event
  const account = 'event' in event ? event.event.accountId : event.subAccountId
  const attempt = attemptForm.Check(data) ? data.attempt : null
  // The wrapped form may come without saying what it is about.
  const isAboutIdentity = subscription === 'KYC' || (!subscription && attempt !== null)
  const isOurs = isAboutIdentity && account && isId(account)
  return {
    eventId: digestOf(attempt === null ? body : wordsOf(attempt)),
    remoteId: isOurs ? account : null,
    occurredAt: Date.parse(attempt?.updatedAt ?? '') || receivedAt,
    change: { kind: isOurs ? 'reread' : 'ignored' },
  }
}

/** Avenia repeats an event until it is taken; the attempt and where it stands name the fact. */
function wordsOf(attempt: {
  id: string
  status: string
  result?: string | null
  updatedAt?: string | null
}): string {
  const { id, status, result, updatedAt } = attempt
  return JSON.stringify([id, status, result ?? '', updatedAt ?? ''])
}
