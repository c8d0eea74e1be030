// Owns DELETE /v1/keys/{id}.
import { keyErrors } from '../../core/apps/app.ts'
import { endKey } from '../../core/apps/key-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { fromWireKeyId, KeyParams, toWireKey, WireKey } from './wire-key.ts'

export const revokeKey = defineOperation({
  id: 'revokeKey',
  method: 'DELETE',
  path: '/keys/{id}',
  tag: 'Apps and keys',
  summary: 'Revoke a key',
  description:
    'At once where it is asked for, within a second on every other process; its secret, the one ' +
    'before it and its access tokens end together. Revoking twice keeps the first time.',
  scope: 'platform:write',
  changesKeys: true,
  params: KeyParams,
  returns: { status: 200, description: 'The revoked key', schema: WireKey },
  errors: [keyErrors.key_not_found, keyErrors.token_refused],
  async handle(context, { params }) {
    return toWireKey(await endKey(context, fromWireKeyId(params.id)))
  },
})
