// Owns the full count of crashes: `node scripts/crash.ts --kills 200 --engine sqlite|postgresql`.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type CrashSummary, runCrashRounds } from '../test/crash/crash-rounds.ts'
import { query, startPostgresql } from '../test/postgresql.ts'

const killsMax = 10_000
const progressEvery = 10

process.exitCode = await main()

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '200' },
      engine: { type: 'string', default: 'sqlite' },
    },
  })
  const kills = Number(values.kills)
  const { engine } = values
  const isRight =
    Number.isInteger(kills) &&
    kills >= 1 &&
    kills <= killsMax &&
    (engine === 'sqlite' || engine === 'postgresql')
  if (!isRight) {
    console.error(`usage: crash.ts [--kills 1..${killsMax}] [--engine sqlite|postgresql]`)
    return 2
  }
  const summary = await runOn(engine, kills)
  for (const violation of summary.violations) console.log(`  broken: ${violation}`)
  console.log(lineOf(engine, summary))
  return summary.violations.length === 0 ? 0 : 1
}

async function runOn(engine: 'sqlite' | 'postgresql', kills: number): Promise<CrashSummary> {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-crash-'))
  const postgresql = engine === 'postgresql' ? await startPostgresql() : null
  // In a database that the role owns: PostgreSQL 15 lets nobody else make tables in one.
  if (postgresql) await query(postgresql.url, 'create database crash')
  const environment: Record<string, string> = {
    CLIENTELE_DATA_DIR: join(folder, 'data'),
    CLIENTELE_MASTER_KEY_FILE: join(folder, 'master.key'),
    CLIENTELE_REQUESTS_PER_SECOND: '1000000',
    CLIENTELE_LOG_LEVEL: 'warn',
    ...(postgresql ? { DATABASE_URL: new URL('/crash', postgresql.url).href } : {}),
  }
  const onKill = (summary: CrashSummary) => {
    if (summary.kills % progressEvery === 0) console.log(lineOf(engine, summary))
  }
  try {
    return await runCrashRounds({ environment, kills, random: Math.random, onKill })
  } finally {
    await postgresql?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function lineOf(engine: string, summary: CrashSummary): string {
  const { kills, acknowledged, inDoubt, hadHappened, payouts } = summary
  return [
    `${engine}: ${kills} kills`,
    `${acknowledged} acknowledged writes`,
    `${inDoubt} in doubt (${hadHappened} had happened)`,
    ...(payouts > 0 ? [`${payouts} payouts paid`] : []),
    `slowest restart ${summary.slowestRestartMs} ms`,
    `${summary.violations.length} violations`,
  ].join(', ')
}
