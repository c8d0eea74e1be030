// Owns the sandbox rail: behaves like a bank, keeps its state in the database, moves nothing.
import type { Context } from '../core/context.ts'
import type { Rail, Transfer, TransferOutcome } from '../core/payouts/rail.ts'
import { inTransaction } from '../storage/transaction.ts'

/**
 * Completes by itself. Amounts that end in `.13` fail; `.14` fail twice, then complete.
 * The first answer to an attempt is kept: asked again after a crash, it answers the same.
 */
export const sandboxRail: Rail = {
  transfer: (context, transfer) =>
    inTransaction(context, async (tx) => {
      const known = await selectOutcome(tx, transfer)
      if (known) return known
      const outcome = decide(transfer)
      // Asked twice at once, the first one's answer stands; both decide alike.
      await tx.db
        .insertInto('sandbox_transfers')
        .values({
          app_id: tx.app.id,
          payout_id: transfer.payoutId,
          attempt: transfer.attempt,
          outcome: outcome.state,
          reason: outcome.state === 'failed' ? outcome.reason : null,
          created_at: tx.clock.now(),
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      return outcome
    }),
}

const attemptsFailedBy14 = 2

function decide(transfer: Transfer): TransferOutcome {
  const cents = transfer.amountMinor % 100
  const isRefused = cents === 13 || (cents === 14 && transfer.attempt <= attemptsFailedBy14)
  if (!isRefused) return { state: 'completed' }
  return { state: 'failed', reason: `The sandbox rail refuses amounts that end in .${cents}.` }
}

async function selectOutcome(tx: Context, transfer: Transfer): Promise<TransferOutcome | null> {
  const row = await tx.db
    .selectFrom('sandbox_transfers')
    .select(['outcome', 'reason'])
    .where('app_id', '=', tx.app.id)
    .where('payout_id', '=', transfer.payoutId)
    .where('attempt', '=', transfer.attempt)
    .executeTakeFirst()
  if (!row) return null
  return row.outcome === 'completed'
    ? { state: 'completed' }
    : { state: 'failed', reason: row.reason ?? '' }
}
