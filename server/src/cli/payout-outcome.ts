// Owns what `payouts complete` and `payouts fail` share: an operator's word about a manual payout.
import type { Command as Syntax } from 'commander'
import { contextOf } from '../core/context.ts'
import { AppError } from '../core/errors.ts'
import { type Payout, payoutErrors } from '../core/payouts/payout.ts'
import { recordPayoutOutcome } from '../core/payouts/payout-transfer.ts'
import { railByMode, type TransferOutcome } from '../core/payouts/rail.ts'
import { printId } from '../lib/id.ts'
import { Refusal } from '../lib/refusal.ts'
import { readApp, requireAppOption } from './app-option.ts'
import { type Args, type Host, readId } from './command.ts'
import { toTime } from './terminal.ts'

export interface PayoutResult {
  payout: { id: string; status: string; errorMessage: string | null; completedAt: string | null }
}

const actor = 'operator:cli'

export function declarePayout(syntax: Syntax): Syntax {
  return requireAppOption(syntax.argument('<id>', 'id of the payout'))
}

/** Errors: `app_not_found`, `payout_not_found`, `payout_status_refused`, `rail_is_automatic`. */
export async function recordOutcome(
  host: Host,
  args: Args,
  outcome: TransferOutcome,
): Promise<PayoutResult> {
  const system = await host.openSystem()
  const app = await readApp(system, args)
  if (railByMode[app.mode].isAutomatic) throw railIsAutomatic(app.mode)
  const id = readId(args, 'id', 'payout')
  if (id === null) throw new AppError(payoutErrors.payout_not_found)
  return toResult(await recordPayoutOutcome(contextOf(system, { app, actor }), id, outcome))
}

export function renderPayout({ payout }: PayoutResult): string {
  const reason = payout.errorMessage === null ? '' : `: ${payout.errorMessage}`
  return `Payout ${payout.id} is ${payout.status}${reason}`
}

function toResult(payout: Payout): PayoutResult {
  const { status, errorMessage, completedAt } = payout
  return {
    payout: {
      id: printId('payout', payout.id),
      status,
      errorMessage,
      completedAt: completedAt === null ? null : toTime(completedAt),
    },
  }
}

/** Its rail may be paying at this moment: a second voice could call a paid payout failed. */
function railIsAutomatic(mode: string): Refusal {
  return new Refusal(
    'rail_is_automatic',
    `payouts of a ${mode} app are carried by a rail that says itself what became of them`,
    'give the id of an app whose payouts go out by hand',
  )
}
