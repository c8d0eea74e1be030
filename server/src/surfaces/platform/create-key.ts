// Owns POST /v1/keys.
import { keyErrors } from '../../core/apps/app.ts'
import { giveKey } from '../../core/apps/key-service.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { fromWireExpiry, toWireKeyWithSecret, WireKeyWithSecret, WireNewKey } from './wire-key.ts'

export const createKey = defineOperation({
  id: 'createKey',
  method: 'POST',
  path: '/keys',
  tag: 'Apps and keys',
  summary: 'Make a key',
  description:
    'Its secret is in this answer and in no other; only a repeat by the same key with the same ' +
    'Idempotency-Key shows it again. A key gives no scope that it does not have and no later end ' +
    'than its own, and makes an operator key only as one; an access token makes none. ' +
    '`banking:read` is the read scopes of customers, applications and accounts, and ' +
    '`banking:write` likewise.',
  scope: 'platform:write',
  changesKeys: true,
  body: WireNewKey,
  returns: { status: 201, description: 'The key with its secret', schema: WireKeyWithSecret },
  errors: [
    fieldErrors.field_invalid,
    keyErrors.scope_unknown,
    keyErrors.scope_missing,
    keyErrors.operator_required,
    keyErrors.token_refused,
  ],
  async handle(context, { body }) {
    const { name, scopes, operator = false } = body
    const expiresAt = fromWireExpiry(body.expires_at)
    const made = await giveKey(context, { name, scopes, expiresAt, isOperator: operator })
    return toWireKeyWithSecret(made)
  },
})
