// Owns what eligibility looks like on the platform surface: the question's and the answer's schema.
import Type, { type Static } from 'typebox'
import { intentErrors } from '../../core/activity/payment-intent.ts'
import { subscriptionErrors } from '../../core/activity/subscription.ts'
import { bankAccountErrors } from '../../core/bank-accounts/bank-account.ts'
import {
  type Eligibility,
  eligibilityActions,
  type Narrowing,
  type Reason,
  responsibles,
  type Step,
  steps,
} from '../../core/eligibility/eligibility.ts'
import { AppError, type ErrorDefinition } from '../../core/errors.ts'
import { providerNames, providerRoles } from '../../core/provider.ts'
import { walletErrors } from '../../core/wallets/wallet.ts'
import { personal } from '../../http/mask.ts'
import { type IdNoun, parseId, printId } from '../../lib/id.ts'
import { toSnakeCase } from '../../lib/snake-case.ts'
import { closed, named } from './wire.ts'
import { customerFieldNames } from './wire-customer.ts'
import { Later } from './wire-parts.ts'

const Action = (description: string) =>
  Type.Enum([...eligibilityActions], { description, examples: ['payout'] })
const Narrow = (description: string, example: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 64, description, examples: [example] }))
const LaterProvider = Type.Union([Type.Enum([...providerNames]), Type.Null()], {
  description: 'The provider; null where it is about none, or about all',
  examples: ['stripe'],
})
const LaterRole = Type.Union([Type.Enum([...providerRoles]), Type.Null()], {
  description: 'The role there; null where it is about none, or about all',
  examples: ['customer'],
})

export const WireQuestion = Type.Object(
  {
    action: Type.Optional(Action('What the customer is to do; all of them where it is left out')),
    amount: Narrow('Of `payout`, `charge`: a decimal', '12.50'),
    currency: Narrow('Of `payout`, `charge`, `open_account`', 'ARS'),
    bank_account_id: Narrow(
      'Of `payout`: which bank account receives it, in place of the default one',
      'ba_01h455vb4pex5vsknk084sn02q',
    ),
    wallet_id: Narrow('Of `charge`: which wallet pays', 'wal_01h455vb4pex5vsknk084sn02q'),
    payment_intent_id: Narrow(
      'Of `charge`: capturing this payment intent, in place of making one',
      'pi_01h455vb4pex5vsknk084sn02q',
    ),
    subscription_id: Narrow(
      'Of `charge`: activating this subscription, or resuming it where it is paused',
      'sub_01h455vb4pex5vsknk084sn02q',
    ),
    provider: Type.Optional(
      Type.Enum([...providerNames], {
        description: 'Of `sync`, `register`: where; any will do where it is left out',
        examples: ['stripe'],
      }),
    ),
    role: Type.Optional(
      Type.Enum([...providerRoles], {
        description: 'Of `sync`, `register`: as what; any will do where it is left out',
        examples: ['customer'],
      }),
    ),
  },
  closed,
)

const WireNext = Type.Object(
  {
    what: Type.String({ description: 'What clears the way', examples: [steps.move_status] }),
    call: Later(
      'The call that does it; null where no call does',
      'POST /v1/customers/cust_01h455vb4pex5vsknk084sn02q/status',
    ),
    url: Later('A page of the provider where the customer does it', null, personal),
  },
  closed,
)

const WireReason = Type.Object(
  {
    code: Type.String({
      description: 'The code of the refusal, the same that the operation is refused with',
      examples: ['customer_status_forbids'],
    }),
    message: Type.String({ description: 'What the operation would say; nothing personal' }),
    fields: Type.Array(Type.String(), {
      description: 'Which are at fault: of this question, or missing on the record',
      examples: [['email', 'provider_data.monthly_income']],
    }),
    provider: LaterProvider,
    role: LaterRole,
    object_id: Later('Which bank account, wallet, registration or payment it is about'),
    who: Type.Union([Type.Enum([...responsibles]), Type.Null()], {
      description:
        'Who has to act: the `customer`, the `merchant` who holds the key, an `operator` of the ' +
        'bank, the `provider`. Null: nobody has to, or nobody can',
      examples: ['operator'],
    }),
    next: WireNext,
  },
  named('EligibilityReason'),
)

const WireEligibility = Type.Object(
  {
    action: Action(
      '`payout`: createPayout. `charge`: createPaymentIntent and what takes its money, ' +
        'capturePaymentIntent, activateSubscription or resumeSubscription. `sync`: syncCustomer. ' +
        '`register`: submitRegistration, so that the provider is asked. `open_account`: ' +
        'createAccount',
    ),
    allowed: Type.Boolean({
      description: 'Whether the operation would succeed now; it decides anew when it is called',
    }),
    targets: Type.Array(
      Type.Object(
        { provider: Type.Enum([...providerNames]), role: Type.Enum([...providerRoles]) },
        closed,
      ),
      { description: 'Of `sync` and `register`: where it is allowed' },
    ),
    reasons: Type.Array(WireReason, {
      description:
        'Everything that stands in the way, in the order in which the operation would refuse it; ' +
        'empty where it is allowed',
    }),
    warnings: Type.Array(WireReason, {
      description: 'What no operation refuses, and is likely to be in the way later',
    }),
  },
  named('Eligibility'),
)

export const WireAnswer = Type.Object(
  {
    customer_id: Type.String({
      description: 'The customer',
      examples: ['cust_01h455vb4pex5vsknk084sn02q'],
    }),
    as_of: Type.String({
      description: 'When this was so',
      examples: ['2026-02-25T12:00:00.000Z'],
    }),
    actions: Type.Array(WireEligibility, { description: 'The action that was asked for, or all' }),
  },
  named('EligibilityAnswer'),
)

/** The core's names of what narrows the question, as they stand in the query. */
export const narrowingNames = {
  amount: 'amount',
  currency: 'currency',
  bankAccountId: 'bank_account_id',
  walletId: 'wallet_id',
  paymentIntentId: 'payment_intent_id',
  subscriptionId: 'subscription_id',
  provider: 'provider',
  role: 'role',
} as const satisfies Record<keyof Narrowing, string>

export function fromWireQuestion(query: Static<typeof WireQuestion>): Narrowing {
  const id = (noun: IdNoun, text: string | undefined, missing: ErrorDefinition) => {
    if (text === undefined) return null
    const found = parseId(noun, text)
    if (found === null) throw new AppError(missing)
    return found
  }
  const { bank_account_id, wallet_id, payment_intent_id, subscription_id } = query
  return {
    amount: query.amount ?? null,
    currency: query.currency ?? null,
    bankAccountId: id('bankAccount', bank_account_id, bankAccountErrors.bank_account_not_found),
    walletId: id('wallet', wallet_id, walletErrors.wallet_not_found),
    paymentIntentId: id('paymentIntent', payment_intent_id, intentErrors.payment_intent_not_found),
    subscriptionId: id('subscription', subscription_id, subscriptionErrors.subscription_not_found),
    provider: query.provider ?? null,
    role: query.role ?? null,
  }
}

export function toWireEligibility(
  customerId: string,
  { action, isAllowed, targets, reasons, warnings }: Eligibility,
): Static<typeof WireEligibility> {
  const toWire = (reason: Reason) => toWireReason(customerId, reason)
  return {
    action,
    allowed: isAllowed,
    targets,
    reasons: reasons.map(toWire),
    warnings: warnings.map(toWire),
  }
}

function toWireReason(customerId: string, reason: Reason): Static<typeof WireReason> {
  const { code, message, fields, provider, role, object, who, step, url = null } = reason
  const object_id = object === null ? null : printId(object.noun, object.id)
  const id = printId('customer', customerId)
  const call = calls[step]?.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const values: Record<string, string | null> = { id, object_id, provider }
    return values[name] ?? `{${name}}`
  })
  return {
    code,
    message: fields.reduce((text, field) => text.replace(field, toWireField(field)), message),
    fields: fields.map(toWireField),
    provider,
    role,
    object_id,
    who,
    next: { what: steps[step], call: call ?? null, url },
  }
}

function toWireField(field: string): string {
  return customerFieldNames[field] ?? toSnakeCase(field)
}

/** By which call; `{id}` is the customer, and `{object_id}` what the reason is about. */
export const calls: Record<Step, string | null> = {
  none: null,
  correct_request: null,
  move_status: 'POST /v1/customers/{id}/status',
  apply: 'POST /banking/v1/applications',
  add_bank_account: 'POST /payouts/customers/{id}/bank-accounts',
  authorize_wallet: 'POST /crypto/customers/{id}/wallets/{object_id}/authorizations',
  authorize_payment_intent: 'POST /crypto/payments/intents/{object_id}/authorize',
  create_payment_intent: 'POST /crypto/payments/intents',
  create_subscription: 'POST /crypto/subscriptions',
  set_connection: 'PUT /v1/connections/{provider}',
  register: 'POST /orchestration/api/v1/provider-registration/{id}/submit',
  complete_record: 'PATCH /v1/customers/{id}',
  give_provider_data: 'POST /orchestration/api/v1/provider-registration/{id}/submit',
  upload_files: 'POST /orchestration/api/v1/customers/{id}/files',
  act_at_provider: null,
  wait: null,
}
