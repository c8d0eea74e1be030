// Owns making a customer or a recipient at Pagar.me once, also after a try whose answer was lost.
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { Registering, RemoteState } from '../../core/provider.ts'
import {
  fromPagarMeCustomer,
  type PagarMeRecipient,
  pagarMeCustomerForm,
  pagarMeRecipientForm,
} from './from-pagar-me.ts'
import { type PagarMeClient, pagarMeIdPattern, readPagarMe } from './pagar-me-client.ts'
import { checkNoData } from './pagar-me-provider-data.ts'
import { toPagarMeCustomer } from './to-pagar-me-customer.ts'
import { toPagarMeRecipient } from './to-pagar-me-recipient.ts'

/**
 * A creation is an update where the e-mail is known, so a repeat makes no second customer. It would
 * where the record has got another e-mail since: our code finds the customer before.
 */
export async function registerPagarMeCustomer(
  client: PagarMeClient,
  request: Registering,
): Promise<RemoteState> {
  const { recordId } = request.customer
  checkNoData(request.providerData)
  const body = toPagarMeCustomer(request.customer)
  const search = `Code=${encodeURIComponent(recordId)}&`
  const id = request.isRepeat ? await findByCode(client, 'customers', search, recordId) : null
  const answer =
    id === null
      ? await client.post('/customers', body, request.idempotencyKey)
      : await client.put(`/customers/${id}`, body)
  const customer = readPagarMe(pagarMeCustomerForm, client.accepted(answer), 'a customer')
  return fromPagarMeCustomer(customer, recordId)
}

/** The list of recipients has no filter; for what lies beyond the pages stands the same key. */
export async function registerPagarMeRecipient(
  client: PagarMeClient,
  request: Registering,
): Promise<PagarMeRecipient> {
  const { recordId } = request.customer
  const body = toPagarMeRecipient(request.customer, request.providerData)
  const id = request.isRepeat ? await findByCode(client, 'recipients', '', recordId) : null
  const answer =
    id === null
      ? await client.post('/recipients', body, request.idempotencyKey)
      : await client.get(`/recipients/${id}`)
  return readPagarMe(pagarMeRecipientForm, client.accepted(answer), 'a recipient')
}

const pageSize = 30
const pagesMax = 20

const listForm = Compile(
  Type.Object({
    data: Type.Array(
      Type.Object({
        id: Type.String({ pattern: pagarMeIdPattern }),
        code: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      }),
    ),
  }),
)

async function findByCode(
  client: PagarMeClient,
  collection: 'customers' | 'recipients',
  search: string,
  code: string,
): Promise<string | null> {
  for (let page = 1; page <= pagesMax; page += 1) {
    const answer = await client.get(`/${collection}?${search}page=${page}&size=${pageSize}`)
    const { data } = readPagarMe(listForm, client.accepted(answer), `a list of ${collection}`)
    const found = data.find((one) => one.code === code)
    if (found) return found.id
    if (data.length < pageSize) return null
  }
  return null
}
