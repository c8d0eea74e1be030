// Owns the guarantee that no crash of the process loses, doubles or bends what was answered.
import { expect, test } from 'vitest'
import { runCrashRounds } from './crash/crash-rounds.ts'
import { createTestDatabase } from './harness.ts'

const kills = 4

test('after kill -9 under load every answered write is there, once, in a whole chain', async () => {
  const database = await createTestDatabase()
  try {
    const { environment } = database
    const summary = await runCrashRounds({ environment, kills, random: Math.random })
    expect(summary.violations).toEqual([])
    expect(summary.kills).toBe(kills)
    expect(summary.acknowledged).toBeGreaterThan(kills)
    expect(summary.payouts).toBeGreaterThan(kills)
  } finally {
    await database.remove()
  }
}, 60_000)
