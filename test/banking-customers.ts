// Owns customers of the bank for tests: as an approved application leaves them, without its steps.
import { openAccount } from '../server/src/core/accounts/account-service.ts'
import type { Context } from '../server/src/core/context.ts'
import { type BankingStatus, bankingEvents } from '../server/src/core/customer/banking-status.ts'
import type { CustomerKind } from '../server/src/core/customer/customer.ts'
import type { NewCustomer } from '../server/src/core/customer/customer-rules.ts'
import {
  createCustomer,
  holdCustomer,
  recordChange,
} from '../server/src/core/customer/customer-service.ts'
import type { Individual } from '../server/src/core/individuals/individual.ts'
import { sealIndividual } from '../server/src/core/individuals/individual-seal.ts'
import { printId } from '../server/src/lib/id.ts'
import { inTransaction } from '../server/src/storage/transaction.ts'

export const noAddressParts = {
  line2: null,
  houseNumber: null,
  streetNumber: null,
  streetName: null,
  neighborhood: null,
  subdivision: null,
}

const address = {
  ...noAddressParts,
  line1: '123 Main St',
  city: 'New York',
  state: 'NY',
  postalCode: '10001',
}

const john: NewCustomer = {
  kind: 'individual',
  givenName: 'John',
  familyName: 'Doe',
  dateOfBirth: '1990-01-15',
  email: 'john.doe@example.com',
  phone: '+12025550123',
  address,
  country: 'US',
}

const acme: NewCustomer = {
  kind: 'business',
  companyName: 'Acme Corporation',
  document: { type: 'tax_id', number: '12-3456789', country: 'US' },
  background: { tradingName: 'Acme', registrationNumber: '7654321' },
  email: 'contact@acmecorp.com',
  phone: '+14155550123',
  address,
  country: 'US',
}

export interface BankingIds {
  customerId: string
  individualId: string
  accountId: string
}

/** A person, or a company with its owner; wire ids. The status is set as it is, without moves. */
export async function makeBankingCustomer(
  context: Context,
  made: { kind?: CustomerKind; status?: BankingStatus; fields?: Partial<NewCustomer> } = {},
): Promise<BankingIds> {
  const { kind = 'individual', status = 'ACTIVE', fields = {} } = made
  const base = kind === 'individual' ? john : acme
  return inTransaction(context, async (tx) => {
    const { id } = await createCustomer(tx, { ...base, ...fields })
    await setBankingStatus(tx, id, 'ACTIVE')
    const held = await holdCustomer(tx, id)
    const account = await openAccount(tx, held, {
      type: 'DEPOSIT',
      currency: 'USD',
      nickname: null,
    })
    const individual = kind === 'business' ? await insertOwner(tx, id) : null
    if (status !== 'ACTIVE') await setBankingStatus(tx, id, status)
    return {
      customerId: printId('customer', id),
      individualId: individual === null ? '' : printId('individual', individual),
      accountId: printId('account', account.id),
    }
  })
}

/** Whatever it was before. */
export function setBankingStatus(
  context: Context,
  id: string,
  bankingStatus: BankingStatus,
): Promise<void> {
  return inTransaction(context, async (tx) => {
    const held = await holdCustomer(tx, id)
    await recordChange(tx, held, { type: bankingEvents.statusChanged, changes: { bankingStatus } })
  })
}

async function insertOwner(tx: Context, customerId: string): Promise<string> {
  const { dataKey } = await holdCustomer(tx, customerId)
  const at = tx.clock.now()
  const jane: Individual = {
    id: tx.ids(),
    applicationId: tx.ids(),
    customerId,
    role: 'BENEFICIAL_OWNER',
    ownershipPercentage: 30,
    firstName: 'Jane',
    lastName: 'Smith',
    dateOfBirth: '1985-05-05',
    taxId: null,
    email: 'jane.smith@acmecorp.com',
    phone: null,
    address: {
      ...noAddressParts,
      line1: '456 Oak Ave',
      city: 'San Francisco',
      state: 'CA',
      postalCode: '94102',
    },
    country: 'US',
    createdAt: at,
    updatedAt: at,
  }
  const row = sealIndividual(tx, { ownerId: customerId, dataKey }, jane)
  await tx.db
    .insertInto('individuals')
    .values({
      app_id: row.appId,
      id: row.id,
      application_id: row.applicationId,
      customer_id: row.customerId,
      role: row.role,
      ownership_hundredths: row.ownershipHundredths,
      details: row.sealedDetails,
      created_at: row.createdAt,
      updated_at: row.updatedAt,
    })
    .execute()
  return jane.id
}
