// Owns the list of rails that are asked automatically. The manual rail is not among them: its
// outcomes are recorded by an operator (core/payouts/payout-transfer.ts).
import type { Rail } from '../core/payouts/rail.ts'
import { sandboxRail } from './sandbox.ts'

export const rails: Record<'sandbox', Rail> = { sandbox: sandboxRail }
