// Owns POST /customers/{customerId}/bank-accounts.
import { bankAccountErrors } from '../../core/bank-accounts/bank-account.ts'
import * as bankAccounts from '../../core/bank-accounts/bank-account-service.ts'
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import {
  CustomerParams,
  fromWireCustomerId,
  toWireBankAccount,
  WireBankAccount,
  WireNewBankAccount,
} from './wire.ts'

export const addBankAccount = defineOperation({
  id: 'addBankAccount',
  method: 'POST',
  path: '/customers/{customerId}/bank-accounts',
  tag: 'Bank accounts',
  summary: 'Add a bank account',
  description: 'The first bank account of a customer becomes its default.',
  scope: 'payouts:write',
  params: CustomerParams,
  body: WireNewBankAccount,
  returns: { status: 201, description: 'The bank account', schema: WireBankAccount },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    bankingErrors.customer_status_forbids,
    bankAccountErrors.bank_account_exists,
  ],
  async handle(context, { params, body }) {
    const account = await bankAccounts.addBankAccount(context, {
      ...body,
      customerId: fromWireCustomerId(params.customerId),
      accountNumber: body.accountNumber ?? null,
      metadata: body.metadata ?? {},
    })
    return toWireBankAccount(account)
  },
})
