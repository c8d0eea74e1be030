// Owns `verify`.

import { validate } from 'uuid'
import { type BrokenLink, type ChainProblem, verifyChains } from '../core/events/verify-chains.ts'
import { type IdNoun, printId } from '../lib/id.ts'
import { readApp } from './app-option.ts'
import { defineCommand } from './command.ts'

interface VerifyResult {
  isWhole: boolean
  apps: number
  customers: number
  events: number
  durationMs: number
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
  declare: (syntax) => syntax.option('--app <id>', 'only this app'),
  async run(host, args, job) {
    const system = await host.openSystem()
    const only = args['app'] === undefined ? {} : { appId: (await readApp(system, args)).id }
    const startedAt = performance.now()
    let reportedAt = startedAt
    const { broken, ...counts } = await verifyChains(system, {
      ...only,
      signal: job.signal,
      report({ events, customers }) {
        if (performance.now() - reportedAt < reportEveryMs) return
        reportedAt = performance.now()
        job.report(`${count(events, 'event')} of ${count(customers, 'customer')} verified`)
      },
    })
    const durationMs = Math.round(performance.now() - startedAt)
    return { isWhole: broken === null, ...counts, durationMs, broken: broken && print(broken) }
  },
  isBad: ({ isWhole }) => !isWhole,
  render: (result) => (result.broken ? renderBroken(result.broken) : renderWhole(result)),
})

function renderWhole({ apps, customers, events, durationMs }: VerifyResult): string {
  const what = `${count(events, 'event')} of ${count(customers, 'customer')}`
  return `Whole: ${what} in ${count(apps, 'app')}, ${(durationMs / 1_000).toFixed(1)} s`
}

const problems: Record<ChainProblem, string> = {
  hash_differs: 'its hash differs: the event is not what was written',
  version_missing: 'no event of this version is there',
  head_differs: "the newest event on the customer's row is another one",
  customer_missing: 'the event has no customer',
  app_missing: 'there are customers or events of an app that does not exist',
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
