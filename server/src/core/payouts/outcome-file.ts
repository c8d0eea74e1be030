// Owns a bank's file of outcomes: what each of its lines says, would do, and did.
import { assert } from '../../lib/assert.ts'
import { type CsvRecord, parseCsv } from '../../lib/csv.ts'
import { parseId } from '../../lib/id.ts'
import type { Context } from '../context.ts'
import { AppError, type ErrorDefinition } from '../errors.ts'
import { checkText } from '../fields.ts'
import { outcomeReasonLengthMax, payoutErrors, payoutMachine } from './payout.ts'
import { selectPayout } from './payout-store.ts'
import { recordPayoutOutcome } from './payout-transfer.ts'
import type { TransferOutcome } from './rail.ts'

export const outcomeFileMax = { bytes: 1_024 * 1_024, lines: 10_000 } as const

export const outcomeNames = ['completed', 'failed'] as const

/**
 * `unchanged`: it was recorded before. `unknown`: the database went away meanwhile; the file can be
 * sent again, since what is recorded stays as it is.
 */
export const lineResults = [
  'recorded',
  'would_be_recorded',
  'unchanged',
  'refused',
  'unknown',
] as const
export type LineResult = (typeof lineResults)[number]

export interface OutcomeLine {
  line: number
  /** `null`: the line names none. What is no id is not repeated, as it may be a person's name. */
  payoutId: string | null
  result: LineResult
  /** Why it was refused. */
  refusal: { code: string; detail: string } | null
}

/** Errors: `field_invalid`. */
export function toOutcome(outcome: (typeof outcomeNames)[number], reason: string | null) {
  if (reason !== null) checkText('reason', reason, outcomeReasonLengthMax)
  if (outcome === 'completed') return { outcome: { state: outcome }, note: reason } as const
  if (reason === null) throw new AppError(payoutErrors.payout_reason_missing, { param: 'reason' })
  return { outcome: { state: outcome, reason }, note: null } as const
}

/**
 * Every line in a transaction of its own, and told what came of it; inside a transaction, as an
 * idempotency key opens one, all of them with it. A dry run tells what would come of them.
 * Errors: `payout_file_malformed`, `payout_file_too_long`.
 */
export async function recordOutcomeFile(
  context: Context,
  text: string,
  { isDryRun }: { isDryRun: boolean },
): Promise<OutcomeLine[]> {
  const lines = readLines(text)
  const results: OutcomeLine[] = []
  const isJoined = context.db !== context.database.reader
  const failures: unknown[] = []
  const waiting = lines.entries()
  const work = async () => {
    for (const [index, line] of waiting) {
      try {
        // After one failure no other line is begun.
        results[index] =
          failures.length === 0 ? await settle(context, line, isDryRun) : unknownLine(line)
      } catch (error) {
        failures.push(error)
        results[index] = unknownLine(line)
      }
    }
  }
  // Commits that come together share one wait for the disk; one transaction is one after another.
  const atOnce = isJoined ? 1 : linesAtOnceMax
  await Promise.all(Array.from({ length: atOnce }, work))
  // One transaction does nothing by halves; and where nothing was recorded, nothing is to be told.
  const isHalfDone = !isJoined && results.some(({ result }) => result === 'recorded')
  if (failures.length > 0 && !isHalfDone) throw failures[0]
  assert(results.length === lines.length, 'every line has a result')
  return results
}

const linesAtOnceMax = 8

interface ReadLine {
  line: number
  payoutId: string | null
  read: { outcome: TransferOutcome; note: string | null } | null
  refusal: OutcomeLine['refusal']
}

function readLines(text: string): ReadLine[] {
  const records = parseCsv(text, outcomeFileMax.lines + 1)
  const first = records[0]?.cells.map((cell) => cell.trim().toLowerCase())
  const body = first?.[0] === 'payout_id' ? records.slice(1) : records
  if (body.length === 0) throw new AppError(payoutErrors.payout_file_malformed, { param: 'file' })
  if (body.length > outcomeFileMax.lines) {
    throw new AppError(payoutErrors.payout_file_too_long, { param: 'file' })
  }
  const lineOf = new Map<string, number>()
  return body.map((record) => {
    const read = readLine(record)
    const { payoutId, line } = read
    const earlier = payoutId === null ? undefined : lineOf.get(payoutId)
    if (payoutId !== null && earlier === undefined) lineOf.set(payoutId, line)
    if (earlier === undefined) return read
    const detail = `Line ${earlier} names the same payout.`
    return { ...read, read: null, refusal: refusalOf(payoutErrors.payout_line_repeated, detail) }
  })
}

function readLine({ line, cells, isBroken }: CsvRecord): ReadLine {
  const [id = '', name = '', reason = '', ...more] = cells.map((cell) => cell.trim())
  const payoutId = parseId('payout', id)
  const broken = (detail: string): ReadLine => {
    const refusal = refusalOf(payoutErrors.payout_line_malformed, detail)
    return { line, payoutId, read: null, refusal }
  }
  if (isBroken) return broken('A quote is not closed, or stands inside a cell.')
  if (cells.length < 2 || more.length > 0) return broken('It has not two or three cells.')
  if (payoutId === null) return broken('The first cell is not the id of a payout.')
  const outcome = outcomeNames.find((one) => one === name.toLowerCase())
  if (outcome === undefined) return broken('The second cell is not completed or failed.')
  try {
    const read = toOutcome(outcome, reason === '' ? null : reason)
    return { line, payoutId, read, refusal: null }
  } catch (error) {
    if (error instanceof AppError) return broken(error.message)
    throw error
  }
}

/** Throws what is no refusal of the line: then it is not known what came of it. */
async function settle(
  context: Context,
  { line, payoutId, read, refusal }: ReadLine,
  isDryRun: boolean,
): Promise<OutcomeLine> {
  if (payoutId === null || read === null) return { line, payoutId, result: 'refused', refusal }
  const { outcome, note } = read
  try {
    const stored = await selectPayout(context.db, { appId: context.app.id, id: payoutId })
    if (!stored) throw new AppError(payoutErrors.payout_not_found)
    const isSame = stored.status === outcome.state
    if (isSame) return { line, payoutId, result: 'unchanged', refusal: null }
    if (!isDryRun) await recordPayoutOutcome(context, payoutId, outcome, note)
    else if (stored.status !== 'processing') payoutMachine.checkMove(stored.status, 'processing')
    const result = isDryRun ? 'would_be_recorded' : 'recorded'
    return { line, payoutId, result, refusal: null }
  } catch (error) {
    const isRefusal = error instanceof AppError && lineRefusals.has(error.definition)
    if (!isRefusal) throw error
    return {
      line,
      payoutId,
      result: 'refused',
      refusal: refusalOf(error.definition, error.message),
    }
  }
}

const lineRefusals = new Set([payoutErrors.payout_not_found, payoutErrors.payout_status_refused])

function unknownLine({ line, payoutId }: Pick<ReadLine, 'line' | 'payoutId'>): OutcomeLine {
  return { line, payoutId, result: 'unknown', refusal: null }
}

function refusalOf({ code }: ErrorDefinition, detail: string) {
  return { code, detail }
}
