// Owns the platform surface's wire schemas and the way to and from the core. Ours: snake_case,
// lists as pages with a cursor, refusals by RFC 9457.
import Type, { type Static, type TSchema } from 'typebox'
import { type Connection, connectionErrors } from '../../core/connections/connection.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { AppError } from '../../core/errors.ts'
import { type ProviderName, providerNames, providerRoles } from '../../core/provider.ts'
import { registrationStatuses } from '../../core/registrations/registration.ts'
import type { RegistrationView } from '../../core/registrations/registration-service.ts'
import { personal } from '../../http/mask.ts'
import { parseId, printId } from '../../lib/id.ts'
import { toSnakeCase } from '../../lib/snake-case.ts'
import { printTime } from '../../lib/time.ts'
import { Nullable, Text, Time } from './wire-parts.ts'

export const closed = { additionalProperties: false }
export const named = (title: string) => ({ title, ...closed })

export const WireProvider = Type.Enum([...providerNames], {
  description: 'A payment provider',
  examples: ['stripe'],
})

/** Every list: `next_cursor` is `null` on the last page. */
export const Page = <T extends TSchema>(entry: T) =>
  Type.Object(
    {
      data: Type.Array(entry),
      has_more: Type.Boolean({ description: 'Whether another page follows' }),
      next_cursor: Nullable(Type.String({ description: 'To be passed as `cursor`' })),
    },
    closed,
  )

export const WireConnection = Type.Object(
  {
    id: Text('The id of the connection', 'con_01h455vb4pex5vsknk084sn02q'),
    provider: WireProvider,
    base_url: Nullable(Type.String({ description: "Null: the provider's own" })),
    credentials: Type.Array(Type.String(), {
      description: 'The names of what is saved; the values are never shown',
      examples: [['secret_key', 'webhook_secret']],
    }),
    may_replace_legal_address: Type.Boolean({
      description: 'Whether syncing `shipping` may replace a legal address at this provider',
    }),
    webhook_path: Text(
      "Where the provider's webhooks go, below this server's address",
      '/hooks/stripe/con_01h455vb4pex5vsknk084sn02q',
    ),
    checked_at: Time('When the provider last accepted the credentials'),
    created_at: Time('When it was first saved'),
    updated_at: Time('When it was last saved'),
  },
  named('Connection'),
)

export const WireNewConnection = Type.Object(
  {
    credentials: Type.Record(Type.String(), Type.String({ maxLength: 10_000 }), {
      maxProperties: 20,
      description: 'What the provider asks for, by name',
      examples: [{ secret_key: 'sk_test_…' }],
    }),
    base_url: Type.Optional(
      Nullable(
        Type.String({
          maxLength: 500,
          description:
            "In place of the provider's own; https, a public address, no slash at the end",
        }),
      ),
    ),
    may_replace_legal_address: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Whether syncing `shipping` may replace a legal address at this provider',
      }),
    ),
  },
  named('NewConnection'),
)

export const ProviderParams = Type.Object({ provider: WireProvider }, closed)
export const CustomerParams = Type.Object(
  { id: Text('The customer', 'cust_01h455vb4pex5vsknk084sn02q') },
  closed,
)

export const WireRegistration = Type.Object(
  {
    id: Text('The id of the registration', 'reg_01h455vb4pex5vsknk084sn02q'),
    provider: WireProvider,
    role: Type.Enum([...providerRoles], { description: 'What the customer is there' }),
    status: Type.Enum([...registrationStatuses], { description: 'How far it is' }),
    provider_customer_id: Nullable(Type.String({ description: "The provider's id" })),
    missing: Type.Array(Type.String(), { description: 'Required fields that are not there' }),
    rejection_reason: Nullable(Type.String({ description: 'Why it was rejected', ...personal })),
    failure_reasons: Type.Array(Type.String(personal), { description: 'What stands in the way' }),
    action_required: Nullable(Type.String({ description: 'What the customer has to do' })),
    action_url: Nullable(Type.String({ description: 'Where the customer does it', ...personal })),
    stated_at: Nullable(Time("The provider's time of this state")),
    fields: Type.Array(
      Type.Object(
        {
          field: Type.Enum(['shipping', 'email', 'first_name', 'last_name']),
          value_hash: Text(
            'Keyed hash of our value, to compare with later ones',
            '9f86d081884c7d65',
            personal,
          ),
          outcome: Type.Enum(['registered', 'updated', 'unchanged', 'unsupported', 'failed'], {
            description: 'What came of the last push',
          }),
          reason: Nullable(
            Type.String({ description: 'Why, where it did not arrive', ...personal }),
          ),
          pushed_at: Time('When it was last pushed'),
        },
        closed,
      ),
    ),
    created_at: Time('When the registration was opened'),
    updated_at: Time('When it last changed'),
  },
  named('Registration'),
)

export function fromWireCustomerId(text: string): string {
  const id = parseId('customer', text)
  if (id === null) throw new AppError(customerErrors.customer_not_found)
  return id
}

export function toWireConnection(connection: Connection): Static<typeof WireConnection> {
  const id = printId('connection', connection.id)
  return {
    id,
    provider: connection.provider,
    base_url: connection.baseUrl,
    credentials: connection.credentialNames,
    may_replace_legal_address: connection.mayReplaceLegalAddress,
    webhook_path: `/hooks/${connection.provider}/${id}`,
    checked_at: toWireTime(connection.checkedAt),
    created_at: toWireTime(connection.createdAt),
    updated_at: toWireTime(connection.updatedAt),
  }
}

const fieldNames = {
  shipping: 'shipping',
  email: 'email',
  givenName: 'first_name',
  familyName: 'last_name',
} as const

export function toWireRegistration(view: RegistrationView): Static<typeof WireRegistration> {
  return {
    id: printId('registration', view.id),
    provider: view.provider,
    role: view.role,
    status: view.status,
    provider_customer_id: view.remoteId,
    missing: view.missing.map(toSnakeCase),
    rejection_reason: view.rejectionReason,
    failure_reasons: view.failureReasons,
    action_required: view.actionRequired,
    action_url: view.actionUrl,
    stated_at: view.statedAt === null ? null : toWireTime(view.statedAt),
    fields: view.fields.map(({ field, valueHash, outcome, reason, pushedAt }) => ({
      field: fieldNames[field],
      value_hash: Buffer.from(valueHash).toString('hex'),
      outcome,
      reason,
      pushed_at: toWireTime(pushedAt),
    })),
    created_at: toWireTime(view.createdAt),
    updated_at: toWireTime(view.updatedAt),
  }
}

/** A list that is bounded by its nature, as one page. */
export function onePage<T>(data: T[]): { data: T[]; has_more: boolean; next_cursor: null } {
  return { data, has_more: false, next_cursor: null }
}

function toWireTime(time: number): string {
  return printTime(time)
}

/** What is no provider has no connection. */
export function fromWireProvider(text: string): ProviderName {
  const found = providerNames.find((name) => name === text)
  if (found === undefined) throw new AppError(connectionErrors.connection_not_found)
  return found
}
