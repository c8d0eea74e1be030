// Owns sending changed fields to Avenia: it takes none but the residential address.
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type {
  FieldOutcome,
  ProviderConnection,
  ProviderCustomer,
  SyncField,
} from '../../core/provider.ts'
import { accepted, reasonIn, unsupported } from '../avenia-brla.ts'
import { safeReason } from '../http-client.ts'
import type { AveniaClient } from './avenia-client.ts'
import { toAveniaAddress } from './to-avenia-check.ts'

export async function pushToAvenia(
  client: AveniaClient,
  connection: ProviderConnection,
  subAccountId: string,
  push: { customer: ProviderCustomer; fields: readonly SyncField[] },
): Promise<FieldOutcome[]> {
  const outcomes: FieldOutcome[] = []
  for (const field of push.fields) {
    const outcome =
      field === 'shipping'
        ? await pushAddress(client, connection, subAccountId, push.customer)
        : unsupported(field, 'Avenia has no call that changes it after the identity check')
    outcomes.push(outcome)
  }
  return outcomes
}

async function pushAddress(
  client: AveniaClient,
  connection: ProviderConnection,
  subAccountId: string,
  customer: ProviderCustomer,
): Promise<FieldOutcome> {
  const field = 'shipping'
  if (!connection.mayReplaceLegalAddress) {
    const reason = 'Avenia has only the legal address, and this connection may not replace it'
    return unsupported(field, reason)
  }
  const address = toAveniaAddress(customer)
  if (address === null) {
    const reason = 'the address is not complete enough for Avenia, which replaces it whole'
    return { field, outcome: 'failed', reason }
  }
  const path = `/v2/account/address?subAccountId=${subAccountId}`
  if (await hasAddress(client, path, address)) return { field, outcome: 'unchanged', reason: null }
  const answer = await client.send('PUT', path, address)
  if (answer.status >= 400 && answer.status !== 404) {
    const reason = safeReason(reasonIn(answer), client.personal)
    return { field, outcome: 'failed', reason: reason || 'it gave no reason' }
  }
  accepted(answer)
  return { field, outcome: 'updated', reason: null }
}

const Text = Type.Optional(Type.Union([Type.String(), Type.Null()]))
const addressForm = Compile(
  Type.Object({
    ...{ streetLine1: Text, streetLine2: Text, streetLine3: Text, city: Text },
    ...{ countrySubdivision: Text, zipCode: Text, country: Text },
  }),
)

/** An account without an address may have none to show; an address of another form is replaced. */
async function hasAddress(
  client: AveniaClient,
  path: string,
  address: Record<string, string>,
): Promise<boolean> {
  const { status, json } = await client.send('GET', path)
  if (status >= 400 || !addressForm.Check(json)) return false
  const current: Record<string, string | null | undefined> = json
  return Object.entries(address).every(([name, value]) => (current[name] ?? '') === value)
}
