// Owns the wire schemas of apps and keys, and the way to and from the core.
import Type, { type Static } from 'typebox'
import { type Key, keyErrors, keyNameLengthMax, overlapMs } from '../../core/apps/app.ts'
import { scopeNames } from '../../core/apps/scopes.ts'
import type { App } from '../../core/context.ts'
import { AppError } from '../../core/errors.ts'
import { refuseField } from '../../core/fields.ts'
import { parseId, printId } from '../../lib/id.ts'
import { printTime } from '../../lib/time.ts'
import { closed, named } from './wire.ts'
import { Later, Text, Time } from './wire-parts.ts'

const LaterTime = (description: string) => Later(description, '2027-02-25T12:00:00.000Z')
const Name = (bounds: object) =>
  Type.String({ ...bounds, description: 'What the key is for', examples: ['Back office'] })

export const WireApp = Type.Object(
  {
    id: Text('The id of the app', 'app_01h455vb4pex5vsknk084sn02q'),
    merchant_id: Text('Whose app it is', 'mer_01h455vb4pex5vsknk084sn02q'),
    name: Text('Its name', 'First merchant'),
    mode: Type.Enum(['test', 'live'], { description: 'Whether money moves' }),
    created_at: Time('When it was made'),
  },
  named('App'),
)

const keyMembers = {
  id: Text('The id of the key', 'key_01h455vb4pex5vsknk084sn02q'),
  app_id: Text('The app that it belongs to', 'app_01h455vb4pex5vsknk084sn02q'),
  name: Name({}),
  last4: Text('How its secret ends', 'x8Qz'),
  scopes: Type.Array(Type.String(), {
    description: 'What it may do',
    examples: [['payouts:read', 'platform:read']],
  }),
  operator: Type.Boolean({ description: "Whether it sees every app of the app's merchant" }),
  created_at: Time('When it was made'),
  expires_at: LaterTime('When it ends; null: never'),
  last_used_at: LaterTime('When it was last used, to about a minute; null: not yet'),
  revoked_at: LaterTime('When it was revoked; null: it was not'),
  previous_secret_expires_at: LaterTime(
    'Until when the secret before the last rotation works too; null: there is none',
  ),
}

export const WireKey = Type.Object(keyMembers, named('Key'))

export const WireKeyWithSecret = Type.Object(
  {
    ...keyMembers,
    secret: Text('The secret: this answer alone shows it', 'sk_test_…'),
  },
  named('KeyWithSecret'),
)

export const WireNewKey = Type.Object(
  {
    name: Name({ minLength: 1, maxLength: keyNameLengthMax }),
    scopes: Type.Array(Type.String({ maxLength: 100 }), {
      minItems: 1,
      maxItems: 50,
      description: `What it may do: ${scopeNames.map((scope) => `\`${scope}\``).join(', ')}`,
      examples: [['payouts:read', 'platform:read']],
    }),
    expires_at: Type.Optional(
      Type.Union([Type.String({ maxLength: 40 }), Type.Null()], {
        description: 'When it is to end, by RFC 3339; null or left out: never',
        examples: ['2027-02-25T12:00:00Z'],
      }),
    ),
    operator: Type.Optional(
      Type.Boolean({
        default: false,
        description: "Whether it sees every app of the app's merchant; operator keys give it",
      }),
    ),
  },
  named('NewKey'),
)

export const WireRotation = Type.Object(
  {
    overlap_seconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: overlapMs.max / 1_000,
        default: overlapMs.default / 1_000,
        description: 'How long the secret before works on; 0 ends it at once',
      }),
    ),
  },
  named('Rotation'),
)

export const KeyParams = Type.Object(
  { id: Text('The key', 'key_01h455vb4pex5vsknk084sn02q') },
  closed,
)

export function fromWireKeyId(text: string): string {
  const id = parseId('key', text)
  if (id === null) throw new AppError(keyErrors.key_not_found)
  return id
}

const moment =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/

/** RFC 3339, to the millisecond. Error: `field_invalid`. */
export function fromWireExpiry(text: string | null | undefined): number | null {
  if (text === null || text === undefined) return null
  const [, year = '', month = '', day = ''] = moment.exec(text) ?? []
  const midnight = new Date(`${year}-${month}-${day}T00:00:00Z`)
  // A 30th of February is read as a day of March.
  const isDay = midnight.getUTCDate() === Number(day)
  const time = isDay ? new Date(text).getTime() : Number.NaN
  if (Number.isNaN(time)) refuseField('expiresAt', 'is not a moment like 2027-02-25T12:00:00Z')
  return time
}

export function toWireApp(app: App): Static<typeof WireApp> {
  return {
    id: printId('app', app.id),
    merchant_id: printId('merchant', app.merchantId),
    name: app.name,
    mode: app.mode,
    created_at: printTime(app.createdAt),
  }
}

export function toWireKey(key: Key): Static<typeof WireKey> {
  return {
    id: printId('key', key.id),
    app_id: printId('app', key.appId),
    name: key.name,
    last4: key.last4,
    scopes: key.scopes,
    operator: key.isOperator,
    created_at: printTime(key.createdAt),
    expires_at: toLaterTime(key.expiresAt),
    last_used_at: toLaterTime(key.lastUsedAt),
    revoked_at: toLaterTime(key.revokedAt),
    previous_secret_expires_at: toLaterTime(key.previousEndsAt),
  }
}

export function toWireKeyWithSecret(made: {
  key: Key
  secret: string
}): Static<typeof WireKeyWithSecret> {
  return { ...toWireKey(made.key), secret: made.secret }
}

const toLaterTime = (time: number | null) => (time === null ? null : printTime(time))
