// Owns POST /oauth2/token.
import type { IncomingHttpHeaders } from 'node:http'
import Type from 'typebox'
import { keyErrors } from '../../core/apps/app.ts'
import { authenticateKey, grantAccessToken } from '../../core/apps/app-service.ts'
import { hasScope } from '../../core/apps/scopes.ts'
import { AppError } from '../../core/errors.ts'
import { fieldErrors, refuseField } from '../../core/fields.ts'
import { defineOpenOperation } from '../../http/operation.ts'
import { named } from './wire.ts'

const tokenSeconds = 900

export const bankingScopes = [
  'customers:read',
  'customers:write',
  'applications:read',
  'applications:write',
  'accounts:read',
  'accounts:write',
] as const

const WireGrant = Type.Object(
  {
    grant_type: Type.Literal('client_credentials', { description: 'Always the same' }),
    scope: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        description:
          `With spaces between, of: ${bankingScopes.join(', ')}. ` +
          'Left out: all of them that the key has',
        examples: ['customers:read customers:write'],
      }),
    ),
  },
  named('TokenRequest'),
)

const WireToken = Type.Object(
  {
    access_token: Type.String({ description: 'To be sent as a bearer', examples: ['at_…'] }),
    token_type: Type.Literal('Bearer'),
    expires_in: Type.Integer({ description: 'Seconds', examples: [tokenSeconds] }),
    scope: Type.String({
      description: 'What the token may do',
      examples: ['customers:read customers:write'],
    }),
  },
  named('Token'),
)

export const grantToken = defineOpenOperation({
  id: 'grantToken',
  method: 'POST',
  path: '/oauth2/token',
  tag: 'Access',
  summary: 'Get an access token',
  description:
    'OAuth 2.0 client credentials: HTTP Basic with the id and the secret of a key, and a form or ' +
    'JSON. The token ends after a quarter of an hour, or with its key.',
  body: WireGrant,
  takesForm: true,
  returns: { status: 200, description: 'The token', schema: WireToken },
  errors: [
    fieldErrors.field_invalid,
    keyErrors.key_missing,
    keyErrors.key_unknown,
    keyErrors.scope_missing,
  ],
  async handle(system, { body }, headers) {
    const wanted = body.scope === undefined ? null : fromWireScope(body.scope)
    const credentials = readBasic(headers)
    const { key } = await authenticateKey(system, credentials)
    const scopes = wanted ?? bankingScopes.filter((scope) => hasScope(key.scopes, scope))
    if (scopes.length === 0) {
      const detail = `The API key has none of the scopes ${bankingScopes.join(', ')}.`
      throw new AppError(keyErrors.scope_missing, { detail })
    }
    const terms = { secondsMax: tokenSeconds, scopes }
    const access_token = await grantAccessToken(system, credentials, terms)
    const granted = { token_type: 'Bearer' as const, expires_in: tokenSeconds }
    return { access_token, ...granted, scope: scopes.join(' ') }
  },
})

/** RFC 6749, 3.3: names with a space between, in any order. */
function fromWireScope(text: string): string[] {
  const names = text.split(' ')
  const isKnown = (name: string) => bankingScopes.some((scope) => scope === name)
  if (!names.every(isKnown)) {
    refuseField('scope', `names another scope than ${bankingScopes.join(', ')}`)
  }
  return [...new Set(names)]
}

/** RFC 7617; RFC 6749, 2.3.1 has both parts form-encoded before. Error: `key_missing`. */
function readBasic({ authorization = '' }: IncomingHttpHeaders): { keyId: string; secret: string } {
  const coded = /^Basic +([\w+/=-]{1,1000})$/i.exec(authorization)?.[1]
  const text = coded === undefined ? '' : Buffer.from(coded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0) {
    const detail = 'The request carries no key: HTTP Basic with its id and its secret.'
    throw new AppError(keyErrors.key_missing, { detail })
  }
  return { keyId: text.slice(0, colon), secret: text.slice(colon + 1) }
}
