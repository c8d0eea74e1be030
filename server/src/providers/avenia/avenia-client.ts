// Owns how Avenia is called: its base URLs, and the signature that each request carries.
import { constants, createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { AppError } from '../../core/errors.ts'
import { type ProviderConnection, providerErrors } from '../../core/provider.ts'
import type { Json } from '../../lib/canonical.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Egress, EgressRequest } from '../../lib/egress.ts'
import { accepted } from '../avenia-brla.ts'
import { exchange, type ProviderAnswer, type ProviderParts } from '../http-client.ts'

export type AveniaBody = Record<string, Json>

export interface AveniaClient {
  egress: Egress
  clock: Clock
  mode: ProviderConnection['mode']
  /** Cut out of whatever Avenia says. */
  personal: readonly string[]
  /** Answers every status that `exchange` answers. */
  send(method: EgressRequest['method'], path: string, body?: AveniaBody): Promise<ProviderAnswer>
  /** As `send`; throws `provider_rejected` from 400 on. */
  ask(method: EgressRequest['method'], path: string, body?: AveniaBody): Promise<ProviderAnswer>
}

const baseUrls = {
  live: 'https://api.avenia.io:8443',
  test: 'https://api.sandbox.avenia.io:10952',
}

const modesOfHosts = new Map<string, 'live' | 'test'>([
  ['api.avenia.io', 'live'],
  ['api.sandbox.avenia.io', 'test'],
])

/** The keys of both modes look the same; only the host tells. */
export function aveniaModeOf({ baseUrl }: Pick<ProviderConnection, 'baseUrl'>) {
  if (baseUrl === null || !URL.canParse(baseUrl)) return null
  return modesOfHosts.get(new URL(baseUrl).hostname) ?? null
}

export function aveniaBaseUrl({ baseUrl, mode }: Pick<ProviderConnection, 'baseUrl' | 'mode'>) {
  return baseUrl ?? baseUrls[mode]
}

export function aveniaClient(
  { egress, clock }: ProviderParts,
  connection: ProviderConnection,
  personalTexts: readonly string[] = [],
): AveniaClient {
  const personal = [...Object.values(connection.credentials), ...personalTexts]
  const key = readPrivateKey(connection.credentials['private_key'] ?? '')
  const send: AveniaClient['send'] = (method, path, body) => {
    const url = new URL(`${aveniaBaseUrl(connection)}${path}`)
    const text = body === undefined ? '' : JSON.stringify(body)
    const timestamp = String(clock.now())
    // Byte for byte what goes over the wire, the query included.
    const message = `${timestamp}${method}${url.pathname}${url.search}${text}`
    const headers = {
      Accept: 'application/json',
      'X-API-Key': connection.credentials['api_key'] ?? '',
      'X-API-Timestamp': timestamp,
      'X-API-Signature': signText(key, message),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    }
    const request = { method, url: url.href, headers, personal }
    return exchange(egress, body === undefined ? request : { ...request, body: text })
  }
  return {
    egress,
    clock,
    mode: connection.mode,
    personal,
    send,
    ask: async (method, path, body) => accepted(await send(method, path, body), personal),
  }
}

/** Avenia takes RSA (PKCS#1 v1.5), elliptic curves and Ed25519; all but the last over SHA-256. */
function signText(key: KeyObject, message: string): string {
  const bytes = Buffer.from(message)
  if (key.asymmetricKeyType === 'ed25519') return sign(null, bytes, key).toString('base64')
  const padded = key.asymmetricKeyType === 'rsa' ? { padding: constants.RSA_PKCS1_PADDING } : {}
  return sign('sha256', bytes, { key, ...padded }).toString('base64')
}

const keyTypes = ['rsa', 'ec', 'ed25519']

function readPrivateKey(pem: string): KeyObject {
  const key = parsePrivateKey(pem)
  if (key !== null && keyTypes.includes(key.asymmetricKeyType ?? '')) return key
  const detail = 'private_key is not an RSA, EC or Ed25519 private key in PEM form.'
  throw new AppError(providerErrors.provider_credentials_refused, { detail })
}

function parsePrivateKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem.replaceAll('\\n', '\n'))
  } catch {
    // What the parser says of it must not be repeated: it is a secret.
    return null
  }
}
