// Owns durations on the command line: `30m`, `12h`, `90d`.
import { type Args, wrongUsage } from './command.ts'

const unitsMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 60 * 60_000,
  d: 24 * 60 * 60_000,
}

/** Milliseconds; `null` where the option was left out. */
export function readDuration(
  args: Args,
  name: string,
  bounds: { minMs: number; maxMs: number; says: string },
): number | null {
  const option = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  const given = args[option]
  if (given === undefined) return null
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(String(given)) ?? []
  const ms = Number(count) * (unitsMs[unit] ?? Number.NaN)
  if (ms >= bounds.minMs && ms <= bounds.maxMs) return ms
  throw wrongUsage(
    `--${name} is not a duration of ${bounds.says}`,
    'give a number with s, m, h or d, such as 12h',
  )
}
