// Owns the bank accounts of a customer: adding, listing, and which one is the default.
import { inTransaction } from '../../storage/transaction.ts'
import type { DataKey, Place } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import { requirePermission } from '../customer/banking-status.ts'
import type { Customer } from '../customer/customer.ts'
import type { HeldCustomer } from '../customer/customer-seal.ts'
import { holdCustomer, recordChange, requireCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { checkCuit, checkMetadata, checkText, type Metadata, nameLengthMax } from '../fields.ts'
import {
  type AccountType,
  type BankAccount,
  bankAccountErrors,
  bankAccountEvents,
} from './bank-account.ts'
import {
  insertBankAccount,
  type StoredBankAccount,
  selectBankAccount,
  selectBankAccountByToken,
  selectBankAccounts,
} from './bank-account-store.ts'
import { findPaymentRail } from './payment-rails.ts'

export interface NewBankAccount {
  customerId: string
  country: string
  currency: string
  rail: string
  accountType: AccountType
  holderName: string
  accountNumber: string | null
  metadata: Metadata
}

interface Details {
  holderName: string
  accountNumber: string | null
  metadata: Metadata
}

/**
 * The first account of a customer becomes its default.
 * Errors: `field_invalid`, `customer_not_found`, `bank_account_exists`.
 * Event: `customer.bank_account.added`.
 */
export function addBankAccount(context: Context, input: NewBankAccount): Promise<BankAccount> {
  checkNewBankAccount(input)
  return inTransaction(context, async (tx) => {
    const held = await holdCustomer(tx, input.customerId)
    requirePermission(held.customer, 'update')
    const stored = seal(tx, held, input)
    if (!(await insertBankAccount(tx.db, stored))) {
      throw new AppError(bankAccountErrors.bank_account_exists, { param: 'accountNumber' })
    }
    const account = open(tx, held.dataKey, stored)
    const isFirst = held.customer.defaultBankAccountId === null
    await recordChange(tx, held, {
      type: bankAccountEvents.added,
      changes: {
        bankAccount: { ...account, accountNumber: input.accountNumber },
        ...(isFirst ? { defaultBankAccountId: account.id } : {}),
      },
    })
    return account
  })
}

/** Oldest first. Errors: `customer_not_found`, `bank_account_cursor_unknown`. */
export async function listBankAccounts(
  context: Context,
  page: { customerId: string; limit: number; startingAfter: string | null },
): Promise<BankAccount[]> {
  const { customerId, limit, startingAfter: afterId } = page
  const appId = context.app.id
  const dataKey = await requireCustomer(context, customerId)
  if (afterId !== null) {
    const cursor = await selectBankAccount(context.db, { appId, customerId, id: afterId })
    if (!cursor) {
      throw new AppError(bankAccountErrors.bank_account_cursor_unknown, { param: 'startingAfter' })
    }
  }
  const rows = await selectBankAccounts(context.db, { appId, customerId, afterId, limit })
  return rows.map((stored) => open(context, dataKey, stored))
}

/**
 * Errors: `customer_not_found`, `bank_account_not_found`.
 * Event: `customer.default_bank_account.changed`, none when it is the default already.
 */
export function setDefaultBankAccount(
  context: Context,
  input: { customerId: string; bankAccountId: string },
): Promise<Customer> {
  return inTransaction(context, async (tx) => {
    const held = await holdCustomer(tx, input.customerId)
    requirePermission(held.customer, 'update')
    const { customerId, bankAccountId: id } = input
    const account = await selectBankAccount(tx.db, { appId: tx.app.id, customerId, id })
    if (!account) {
      throw new AppError(bankAccountErrors.bank_account_not_found, { param: 'bankAccountId' })
    }
    if (held.customer.defaultBankAccountId === id) return held.customer
    const changes = { defaultBankAccountId: id }
    return recordChange(tx, held, { type: bankAccountEvents.defaultChanged, changes })
  })
}

/** Where a payout to this customer goes. */
export interface PayoutDestination {
  bankAccountId: string
  currency: string
  accountNumber: string | null
}

/** Whose bank account it is, with the key of its number. */
type Owner = Pick<HeldCustomer, 'customer' | 'dataKey'>

/** The customer's default bank account with its number, for a payout; `null` without one. */
export async function findDefaultDestination(
  context: Context,
  owner: Owner,
): Promise<PayoutDestination | null> {
  const id = owner.customer.defaultBankAccountId
  return id === null ? null : findDestination(context, owner, id)
}

/** As `findDefaultDestination`, of any bank account; `null`: the customer has none with this id. */
export async function findDestination(
  context: Context,
  { customer, dataKey }: Owner,
  id: string,
): Promise<PayoutDestination | null> {
  const key = { appId: context.app.id, customerId: customer.id, id }
  const stored = await selectBankAccount(context.db, key)
  if (!stored) return null
  const { accountNumber } = openDetails(context, dataKey, stored)
  return { bankAccountId: id, currency: stored.currency, accountNumber }
}

/** The id of the customer's bank account with this number, if it is on file. */
export async function findBankAccountByNumber(
  context: Context,
  customerId: string,
  accountNumber: string,
): Promise<string | null> {
  const numberToken = accountNumberToken(context, accountNumber)
  const key = { appId: context.app.id, customerId, numberToken }
  const stored = await selectBankAccountByToken(context.db, key)
  return stored?.id ?? null
}

function checkNewBankAccount(input: NewBankAccount): void {
  const rail = findPaymentRail(input)
  checkText('holderName', input.holderName, nameLengthMax)
  if (input.accountNumber !== null) rail.checkAccountNumber('accountNumber', input.accountNumber)
  checkMetadata('metadata', input.metadata)
  const cuit = input.metadata['cuit']
  if (typeof cuit === 'string') checkCuit('metadata.cuit', cuit)
}

function seal(tx: Context, held: HeldCustomer, input: NewBankAccount): StoredBankAccount {
  const id = tx.ids()
  const { holderName, accountNumber, metadata } = input
  const place = detailsPlace(tx.app.id, held.customer.id, id)
  const details: Details = { holderName, accountNumber, metadata }
  return {
    appId: tx.app.id,
    id,
    customerId: held.customer.id,
    country: input.country,
    currency: input.currency,
    rail: input.rail,
    accountType: input.accountType,
    numberLast4: accountNumber?.slice(-4) ?? null,
    numberToken: accountNumber === null ? null : accountNumberToken(tx, accountNumber),
    sealedDetails: tx.vault.seal(held.dataKey, place, JSON.stringify(details)),
    createdAt: tx.clock.now(),
  }
}

function open(context: Context, dataKey: DataKey, stored: StoredBankAccount): BankAccount {
  const { holderName, metadata } = openDetails(context, dataKey, stored)
  const { id, customerId, country, currency, rail, accountType, createdAt } = stored
  const accountNumberLast4 = stored.numberLast4
  const plain = { id, customerId, country, currency, rail, accountType, accountNumberLast4 }
  return { ...plain, holderName, metadata, createdAt }
}

function openDetails(context: Context, dataKey: DataKey, stored: StoredBankAccount): Details {
  const place = detailsPlace(stored.appId, stored.customerId, stored.id)
  return JSON.parse(context.vault.open(dataKey, place, stored.sealedDetails))
}

function detailsPlace(appId: string, customerId: string, id: string): Place {
  return { appId, ownerId: customerId, field: `bank_account.details:${id}` }
}

/** Equality search over the sealed number. */
export function accountNumberToken(context: Context, accountNumber: string): Buffer {
  return context.vault.blindIndex(context.app.id, 'bank_account.number', accountNumber)
}
