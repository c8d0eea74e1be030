// Owns sending changed fields to Bridge, and saying of each what became of it.
import type {
  FieldOutcome,
  ProviderConnection,
  ProviderCustomer,
  SyncField,
} from '../../core/provider.ts'
import { type BridgeBody, type BridgeClient, readBridge } from './bridge-client.ts'
import { type BridgeCustomer, bridgeCustomerForm } from './from-bridge-customer.ts'
import { bridgeNameFault, toBridgeAddress } from './to-bridge-customer.ts'

/** What is sent for a field, or what is said of it without sending. */
type Plan = { body: BridgeBody } | Pick<FieldOutcome, 'outcome' | 'reason'>

/** Reads first: a change of a name may start a review there, so one that is none is not sent. */
export async function pushToBridge(
  client: BridgeClient,
  connection: ProviderConnection,
  customerPath: string,
  push: { customer: ProviderCustomer; fields: readonly SyncField[] },
): Promise<FieldOutcome[]> {
  const answer = client.accepted(await client.get(customerPath))
  const current = readBridge(bridgeCustomerForm, answer, 'a customer')
  const plans = push.fields.map((field) => ({
    field,
    plan: planOf(field, connection, push.customer, current),
  }))
  const bodies = plans.flatMap(({ plan }) => ('body' in plan ? [plan.body] : []))
  const refusal = bodies.length === 0 ? null : await put(client, customerPath, bodies)
  const outcomes: FieldOutcome[] = []
  for (const { field, plan } of plans) {
    if (!('body' in plan)) outcomes.push({ field, ...plan })
    else {
      // Refused together says nothing of the single ones: at most four more requests tell.
      const isAlone = refusal === null || bodies.length === 1
      const reason = isAlone ? refusal : await put(client, customerPath, [plan.body])
      outcomes.push({ field, outcome: reason === null ? 'updated' : 'failed', reason })
    }
  }
  return outcomes
}

/** `null` when Bridge took it, its reason when it did not. */
async function put(
  client: BridgeClient,
  customerPath: string,
  bodies: BridgeBody[],
): Promise<string | null> {
  const answer = await client.put(customerPath, Object.assign({}, ...bodies))
  if (answer.status >= 400 && answer.status !== 404) return client.reasonOf(answer)
  readBridge(bridgeCustomerForm, client.accepted(answer), 'a customer')
  return null
}

function planOf(
  field: SyncField,
  connection: ProviderConnection,
  customer: ProviderCustomer,
  current: BridgeCustomer,
): Plan {
  switch (field) {
    case 'email':
      return planText('email', customer.email, current.email)
    case 'givenName':
      return planName('first_name', customer, customer.givenName, current.first_name)
    case 'familyName':
      return planName('last_name', customer, customer.familyName, current.last_name)
    case 'shipping':
      return planAddress(connection, customer)
  }
}

const unsupported = (reason: string): Plan => ({ outcome: 'unsupported', reason })
const failed = (reason: string): Plan => ({ outcome: 'failed', reason })

function planText(member: string, value: string | null, current: string | null | undefined): Plan {
  if (value === null) return unsupported('Bridge keeps a value once it has one')
  if (value === current) return { outcome: 'unchanged', reason: null }
  return { body: { [member]: value } }
}

function planName(
  member: string,
  customer: ProviderCustomer,
  value: string | null,
  current: string | null | undefined,
): Plan {
  if (customer.kind === 'business') return unsupported('a business has no such name at Bridge')
  const fault = value === null ? null : bridgeNameFault(member, value)
  return fault === null ? planText(member, value, current) : failed(fault)
}

/** Bridge hides addresses, so what it has cannot be compared. */
function planAddress(connection: ProviderConnection, customer: ProviderCustomer): Plan {
  if (!connection.mayReplaceLegalAddress) {
    return unsupported('Bridge has only the legal address, and this connection may not replace it')
  }
  const address = toBridgeAddress(customer)
  if (address === null) return failed('the address is not complete enough for Bridge')
  const member = customer.kind === 'business' ? 'registered_address' : 'residential_address'
  return { body: { [member]: address } }
}
