// Owns the guarantee that no crash of the process loses, doubles or bends what was answered.
import { expect, test } from 'vitest'
import { runCrashRounds } from './crash/crash-rounds.ts'
import { createTestDatabase } from './harness.ts'
import { runs, runsMsMax } from './runs.ts'

const kills = runs({ few: 2, full: 200 })
/** Each write is sent again and checked: few of them keep the gate quick. */
const loadMsMax = runs({ few: 250, full: 900 })

test(
  'after kill -9 under load every answered write is there, once, in a whole chain',
  async () => {
    const database = await createTestDatabase()
    try {
      const { environment } = database
      const { random } = Math
      const summary = await runCrashRounds({ environment, kills, random, loadMsMax })
      expect(summary.violations).toEqual([])
      expect(summary.kills).toBe(kills)
      expect(summary.acknowledged).toBeGreaterThan(kills)
      expect(summary.payouts).toBeGreaterThan(kills)
    } finally {
      await database.remove()
    }
  },
  runsMsMax,
)
