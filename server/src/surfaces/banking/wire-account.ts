// Owns the banking surface's wire schemas of accounts, and the way from the core.
import Type, { type Static } from 'typebox'
import { type Account, accountTypes } from '../../core/accounts/account.ts'
import { printId } from '../../lib/id.ts'
import {
  closed,
  Given,
  GivenId,
  Id,
  LaterText,
  Nullable,
  named,
  Text,
  Time,
  toWireTime,
  WireStatus,
} from './wire.ts'

const Nickname = Type.Optional(Nullable(Given(100, 'Your own name for it', 'Operating account')))
const AccountType = Type.Enum([...accountTypes], { description: 'Always the same' })
export const GivenCurrency = Type.String({
  minLength: 3,
  maxLength: 3,
  description: 'ISO 4217',
  examples: ['USD'],
})

export const WireNewAccount = Type.Object(
  {
    customer_id: GivenId('The customer that holds it', 'cust'),
    type: AccountType,
    currency: GivenCurrency,
    nickname: Nickname,
  },
  named('NewAccount'),
)

export const WireAccountUpdate = Type.Object(
  { nickname: Nickname },
  { ...named('AccountUpdate'), minProperties: 1 },
)

export const WireAccount = Type.Object(
  {
    id: Id('The id of the account', 'acc'),
    customer_id: Id('The customer that holds it', 'cust'),
    type: AccountType,
    currency: Text('ISO 4217', 'USD'),
    status: WireStatus,
    nickname: LaterText('Your own name for it'),
    created_at: Time('When the account was opened'),
  },
  named('Account'),
)

export const AccountParams = Type.Object({ id: Id('The account', 'acc') }, closed)

export function toWireAccount(account: Account): Static<typeof WireAccount> {
  return {
    id: printId('account', account.id),
    customer_id: printId('customer', account.customerId),
    type: account.type,
    currency: account.currency,
    status: account.status,
    nickname: account.nickname,
    created_at: toWireTime(account.createdAt),
  }
}
