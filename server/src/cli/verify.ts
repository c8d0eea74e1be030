// Owns `verify`.
import { resolve } from 'node:path'
import { validate } from 'uuid'
import { compareHeads } from '../core/events/checkpoint-service.ts'
import { type BrokenLink, type ChainProblem, verifyChains } from '../core/events/verify-chains.ts'
import { type IdNoun, printId } from '../lib/id.ts'
import { readApp } from './app-option.ts'
import { openCheckpoint } from './checkpoint-file.ts'
import { type Args, defineCommand, wrongUsage } from './command.ts'

interface VerifyResult {
  isWhole: boolean
  apps: number
  customers: number
  events: number
  durationMs: number
  /** When the checkpoint was made that the database was held against, if it was. */
  checkpointAt: string | null
  /** The first one; `null` when every chain is whole. */
  broken: {
    appId: string
    customerId: string | null
    version: number | null
    problem: ChainProblem
  } | null
}

const reportEveryMs = 100

export const verify = defineCommand<VerifyResult>({
  name: 'verify',
  summary: 'walk every hash chain and name the first broken link',
  declare: (syntax) =>
    syntax
      .option('--app <id>', 'only this app')
      // Where the command is typed: a server that runs it may be in another folder.
      .option('--checkpoint <file>', 'and that nothing of this checkpoint is gone', (path) =>
        resolve(path),
      ),
  async run(host, args, job) {
    const file = checkpointPath(args)
    const system = await host.openSystem()
    const only = args['app'] === undefined ? {} : { appId: (await readApp(system, args)).id }
    const older = file === null ? null : await openCheckpoint(file, system.vault)
    const startedAt = performance.now()
    let reportedAt = startedAt
    const { broken: brokenChain, ...counts } = await verifyChains(system, {
      ...only,
      signal: job.signal,
      report({ events, customers }) {
        if (performance.now() - reportedAt < reportEveryMs) return
        reportedAt = performance.now()
        job.report(`${count(events, 'event')} of ${count(customers, 'customer')} verified`)
      },
    })
    const { signal } = job
    const broken =
      brokenChain ?? (older === null ? null : await compareHeads(system, older.lines, { signal }))
    const durationMs = Math.round(performance.now() - startedAt)
    return {
      ...{ isWhole: broken === null, ...counts, durationMs },
      checkpointAt: older?.createdAt ?? null,
      broken: broken && print(broken),
    }
  },
  isBad: ({ isWhole }) => !isWhole,
  render: (result) => (result.broken ? renderBroken(result.broken) : renderWhole(result)),
})

function checkpointPath(args: Args): string | null {
  const file = args['checkpoint']
  if (file === undefined) return null
  if (args['app'] === undefined) return String(file)
  throw wrongUsage('--checkpoint is of every app', 'leave out --app')
}

function renderWhole({ apps, customers, events, durationMs, checkpointAt }: VerifyResult): string {
  const what = `${count(events, 'event')} of ${count(customers, 'customer')}`
  const whole = `Whole: ${what} in ${count(apps, 'app')}, ${(durationMs / 1_000).toFixed(1)} s`
  if (checkpointAt === null) return whole
  return `${whole}\nNothing of the checkpoint of ${checkpointAt} is gone`
}

const problems: Record<ChainProblem, string> = {
  hash_differs: 'its hash differs: the event is not what was written',
  version_missing: 'no event of this version is there',
  head_differs: "the newest event on the customer's row is another one",
  customer_missing: 'the event has no customer',
  app_missing: 'there are customers or events of an app that does not exist',
  customer_erased: 'the checkpoint has a customer that is gone',
  history_shortened: 'the checkpoint has a version that is gone',
  history_rewritten: 'the checkpoint has another event of this version: it was written anew',
}

function renderBroken({
  appId,
  customerId,
  version,
  problem,
}: NonNullable<VerifyResult['broken']>) {
  const lines = [`Broken: ${problems[problem]}`, `  app       ${appId}`]
  if (customerId !== null) lines.push(`  customer  ${customerId}`, `  version   ${version}`)
  return [...lines, 'Nothing after it was looked at. Restore a backup beside it and compare.'].join(
    '\n',
  )
}

function print({ appId, customerId, version, problem }: BrokenLink): VerifyResult['broken'] {
  const customer = customerId === null ? null : printAny('customer', customerId)
  return { appId: printAny('app', appId), customerId: customer, version, problem }
}

/** An id that somebody has edited need not be one. */
function printAny(noun: IdNoun, id: string): string {
  return validate(id) ? printId(noun, id) : id
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`
}
