// Owns making a customer or an account at Stripe exactly once, also after an answer was lost.
import { createHash } from 'node:crypto'
import Stripe from 'stripe'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { Registering, RemoteState } from '../../core/provider.ts'
import { rejected, unusable } from '../http-client.ts'
import { readAccount, readCustomer, toAccountState, toCustomerState } from './from-stripe.ts'
import { toStripeAccount, toStripeCustomer } from './to-stripe.ts'

/**
 * The same key with the same body gives the first one again, for a day at least. A later repeat, or
 * one of a record that has changed since, is looked for by the record's id in the metadata.
 */
export async function registerAtStripe(stripe: Stripe, request: Registering): Promise<RemoteState> {
  const shelf = shelfOf(stripe, request)
  const { isRepeat, idempotencyKey, customer } = request
  const known = isRepeat ? await findEarlier(shelf, customer.recordId, shelf.narrow) : null
  if (known?.state) return known.state
  try {
    return await shelf.create(idempotencyKey)
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeIdempotencyError)) throw error
  }
  const { state, isComplete } = await findEarlier(shelf, customer.recordId, {})
  if (state) return state
  if (!isComplete) {
    throw rejected('an earlier try may have made this customer, and it is not among the newest')
  }
  return shelf.create(`${idempotencyKey}-${digestOf(shelf.body)}`)
}

interface PageParams {
  limit: number
  email?: string
  starting_after?: string
}

interface Listed {
  id: string
  metadata?: Record<string, string>
}

/** One of the two collections that a registration may go to. */
interface Shelf {
  body: object
  /** What the list takes to be shorter. */
  narrow: { email?: string }
  create(idempotencyKey: string): Promise<RemoteState>
  list(params: PageParams): Promise<unknown>
  read(one: unknown): { listed: Listed; state: RemoteState }
}

function shelfOf(stripe: Stripe, request: Registering): Shelf {
  if (request.role === 'customer') {
    const body = toStripeCustomer(request.customer)
    const { email } = request.customer
    const read = (one: unknown) => {
      const listed = readCustomer(one)
      return { listed, state: toCustomerState(listed) }
    }
    return {
      body,
      narrow: email === null ? {} : { email },
      create: async (idempotencyKey) =>
        read(await stripe.customers.create(body, { idempotencyKey })).state,
      list: (params) => stripe.customers.list(params),
      read,
    }
  }
  const body = toStripeAccount(request)
  const read = (one: unknown) => {
    const listed = readAccount(one)
    return { listed, state: toAccountState(listed) }
  }
  return {
    body,
    narrow: {},
    create: async (idempotencyKey) =>
      read(await stripe.accounts.create(body, { idempotencyKey })).state,
    list: (params) => stripe.accounts.list(params),
    read,
  }
}

const pageSize = 100
const pagesMax = 20
const pageForm = Compile(
  Type.Object({
    data: Type.Array(Type.Unknown(), { maxItems: pageSize }),
    has_more: Type.Boolean(),
  }),
)

/** Newest first, as Stripe lists them. */
async function findEarlier(
  shelf: Shelf,
  recordId: string,
  narrow: Shelf['narrow'],
): Promise<{ state: RemoteState | null; isComplete: boolean }> {
  let after: string | undefined
  for (let number = 0; number < pagesMax; number += 1) {
    const start = after === undefined ? {} : { starting_after: after }
    const page: unknown = await shelf.list({ limit: pageSize, ...narrow, ...start })
    if (!pageForm.Check(page)) throw unusable('it is not a list')
    const read = page.data.map(shelf.read)
    const found = read.find(({ listed }) => listed.metadata?.['record_id'] === recordId)
    if (found) return { state: found.state, isComplete: true }
    after = read.at(-1)?.listed.id
    if (!page.has_more || after === undefined) return { state: null, isComplete: true }
  }
  return { state: null, isComplete: false }
}

/** The same for the same body: the try after this one repeats it and makes no other. */
function digestOf(body: object): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 16)
}
