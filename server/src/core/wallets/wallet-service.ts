// Owns what may happen to a customer's wallets: adding, removing, reading.
import type { Kysely } from 'kysely'
import { present } from '../../lib/assert.ts'
import type { Tables } from '../../storage/tables.ts'
import { inTransaction } from '../../storage/transaction.ts'
import type { Write } from '../../storage/write-together.ts'
import type { DataKey } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import { requirePermission } from '../customer/banking-status.ts'
import type { Customer } from '../customer/customer.ts'
import type { HeldCustomer } from '../customer/customer-seal.ts'
import {
  holdCustomer,
  openDataKeys,
  recordChange,
  requireCustomer,
} from '../customer/customer-service.ts'
import { readFacet } from '../customer/facet-cache.ts'
import { AppError } from '../errors.ts'
import { checkAddress } from './address.ts'
import { checkChain } from './chains.ts'
import { type Wallet, walletErrors, walletEvents, walletsMax } from './wallet.ts'
import { addressTokenOf, openWallet, toStoredWallet } from './wallet-seal.ts'
import {
  deleteWallet,
  insertWallet,
  type StoredWallet,
  selectWallet,
  selectWalletPlaces,
  selectWalletsOf,
} from './wallet-store.ts'

/** The wallets of each of these customers, oldest first; in two journeys however many there are. */
export async function walletsOf(
  context: Context,
  customerIds: string[],
): Promise<ReadonlyMap<string, Wallet[]>> {
  const filter = { appId: context.app.id, customerIds }
  const [stored, keys] = await Promise.all([
    selectWalletsOf(context.db, filter),
    openDataKeys(context, customerIds),
  ])
  return Map.groupBy(
    stored.map((one) => openWallet(context, keyOf(keys, one.customerId), one)),
    ({ customerId }) => customerId,
  )
}

/** As `walletsOf`, from memory where they are. */
export function walletsOfRecords(
  context: Context,
  customers: Pick<Customer, 'id' | 'version'>[],
): Promise<ReadonlyMap<string, Wallet[]>> {
  return readFacet(context, 'wallets', customers, (ids) => walletsOf(context, ids))
}

/** Whether an authorization is in force now. */
export function hasActiveAuthorization(wallet: Wallet, now: number): boolean {
  if (wallet.authorizedAt === null || wallet.authorizationType === null) return false
  return wallet.authorizedUntil === null || wallet.authorizedUntil > now
}

/** A wallet of a customer. */
export interface WalletKey {
  customerId: string
  walletId: string
}

/** Errors: `customer_not_found`, `wallet_not_found`. */
export async function getWallet(context: Context, key: WalletKey): Promise<Wallet> {
  const { customerId, walletId: id } = key
  const dataKey = await requireCustomer(context, customerId)
  const stored = await selectWallet(context.db, { appId: context.app.id, customerId, id })
  if (!stored) throw new AppError(walletErrors.wallet_not_found)
  return openWallet(context, dataKey, stored)
}

/** A place on a chain that exists, in the form that is stored. */
export interface CheckedWallet {
  chainId: number
  address: string
}

/** To be called outside a transaction: the checksum's code is slow to load. `field_invalid`. */
export async function checkWallet(given: CheckedWallet): Promise<CheckedWallet> {
  const chain = checkChain('chainId', given.chainId)
  const address = await checkAddress('walletAddress', chain, given.address)
  return { chainId: chain.chainId, address }
}

/**
 * Errors: `customer_not_found`, `wallet_exists`, which names it, `wallets_full`. Event:
 * `customer.wallet.added`.
 */
export function addWallet(
  context: Context,
  customerId: string,
  { chainId, address }: CheckedWallet,
): Promise<Wallet> {
  return inTransaction(context, async (tx) => {
    const held = await holdCustomer(tx, customerId)
    requirePermission(held.customer, 'update')
    const addressToken = addressTokenOf(tx, address)
    const places = await selectWalletPlaces(tx.db, { appId: tx.app.id, customerId })
    const known = places.find(
      (place) => place.chainId === chainId && addressToken.equals(place.addressToken),
    )
    if (known) throw walletExists(known.id)
    if (places.length >= walletsMax) throw new AppError(walletErrors.wallets_full)
    const now = tx.clock.now()
    const wallet: Wallet = {
      id: tx.ids(),
      customerId,
      chainId,
      address,
      ownershipVerifiedAt: null,
      authorizationType: null,
      authorizationTxHash: null,
      authorizedAt: null,
      authorizedUntil: null,
      createdAt: now,
      updatedAt: now,
    }
    const stored = toStoredWallet(tx, wallet, { dataKey: held.dataKey, addressToken })
    const change = { type: walletEvents.added, changes: { wallet } }
    await recordChange(tx, held, change, (db) => [insertWallet(db, stored)])
    return wallet
  })
}

/**
 * With its authorizations and challenges, and whatever `alsoWrite` the removal consists of: what
 * names the wallet in other facets. Errors: `customer_not_found`, `wallet_not_found`. Event:
 * `customer.wallet.removed`.
 */
export function removeWallet(
  context: Context,
  key: WalletKey,
  alsoWrite: (db: Kysely<Tables>) => Write[] = () => [],
): Promise<void> {
  return inTransaction(context, async (tx) => {
    const { held, wallet } = await holdWallet(tx, key)
    requirePermission(held.customer, 'update')
    const { id, chainId, address } = wallet
    const change = { type: walletEvents.removed, changes: { wallet: { id, chainId, address } } }
    await recordChange(tx, held, change, (db) => [
      ...alsoWrite(db),
      ...deleteWallet(db, { appId: tx.app.id, id }),
    ])
  })
}

/** A wallet that this transaction holds, with its customer. */
export interface HeldWallet {
  held: HeldCustomer
  wallet: Wallet
  stored: StoredWallet
}

/**
 * Inside a transaction: the wallet, which nobody else can change until it ends. Errors:
 * `customer_not_found`, `wallet_not_found`.
 */
export async function holdWallet(tx: Context, key: WalletKey): Promise<HeldWallet> {
  const { customerId, walletId: id } = key
  const held = await holdCustomer(tx, customerId)
  const stored = await selectWallet(tx.db, { appId: tx.app.id, customerId, id })
  if (!stored) throw new AppError(walletErrors.wallet_not_found)
  return { held, stored, wallet: openWallet(tx, held.dataKey, stored) }
}

/** The wallet as it stands after a change, and the row that says so. */
export function changeWallet(
  tx: Context,
  { held, stored, wallet }: HeldWallet,
  changes: Partial<Wallet> & Pick<Wallet, 'updatedAt'>,
): { wallet: Wallet; stored: StoredWallet } {
  const next = { ...wallet, ...changes }
  const sealing = { dataKey: held.dataKey, addressToken: stored.addressToken }
  return { wallet: next, stored: toStoredWallet(tx, next, sealing) }
}

function walletExists(id: string): AppError {
  const detail = `walletAddress: wallet ${id} of this customer has it on this chain.`
  return new AppError(walletErrors.wallet_exists, { param: 'walletAddress', detail })
}

function keyOf(keys: ReadonlyMap<string, DataKey>, customerId: string): DataKey {
  return present(keys.get(customerId), 'a wallet belongs to a customer')
}
