// Owns the webhooks of Pagar.me: unsigned, so the callback's own credentials decide, and a notice
// is only a hint to ask.
import { createHash } from 'node:crypto'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { AppError } from '../../core/errors.ts'
import {
  type ProviderConnection,
  type ProviderNotice,
  providerErrors,
  type WebhookDelivery,
} from '../../core/provider.ts'
import { equalSecrets } from '../../lib/equal-secrets.ts'
import { pagarMeIdPattern } from './pagar-me-client.ts'

/** Nothing in a notice is believed but whose record to ask for: the body is not signed. */
export function parsePagarMeWebhook(
  connection: ProviderConnection,
  delivery: WebhookDelivery,
): ProviderNotice[] {
  checkSender(connection, delivery)
  const hook = readHook(delivery.body)
  const remoteId = remoteIdOf(hook)
  return [
    {
      eventId: hook.id,
      remoteId,
      occurredAt: timeOf(hook),
      change: { kind: remoteId === null ? 'ignored' : 'reread' },
    },
  ]
}

function checkSender({ credentials }: ProviderConnection, delivery: WebhookDelivery): void {
  const { webhook_user: user, webhook_password: password } = credentials
  if (!user || !password) {
    const detail = 'The connection has no webhook_user and webhook_password to know the sender by.'
    throw new AppError(providerErrors.webhook_signature_invalid, { detail })
  }
  const [, given = ''] = /^basic +(\S+)$/i.exec(delivery.headers['authorization'] ?? '') ?? []
  const expected = Buffer.from(`${user}:${password}`).toString('base64')
  // Hashes are of one length, so that the comparison tells nothing of the right one's.
  if (!equalSecrets(sha256(given), sha256(expected))) {
    throw new AppError(providerErrors.webhook_signature_invalid)
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest()

const HookSchema = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 200 }),
  type: Type.Optional(Type.String({ maxLength: 100 })),
  event: Type.Optional(Type.String({ maxLength: 100 })),
  created_at: Type.String({ maxLength: 40 }),
  data: Type.Optional(Type.Unknown()),
})
type Hook = Static<typeof HookSchema>
const hookForm = Compile(HookSchema)

function readHook(body: Uint8Array): Hook {
  const hook = parseJson(body)
  const isOne = hookForm.Check(hook) && (hook.type ?? hook.event) !== undefined
  if (!isOne || Number.isNaN(timeOf(hook))) throw new AppError(providerErrors.webhook_malformed)
  return hook
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new AppError(providerErrors.webhook_malformed)
  }
}

/** Without a zone it is in UTC, and never in the zone of the machine that reads it. */
function timeOf({ created_at: text }: Hook): number {
  return Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`)
}

const ownForm = Compile(Type.Object({ id: Type.String({ pattern: pagarMeIdPattern }) }))
const partForm = Compile(
  Type.Object({ customer: Type.Object({ id: Type.String({ pattern: pagarMeIdPattern }) }) }),
)

/** The customer or recipient that changed; orders, charges, cards and the like concern none. */
function remoteIdOf({ type, event, data }: Hook): string | null {
  const [subject] = (type ?? event ?? '').split('.')
  const isOwn = subject === 'customer' || subject === 'recipient'
  if (isOwn && ownForm.Check(data)) return data.id
  // An address says whose it is.
  return subject === 'address' && partForm.Check(data) ? data.customer.id : null
}
