// Owns `payouts fail`.
import { defineCommand, readText } from './command.ts'
import { declarePayout, type PayoutResult, recordOutcome, renderPayout } from './payout-outcome.ts'

const reasonLengthMax = 200

export const payoutsFail = defineCommand<PayoutResult>({
  name: 'payouts fail',
  summary: 'record that a manual payout did not reach its recipient',
  declare: (syntax) =>
    declarePayout(syntax).requiredOption(
      '--reason <text>',
      'why, as the caller will read it: nothing personal',
    ),
  async run(host, args) {
    const reason = readText(args, 'reason', reasonLengthMax)
    return recordOutcome(host, args, { state: 'failed', reason })
  },
  render: renderPayout,
})
