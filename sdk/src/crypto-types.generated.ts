// Owns the types of the crypto surface. Generated from its operations: change those
// and run `npm run generate`.

/** Sent with `POST /customers`. */
export interface CustomerCreateParams {
  /** The key's own app */
  appId?: string
  /** Your external customer ID */
  externalId?: string | null
  /** Customer email */
  email?: string | null
  /** Customer name */
  name?: string | null
  /** Street address */
  address?: string | null
  /** City */
  city?: string | null
  /** State or province */
  state?: string | null
  /** Country: a code or a name */
  country?: string | null
  /** Postal/ZIP code */
  postalCode?: string | null
  /** Your metadata key-value pairs */
  metadata?: Record<string, unknown> | null
}

/** Answered by an operation. */
export interface CustomerWallet {
  /** Wallet record ID (UUID) */
  id: string
  /** Parent customer ID */
  customerAccountId: string
  /** Chain ID (e.g. 1, 137, 8453) */
  chainId: number
  /** Wallet address (lowercased) */
  walletAddress: string
  /** Whether the wallet has an active authorization */
  hasActiveAuthorization: boolean
  /** Type of authorization (PERMIT, NATIVE, etc.) */
  authorizationType: string | null
  /** Authorization transaction hash */
  authorizationTxHash: string | null
  /** When authorization was granted */
  authorizedAt: string | null
  /** When the owner signed a challenge */
  ownershipVerifiedAt: string | null
  /** ISO 8601 timestamp */
  createdAt: string
  /** ISO 8601 timestamp */
  updatedAt: string
}

/** Answered by an operation. */
export interface Customer {
  /** Unique customer ID (UUID) */
  id: string
  /** Your app ID */
  appId: string
  /** Your external customer ID */
  externalId: string | null
  /** Customer email */
  email: string | null
  /** Customer name */
  name: string | null
  /** Street address */
  address: string | null
  /** City */
  city: string | null
  /** State or province */
  state: string | null
  /** Country */
  country: string | null
  /** Postal/ZIP code */
  postalCode: string | null
  /** Your metadata key-value pairs */
  metadata: Record<string, unknown>
  /** ISO 8601 creation timestamp */
  createdAt: string
  /** ISO 8601 last update timestamp */
  updatedAt: string
  wallets: Array<CustomerWallet>
}

/** Answered by an operation. */
export interface App {
  /** The id of the app */
  id: string
  /** Whose app it is */
  merchantId: string
  /** Its name */
  name: string
  /** Its mode */
  environment: 'TEST' | 'PRODUCTION'
  /** Where payments arrive */
  receivingWallet: string | null
  /** The proof that it is yours */
  receivingWalletSignature: string | null
  /** Where payouts come from */
  payoutWallet: string | null
  /** Whether payouts are approved */
  payoutApproved: boolean
  /** When it was made */
  createdAt: string
  /** When it changed last */
  updatedAt: string
}

/** Answered by an operation. */
export interface Chain {
  /** Chain ID */
  chainId: number
  /** Its name */
  name: string
}

/** Answered by an operation. */
export interface CustomerWalletWithChain {
  /** Wallet record ID (UUID) */
  id: string
  /** Parent customer ID */
  customerAccountId: string
  /** Chain ID (e.g. 1, 137, 8453) */
  chainId: number
  /** Wallet address (lowercased) */
  walletAddress: string
  /** Whether the wallet has an active authorization */
  hasActiveAuthorization: boolean
  /** Type of authorization (PERMIT, NATIVE, etc.) */
  authorizationType: string | null
  /** Authorization transaction hash */
  authorizationTxHash: string | null
  /** When authorization was granted */
  authorizedAt: string | null
  /** When the owner signed a challenge */
  ownershipVerifiedAt: string | null
  /** ISO 8601 timestamp */
  createdAt: string
  /** ISO 8601 timestamp */
  updatedAt: string
  chain: Chain
}

/** Answered by an operation. */
export interface PaymentIntentSummary {
  /** The id of the payment intent */
  id: string
  /** Its state */
  status: 'CREATED' | 'AUTHORIZED' | 'CAPTURING' | 'CAPTURED' | 'PARTIALLY_REFUNDED' | 'SETTLED' | 'DISPUTED' | 'DISPUTE_RESOLVED' | 'DISPUTE_LOST' | 'REFUNDED' | 'CANCELLED' | 'EXPIRED' | 'CAPTURE_FAILED' | 'PAST_DUE'
  /** Decimal text with two places */
  amount: string
  /** ISO 4217 */
  currency: string
  /** How much of the token */
  cryptoAmount: string | null
  /** Which token, as `USDC-8453` */
  cryptoTokenKey: string | null
  /** On which chain */
  authorizationChainId: number | null
  /** When it was made */
  createdAt: string
  /** When it was captured */
  capturedAt: string | null
}

/** Answered by an operation. */
export interface InvoiceSummary {
  /** The id of the invoice */
  id: string
  /** Rises by one */
  invoiceNumber: string
  /** Its state */
  status: 'DRAFT' | 'OPEN' | 'PAID' | 'PAST_DUE' | 'VOID' | 'UNCOLLECTIBLE'
  /** Decimal text with two places */
  total: string
  /** ISO 4217 */
  currency: string
  /** When it is due */
  dueDate: string | null
  /** When it was paid */
  paidAt: string | null
  /** When it was made */
  createdAt: string
}

/** Answered by an operation. */
export interface CustomerWithHistory {
  /** Unique customer ID (UUID) */
  id: string
  /** Your app ID */
  appId: string
  /** Your external customer ID */
  externalId: string | null
  /** Customer email */
  email: string | null
  /** Customer name */
  name: string | null
  /** Street address */
  address: string | null
  /** City */
  city: string | null
  /** State or province */
  state: string | null
  /** Country */
  country: string | null
  /** Postal/ZIP code */
  postalCode: string | null
  /** Your metadata key-value pairs */
  metadata: Record<string, unknown>
  /** ISO 8601 creation timestamp */
  createdAt: string
  /** ISO 8601 last update timestamp */
  updatedAt: string
  app: App
  wallets: Array<CustomerWalletWithChain>
  paymentIntents: Array<PaymentIntentSummary>
  invoices: Array<InvoiceSummary>
}

/** Answered by an operation. */
export interface CustomerCounts {
  /** Total number of payment intents */
  paymentIntents: number
  /** Total number of subscriptions */
  subscriptions: number
  /** Total number of invoices */
  invoices: number
}

/** Answered by an operation. */
export interface CustomerListItem {
  /** Unique customer ID (UUID) */
  id: string
  /** Your app ID */
  appId: string
  /** Your external customer ID */
  externalId: string | null
  /** Customer email */
  email: string | null
  /** Customer name */
  name: string | null
  /** Street address */
  address: string | null
  /** City */
  city: string | null
  /** State or province */
  state: string | null
  /** Country */
  country: string | null
  /** Postal/ZIP code */
  postalCode: string | null
  /** Your metadata key-value pairs */
  metadata: Record<string, unknown>
  /** ISO 8601 creation timestamp */
  createdAt: string
  /** ISO 8601 last update timestamp */
  updatedAt: string
  wallets: Array<CustomerWallet>
  _count: CustomerCounts
}

/** Answered by an operation. */
export interface Pagination {
  /** Entries in all */
  total: number
  /** This page, from 1 */
  page: number
  /** Entries on a page */
  pageSize: number
  /** Pages in all */
  totalPages: number
}

/** Sent with `PUT /customers/{id}`. */
export interface CustomerUpdateParams {
  /** Cannot change */
  appId?: string
  /** Your external customer ID */
  externalId?: string | null
  /** Customer email */
  email?: string | null
  /** Customer name */
  name?: string | null
  /** Street address */
  address?: string | null
  /** City */
  city?: string | null
  /** State or province */
  state?: string | null
  /** Country: a code or a name */
  country?: string | null
  /** Postal/ZIP code */
  postalCode?: string | null
  /** Your metadata key-value pairs */
  metadata?: Record<string, unknown> | null
}

/** Sent with `POST /customers/{id}/wallets`. */
export interface CustomerAddWalletParams {
  /** A chain that is known here: an EVM chain id, or 101 to 103 for Solana */
  chainId: number
  /** EVM: `0x` and 40 hexadecimal digits, of which mixed case must pass EIP-55. Solana: base58 of 32 bytes */
  walletAddress: string
}

/** Answered by an operation. */
export interface WalletChallenge {
  /** What the owner signs, character by character (EIP-4361) */
  message: string
  /** 128 random bits */
  nonce: string
  /** Until when it can be answered */
  expiresAt: string
}

/** Sent with `POST /customers/{id}/wallets/{walletId}/ownership`. */
export interface WalletOwnershipProof {
  /** The message of a challenge, as it was given */
  message: string
  /** The wallet's signature of it (`personal_sign`): `0x` and 65 bytes */
  signature: string
}

/** Answered by an operation. */
export interface PermitDomain {
  /** As the token says in its EIP-712 domain */
  name: string
  /** Left out where the token has none */
  version?: string
  /** The wallet's chain */
  chainId: number
  /** The token */
  verifyingContract: string
}

/** Sent with `POST /customers/{id}/wallets/{walletId}/authorizations`. */
export interface WalletAuthorizationParams {
  /** `PERMIT` takes all but `txHash`; `NATIVE` takes `txHash` alone */
  type: 'PERMIT' | 'NATIVE'
  /** The token contract */
  token?: string
  /** Who may spend */
  spender?: string
  /** How much, in the token's smallest unit: a uint256 */
  value?: string
  /** The owner's nonce at the token: a uint256 */
  nonce?: string
  /** Until when it is good, in seconds since 1970 */
  deadline?: number
  /** Of the typed data (EIP-712): 65 bytes */
  signature?: string
  domain?: PermitDomain
  /** The transaction that approves */
  txHash?: string
}

/** Answered by an operation. */
export interface WalletAuthorization {
  /** Authorization ID (UUID) */
  id: string
  /** The wallet */
  walletId: string
  /** How it was given */
  type: 'PERMIT' | 'NATIVE'
  /** Neither revoked nor past its deadline */
  isActive: boolean
  /** The token contract; null where it is native */
  token: string | null
  /** Who may spend; null where it is native */
  spender: string | null
  /** How much, in the token's smallest unit; null where it is native */
  value: string | null
  /** The owner's nonce at the token; null where it is native */
  nonce: string | null
  /** Seconds since 1970; null where it is native */
  deadline: number | null
  /** The transaction that approves; null for a permit */
  txHash: string | null
  /** When it was given */
  createdAt: string
  /** When it ends by itself */
  expiresAt: string | null
  /** When it was revoked */
  revokedAt: string | null
}

/** Sent with `POST /payments/intents`. */
export interface PaymentIntentCreateParams {
  /** Who pays, where that is known */
  customerAccountId?: string | null
  /** Your own id */
  externalId?: string | null
  /** Decimal text, at most two places */
  amount: string
  /** ISO 4217; `USD` where it is left out */
  currency?: string
  /** Chain ids, or `ALL`, which is the default */
  allowedChains?: 'ALL' | Array<number>
  /** Token keys as `USDC-8453`, or `ALL`, which is the default */
  allowedTokens?: 'ALL' | Array<string>
  /** Whether a capture follows the authorization by itself; `AUTOMATIC` */
  captureMode?: 'AUTOMATIC' | 'MANUAL'
  /** Where the payer is sent */
  successUrl?: string | null
  /** Where who gives up is sent */
  cancelUrl?: string | null
  /** Your metadata key-value pairs */
  metadata?: Record<string, unknown> | null
}

/** Answered by an operation. */
export interface PaymentIntent {
  /** The id of the payment intent */
  id: string
  /** Your app ID */
  appId: string
  /** Who pays */
  customerAccountId: string | null
  /** Your own id */
  externalId: string | null
  /** Its state */
  status: 'CREATED' | 'AUTHORIZED' | 'CAPTURING' | 'CAPTURED' | 'PARTIALLY_REFUNDED' | 'SETTLED' | 'DISPUTED' | 'DISPUTE_RESOLVED' | 'DISPUTE_LOST' | 'REFUNDED' | 'CANCELLED' | 'EXPIRED' | 'CAPTURE_FAILED' | 'PAST_DUE'
  /** Decimal text with two places */
  amount: string
  /** ISO 4217 */
  currency: string
  /** Chain ids, or `ALL` */
  allowedChains: 'ALL' | Array<number>
  /** Token keys, or `ALL` */
  allowedTokens: 'ALL' | Array<string>
  /** What follows an authorization */
  captureMode: 'AUTOMATIC' | 'MANUAL'
  /** Where the payer is sent */
  successUrl: string | null
  /** Where who gives up is sent */
  cancelUrl: string | null
  /** Your metadata key-value pairs */
  metadata: Record<string, unknown>
  /** The wallet that authorized */
  customerWalletId: string | null
  /** How it was authorized */
  authorizationMethod: string | null
  /** On which chain */
  authorizationChainId: number | null
  /** Which token, as `USDC-8453` */
  cryptoTokenKey: string | null
  /** How much of the token */
  cryptoAmount: string | null
  /** The transaction that authorized */
  authorizationTxHash: string | null
  /** The transaction that captured */
  captureTxHash: string | null
  /** Why it was refunded */
  refundReason: string | null
  /** When it was authorized */
  authorizedAt: string | null
  /** When it was captured */
  capturedAt: string | null
  /** When it was refunded */
  refundedAt: string | null
  /** When it was cancelled */
  cancelledAt: string | null
  /** When it was made */
  createdAt: string
  /** When it changed last */
  updatedAt: string
}

/** Sent with `POST /payments/intents/{id}/authorize`. */
export interface PaymentIntentAuthorizeParams {
  /** One of the customer's wallets, on that chain */
  walletId?: string | null
  /** How: a word in capitals */
  method: string
  /** On which chain */
  chainId: number
  /** Which token, and its chain */
  tokenKey: string
  /** How much of the token; at most 18 places */
  cryptoAmount: string
  /** The transaction, in the form of its chain */
  txHash?: string | null
}

/** Sent with `POST /payments/intents/{id}/capture`. */
export interface PaymentIntentCaptureParams {
  /** The transaction, in the form of its chain */
  txHash?: string | null
}

/** Sent with `POST /payments/intents/{id}/refund`. */
export interface PaymentIntentRefundParams {
  /** Why */
  reason: string
}

/** Answered by an operation. */
export interface InvoiceItemParams {
  /** What it is for */
  description: string
  /** Decimal text, at most two places */
  amount: string
  /** How many of it */
  quantity?: number
}

/** Sent with `POST /invoices`. */
export interface InvoiceCreateParams {
  /** Who owes it */
  customerAccountId: string
  items: Array<InvoiceItemParams>
  /** ISO 4217; `USD` where it is left out */
  currency?: string
  /** ISO 8601; a date alone is its first instant in UTC */
  dueDate?: string | null
  /** A note on the invoice */
  memo?: string | null
  /** One of the customer's subscriptions */
  subscriptionId?: string | null
  /** Your metadata key-value pairs */
  metadata?: Record<string, unknown> | null
}

/** Answered by an operation. */
export interface InvoiceItem {
  /** What it is for */
  description: string
  /** Of one */
  amount: string
  /** How many of it */
  quantity: number
}

/** Answered by an operation. */
export interface Invoice {
  /** The id of the invoice */
  id: string
  /** Your app ID */
  appId: string
  /** Who owes it */
  customerAccountId: string
  /** Rises by one within an app, without gaps */
  invoiceNumber: string
  /** Its state; `OPEN` reads as `PAST_DUE` from its due date on */
  status: 'DRAFT' | 'OPEN' | 'PAID' | 'PAST_DUE' | 'VOID' | 'UNCOLLECTIBLE'
  /** ISO 4217 */
  currency: string
  /** What the items come to */
  subtotal: string
  /** Decimal text with two places */
  taxAmount: string
  /** Subtotal and tax */
  total: string
  items: Array<InvoiceItem>
  /** When it is due */
  dueDate: string | null
  /** A note on the invoice */
  memo: string | null
  /** The subscription that it is for */
  subscriptionId: string | null
  /** The payment intent that paid it */
  paymentIntentId: string | null
  /** Your metadata key-value pairs */
  metadata: Record<string, unknown>
  /** When it was opened */
  openedAt: string | null
  /** When it was paid */
  paidAt: string | null
  /** When it was voided */
  voidedAt: string | null
  /** When it was made */
  createdAt: string
  /** When it changed last */
  updatedAt: string
}

/** Sent with `POST /invoices/{id}/pay`. */
export interface InvoicePayParams {
  /** The payment intent of the same customer that paid it */
  paymentIntentId?: string | null
}

/** Sent with `POST /subscriptions`. */
export interface SubscriptionCreateParams {
  /** Who subscribes */
  customerAccountId: string
  /** Your own reference of the plan */
  productPlanId: string
  /** Your own reference of its price */
  productPlanPriceId: string
  /** Your metadata key-value pairs */
  metadata?: Record<string, unknown> | null
}

/** Answered by an operation. */
export interface Subscription {
  /** The id of the subscription */
  id: string
  /** Your app ID */
  appId: string
  /** Who subscribes */
  customerAccountId: string
  /** Your own reference of the plan */
  productPlanId: string
  /** Your own reference of its price */
  productPlanPriceId: string
  /** Its state */
  status: 'CREATED' | 'TRIALING' | 'ACTIVE' | 'PAST_DUE' | 'PAUSED' | 'CANCELLED'
  /** The wallet that pays; null when it was removed */
  customerWalletId: string | null
  /** When the period began */
  currentPeriodStart: string | null
  /** When the period ends and the next one begins */
  currentPeriodEnd: string | null
  /** Whether it ends with its period */
  cancelAtPeriodEnd: boolean
  /** When it will end */
  cancelAt: string | null
  /** When it was cancelled */
  cancelledAt: string | null
  /** When it was paused */
  pausedAt: string | null
  /** Your metadata key-value pairs */
  metadata: Record<string, unknown>
  /** When it was made */
  createdAt: string
  /** When it changed last */
  updatedAt: string
}

/** Sent with `POST /subscriptions/{id}/activate`. */
export interface SubscriptionActivateParams {
  /** The one of the customer's wallets that pays */
  walletId?: string | null
}

/** Sent with `POST /subscriptions/{id}/cancel`. */
export interface SubscriptionCancelParams {
  /** When the period ends, and not now */
  cancelAtPeriodEnd?: boolean
}

/** The query of `GET /customers`. */
export interface ListCustomersQuery {
  /** Which page, from 1 */
  page?: number
  /** How many entries a page has */
  pageSize?: number
  /** Beginnings of words in name, email and externalId, in any case */
  search?: string
  /** The key's own app */
  appId?: string
}

/** The query of `GET /payments/intents`. */
export interface ListPaymentIntentsQuery {
  /** Which page, from 1 */
  page?: number
  /** How many entries a page has */
  pageSize?: number
  /** Only those in this state */
  status?: 'CREATED' | 'AUTHORIZED' | 'CAPTURING' | 'CAPTURED' | 'PARTIALLY_REFUNDED' | 'SETTLED' | 'DISPUTED' | 'DISPUTE_RESOLVED' | 'DISPUTE_LOST' | 'REFUNDED' | 'CANCELLED' | 'EXPIRED' | 'CAPTURE_FAILED' | 'PAST_DUE'
}

/** The query of `GET /invoices`. */
export interface ListInvoicesQuery {
  /** Which page, from 1 */
  page?: number
  /** How many entries a page has */
  pageSize?: number
  /** Only those in this state */
  status?: 'DRAFT' | 'OPEN' | 'PAID' | 'PAST_DUE' | 'VOID' | 'UNCOLLECTIBLE'
}

/** The query of `GET /subscriptions`. */
export interface ListSubscriptionsQuery {
  /** Which page, from 1 */
  page?: number
  /** How many entries a page has */
  pageSize?: number
  /** Only those in this state */
  status?: 'CREATED' | 'TRIALING' | 'ACTIVE' | 'PAST_DUE' | 'PAUSED' | 'CANCELLED'
}

/** What an error answer says in `code`. */
export type CryptoErrorCode =
  | 'VALIDATION_ERROR'
  | 'AUTHENTICATION_ERROR'
  | 'AUTHORIZATION_ERROR'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'RATE_LIMIT_EXCEEDED'
  | 'INTERNAL_ERROR'
