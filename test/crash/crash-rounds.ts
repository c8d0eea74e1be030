// Owns rounds of: load a server, kill it at a random moment, restart it, and count what went wrong.
import { setTimeout as wait } from 'node:timers/promises'
import { brokenChains, differingRows, wrongTransfers } from './checks.ts'
import { openDatabaseReader, readRows } from './database-reader.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'
import { createCounter, runWriters, sendAgain, type Target, type Write } from './workload.ts'

export interface CrashOptions {
  environment: Record<string, string>
  kills: number
  /** In [0, 1): decides the moments. */
  random: () => number
  /** The longest time from the first write of a round to its kill. */
  loadMsMax?: number
  onKill?: (summary: CrashSummary) => void
}

export interface CrashSummary {
  kills: number
  /** Writes answered 2xx before the kill of their round. */
  acknowledged: number
  /** Writes without an answer at the kill; each was retried with its key. */
  inDoubt: number
  /** Of those: had happened already, and were answered from their stored reply. */
  hadHappened: number
  payouts: number
  slowestRestartMs: number
  /** Sentences; empty when every promise was kept. */
  violations: string[]
}

const writers = 8
const restartMsMax = 10_000
const loadMsMin = 100
/** A customer, an account and two payouts, and one more: so the payouts were sent. */
const writesPerCustomer = 5
const lookEveryMs = 10
const looksMax = 2_000
const loadMsMaxDefault = 900

/** The database must be new. Ends with every payout settled, and the server gone. */
export async function runCrashRounds(options: CrashOptions): Promise<CrashSummary> {
  const { environment, kills, random, loadMsMax = loadMsMaxDefault } = options
  const summary = emptySummary()
  const counter = createCounter()
  const writes: Write[] = []
  let server = await startServerProcess({ environment })
  const key = server.key ?? ''
  try {
    for (let kill = 1; kill <= kills; kill += 1) {
      const target = { url: server.url, key }
      const round = await loadAndKill(server, target, { counter, random, loadMsMax })
      await expireLeases(environment)
      server = await startServerProcess({ environment })
      summary.kills = kill
      summary.slowestRestartMs = Math.max(summary.slowestRestartMs, Math.round(server.readyMs))
      if (server.readyMs > restartMsMax)
        summary.violations.push(`restart took ${server.readyMs} ms`)
      writes.push(...round)
      await retryRound({ url: server.url, key }, round, summary)
      await check(environment, writes, summary)
      options.onKill?.(summary)
    }
    await settlePayouts(environment, summary)
    await check(environment, writes, summary)
    return summary
  } finally {
    await server.remove()
  }
}

function emptySummary(): CrashSummary {
  const counts = { kills: 0, acknowledged: 0, inDoubt: 0, hadHappened: 0, payouts: 0 }
  return { ...counts, slowestRestartMs: 0, violations: [] }
}

async function loadAndKill(
  server: ServerProcess,
  target: Target,
  options: { counter: ReturnType<typeof createCounter>; random: () => number; loadMsMax: number },
): Promise<Write[]> {
  let isOver = false
  const { counter, random, loadMsMax } = options
  const running = runWriters(target, { writers, counter, isOver: () => isOver })
  // However slow the machine: every writer has sent payouts by then.
  const enough = counter.last() + writers * writesPerCustomer
  for (let look = 0; look < looksMax && counter.last() < enough; look += 1) await wait(lookEveryMs)
  await wait(loadMsMin + random() * (loadMsMax - loadMsMin))
  server.signal('SIGKILL')
  isOver = true
  await server.ended()
  return running
}

/** Every write once more with its key: the answered give the same bytes, the others an answer. */
async function retryRound(target: Target, round: Write[], summary: CrashSummary): Promise<void> {
  const answers = await sendAgain(target, round)
  for (const [index, write] of round.entries()) {
    const again = answers[index] ?? null
    if (write.answer === null) {
      summary.inDoubt += 1
      if (again?.isReplayed) summary.hadHappened += 1
      write.answer = again
      continue
    }
    summary.acknowledged += 1
    const isKept = again?.isReplayed === true && again.text === write.answer.text
    if (!isKept) summary.violations.push(`${write.key} was answered, and its retry differs`)
  }
}

async function check(
  environment: Record<string, string>,
  writes: Write[],
  summary: CrashSummary,
): Promise<void> {
  const reader = await openDatabaseReader(environment)
  try {
    await reader.snapshot(async () => {
      summary.violations.push(...(await differingRows(reader, writes)))
      summary.violations.push(...(await wrongTransfers(reader)))
      const broken = await brokenChains(reader)
      for (const id of broken) summary.violations.push(`the chain of ${id} is broken`)
    })
  } finally {
    await reader.close()
  }
}

/** What a minute does by itself on PostgreSQL: the dead process's leases run out. */
async function expireLeases(environment: Record<string, string>): Promise<void> {
  if (environment['DATABASE_URL'] === undefined) return
  await readRows(environment, 'update jobs set leased_until = 0 where leased_until is not null')
}

const settleRoundsMax = 600

async function settlePayouts(
  environment: Record<string, string>,
  summary: CrashSummary,
): Promise<void> {
  const reader = await openDatabaseReader(environment)
  try {
    let left = Number.POSITIVE_INFINITY
    for (let round = 0; round < settleRoundsMax && left > 0; round += 1) {
      const unsettled = 'select count(*) as left_over from jobs'
      left = Number((await reader.rows(unsettled))[0]?.['left_over'])
      if (left > 0) await wait(100)
    }
    if (left > 0) summary.violations.push(`${left} jobs are left`)
    const open = await reader.rows("select id from payouts where status <> 'completed'")
    for (const row of open) summary.violations.push(`payout ${row['id']} is not completed`)
    const total = await reader.rows('select count(*) as total from payouts')
    summary.payouts = Number(total[0]?.['total'])
  } finally {
    await reader.close()
  }
}
