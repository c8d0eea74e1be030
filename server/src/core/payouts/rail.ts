// Owns the port to payout rails: what a rail is asked, and what it may answer.
import type { Context, Mode } from '../context.ts'

export interface Transfer {
  payoutId: string
  /** 1, 2, 3: the same attempt asked again must get the same answer, and pay once. */
  attempt: number
  amountMinor: number
  currency: string
  accountNumber: string
  holderName: string | null
}

export type TransferOutcome =
  | { state: 'completed' }
  /** `reason` is shown to the caller: no personal data. */
  | { state: 'failed'; reason: string }

export interface Rail {
  /** Asks the rail to pay. Throws when it cannot be reached: then it is asked the same again. */
  transfer(context: Context, transfer: Transfer): Promise<TransferOutcome>
}

export interface RailChoice {
  name: 'sandbox' | 'manual'
  /** Otherwise an operator or a bank file: nothing is sent, the outcome is recorded later. */
  isAutomatic: boolean
  /** How long an accepted payout stays pending, and so can be cancelled. */
  delayMs: number
}

export const railByMode: Record<Mode, RailChoice> = {
  test: { name: 'sandbox', isAutomatic: true, delayMs: 1_000 },
  live: { name: 'manual', isAutomatic: false, delayMs: 0 },
}
