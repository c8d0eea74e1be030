// Owns the work of one process beside its requests: every kind of job, and the chores.
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { queueRolls, rollSubscription } from './core/activity/period-service.ts'
import { subscriptionJobKind } from './core/activity/subscription.ts'
import { getApp, listApps } from './core/apps/app-service.ts'
import { type KeyUse, recordUses } from './core/apps/key-service.ts'
import { type Context, contextOf, forEveryApp, type System } from './core/context.ts'
import { settleTallies } from './core/customer/customer-tally.ts'
import { indexWords } from './core/customer/word-index.ts'
import { sweepBlobs } from './core/files/file-service.ts'
import { payoutJobKind } from './core/payouts/payout.ts'
import { transferPayout } from './core/payouts/payout-transfer.ts'
import { railByMode } from './core/payouts/rail.ts'
import { forgetNotices } from './core/registrations/notice-service.ts'
import { registrationWork } from './core/registrations/registration-jobs.ts'
import { forgetChallenges } from './core/wallets/ownership-service.ts'
import { deleteOldReplies } from './http/idempotency.ts'
import { createWorker, type JobKind, type Worker } from './jobs/worker.ts'
import { rails } from './rails/rails.ts'
import type { Job } from './storage/job-queue.ts'
import { deliveryJobKind } from './webhooks/delivery.ts'
import { forgetDeliveries } from './webhooks/delivery-service.ts'
import { handOutEvents } from './webhooks/fan-out.ts'
import { deliverDue } from './webhooks/sender.ts'

const minuteMs = 60 * 1000
const hourMs = 60 * minuteMs
const oldRepliesPerPass = 500
/** A key that stays in use is written down once a minute all the same. */
const usesEveryMs = 10_000

export function createProcessWorker(
  system: System,
  config: Config,
  log: Logger,
  takeUses: () => KeyUse[],
): Worker {
  const { database } = forEveryApp(system)
  const { clock, random, ids } = system
  return createWorker({
    database,
    clock,
    random,
    ids,
    log,
    kinds: {
      [payoutJobKind]: {
        run: async (job) => {
          const context = await contextOfJob(system, job.appId, payoutJobKind)
          const { name } = railByMode[context.app.mode]
          if (name === 'manual') return 'done'
          return transferPayout(context, job.subjectId, rails[name])
        },
        retry: { firstDelayMs: 200, delayMsMax: 60_000 },
        attemptsMax: 50,
      },
      [subscriptionJobKind]: {
        run: async (job) =>
          rollSubscription(
            await contextOfJob(system, job.appId, subscriptionJobKind),
            job.subjectId,
          ),
        retry: { firstDelayMs: 1_000, delayMsMax: 10 * minuteMs },
        // Never over: a dead one would stand in the way of every later period.
        attemptsMax: 1_000_000,
      },
      ...registrationKinds(system),
      [deliveryJobKind]: {
        run: async (job) =>
          deliverDue(await contextOfJob(system, job.appId, deliveryJobKind), job.subjectId),
        ...deliveryTerms,
      },
    },
    chores: [
      { name: 'hand out events', everyMs: handOutEveryMs, run: () => handOut(system) },
      {
        name: 'note uses of keys',
        everyMs: usesEveryMs,
        run: () => recordUses(system, takeUses()),
      },
      { name: 'delete old replies', everyMs: hourMs, run: () => deleteReplies(system, config) },
      { name: 'delete old notices', everyMs: hourMs, run: () => deleteNotices(system) },
      { name: 'delete old challenges', everyMs: hourMs, run: () => deleteChallenges(system) },
      { name: 'delete old deliveries', everyMs: minuteMs, run: () => deleteDeliveries(system) },
      { name: 'sweep blobs', everyMs: hourMs, run: () => inEveryApp(system, sweepBlobs) },
      { name: 'roll subscriptions', everyMs: rollsEveryMs, run: () => queueAllRolls(system) },
      { name: 'count customers', everyMs: tallyEveryMs, run: () => settleCounts(system) },
      { name: 'index words', everyMs: wordsEveryMs, run: () => indexNewWords(system) },
    ],
  })
}

/** A provider that is away for a day is asked again all the while; after four days it is over. */
const providerRetry = { firstDelayMs: 1_000, delayMsMax: 10 * 60_000 }
const providerAttemptsMax = 600

function registrationKinds(system: System): Record<string, JobKind> {
  const kinds = Object.entries(registrationWork).map(([kind, work]): [string, JobKind] => {
    const { giveUp } = work
    const contextOf = (job: Job) => contextOfJob(system, job.appId, kind)
    const onDead = giveUp && {
      onDead: async (job: Job, reason: string) =>
        giveUp(await contextOf(job), job.subjectId, reason),
    }
    const run = async (job: Job) => work.run(await contextOf(job), job.subjectId)
    return [kind, { run, retry: providerRetry, attemptsMax: providerAttemptsMax, ...onDead }]
  })
  return Object.fromEntries(kinds)
}

async function contextOfJob(system: System, appId: string, kind: string): Promise<Context> {
  return contextOf(system, { app: await getApp(system, appId), actor: `job:${kind}` })
}

/** What fails in one app is done in the others all the same, and told when they are served. */
async function inEveryApp(system: System, work: (context: Context) => unknown): Promise<void> {
  const failures: unknown[] = []
  for (const app of await listApps(system)) {
    try {
      await work(contextOf(system, { app, actor: 'chore' }))
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

/** One job an endpoint; each delivery is tried by its own times, so this only covers our faults. */
const deliveryTerms = {
  retry: { firstDelayMs: 1_000, delayMsMax: 60_000 },
  attemptsMax: 1_000_000,
  concurrencyMax: 100,
}
const handOutEveryMs = 200

function handOut(system: System): Promise<void> {
  return inEveryApp(system, handOutEvents)
}

const rollsEveryMs = 5_000
const tallyEveryMs = 10_000
const wordsEveryMs = 500
const wordsPerPass = 5_000
const talliesPerPass = 250
const noticesPerPass = 500
const challengesPerPass = 500

function indexNewWords(system: System): Promise<void> {
  return inEveryApp(system, (context) => indexWords(context, wordsPerPass))
}

function queueAllRolls(system: System): Promise<void> {
  return inEveryApp(system, queueRolls)
}

function settleCounts(system: System): Promise<void> {
  return inEveryApp(system, (context) => settleTallies(context, talliesPerPass))
}

function deleteNotices(system: System): Promise<void> {
  return inEveryApp(system, async (context) => {
    let deleted = noticesPerPass
    while (deleted === noticesPerPass) deleted = await forgetNotices(context, noticesPerPass)
  })
}

function deleteChallenges(system: System): Promise<void> {
  return inEveryApp(system, async (context) => {
    let deleted = challengesPerPass
    while (deleted === challengesPerPass) {
      deleted = await forgetChallenges(context, challengesPerPass)
    }
  })
}

/** More than every delivery of a busy minute; what is left over waits for the next one. */
const deliveriesPerPass = 500
const deliveryPassesMax = 200

function deleteDeliveries(system: System): Promise<void> {
  return inEveryApp(system, async (context) => {
    let deleted = deliveriesPerPass
    for (let pass = 0; pass < deliveryPassesMax && deleted === deliveriesPerPass; pass += 1) {
      deleted = await forgetDeliveries(context, deliveriesPerPass)
    }
  })
}

async function deleteReplies(system: System, config: Config): Promise<void> {
  const before = system.clock.now() - config.replyAgeMsMax
  await inEveryApp(system, async ({ app, database }) => {
    const filter = { appId: app.id, before, limit: oldRepliesPerPass }
    let deleted = oldRepliesPerPass
    while (deleted === oldRepliesPerPass) {
      deleted = await database.transaction((db) => deleteOldReplies(db, filter))
    }
  })
}
