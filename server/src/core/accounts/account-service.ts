// Owns what may happen to a customer's accounts: opening, reading, naming.
import { present } from '../../lib/assert.ts'
import { inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import { getBankingCustomer, requireBanking } from '../customer/banking-customers.ts'
import { type BankingStatus, requirePermission } from '../customer/banking-status.ts'
import { type Customer, customerErrors } from '../customer/customer.ts'
import type { HeldCustomer } from '../customer/customer-seal.ts'
import { holdCustomer, openDataKeys, recordChange } from '../customer/customer-service.ts'
import { readFacet } from '../customer/facet-cache.ts'
import { AppError } from '../errors.ts'
import { checkText, refuseField } from '../fields.ts'
import { enforce, type Rule } from '../rules.ts'
import {
  type Account,
  type AccountType,
  accountErrors,
  accountEvents,
  accountsMax,
} from './account.ts'
import * as seal from './account-seal.ts'
import {
  insertAccount,
  selectAccount,
  selectAccounts,
  selectHeldAccounts,
  updateAccount as updateRow,
} from './account-store.ts'
import { accountCurrencies } from './currencies.ts'

export interface NewAccount {
  type: AccountType
  /** ISO 4217. */
  currency: string
  nickname: string | null
}

/**
 * Errors: `field_invalid`, `customer_not_found`, `customer_status_forbids`, `accounts_full`.
 * Event: `customer.account.opened`.
 */
export function createAccount(
  context: Context,
  input: NewAccount & { customerId: string },
): Promise<Account> {
  const { customerId, ...account } = input
  return inTransaction(context, async (tx) =>
    openAccount(tx, await holdNamed(tx, customerId), account),
  )
}

/** As `createAccount`, inside a transaction that holds the customer as it stands now. */
export async function openAccount(
  tx: Context,
  held: HeldCustomer,
  { type, currency, nickname }: NewAccount,
): Promise<Account> {
  checkCurrency('currency', currency)
  if (nickname !== null) checkNickname(nickname)
  const { customer, dataKey } = held
  const customerId = customer.id
  enforce(openingRules(customer, await listHeldAccounts(tx, customerId)))
  const at = tx.clock.now()
  const id = tx.ids()
  const plain = { id, customerId, type, currency, nickname, createdAt: at, updatedAt: at }
  const account: Account = { ...plain, status: 'ACTIVE' }
  const stored = seal.sealAccount(tx, dataKey, account)
  const change = { type: accountEvents.opened, changes: { account } }
  await recordChange(tx, held, change, (db) => [insertAccount(db, stored)])
  return account
}

/**
 * `open` are the customer's accounts. Errors: `customer_not_found` of whoever is no customer of the
 * bank, `customer_status_forbids`, `accounts_full`.
 */
export function openingRules(customer: Customer, open: readonly unknown[]): Rule[] {
  return [
    () => requireBanking(customer),
    () => requirePermission(customer, 'transact'),
    () => {
      if (open.length < accountsMax) return
      const detail = `The customer has ${accountsMax} accounts, which is as many as one may have.`
      throw new AppError(accountErrors.accounts_full, { detail })
    },
  ]
}

/** Errors: `account_not_found`, also for another app's account. */
export async function getAccount(context: Context, id: string): Promise<Account> {
  const stored = await selectAccount(context.db, { appId: context.app.id, id })
  if (!stored) throw new AppError(accountErrors.account_not_found)
  const keys = await openDataKeys(context, [stored.customerId])
  const dataKey = present(keys.get(stored.customerId), 'an account names a customer that exists')
  return seal.openAccount(context, dataKey, stored)
}

export interface AccountFilter {
  customerId: string | null
  status: BankingStatus | null
  currency: string | null
}

/** Newest first, below `beforeId`. Errors: `customer_not_found`. */
export async function listAccounts(
  context: Context,
  filter: AccountFilter & { beforeId: string | null; limit: number },
): Promise<Account[]> {
  if (filter.customerId !== null) await getNamed(context, filter.customerId)
  const rows = await selectAccounts(context.db, { ...filter, appId: context.app.id })
  const keys = await openDataKeys(context, [...new Set(rows.map(({ customerId }) => customerId))])
  return rows.map((stored) => {
    const dataKey = present(keys.get(stored.customerId), 'an account names a customer that exists')
    return seal.openAccount(context, dataKey, stored)
  })
}

/** What is shown of an account beside its customer. */
type HeldAccount = Pick<Account, 'id' | 'currency' | 'status'>

/** As `listHeldAccounts`, from memory where they are. */
export async function accountsOfRecord(
  context: Context,
  customer: Pick<Customer, 'id' | 'version'>,
): Promise<HeldAccount[]> {
  const { id } = customer
  const read = async () => new Map([[id, await listHeldAccounts(context, id)]])
  return (await readFacet(context, 'accounts', [customer], read)).get(id) ?? []
}

/** Oldest first, all of the customer's; another app's customer has none here. */
export function listHeldAccounts(context: Context, customerId: string): Promise<HeldAccount[]> {
  const appId = context.app.id
  return selectHeldAccounts(context.db, { appId, customerId, limit: accountsMax })
}

/**
 * Errors: `account_not_found`, `customer_status_forbids`, `field_invalid`.
 * Event: `customer.account.updated`; none when nothing changes.
 */
export function updateAccount(
  context: Context,
  id: string,
  { nickname }: { nickname: string | null },
): Promise<Account> {
  if (nickname !== null) checkNickname(nickname)
  return inTransaction(context, async (tx) => {
    const { customerId } = await getAccount(tx, id)
    const held = await holdCustomer(tx, customerId)
    requirePermission(held.customer, 'update')
    // Read again under the lock: what was read before it may have changed meanwhile.
    const account = await getAccount(tx, id)
    if (account.nickname === nickname) return account
    const next = { ...account, nickname, updatedAt: tx.clock.now() }
    const row = seal.sealAccount(tx, held.dataKey, next)
    const change = { type: accountEvents.updated, changes: { account: { id, nickname } } }
    await recordChange(tx, held, change, (db) => [updateRow(db, row)])
    return next
  })
}

/** Error: `field_invalid`. */
export function checkCurrency(param: string, code: string): string {
  if (!accountCurrencies.has(code)) refuseField(param, 'is not an ISO 4217 code such as USD')
  return code
}

const nicknameLengthMax = 100

function checkNickname(nickname: string): void {
  checkText('nickname', nickname, nicknameLengthMax)
}

/** Refusals say that it is the customer which is not there, and not the account. */
function holdNamed(tx: Context, customerId: string): Promise<HeldCustomer> {
  return namingCustomer(async () => {
    const held = await holdCustomer(tx, customerId)
    requireBanking(held.customer)
    return held
  })
}

function getNamed(context: Context, customerId: string): Promise<unknown> {
  return namingCustomer(() => getBankingCustomer(context, customerId))
}

async function namingCustomer<T>(find: () => Promise<T>): Promise<T> {
  try {
    return await find()
  } catch (error) {
    const isMissing =
      error instanceof AppError && error.definition === customerErrors.customer_not_found
    if (!isMissing) throw error
    throw new AppError(customerErrors.customer_not_found, { param: 'customerId' })
  }
}
