// Owns making every customer one of the bank, some with accounts, before a measurement.
import { sealAccount } from '../server/src/core/accounts/account-seal.ts'
import { insertAccount } from '../server/src/core/accounts/account-store.ts'
import type { Context } from '../server/src/core/context.ts'
import { openDataKeys } from '../server/src/core/customer/customer-service.ts'
import { toWirePage } from '../server/src/surfaces/banking/wire.ts'

/** Rows alone, as an approval leaves them. */
export async function seedBanking(context: Context, customerIds: string[]): Promise<void> {
  const keys = await openDataKeys(context, customerIds)
  const now = context.clock.now()
  await context.database.transaction(async (db) => {
    await db
      .updateTable('customers')
      .set({ banking_status: 'ACTIVE' })
      .where('app_id', '=', context.app.id)
      .execute()
    for (const [customerId, dataKey] of keys) {
      const account = {
        id: context.ids(),
        customerId,
        type: 'DEPOSIT' as const,
        currency: 'USD',
        status: 'ACTIVE' as const,
        nickname: null,
        createdAt: now,
        updatedAt: now,
      }
      await insertAccount(db, sealAccount(context, dataKey, account)).execute()
    }
  })
}

/** The cursor of the page that follows this customer. */
export function cursorAfter(context: Context, id: string): string {
  const page = toWirePage(context, 'customer', { limit: 1 }, [{ id }, { id }], () => null)
  return page.pagination.next_cursor ?? ''
}
