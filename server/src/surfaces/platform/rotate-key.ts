// Owns POST /v1/keys/{id}/rotate.
import { keyErrors } from '../../core/apps/app.ts'
import { rotateKey as rotate } from '../../core/apps/key-service.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import {
  fromWireKeyId,
  KeyParams,
  toWireKeyWithSecret,
  WireKeyWithSecret,
  WireRotation,
} from './wire-key.ts'

export const rotateKey = defineOperation({
  id: 'rotateKey',
  method: 'POST',
  path: '/keys/{id}/rotate',
  tag: 'Apps and keys',
  summary: 'Give a key a new secret',
  description:
    'The secret before works on for the overlap, a day unless told, so that it can be exchanged ' +
    'everywhere without a pause; what an earlier rotation left over ends at once. A key rotates ' +
    'only those that may do no more than it may itself.',
  scope: 'platform:write',
  changesKeys: true,
  params: KeyParams,
  body: WireRotation,
  isBodyOptional: true,
  returns: { status: 200, description: 'The key with its new secret', schema: WireKeyWithSecret },
  errors: [
    fieldErrors.field_invalid,
    keyErrors.key_not_found,
    keyErrors.scope_missing,
    keyErrors.operator_required,
    keyErrors.token_refused,
    keyErrors.key_ended,
  ],
  async handle(context, { params, body }) {
    const { overlap_seconds: seconds } = body
    const overlap = seconds === undefined ? undefined : seconds * 1_000
    return toWireKeyWithSecret(await rotate(context, fromWireKeyId(params.id), { overlap }))
  },
})
