// Owns the field tables of the crypto product's page "Customers", and how a value is held to one.

export type FieldTable = readonly (readonly [field: string, type: string, meaning: string])[]

export const crypto002Fields = {
  customer: [
    ['id', 'string', 'Unique customer ID (UUID)'],
    ['appId', 'string', 'Your app ID'],
    ['externalId', 'string | null', 'Your external customer ID'],
    ['email', 'string | null', 'Customer email'],
    ['name', 'string | null', 'Customer name'],
    ['address', 'string | null', 'Street address'],
    ['city', 'string | null', 'City'],
    ['state', 'string | null', 'State or province'],
    ['country', 'string | null', 'Country'],
    ['postalCode', 'string | null', 'Postal/ZIP code'],
    ['metadata', 'object', 'Your metadata key-value pairs'],
    ['createdAt', 'time', 'ISO 8601 creation timestamp'],
    ['updatedAt', 'time', 'ISO 8601 last update timestamp'],
    ['wallets', 'CustomerWallet[]', 'All wallets linked to this customer'],
  ],
  wallet: [
    ['id', 'string', 'Wallet record ID (UUID)'],
    ['customerAccountId', 'string', 'Parent customer ID'],
    ['chainId', 'number', 'Chain ID (e.g. 1, 137, 8453)'],
    ['walletAddress', 'string', 'Wallet address (lowercased)'],
    ['hasActiveAuthorization', 'boolean', 'Whether the wallet has an active authorization'],
    ['authorizationType', 'string | null', 'Type of authorization (PERMIT, NATIVE, etc.)'],
    ['authorizationTxHash', 'string | null', 'Authorization transaction hash'],
    ['authorizedAt', 'time | null', 'When authorization was granted'],
    ['createdAt', 'time', 'ISO 8601 timestamp'],
    ['updatedAt', 'time', 'ISO 8601 timestamp'],
  ],
  retrieved: [
    ['app', 'App', 'Full app object'],
    ['paymentIntents', 'PaymentIntent[]', 'Last 50 payment intents'],
    ['invoices', 'Invoice[]', 'Last 50 invoices'],
  ],
  addedWallet: [
    ['id', 'string', 'Wallet ID (UUID)'],
    ['customerAccountId', 'string', 'Parent customer ID'],
    ['chainId', 'number', 'Chain ID'],
    ['walletAddress', 'string', 'Wallet address (lowercased)'],
    ['chain', '{ chainId, name }', 'Chain metadata'],
  ],
} as const satisfies Record<string, FieldTable>

/** "selected fields" */
export const crypto002Selected = {
  paymentIntents: [
    'id',
    'status',
    'amount',
    'currency',
    'cryptoAmount',
    'cryptoTokenKey',
    'authorizationChainId',
    'createdAt',
    'capturedAt',
  ],
  invoices: [
    'id',
    'invoiceNumber',
    'status',
    'total',
    'currency',
    'dueDate',
    'paidAt',
    'createdAt',
  ],
}

/** Whether a value is what the table's word for its type says. */
export function isOfType(type: string, value: unknown): boolean {
  const [bare = '', orNull] = type.split(' | ')
  if (value === null) return orNull === 'null'
  if (bare === 'time') return isTime(value)
  if (bare.endsWith('[]')) return Array.isArray(value)
  if (bare === '{ chainId, name }') return hasOnly(value, ['chainId', 'name'])
  if (bare === 'App') return hasAtLeast(value, ['id', 'name', 'environment'])
  return typeof value === bare
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && new Date(value).toISOString() === value
}

function hasOnly(value: unknown, names: string[]): boolean {
  return hasAtLeast(value, names) && Object.keys(Object(value)).length === names.length
}

function hasAtLeast(value: unknown, names: string[]): boolean {
  return names.every((name) => Object.hasOwn(Object(value), name))
}
