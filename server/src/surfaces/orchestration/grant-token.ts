// Owns POST /api/v1/merchant/token/grant.
import Type from 'typebox'
import { keyErrors } from '../../core/apps/app.ts'
import { grantAccessToken } from '../../core/apps/app-service.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOpenOperation } from '../../http/operation.ts'
import { named } from './wire.ts'

/** Clients renew when a minute is left, so an hour costs one grant an hour. */
const tokenSeconds = 3_600

const WireGrant = Type.Object(
  {
    client_id: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'The id of the key',
      examples: ['key_01h455vb4pex5vsknk084sn02q'],
    }),
    client_secret: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'The secret of the key',
      examples: ['sk_test_…'],
    }),
    grant_type: Type.Literal('client_credentials', { description: 'Always the same' }),
  },
  named('TokenRequest'),
)

const WireToken = Type.Object(
  {
    access_token: Type.String({ description: 'To be sent as a bearer', examples: ['at_…'] }),
    token_type: Type.Literal('Bearer'),
    expires_in: Type.Integer({ description: 'Seconds', examples: [tokenSeconds] }),
  },
  named('Token'),
)

export const grantToken = defineOpenOperation({
  id: 'grantToken',
  method: 'POST',
  path: '/api/v1/merchant/token/grant',
  tag: 'Access',
  summary: 'Get an access token',
  description: "Trades a key's id and secret for a token that stands in for it.",
  body: WireGrant,
  returns: { status: 200, description: 'The token', schema: WireToken },
  errors: [fieldErrors.field_invalid, keyErrors.key_unknown],
  async handle(system, { body }) {
    const credentials = { keyId: body.client_id, secret: body.client_secret }
    const access_token = await grantAccessToken(system, credentials, { secondsMax: tokenSeconds })
    return { access_token, token_type: 'Bearer' as const, expires_in: tokenSeconds }
  },
})
