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
import { mercadoPagoClient, readMercadoPago } from './mercado-pago-client.ts'

const authorizationUrl = 'https://auth.mercadopago.com/authorization'
const userForm = Compile(Type.Object({ id: Type.Integer({ minimum: 1 }) }))

/** A token of the seller proves the link; without one, the page where the seller makes it. */
export async function registerSeller(
  egress: Egress,
  connection: ProviderConnection,
  { providerData, idempotencyKey }: Registering,
): Promise<RemoteState> {
  const token = providerData['access_token']
  if (typeof token !== 'string') return askForLink(connection, providerData, idempotencyKey)
  const client = mercadoPagoClient(egress, connection, [token], token)
  const answer = client.accepted(await client.get('/users/me'))
  return linked(String(readMercadoPago(userForm, answer, 'a user').id))
}

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
  return {
    ...linked(`link_${idempotencyKey}`),
    status: 'awaiting_confirmation',
    actionRequired: 'authorize_account',
    actionUrl: url.href,
  }
}

export function linked(remoteId: string): RemoteState {
  const none = { actionRequired: null, actionUrl: null, rejectionReason: null }
  return { remoteId, status: 'approved', ...none, failureReasons: [], facts: {} }
}

export const isLinkPending = ({ remoteId }: RemoteRecord) => remoteId.startsWith('link_')

const Money = Type.Number()
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
  if (!/^\d{1,20}$/.test(remoteId)) throw notAvailable()
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
  const available = toMinor(read.available_balance, read.currency_id)
  const pending = toMinor(read.unavailable_balance, read.currency_id)
  const total = { currency: read.currency_id, available, pending, reserved: 0, instantPayouts: 0 }
  return [{ accountId: String(read.user_id), totals: [total] }]
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
