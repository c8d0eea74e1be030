// Owns sending changed fields to Pagar.me, and saying of each what became of it.
import type {
  FieldOutcome,
  ProviderCustomer,
  RemoteRecord,
  SyncField,
} from '../../core/provider.ts'
import type { Json } from '../../lib/canonical.ts'
import {
  type PagarMeCustomer,
  type PagarMeRecipient,
  pagarMeCustomerForm,
  pagarMeRecipientForm,
} from './from-pagar-me.ts'
import { type PagarMeBody, type PagarMeClient, readPagarMe } from './pagar-me-client.ts'
import { pagarMeNameOf, toPagarMeAddress } from './to-pagar-me-customer.ts'

/** What is sent for a field, or what is said of it without sending. */
type Plan = { body: PagarMeBody } | Pick<FieldOutcome, 'outcome' | 'reason'>

/** An update wants the name and its like again: what is there is read, and sent along. */
interface Target {
  path: string
  current: Pick<PagarMeCustomer, 'name' | 'email' | 'address'>
  kept: PagarMeBody
}

export async function pushToPagarMe(
  client: PagarMeClient,
  record: RemoteRecord,
  path: string,
  push: { customer: ProviderCustomer; fields: readonly SyncField[] },
): Promise<FieldOutcome[]> {
  const target = await readTarget(client, record, path)
  const plans = push.fields.map((field) => ({
    field,
    plan: planOf(field, record, push.customer, target.current),
  }))
  const bodies = plans.flatMap(({ plan }) => ('body' in plan ? [plan.body] : []))
  const refusal = bodies.length === 0 ? null : await put(client, target, bodies)
  const outcomes: FieldOutcome[] = []
  for (const { field, plan } of plans) {
    if (!('body' in plan)) outcomes.push({ field, ...plan })
    else {
      // Refused together says nothing of the single ones: at most four more requests tell.
      const isAlone = refusal === null || bodies.length === 1
      const reason = isAlone ? refusal : await put(client, target, [plan.body])
      outcomes.push({ field, outcome: reason === null ? 'updated' : 'failed', reason })
      if (reason === null) Object.assign(target.kept, plan.body)
    }
  }
  return outcomes
}

/** `null` when Pagar.me took it, its reason when it did not. */
async function put(
  client: PagarMeClient,
  { path, kept }: Target,
  bodies: PagarMeBody[],
): Promise<string | null> {
  const answer = await client.put(path, Object.assign({}, kept, ...bodies))
  if (answer.status >= 400 && answer.status !== 404) return client.reasonOf(answer)
  client.accepted(answer)
  return null
}

async function readTarget(
  client: PagarMeClient,
  record: RemoteRecord,
  path: string,
): Promise<Target> {
  const answer = client.accepted(await client.get(path))
  if (record.role === 'customer') {
    const customer = readPagarMe(pagarMeCustomerForm, answer, 'a customer')
    return { path, current: customer, kept: keptOfCustomer(customer) }
  }
  const recipient = readPagarMe(pagarMeRecipientForm, answer, 'a recipient')
  return { path, current: recipient, kept: keptOfRecipient(recipient) }
}

function keptOfCustomer(customer: PagarMeCustomer): PagarMeBody {
  const { name, email, code, type, document, document_type, metadata, phones } = customer
  const numbers = Object.entries(phones ?? {}).flatMap(([kind, phone]) =>
    phone === null ? [] : [[kind, present(phone)]],
  )
  return {
    ...present({ name, email, code, type, document, document_type }),
    ...(metadata ? { metadata } : {}),
    ...(numbers.length === 0 ? {} : { phones: Object.fromEntries(numbers) }),
  }
}

/** Not its status: one that has moved on since the reading would be set back. */
function keptOfRecipient(recipient: PagarMeRecipient): PagarMeBody {
  const { name, email, type, description, metadata } = recipient
  return { ...present({ name, email, type, description }), ...(metadata ? { metadata } : {}) }
}

function present(members: Record<string, string | null | undefined>): Record<string, Json> {
  const entries = Object.entries(members).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, value]],
  )
  return Object.fromEntries(entries)
}

const unsupported = (reason: string): Plan => ({ outcome: 'unsupported', reason })
const unchanged: Plan = { outcome: 'unchanged', reason: null }

function planOf(
  field: SyncField,
  record: RemoteRecord,
  customer: ProviderCustomer,
  current: Target['current'],
): Plan {
  switch (field) {
    case 'email':
      return planText('email', customer.email, current.email)
    case 'givenName':
    case 'familyName':
      // One name there: whichever part has changed, it is sent as a whole.
      if (customer.kind === 'business') {
        return unsupported('a company has no such name at Pagar.me')
      }
      return planText('name', pagarMeNameOf(customer), current.name)
    case 'shipping':
      return record.role === 'customer'
        ? planAddress(customer, current)
        : unsupported('Pagar.me takes the address of a recipient only when it is made')
  }
}

function planText(member: string, value: string | null, current: string | null | undefined): Plan {
  if (value === null) return unsupported('Pagar.me keeps a value once it has one')
  return value === current ? unchanged : { body: { [member]: value } }
}

function planAddress(customer: ProviderCustomer, current: Target['current']): Plan {
  const address = toPagarMeAddress(customer)
  if (address === null) {
    return { outcome: 'failed', reason: 'the address is not complete enough for Pagar.me' }
  }
  const known: Record<string, unknown> = { ...current.address }
  const isSame = Object.entries(address).every(([name, value]) => (known[name] ?? '') === value)
  return isSame ? unchanged : { body: { address } }
}
