// Owns making a customer at Bridge exactly once, also after a try whose answer was lost.
import { createHash } from 'node:crypto'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { Registering } from '../../core/provider.ts'
import { type ProviderAnswer, rejected } from '../http-client.ts'
import { type BridgeBody, type BridgeClient, bridgeIdPattern, readBridge } from './bridge-client.ts'
import { type BridgeCustomer, bridgeCustomerForm } from './from-bridge-customer.ts'

/**
 * The same key with the same body gives the first customer again, for a day. Where Bridge refuses a
 * repeat (the day is over, or the record has changed since), the customer of the earlier try is
 * looked for among the newest, and brought up to date.
 */
export async function registerAtBridge(
  client: BridgeClient,
  body: BridgeBody,
  request: Pick<Registering, 'idempotencyKey' | 'isRepeat'>,
): Promise<BridgeCustomer> {
  const answer = await client.post('/customers', body, request.idempotencyKey)
  const isDoubtful = request.isRepeat && (answer.status === 409 || answer.status === 422)
  if (!isDoubtful && !isKeyRefused(answer)) return created(client, answer)
  const search = await findEarlier(client, body)
  if (search.id !== null) return update(client, search.id, body)
  if (!isKeyRefused(answer)) return created(client, answer)
  if (!search.isComplete) {
    throw rejected('an earlier try may have made this customer, and it is not among the newest')
  }
  return created(client, await client.post('/customers', body, nextKey(request, body)))
}

function created(client: BridgeClient, answer: ProviderAnswer): BridgeCustomer {
  return readBridge(bridgeCustomerForm, client.accepted(answer), 'a customer')
}

const isKeyRefused = (answer: ProviderAnswer) =>
  (answer.status === 400 || answer.status === 409 || answer.status === 422) &&
  /idempoten/i.test(answer.text)

/** The same for the same body: the try after this one repeats it and makes no other. */
function nextKey(request: Pick<Registering, 'idempotencyKey'>, body: BridgeBody): string {
  const digest = createHash('sha256').update(JSON.stringify(body)).digest('hex')
  return `${request.idempotencyKey}-${digest.slice(0, 16)}`
}

async function update(client: BridgeClient, id: string, body: BridgeBody): Promise<BridgeCustomer> {
  const { type: _kept, associated_persons: _apart, ...changes } = body
  return created(client, await client.put(`/customers/${id}`, changes))
}

const pageSize = 50
const pagesMax = 20

const Text = Type.Optional(Type.Union([Type.String(), Type.Null()]))
const Listed = Type.Object({
  id: Type.String({ pattern: bridgeIdPattern }),
  type: Text,
  email: Text,
  first_name: Text,
  last_name: Text,
})
const listForm = Compile(Type.Object({ data: Type.Array(Listed) }))

/** `isComplete`: the whole list was seen. */
async function findEarlier(
  client: BridgeClient,
  body: BridgeBody,
): Promise<{ id: string | null; isComplete: boolean }> {
  let after = ''
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await client.get(`/customers?limit=${pageSize}${after}`)
    const { data } = readBridge(listForm, client.accepted(answer), 'a list of customers')
    const found = data.find((listed) => isSame(listed, body))
    const last = data.at(-1)
    if (found || !last) return { id: found?.id ?? null, isComplete: true }
    after = `&starting_after=${last.id}`
  }
  return { id: null, isComplete: false }
}

/** Two records may share a mailbox, so the names must be the same too. */
function isSame(listed: Record<string, unknown>, body: BridgeBody): boolean {
  // In Bridge's example a business shows its name as the first name.
  const name = body['first_name'] ?? body['business_legal_name']
  const isFamily = body['type'] === 'business' || listed['last_name'] === body['last_name']
  return (
    typeof body['email'] === 'string' &&
    String(listed['email']).toLowerCase() === body['email'].toLowerCase() &&
    listed['type'] === body['type'] &&
    listed['first_name'] === name &&
    isFamily
  )
}
