// Owns POST /v1/payouts/outcomes.
import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import Type from 'typebox'
import { AppError } from '../../core/errors.ts'
import { fieldErrors } from '../../core/fields.ts'
import {
  lineResults,
  type OutcomeLine,
  outcomeFileMax,
  recordOutcomeFile,
} from '../../core/payouts/outcome-file.ts'
import { payoutErrors } from '../../core/payouts/payout.ts'
import { readMultipart } from '../../http/multipart.ts'
import { multipartErrors } from '../../http/multipart-errors.ts'
import { defineOperation } from '../../http/operation.ts'
import { printId } from '../../lib/id.ts'
import { closed, named } from './wire.ts'

const Count = (description: string) => Type.Integer({ description, examples: [1] })

const WireOutcomeLine = Type.Object(
  {
    line: Type.Integer({ description: 'Where it stands in the file', examples: [2] }),
    payout_id: Type.Union([Type.String(), Type.Null()], {
      description: 'The payout that it names; null: none',
      examples: ['po_01h455vb4pex5vsknk084sn02q'],
    }),
    result: Type.Enum([...lineResults], {
      description:
        '`unchanged`: it had this outcome before. `unknown`: the database went away meanwhile; ' +
        'send the file again, what is recorded stays as it is',
      examples: ['recorded'],
    }),
    code: Type.Union([Type.String(), Type.Null()], {
      description: 'Why it was refused, for programs',
      examples: ['payout_status_refused'],
    }),
    detail: Type.Union([Type.String(), Type.Null()], {
      description: 'Why it was refused, for people',
      examples: ['It is cancelled and cannot become processing.'],
    }),
  },
  named('OutcomeLine'),
)

const WireOutcomeReport = Type.Object(
  {
    dry_run: Type.Boolean({ description: 'Whether nothing was written' }),
    counts: Type.Object(
      {
        recorded: Count('Lines whose outcome was recorded'),
        would_be_recorded: Count('Lines whose outcome would be, in a dry run'),
        unchanged: Count('Lines whose payout had the outcome before'),
        refused: Count('Lines that were refused'),
        unknown: Count('Lines of which it is not known'),
      },
      closed,
    ),
    lines: Type.Array(WireOutcomeLine, { description: 'Every line, in the order of the file' }),
  },
  named('OutcomeReport'),
)

export const recordPayoutOutcomes = defineOperation({
  id: 'recordPayoutOutcomes',
  method: 'POST',
  path: '/payouts/outcomes',
  tag: 'Payouts',
  summary: 'Record the outcomes in a file of the bank',
  description:
    'CSV in UTF-8, at most 10,000 lines and 1 MiB: payout id, `completed` or `failed`, reason; ' +
    'a first line that names the columns is passed over. Every line is told what came of it, and ' +
    'is recorded by itself; one that is refused stops no other. With an Idempotency-Key all of ' +
    'them are recorded together with the answer. Sent again, it changes nothing that stands.',
  scope: 'platform:write',
  query: Type.Object(
    {
      dry_run: Type.Optional(
        Type.Enum(['true', 'false'], {
          default: 'false',
          description: '`true` tells what would come of every line, and writes nothing',
        }),
      ),
    },
    closed,
  ),
  upload: [{ name: 'file', description: 'The file', isFile: true, isRequired: true }],
  returns: { status: 200, description: 'What came of every line', schema: WireOutcomeReport },
  errors: [
    fieldErrors.field_invalid,
    ...Object.values(multipartErrors),
    payoutErrors.payout_file_malformed,
    payoutErrors.payout_file_too_long,
  ],
  async before(_context, _input, request) {
    const text = await readFile(request)
    return { value: text, fingerprint: hash('sha256', text) }
  },
  async handle(context, { query }, text) {
    const isDryRun = query.dry_run === 'true'
    const lines = await recordOutcomeFile(context, text, { isDryRun })
    const countOf = (result: OutcomeLine['result']) =>
      lines.filter((line) => line.result === result).length
    return {
      dry_run: isDryRun,
      counts: {
        recorded: countOf('recorded'),
        would_be_recorded: countOf('would_be_recorded'),
        unchanged: countOf('unchanged'),
        refused: countOf('refused'),
        unknown: countOf('unknown'),
      },
      lines: lines.map(({ line, payoutId, result, refusal }) => ({
        line,
        payout_id: payoutId === null ? null : printId('payout', payoutId),
        result,
        code: refusal?.code ?? null,
        detail: refusal?.detail ?? null,
      })),
    }
  },
})

async function readFile(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  const options = {
    filePart: 'file',
    filesMax: 1,
    fileBytesMax: outcomeFileMax.bytes,
    textParts: [],
  }
  await readMultipart(request, options, async ({ stream }) => {
    for await (const chunk of stream) chunks.push(chunk)
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch {
    throw new AppError(payoutErrors.payout_file_malformed, { param: 'file' })
  }
}
