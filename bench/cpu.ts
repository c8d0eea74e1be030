// Owns how much of the machine each process takes, by what the kernel counts.
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { connected } from './database.ts'

/** The kernel counts in hundredths of a second on every Linux that Node runs on. */
const ticksPerSecond = 100

/** Cores that each name took until what it answers is called, and those that were idle. */
export function watchCpu(pids: Record<string, number[]>): () => Record<string, number> {
  const names = [...Object.keys(pids), 'idle']
  const take = () => [
    ...Object.values(pids).map((own) => own.reduce((sum, pid) => sum + ticks(pid), 0)),
    idleTicks(),
  ]
  const began = performance.now()
  const before = take()
  return () => {
    const seconds = (performance.now() - began) / 1_000
    const after = take()
    const shares = after.map((now, at) => (now - (before[at] ?? 0)) / ticksPerSecond / seconds)
    return Object.fromEntries(names.map((name, at) => [name, shares[at] ?? 0]))
  }
}

/** The processes of a PostgreSQL on this machine. */
export async function pidsOfPostgresql(url: string): Promise<number[]> {
  const postmaster = await connected(url, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    return parentOf(Number(rows[0]?.pid))
  })
  if (postmaster === 0) throw new Error('the database is not on this machine')
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid === postmaster || parentOf(pid) === postmaster)
}

/** As `server 0.98, PostgreSQL 0.40 of 2 cores`. */
export function printShares(shares: Record<string, number>): string {
  const each = Object.entries(shares).map(([name, share]) => `${name} ${share.toFixed(2)}`)
  return `${each.join(', ')} of ${availableParallelism()} cores`
}

/** Of all cores together. */
function idleTicks(): number {
  const [, , , , idle = '0'] = readFileSync('/proc/stat', 'utf8').split(/\s+/, 5)
  return Number(idle)
}

function ticks(pid: number): number {
  const fields = statOf(pid)
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
}

function parentOf(pid: number): number {
  return Number(statOf(pid)[1] ?? 0)
}

/** What follows the name, which may hold anything; empty when the process is gone. */
function statOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}
