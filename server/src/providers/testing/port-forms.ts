// Owns what every adapter may answer through the port, as schemas that a test holds it against.
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { remoteStatuses, syncFields } from '../../core/provider.ts'

const only = { additionalProperties: false }
const oneOf = (texts: readonly string[]) => Type.Enum([...texts])
/** Bounded, and without what would break a line or a column. */
const Text = Type.String({
  minLength: 1,
  maxLength: 1_000,
  pattern: '^[^\\u0000-\\u001f\\u007f]+$',
})
/** Ids of providers become a part of paths. */
const Id = Type.String({ minLength: 1, maxLength: 128, pattern: '^[A-Za-z0-9_.:-]+$' })
const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Money = Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER })

const stateMembers = {
  remoteId: Id,
  actionRequired: OrNull(
    oneOf(['upload_documents', 'accept_terms', 'complete_profile', 'authorize_account']),
  ),
  actionUrl: OrNull(Type.String({ pattern: '^https://[^\\s]+$', maxLength: 4_096 })),
  failureReasons: Type.Array(Text, { maxItems: 200 }),
  facts: Type.Record(Type.String({ maxLength: 200 }), Type.Unknown()),
}
const others = remoteStatuses.filter((status) => status !== 'rejected')
const State = Type.Union([
  Type.Object({ ...stateMembers, status: Type.Literal('rejected'), rejectionReason: Text }, only),
  Type.Object({ ...stateMembers, status: oneOf(others), rejectionReason: Type.Null() }, only),
])

const Total = Type.Object(
  {
    currency: Type.String({ pattern: '^[A-Z0-9]{3,10}$' }),
    available: Money,
    pending: Money,
    reserved: Money,
    instantPayouts: Money,
  },
  only,
)

const field = oneOf(syncFields)
const change = Type.Union([
  Type.Object({ kind: Type.Literal('state'), state: State }, only),
  Type.Object({ kind: oneOf(['reread', 'ignored']) }, only),
])

export const portForms = {
  state: Compile(State),
  outcomes: Compile(
    Type.Array(
      Type.Union([
        Type.Object({ field, outcome: oneOf(['updated', 'unchanged']), reason: Type.Null() }, only),
        Type.Object({ field, outcome: oneOf(['unsupported', 'failed']), reason: Text }, only),
      ]),
    ),
  ),
  balances: Compile(Type.Array(Type.Object({ accountId: Id, totals: Type.Array(Total) }, only))),
  file: Compile(
    Type.Union([
      Type.Object({ outcome: Type.Literal('sent'), remoteFileId: OrNull(Id) }, only),
      Type.Object({ outcome: Type.Literal('unsupported'), reason: Text }, only),
    ]),
  ),
  nothing: Compile(Type.Undefined()),
  notices: Compile(
    Type.Array(
      Type.Object(
        {
          eventId: Type.String({ minLength: 1, maxLength: 255 }),
          remoteId: OrNull(Id),
          occurredAt: Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 }),
          change,
        },
        only,
      ),
    ),
  ),
}
export type PortForm = keyof typeof portForms
