// Owns the refusal of an external id that another customer of the app has: it says which one.
import { inSavepoint, inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { customerErrors } from './customer.ts'
import { isExternalIdConflict, selectIdByExternalId } from './customer-store.ts'

/** Runs a `write` that sets the external id, if it sets one. Error: `external_id_taken`. */
export async function refusingTakenExternalId<T>(
  context: Context,
  externalId: string | null | undefined,
  write: (context: Context) => Promise<T>,
): Promise<T> {
  if (externalId === null || externalId === undefined) return write(context)
  const { autocommit, reader } = context.database
  if (context.db !== reader) return attempt(context, externalId, (tx) => inSavepoint(tx, write))
  if (autocommit !== null) return attempt(context, externalId, write)
  // Where writes share commits, only the writer sees a holder that is about to be committed.
  return inTransaction(context, (tx) => attempt(tx, externalId, write))
}

async function attempt<T>(
  context: Context,
  externalId: string,
  write: (context: Context) => Promise<T>,
): Promise<T> {
  try {
    return await write(context)
  } catch (error) {
    if (!isExternalIdConflict(error)) throw error
    const key = { appId: context.app.id, externalId }
    const holder = await selectIdByExternalId(context.db, key)
    // Whoever had it may have let it go since.
    const detail = holder && { detail: `externalId: customer ${holder} of this app has it.` }
    throw new AppError(customerErrors.external_id_taken, { param: 'externalId', ...detail })
  }
}
