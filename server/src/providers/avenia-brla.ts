// Owns what the Avenia and BRLA adapters share: one company, two versions of its API.
import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { iso31661Alpha2ToAlpha3, iso31662 } from 'iso-3166'
import type { Static, TSchema } from 'typebox'
import type { Validator } from 'typebox/compile'
import { AppError } from '../core/errors.ts'
import type { Address } from '../core/fields.ts'
import {
  type FieldOutcome,
  type IdentityFile,
  type ProviderCustomer,
  providerErrors,
  type RemoteRecord,
  type SyncField,
  type WebhookDelivery,
} from '../core/provider.ts'
import type { Json } from '../lib/canonical.ts'
import type { Egress } from '../lib/egress.ts'
import { exchange, type ProviderAnswer, rejected, unavailable, unusable } from './http-client.ts'

/** What one of their ids looks like; anything else must not become a part of a URL. */
export const idPattern = '^[A-Za-z0-9_-]{1,64}$'
const idForm = new RegExp(idPattern)

export const isId = (text: string) => idForm.test(text)

/** An empty id would mean the account of the operator itself. */
export function checkedIdOf({ remoteId }: RemoteRecord): string {
  if (!isId(remoteId)) throw rejected('it does not know this customer')
  return remoteId
}

/** The answer when it is a success; throws `provider_rejected` with the reason that it gives. */
export function accepted(answer: ProviderAnswer, personal: readonly string[] = []): ProviderAnswer {
  if (answer.status < 400) return answer
  if (answer.status === 404) throw rejected('it does not know this customer')
  throw rejected(reasonIn(answer), personal)
}

/** The answer's body when it has the documented form; nothing else of it is used. */
export function readForm<T extends TSchema>(
  form: Validator<Record<never, never>, T>,
  answer: ProviderAnswer,
  what: string,
): Static<T> {
  if (!form.Check(answer.json)) throw unusable(`it is not ${what}`)
  return answer.json
}

/** Plain text, or an object with one of these members: their error bodies have no one form. */
export function reasonIn({ json, text }: ProviderAnswer): string {
  const members = ['message', 'error', 'detail'].map((name) => memberOf(json, name))
  const said = members.find((member) => typeof member === 'string')
  if (said !== undefined) return String(said)
  const isPlain = json === undefined && !text.trimStart().startsWith('<')
  return isPlain ? text : 'it gave no reason'
}

function memberOf(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined
}

const textLengthMin = 3

/** Every text that a reason could repeat of a person; digits are cut from reasons anyway. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.trim().length < textLengthMin ? [] : [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsOf)
}

/** A full name and the single names in it. */
export function namesIn(name: string | null | undefined): string[] {
  return name ? textsOf([name, ...name.split(/\s+/)]) : []
}

export function personalOf(
  customer: ProviderCustomer,
  providerData: Record<string, Json>,
): string[] {
  const { recordId: _ours, kind: _kind, country: _country, ...personal } = customer
  return [...namesIn(customer.name), ...textsOf(personal), ...textsOf(providerData)]
}

/** Letters and digits alone: a CNPJ may have letters. */
export function taxNumberOf({ document }: ProviderCustomer): string | null {
  return document?.number?.replace(/[^A-Za-z0-9]/g, '').toUpperCase() || null
}

export function houseNumberOf({ houseNumber, streetNumber }: Address): string | null {
  return houseNumber ?? streetNumber
}

/** Street and number in one line. */
export function streetLineOf(address: Address): string | null {
  const parts = [address.streetName, houseNumberOf(address)].filter(Boolean)
  return address.line1 ?? (address.streetName ? parts.join(' ') : null)
}

/** `BR` → `BRA` */
export function alpha3Of(country: string | null | undefined): string | null {
  return (country && iso31661Alpha2ToAlpha3[country]) || null
}

/** `SP`, `BR-SP` or `São Paulo` → `BR-SP`, by ISO 3166-2; `null` for what is none. */
export function subdivisionOf(country: string | null, address: Address): string | null {
  const wanted = (address.subdivision ?? address.state)?.trim().toUpperCase()
  if (country === null || wanted === undefined) return null
  const found = iso31662.find(
    ({ code, name }) =>
      code.startsWith(`${country}-`) &&
      [code, code.slice(country.length + 1), name.toUpperCase()].includes(wanted),
  )
  return found?.code ?? null
}

export function unsupported(field: SyncField, reason: string): FieldOutcome {
  return { field, outcome: 'unsupported', reason }
}

/**
 * Sends the bytes to the place that the provider named, without any credentials of ours. The egress
 * refuses a place that is not public or not https.
 */
export async function uploadFile(egress: Egress, url: string, file: IdentityFile): Promise<void> {
  const { contentType, bytes } = file
  // Storage answers 412 when the bytes are there already: an upload whose answer was lost.
  const headers = { 'Content-Type': contentType, 'If-None-Match': '*' }
  const answer = await exchange(egress, { method: 'PUT', url, headers, body: bytes }).catch(
    (error: unknown) => {
      // An upload URL that has run out; the credentials of the connection are not asked here.
      const isRefused =
        error instanceof AppError &&
        error.definition === providerErrors.provider_credentials_refused
      throw isRefused ? unavailable('Its storage refused the upload.') : error
    },
  )
  if (answer.status >= 400 && answer.status !== 412) {
    throw unavailable(`Its storage answered ${answer.status} to the upload.`)
  }
}

/** `null` when it is no public key in PEM form; line ends may be written as `\n`. */
export function readPublicKey(pem: string | undefined): KeyObject | null {
  try {
    return pem ? createPublicKey(pem.replaceAll('\\n', '\n')) : null
  } catch {
    // What the parser says of it helps nobody more than that it is none.
    return null
  }
}

/** The bytes of the `signature` header; throws `webhook_signature_invalid` where there are none. */
export function signatureOf({ headers }: WebhookDelivery): Buffer {
  const header = headers['signature'] ?? ''
  if (!/^[A-Za-z0-9+/]{40,1400}={0,2}$/.test(header)) throw signatureInvalid()
  return Buffer.from(header, 'base64')
}

export function signatureInvalid(detail?: string): AppError {
  return new AppError(providerErrors.webhook_signature_invalid, detail ? { detail } : {})
}

/** A verified body; throws `webhook_malformed` when it does not have the form. */
export function readSigned<T extends TSchema>(
  form: Validator<Record<never, never>, T>,
  body: Uint8Array,
): Static<T> {
  const json = parseJson(body)
  if (!form.Check(json)) throw new AppError(providerErrors.webhook_malformed)
  return json
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new AppError(providerErrors.webhook_malformed)
  }
}

/** Names a fact that carries no id of its own. */
export function digestOf(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex')
}
