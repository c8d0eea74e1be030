// Owns the waiting time between tries.
import type { Random } from './random.ts'

export interface RetrySchedule {
  firstDelayMs: number
  delayMsMax: number
}

/**
 * The wait before try number `attempt + 1`, in milliseconds: doubling, capped, and with a quarter
 * of jitter so that many jobs that failed together do not return together.
 */
export function retryDelayMs(schedule: RetrySchedule, attempt: number, random: Random): number {
  const doubled = schedule.firstDelayMs * 2 ** Math.min(attempt - 1, 20)
  const capped = Math.min(doubled, schedule.delayMsMax)
  return Math.round(capped * (0.75 + 0.5 * random.fraction()))
}
