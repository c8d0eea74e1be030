// Owns how events of the record, its bank accounts and its files are made.
import {
  addBankAccount,
  setDefaultBankAccount,
} from '../core/bank-accounts/bank-account-service.ts'
import type { Context } from '../core/context.ts'
import { createCustomer, updateCustomer } from '../core/customer/customer-service.ts'
import { keepFiles, type ReceivedFile, receiveFile } from '../core/files/file-service.ts'
import { Refusal } from '../lib/refusal.ts'
import { sampleCbu, sampleCustomer, sampleEmail, samplePicture } from './samples.ts'
import { type Trigger, toSomeone } from './trigger.ts'

const created: Trigger = async (context, named) => {
  if (named !== null) {
    const what = 'customer.created makes a customer of its own'
    throw new Refusal('customer_unexpected', what, 'leave --customer out')
  }
  return (await createCustomer(context, sampleCustomer(context))).id
}

export const customerTriggers = {
  'customer.created': created,
  'customer.updated': toSomeone((context, id) =>
    updateCustomer(context, id, { email: sampleEmail(context) }),
  ),
  'customer.bank_account.added': toSomeone(addSample),
  'customer.default_bank_account.changed': toSomeone(async (context, customerId) => {
    await addSample(context, customerId)
    const { id: bankAccountId } = await addSample(context, customerId)
    await setDefaultBankAccount(context, { customerId, bankAccountId })
  }),
  'customer.file.added': toSomeone(async (context, id) => {
    await keepFiles(context, id, [await receiveSample(context, id)])
  }),
} satisfies Record<string, Trigger>

export function receiveSample(context: Context, customerId: string): Promise<ReceivedFile> {
  const file = { fileType: 'OTHER', name: 'sample.png', stream: samplePicture() } as const
  return receiveFile(context, customerId, file)
}

function addSample(context: Context, customerId: string) {
  return addBankAccount(context, {
    customerId,
    country: 'AR',
    currency: 'ARS',
    rail: 'OTHER',
    accountType: 'checking',
    holderName: 'Alice Example',
    accountNumber: sampleCbu(context),
    metadata: {},
  })
}
