// Owns the Stripe adapter. The official library takes a fifth of a start, so it comes when called.
import type { CredentialField, Provider } from '../../core/provider.ts'
import type { ProviderParts } from '../http-client.ts'

/** Verification takes minutes to days, and webhooks tell of it sooner. */
const firstPollMs = 60_000

export function createStripe({ egress }: ProviderParts): Provider {
  const load = async () => (await import('./stripe-calls.ts')).createStripeCalls(egress)
  return {
    credentials,
    roles: ['customer', 'connected_account'],
    requiredFields: (role) => (role === 'customer' ? [email] : [email, country]),
    modeOf: ({ credentials: given }) => {
      const [, mode] = /^(?:sk|rk)_(test|live)_/.exec(given['secret_key'] ?? '') ?? []
      return mode === 'test' || mode === 'live' ? mode : null
    },
    firstPollMs,
    check: async (...asked) => (await load()).check(...asked),
    register: async (...asked) => (await load()).register(...asked),
    push: async (...asked) => (await load()).push(...asked),
    read: async (...asked) => (await load()).read(...asked),
    balance: async (...asked) => (await load()).balance(...asked),
    sendFile: async (...asked) => (await load()).sendFile(...asked),
    parseWebhook: async (...asked) => (await load()).parseWebhook(...asked),
  }
}

const credentials: CredentialField[] = [
  {
    name: 'secret_key',
    description: 'The secret key: sk_test_… or sk_live_…, or a restricted one.',
    isRequired: true,
  },
  {
    name: 'webhook_secret',
    description: 'The secret of the webhook endpoint: whsec_…. Without it webhooks are refused.',
    isRequired: false,
  },
]

const email = { field: 'email', description: 'E-mail address.' }
const country = { field: 'country', description: 'Country of the account.' }
