// Owns how often a test repeats itself: a few times in the gate, a promise's figure on demand.

/** `CLIENTELE_TEST_RUNS=full`, as `scripts/promises.ts` sets it. */
export const isFull = process.env['CLIENTELE_TEST_RUNS'] === 'full'

export function runs({ few, full }: { few: number; full: number }): number {
  return isFull ? full : few
}

/** For tests that repeat themselves: a minute in the gate. */
export const runsMsMax = isFull ? 3_600_000 : 60_000
