// Owns registrations, balances and files on the orchestration surface: schemas, and the way out.
import Type, { type Static } from 'typebox'
import { type FileEntry, fileTypes } from '../../core/files/file.ts'
import type { RemoteBalance } from '../../core/provider.ts'
import type { RegistrationView } from '../../core/registrations/registration-service.ts'
import { printId } from '../../lib/id.ts'
import {
  closed,
  LaterText,
  named,
  Text,
  Time,
  toWireFieldName,
  toWireTime,
  WireProvider,
  WireRegistrationStatus,
  WireRole,
} from './wire.ts'

const FreeForm = (description: string) =>
  Type.Record(Type.String(), Type.Unknown(), { description })

export const WireRegistration = Type.Object(
  {
    provider: WireProvider,
    target_role: WireRole,
    status: WireRegistrationStatus,
    provider_data: FreeForm('What you gave for this provider'),
    provider_response: FreeForm('What the provider said'),
    rejection_reason: LaterText('Why it was rejected'),
    readiness: Type.Object(
      { missing: Type.Array(Type.String(), { description: 'Required fields that are not there' }) },
      closed,
    ),
    failure_reasons: Type.Array(Type.String(), { description: 'What stands in the way' }),
    action_required: LaterText('What the customer has to do next'),
    action_url: LaterText('Where the customer does it'),
    created_at: Time('When the registration was opened'),
    updated_at: Time('When it last changed'),
  },
  named('Registration'),
)

export const WireBalance = Type.Object(
  {
    account_id: Text('The account at the provider', 'acct_1N2b3c4d5e6f'),
    provider: WireProvider,
    customer: Type.Object(
      { id: Text('The customer', 'cus_01h455vb4pex5vsknk084sn02q'), role: WireRole },
      closed,
    ),
    as_of: Time('When the provider was asked'),
    totals: Type.Array(
      Type.Object(
        {
          currency: Text('ISO 4217, or the name of a token', 'BRL'),
          amount: Type.Integer({ description: 'The same as `available`, in minor units' }),
          available: Type.Integer({ description: 'What can be used, in minor units' }),
          pending: Type.Integer({ description: 'What is on its way, in minor units' }),
          reserved: Type.Integer({ description: 'What is held back, in minor units' }),
          instant_payouts: Type.Integer({ description: 'What can leave at once, in minor units' }),
        },
        closed,
      ),
    ),
  },
  named('Balance'),
)

export const WireBalances = Type.Object(
  {
    as_of: Time('When the provider was asked'),
    filters: Type.Object(
      {
        customer_id: Text('The customer', 'cus_01h455vb4pex5vsknk084sn02q'),
        provider: WireProvider,
        role: WireRole,
      },
      closed,
    ),
    balances: Type.Array(WireBalance),
  },
  named('Balances'),
)

export const WireFile = Type.Object(
  {
    id: Text('The id of the file', 'file_01h455vb4pex5vsknk084sn02q'),
    name: Text('Its name, made safe', 'passport.pdf'),
    file_type: Type.Enum([...fileTypes], { description: 'What it shows' }),
    content_type: Text('By its first bytes', 'application/pdf'),
    size: Type.Integer({ description: 'Bytes', examples: [52_431] }),
    created_at: Time('When it arrived'),
  },
  named('FileEntry'),
)

export function toWireRegistration(view: RegistrationView): Static<typeof WireRegistration> {
  return {
    provider: view.provider,
    target_role: view.role,
    status: view.status,
    provider_data: withoutSecrets(view.providerData),
    provider_response: view.facts,
    rejection_reason: view.rejectionReason,
    readiness: { missing: view.missing.map(toWireFieldName) },
    failure_reasons: view.failureReasons,
    action_required: view.actionRequired,
    action_url: view.actionUrl,
    created_at: toWireTime(view.createdAt),
    updated_at: toWireTime(view.updatedAt),
  }
}

/** What a caller gave to act with is not shown again. */
function withoutSecrets(data: RegistrationView['providerData']): Record<string, unknown> {
  const shown = Object.entries(data).map(([name, value]) => [
    name,
    /token|secret|password/i.test(name) ? '…' : value,
  ])
  return Object.fromEntries(shown)
}

export function toWireBalances(
  filter: Static<typeof WireBalances>['filters'],
  { asOf, balances }: { asOf: number; balances: RemoteBalance[] },
): Static<typeof WireBalances> {
  const { customer_id: id, provider, role } = filter
  const as_of = toWireTime(asOf)
  const entries = balances.map(({ accountId, totals }) => ({
    account_id: accountId,
    provider,
    customer: { id, role },
    as_of,
    totals: totals.map(({ currency, available, pending, reserved, instantPayouts }) => {
      const instant_payouts = instantPayouts
      return { currency, amount: available, available, pending, reserved, instant_payouts }
    }),
  }))
  return { as_of, filters: filter, balances: entries }
}

export function toWireFile(entry: FileEntry): Static<typeof WireFile> {
  const { id, name, fileType, contentType, size, createdAt } = entry
  const created_at = toWireTime(createdAt)
  const file = { id: printId('file', id), name, file_type: fileType }
  return { ...file, content_type: contentType, size, created_at }
}
