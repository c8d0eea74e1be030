// Owns how events of payouts are made: on the sandbox rail, whose answer the amount decides.
import type { Context } from '../core/context.ts'
import { payoutAttemptsMax } from '../core/payouts/payout.ts'
import { cancelPayout, createPayout } from '../core/payouts/payout-service.ts'
import { transferPayout } from '../core/payouts/payout-transfer.ts'
import { sandboxRail } from '../rails/sandbox.ts'
import { sampleCbu } from './samples.ts'
import { type Trigger, toSomeone } from './trigger.ts'

const amounts = { paid: '25.00', refused: '25.13', refusedTwice: '25.14' } as const

export const payoutTriggers = {
  'customer.payout.accepted': toSomeone(accept(amounts.paid)),
  'customer.payout.submitted': toSomeone(pay(amounts.paid)),
  'customer.payout.retried': toSomeone(pay(amounts.refusedTwice)),
  'customer.payout.completed': toSomeone(pay(amounts.paid)),
  'customer.payout.failed': toSomeone(pay(amounts.refused)),
  'customer.payout.cancelled': toSomeone(async (context, id) => {
    await cancelPayout(context, await accept(amounts.paid)(context, id))
  }),
} satisfies Record<string, Trigger>

function accept(amount: string) {
  return async (context: Context, customerId: string): Promise<string> => {
    const destination = { cbu: sampleCbu(context), name: 'Alice Example', cuit: null }
    const { id } = await createPayout(context, {
      ...{ amount, currency: 'ARS', customerId, ...destination },
    })
    return id
  }
}

/** As the job does it, without its waits; a worker may do the same at this moment. */
function pay(amount: string) {
  return async (context: Context, customerId: string): Promise<void> => {
    const id = await accept(amount)(context, customerId)
    let progress = await transferPayout(context, id, sandboxRail)
    for (let attempt = 1; attempt < payoutAttemptsMax && progress === 'again'; attempt += 1) {
      progress = await transferPayout(context, id, sandboxRail)
    }
  }
}
