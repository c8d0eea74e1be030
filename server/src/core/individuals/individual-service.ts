// Owns what may happen to the people behind a customer: reading them, and what may be updated.
import { inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import { requirePermission } from '../customer/banking-status.ts'
import { holdCustomer, recordChange, requireCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import {
  type Individual,
  individualErrors,
  individualEvents,
  individualsMax,
} from './individual.ts'
import { applyPersonChanges, type PersonChanges } from './individual-rules.ts'
import { openIndividual, sealIndividual } from './individual-seal.ts'
import {
  type StoredIndividual,
  selectIndividual,
  selectIndividuals,
  updateIndividual as updateRow,
} from './individual-store.ts'

/** What a customer may change of its people without a new application; `country` of the address. */
export type IndividualChanges = Pick<PersonChanges, 'email' | 'phone' | 'address' | 'country'>

/** Oldest first, all of them: `individualsMax` at most. Error: `customer_not_found`. */
export async function listIndividuals(context: Context, customerId: string): Promise<Individual[]> {
  const dataKey = await requireCustomer(context, customerId)
  const filter = { appId: context.app.id, customerId, limit: individualsMax }
  const stored = await selectIndividuals(context.db, filter)
  return stored.map((one) => openIndividual(context, { ownerId: customerId, dataKey }, one))
}

/** Errors: `customer_not_found`, `individual_not_found`. */
export async function getIndividual(
  context: Context,
  customerId: string,
  id: string,
): Promise<Individual> {
  const dataKey = await requireCustomer(context, customerId)
  const stored = await requireIndividual(context, customerId, id)
  return openIndividual(context, { ownerId: customerId, dataKey }, stored)
}

/**
 * Members that are left out stay; `null` clears; given parts of the address merge. Changes that
 * depend on the person are a function of it, called while nobody else can change it.
 * Errors: `customer_not_found`, `individual_not_found`, `customer_status_forbids`, `field_invalid`.
 * Event: `customer.individual.updated`; none when nothing changes.
 */
export function updateIndividual(
  context: Context,
  customerId: string,
  id: string,
  changes: IndividualChanges | ((individual: Individual) => IndividualChanges),
): Promise<Individual> {
  return inTransaction(context, async (tx) => {
    const held = await holdCustomer(tx, customerId)
    const stored = await requireIndividual(tx, customerId, id)
    requirePermission(held.customer, 'update')
    const owner = { ownerId: customerId, dataKey: held.dataKey }
    const current = openIndividual(tx, owner, stored)
    const now = tx.clock.now()
    const wanted = typeof changes === 'function' ? changes(current) : changes
    const changed = applyPersonChanges(current, wanted, { prefix: '', now })
    if (Object.keys(changed).length === 0) return current
    const next = { ...current, ...changed, updatedAt: now }
    const row = sealIndividual(tx, owner, next)
    const change = {
      type: individualEvents.updated,
      changes: { individual: { id, ...changed } },
    }
    await recordChange(tx, held, change, (db) => [updateRow(db, row)])
    return next
  })
}

async function requireIndividual(
  context: Context,
  customerId: string,
  id: string,
): Promise<StoredIndividual> {
  const stored = await selectIndividual(context.db, { appId: context.app.id, id })
  if (stored?.customerId !== customerId) throw new AppError(individualErrors.individual_not_found)
  return stored
}
