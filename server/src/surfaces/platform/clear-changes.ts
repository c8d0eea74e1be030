// Owns which members of an event's changes are not personal, by their paths in the core's names:
// whatever is not named here is masked, and so is what a facet adds to its events.

const moments = ['createdAt', 'updatedAt']
const money = ['amountMinor', 'currency']
const individual = ['id', 'applicationId', 'customerId', 'role', ...moments]

/** By the member that holds them; none: of the changes themselves. Entries of a list are alike. */
const clearMembers: Readonly<Record<string, readonly string[]>> = {
  '': [
    'kind',
    'country',
    'externalId',
    'onboardingStatus',
    'onboardingMoves',
    'bankingStatus',
    'from',
    'accounts',
    'roles',
    'isSynced',
    'syncedAt',
    'defaultBankAccountId',
    'lastPayoutAt',
    'walletId',
    'ownershipVerifiedAt',
    'authorizationId',
    'revokedAt',
    'files',
  ],
  document: ['type', 'country'],
  bankAccount: [
    ...['id', 'customerId', 'country', 'currency', 'rail', 'accountType', 'accountNumberLast4'],
    'createdAt',
  ],
  payout: [
    ...['id', 'customerId', 'bankAccountId', ...money, 'status', 'attempts'],
    ...['createdAt', 'submittedAt', 'completedAt'],
  ],
  account: ['id', 'customerId', 'type', 'currency', 'status', ...moments],
  wallet: [
    ...['id', 'customerId', 'chainId', 'authorizationType', 'ownershipVerifiedAt'],
    ...['authorizedAt', 'authorizedUntil', ...moments],
  ],
  authorization: ['id', 'walletId', 'type', 'createdAt', 'validUntil', 'revokedAt'],
  paymentIntent: [
    ...['id', 'customerId', 'status', ...money, 'captureMode', 'allowedChains', 'allowedTokens'],
    ...['walletId', 'method', 'chainId', 'tokenKey', 'cryptoAmount'],
    ...['authorizedAt', 'capturedAt', 'refundedAt', 'cancelledAt', ...moments],
  ],
  invoice: [
    ...['id', 'customerId', 'number', 'status', 'currency', 'subscriptionId', 'paymentIntentId'],
    ...['subtotalMinor', 'taxMinor', 'totalMinor'],
    ...['dueAt', 'openedAt', 'paidAt', 'voidedAt', ...moments],
  ],
  'invoice.items': ['amountMinor', 'quantity'],
  subscription: [
    ...['id', 'customerId', 'status', 'planId', 'priceId', 'walletId', 'cancelsAtPeriodEnd'],
    ...[
      'periodAnchor',
      'periodStart',
      'periodEnd',
      'cancelAt',
      'cancelledAt',
      'pausedAt',
      ...moments,
    ],
  ],
  application: [
    ...['id', 'customerId', 'kind', 'status', 'accountCurrency', 'termsAcceptedAt'],
    ...['submittedAt', 'decidedAt', ...moments],
  ],
  'application.addedIndividual': individual,
  'application.changedIndividual': individual,
  'application.removedIndividual': individual,
  'application.document': ['id', 'status'],
  'application.document.file': ['contentType', 'size'],
  individuals: individual,
  individual,
  files: ['id', 'customerId', 'fileType', 'contentType', 'size', 'createdAt'],
  registration: [
    ...['id', 'customerId', 'provider', 'role', 'status', 'remoteId', 'actionRequired', 'missing'],
    ...['statedAt', 'claimedAt', 'hasSentDocuments', ...moments],
  ],
  sync: ['id'],
  'sync.outcomes': ['field', 'outcome'],
}

export const clearChanges: readonly string[] = Object.entries(clearMembers).flatMap(
  ([holder, names]) => names.map((name) => (holder === '' ? name : `${holder}.${name}`)),
)
