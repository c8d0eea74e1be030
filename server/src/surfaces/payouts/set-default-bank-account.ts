// Owns PUT /customers/{customerId}/default-bank-account.
import { bankAccountErrors } from '../../core/bank-accounts/bank-account.ts'
import * as bankAccounts from '../../core/bank-accounts/bank-account-service.ts'
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { defineOperation } from '../../http/operation.ts'
import {
  CustomerParams,
  fromWireBankAccountId,
  fromWireCustomerId,
  toWireCustomer,
  WireCustomer,
  WireDefaultBankAccount,
} from './wire.ts'

export const setDefaultBankAccount = defineOperation({
  id: 'setDefaultBankAccount',
  method: 'PUT',
  path: '/customers/{customerId}/default-bank-account',
  tag: 'Bank accounts',
  summary: 'Choose the default bank account',
  description: 'It receives the payouts that name the customer and no number.',
  scope: 'payouts:write',
  params: CustomerParams,
  body: WireDefaultBankAccount,
  returns: { status: 200, description: 'The customer', schema: WireCustomer },
  errors: [
    customerErrors.customer_not_found,
    bankingErrors.customer_status_forbids,
    bankAccountErrors.bank_account_not_found,
  ],
  async handle(context, { params, body }) {
    const customerId = fromWireCustomerId(params.customerId)
    const bankAccountId = fromWireBankAccountId(body.bankAccountId)
    const input = { customerId, bankAccountId }
    return toWireCustomer(await bankAccounts.setDefaultBankAccount(context, input))
  },
})
