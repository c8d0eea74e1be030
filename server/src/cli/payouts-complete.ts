// Owns `payouts complete`.
import { defineCommand } from './command.ts'
import { declarePayout, type PayoutResult, recordOutcome, renderPayout } from './payout-outcome.ts'

export const payoutsComplete = defineCommand<PayoutResult>({
  name: 'payouts complete',
  summary: 'record that a manual payout has reached its recipient',
  declare: declarePayout,
  run: (host, args) => recordOutcome(host, args, { state: 'completed' }),
  render: renderPayout,
})
