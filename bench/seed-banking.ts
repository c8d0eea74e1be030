// Owns making every customer one of the bank, some with accounts, before a measurement.
import { createAccount } from '../server/src/core/accounts/account-service.ts'
import type { Context } from '../server/src/core/context.ts'
import { inTransaction } from '../server/src/storage/transaction.ts'
import { toWirePage } from '../server/src/surfaces/banking/wire.ts'

/** The status by itself: a million approvals would say nothing more. */
export async function seedBanking(context: Context, customerIds: string[]): Promise<void> {
  await context.database.transaction((db) =>
    db
      .updateTable('customers')
      .set({ banking_status: 'ACTIVE' })
      .where('app_id', '=', context.app.id)
      .execute(),
  )
  const account = { type: 'DEPOSIT', currency: 'USD', nickname: null } as const
  await inTransaction(context, async (tx) => {
    for (const customerId of customerIds) await createAccount(tx, { customerId, ...account })
  })
}

/** The cursor of the page that follows this customer. */
export function cursorAfter(context: Context, id: string): string {
  const page = toWirePage(context, 'customer', { limit: 1 }, [{ id }, { id }], () => null)
  return page.pagination.next_cursor ?? ''
}
