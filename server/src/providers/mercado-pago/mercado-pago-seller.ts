// Owns sellers at Mercado Pago: users of their own, linked by OAuth, whom no call of ours can make.
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { AppError } from '../../core/errors.ts'
import {
  type ProviderConnection,
  providerErrors,
  type Registering,
  type RemoteBalance,
  type RemoteRecord,
  type RemoteState,
} from '../../core/provider.ts'
import type { Egress } from '../../lib/egress.ts'
import { toMinorUnits } from '../../lib/money.ts'
import { rejected, unusable } from '../http-client.ts'
import { mercadoPagoClient, readMercadoPago, userForm } from './mercado-pago-client.ts'

const authorizationUrl = 'https://auth.mercadopago.com/authorization'

/** A token of the seller proves the link; without one, the page where the seller makes it. */
export async function registerSeller(
  egress: Egress,
  connection: ProviderConnection,
  { providerData, idempotencyKey }: Registering,
  personal: readonly string[],
): Promise<RemoteState> {
  const { access_token: token, user_id: userId } = providerData
  if (typeof token !== 'string') return askForLink(connection, providerData, idempotencyKey)
  // It becomes a header: nothing in it may end that.
  if (!tokenForm.test(token)) throw rejected('provider_data.access_token is no access token')
  const client = mercadoPagoClient(egress, connection, [token, ...personal], token)
  const answer = client.accepted(await client.get('/users/me'))
  const id = String(readMercadoPago(userForm, answer, 'a user').id)
  if (userId !== undefined && String(userId) !== id) {
    throw rejected('provider_data.access_token belongs to another user than user_id')
  }
  return linked(id)
}

const tokenForm = /^[\x21-\x7e]{1,1024}$/

function askForLink(
  { credentials }: ProviderConnection,
  providerData: Registering['providerData'],
  idempotencyKey: string,
): RemoteState {
  const { client_id: clientId } = credentials
  const redirectUri = providerData['redirect_uri']
  if (!clientId) throw rejected('the connection has no client_id to link sellers with')
  if (typeof redirectUri !== 'string' || !URL.canParse(redirectUri)) {
    throw rejected('provider_data.redirect_uri is not a URL')
  }
  const url = new URL(authorizationUrl)
  const query = {
    client_id: clientId,
    response_type: 'code',
    platform_id: 'mp',
    redirect_uri: redirectUri,
    // Comes back with the code, so that the caller knows whose link it is.
    state: idempotencyKey,
  }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return { ...pendingLink(`link_${idempotencyKey}`), actionUrl: url.href }
}

/** Nobody but the caller learns of the link: it is submitted again with the seller's token. */
function pendingLink(remoteId: string): RemoteState {
  const status = 'awaiting_confirmation' as const
  return { ...linked(remoteId), status, actionRequired: 'authorize_account' }
}

/** The seller's token is not kept, so there is nobody to ask: what was said stands. */
export function readSeller({ remoteId }: RemoteRecord): RemoteState {
  if (/^link_[A-Za-z0-9-]{1,100}$/.test(remoteId)) return pendingLink(remoteId)
  if (userIdForm.test(remoteId)) return linked(remoteId)
  throw rejected('it does not know this customer')
}

function linked(remoteId: string): RemoteState {
  const none = { actionRequired: null, actionUrl: null, rejectionReason: null }
  return { remoteId, status: 'approved', ...none, failureReasons: [], facts: {} }
}

const userIdForm = /^[1-9]\d{0,19}$/

/** Above it a JSON number no longer holds every cent. */
const amountMax = 1e13
const Money = Type.Number({ minimum: -amountMax, maximum: amountMax })
const balanceForm = Compile(
  Type.Object({
    user_id: Type.Integer(),
    currency_id: Type.String({ pattern: '^[A-Z]{3}$' }),
    available_balance: Money,
    unavailable_balance: Money,
  }),
)

/** Only of the account that the connection's token belongs to; elsewhere it is not to be had. */
export async function readSellerBalance(
  egress: Egress,
  connection: ProviderConnection,
  { remoteId }: RemoteRecord,
): Promise<RemoteBalance[]> {
  if (!userIdForm.test(remoteId)) throw notAvailable()
  const client = mercadoPagoClient(egress, connection)
  const answer = await client
    .get(`/users/${remoteId}/mercadopago_account/balance`)
    .catch((error: unknown) => {
      const isRefused =
        error instanceof AppError &&
        error.definition === providerErrors.provider_credentials_refused
      throw isRefused ? notAvailable() : error
    })
  if (answer.status === 404) throw notAvailable()
  const read = readMercadoPago(balanceForm, client.accepted(answer), 'a balance')
  if (String(read.user_id) !== remoteId) throw unusable('it is the balance of another user')
  const available = toMinor(read.available_balance, read.currency_id)
  const pending = toMinor(read.unavailable_balance, read.currency_id)
  const total = { currency: read.currency_id, available, pending, reserved: 0, instantPayouts: 0 }
  return [{ accountId: remoteId, totals: [total] }]
}

/** A JSON decimal, by its shortest text: no arithmetic is done with the number itself. */
function toMinor(amount: number, currency: string): number {
  const minor = toMinorUnits(String(amount), currency)
  if (minor === null) throw unusable('an amount is no decimal of a known currency')
  return minor
}

function notAvailable(): AppError {
  const detail = 'Mercado Pago does not tell this balance to the token of the connection.'
  return new AppError(providerErrors.provider_balance_unsupported, { detail })
}
