// Owns what customers pay, owe and subscribe to, of the crypto client: which call is which request.
import type { CryptoCalls, CryptoList } from './crypto.ts'
import type {
  Invoice,
  InvoiceCreateParams,
  InvoicePayParams,
  ListInvoicesQuery,
  ListPaymentIntentsQuery,
  ListSubscriptionsQuery,
  PaymentIntent,
  PaymentIntentAuthorizeParams,
  PaymentIntentCaptureParams,
  PaymentIntentCreateParams,
  PaymentIntentRefundParams,
  Subscription,
  SubscriptionActivateParams,
  SubscriptionCancelParams,
  SubscriptionCreateParams,
} from './crypto-types.generated.ts'
import type { CallOptions } from './options.ts'
import type { Result } from './result.ts'

/**
 * Each move of a status may be refused with `CONFLICT` (409), which names the moves that are
 * allowed; each call with an id with `NOT_FOUND` (404), each body with `VALIDATION_ERROR` (400).
 */
export interface CryptoActivity {
  readonly paymentIntents: CryptoPaymentIntents
  readonly invoices: CryptoInvoices
  readonly subscriptions: CryptoSubscriptions
}

/** Payments, from the intention to the refund. */
export interface CryptoPaymentIntents {
  create(params: PaymentIntentCreateParams, options?: CallOptions): Promise<Result<PaymentIntent>>
  retrieve(id: string, options?: CallOptions): Promise<Result<PaymentIntent>>
  list(params?: ListPaymentIntentsQuery, options?: CallOptions): CryptoList<PaymentIntent>
  authorize(
    id: string,
    params: PaymentIntentAuthorizeParams,
    options?: CallOptions,
  ): Promise<Result<PaymentIntent>>
  capture(
    id: string,
    params?: PaymentIntentCaptureParams,
    options?: CallOptions,
  ): Promise<Result<PaymentIntent>>
  cancel(id: string, options?: CallOptions): Promise<Result<PaymentIntent>>
  refund(
    id: string,
    params: PaymentIntentRefundParams,
    options?: CallOptions,
  ): Promise<Result<PaymentIntent>>
}

/** Invoices, numbered without gaps. */
export interface CryptoInvoices {
  create(params: InvoiceCreateParams, options?: CallOptions): Promise<Result<Invoice>>
  retrieve(id: string, options?: CallOptions): Promise<Result<Invoice>>
  list(params?: ListInvoicesQuery, options?: CallOptions): CryptoList<Invoice>
  open(id: string, options?: CallOptions): Promise<Result<Invoice>>
  pay(id: string, params?: InvoicePayParams, options?: CallOptions): Promise<Result<Invoice>>
  void(id: string, options?: CallOptions): Promise<Result<Invoice>>
}

/** Subscriptions to the caller's own plans. */
export interface CryptoSubscriptions {
  create(params: SubscriptionCreateParams, options?: CallOptions): Promise<Result<Subscription>>
  retrieve(id: string, options?: CallOptions): Promise<Result<Subscription>>
  list(params?: ListSubscriptionsQuery, options?: CallOptions): CryptoList<Subscription>
  activate(
    id: string,
    params?: SubscriptionActivateParams,
    options?: CallOptions,
  ): Promise<Result<Subscription>>
  pause(id: string, options?: CallOptions): Promise<Result<Subscription>>
  resume(id: string, options?: CallOptions): Promise<Result<Subscription>>
  cancel(
    id: string,
    params?: SubscriptionCancelParams,
    options?: CallOptions,
  ): Promise<Result<Subscription>>
}

export function createActivity(client: CryptoCalls): CryptoActivity {
  return {
    paymentIntents: createPaymentIntents(client),
    invoices: createInvoices(client),
    subscriptions: createSubscriptions(client),
  }
}

function createPaymentIntents(client: CryptoCalls): CryptoPaymentIntents {
  const root = 'payments/intents'
  const move = (id: string, name: string, body: object, options: CallOptions | undefined) =>
    client.send<PaymentIntent>('POST', [root, { id }, name], body, options)
  return {
    create: (params, options) => client.send('POST', [root], params, options),
    retrieve: (id, options) => client.get([root, { id }], options),
    list: (params, options) => client.list([root], params, options),
    authorize: (id, params, options) => move(id, 'authorize', params, options),
    capture: (id, params, options) => move(id, 'capture', params ?? {}, options),
    cancel: (id, options) => move(id, 'cancel', {}, options),
    refund: (id, params, options) => move(id, 'refund', params, options),
  }
}

function createInvoices(client: CryptoCalls): CryptoInvoices {
  const root = 'invoices'
  const move = (id: string, name: string, body: object, options: CallOptions | undefined) =>
    client.send<Invoice>('POST', [root, { id }, name], body, options)
  return {
    create: (params, options) => client.send('POST', [root], params, options),
    retrieve: (id, options) => client.get([root, { id }], options),
    list: (params, options) => client.list([root], params, options),
    open: (id, options) => move(id, 'open', {}, options),
    pay: (id, params, options) => move(id, 'pay', params ?? {}, options),
    void: (id, options) => move(id, 'void', {}, options),
  }
}

function createSubscriptions(client: CryptoCalls): CryptoSubscriptions {
  const root = 'subscriptions'
  const move = (id: string, name: string, body: object, options: CallOptions | undefined) =>
    client.send<Subscription>('POST', [root, { id }, name], body, options)
  return {
    create: (params, options) => client.send('POST', [root], params, options),
    retrieve: (id, options) => client.get([root, { id }], options),
    list: (params, options) => client.list([root], params, options),
    activate: (id, params, options) => move(id, 'activate', params ?? {}, options),
    pause: (id, options) => move(id, 'pause', {}, options),
    resume: (id, options) => move(id, 'resume', {}, options),
    cancel: (id, params, options) => move(id, 'cancel', params ?? {}, options),
  }
}
