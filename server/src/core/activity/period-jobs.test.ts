// Owns the proof that what the end of a period brings is found and done once, whoever does it.
import { pino } from 'pino'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { engine } from '../../../../test/harness.ts'
import { explain, recordQueries } from '../../../../test/recorded-queries.ts'
import { createProcessWorker } from '../../work.ts'
import { queueRolls, rollSubscription } from './period-service.ts'
import type { Subscription } from './subscription.ts'
import { monthsAfter } from './subscription-period.ts'
import { cancelSubscription } from './subscription-service.ts'
import { passingTime } from './testing/passing-time.ts'

const time = passingTime()
const { activated, paused, read, passMonths, comeBy, movesOf } = time
afterEach(() => vi.restoreAllMocks())

const jobsOf = (one: Subscription) =>
  time.server.system.db.selectFrom('jobs').selectAll().where('id', '=', one.id).execute()

async function detailsOf({ id }: Subscription): Promise<Uint8Array> {
  const row = await time.server.system.db
    .selectFrom('subscriptions')
    .select('details')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return row.details
}

const setDetails = ({ id }: Subscription, details: Uint8Array) =>
  time.server.system.database.transaction((db) =>
    db.updateTable('subscriptions').set({ details }).where('id', '=', id).execute(),
  )

describe('each step is done once', () => {
  test('by many at once', async () => {
    const before = await activated()
    passMonths(before, 2)
    const rolls = Array.from({ length: 8 }, () => rollSubscription(time.context, before.id))
    expect(new Set(await Promise.all(rolls))).toEqual(new Set(['done']))
    expect(await movesOf(before)).toEqual(['renewed', 'renewed'])
  })

  test('by two workers at once, over many subscriptions', async () => {
    const all = await Promise.all(Array.from({ length: 30 }, activated))
    for (const one of all) passMonths(one, 1)
    await Promise.all([queueRolls(time.context), queueRolls(time.context)])
    const log = pino({ level: 'silent' })
    const other = createProcessWorker(time.server.system, time.server.config, log, () => [])
    await Promise.all([time.server.worker.runDue(), other.runDue()])
    for (const one of all) expect(await movesOf(one)).toEqual(['renewed'])
  })

  test('after a worker that was killed when it had done it and not said so', async () => {
    const before = await activated()
    passMonths(before, 1)
    await queueRolls(time.context)
    expect(await jobsOf(before)).toMatchObject([{ kind: 'subscription.roll' }])
    await rollSubscription(time.context, before.id)
    expect(await jobsOf(before)).toHaveLength(1)
    await comeBy()
    expect(await movesOf(before)).toEqual(['renewed'])
    expect(await jobsOf(before)).toEqual([])
  })

  test('also when it has failed more often than anybody counts, once it can be', async () => {
    const before = await activated()
    passMonths(before, 1)
    await queueRolls(time.context)
    const details = await detailsOf(before)
    await setDetails(before, new Uint8Array(4))
    await time.server.system.database.transaction((db) =>
      db.updateTable('jobs').set({ failures: 5_000 }).where('id', '=', before.id).execute(),
    )
    await time.server.worker.runDue()
    expect(await jobsOf(before)).toMatchObject([{ status: 'waiting', failures: 5_001 }])
    await setDetails(before, details)
    await time.server.drainJobs()
    expect(await movesOf(before)).toEqual(['renewed'])
  })

  test('by a job that comes when the subscription has changed', async () => {
    const [gone, held] = [await activated(), await activated()]
    passMonths(held, 1)
    await queueRolls(time.context)
    await cancelSubscription(time.context, gone.id, { cancelAtPeriodEnd: false })
    await paused(held)
    await time.server.drainJobs()
    expect(await movesOf(gone)).toEqual(['renewed', 'cancelled'])
    expect(await movesOf(held)).toEqual(['renewed', 'paused'])
  })
})

describe('the look for those whose period has ended', () => {
  test('finds rows from before periods followed each other', async () => {
    const before = await activated()
    await time.server.system.database.transaction((db) =>
      db
        .updateTable('subscriptions')
        .set({ period_anchor: null })
        .where('id', '=', before.id)
        .execute(),
    )
    expect(await read(before)).toEqual(before)
    passMonths(before, 2)
    await comeBy()
    const at = (months: number) => monthsAfter(before.periodAnchor ?? 0, months)
    expect(await read(before)).toMatchObject({ periodStart: at(2), periodEnd: at(3) })
  })

  test('makes a job for each, however many, and passes by those that have one', async () => {
    const [first] = await Promise.all(Array.from({ length: 3 }, activated))
    if (!first) throw new Error('there are three')
    await comeBy()
    const source = await time.server.system.db
      .selectFrom('subscriptions')
      .selectAll()
      .where('id', '=', first.id)
      .executeTakeFirstOrThrow()
    const copies = Array.from({ length: 1_200 }, () => ({
      ...source,
      id: time.server.system.ids(),
    }))
    await time.server.system.database.transaction((db) =>
      db.insertInto('subscriptions').values(copies).execute(),
    )
    passMonths(first, 1)
    const waiting = () =>
      time.server.system.db
        .selectFrom('jobs')
        .select('id')
        .where('kind', '=', 'subscription.roll')
        .where(
          'id',
          'in',
          copies.map(({ id }) => id),
        )
        .execute()
    await queueRolls(time.context)
    expect(await waiting()).toHaveLength(copies.length)
    // Nothing is left to be made: one look, and no further statement.
    const recorded = recordQueries(time.server)
    await queueRolls(time.context)
    expect(recorded).toHaveLength(1)
    vi.restoreAllMocks()
    const remove = async (table: 'jobs' | 'subscriptions') => {
      const ids = copies.map(({ id }) => id)
      await time.server.system.database.transaction((db) =>
        db.deleteFrom(table).where('id', 'in', ids).execute(),
      )
    }
    for (const table of ['jobs', 'subscriptions'] as const) await remove(table)
  })

  test('reads the index of those alone, in its order', async () => {
    const recorded = recordQueries(time.server)
    await queueRolls(time.context)
    vi.restoreAllMocks()
    const [look] = recorded
    if (!look) throw new Error('it looks')
    const plan = await explain(time.server, look)
    const byEnd = {
      sqlite:
        /SEARCH subscriptions USING INDEX subscriptions_period_end \(app_id=\? AND period_end/,
      postgresql: /Index (?:Only )?Scan using subscriptions_period_end on subscriptions/,
    }
    expect(plan).toMatch(byEnd[engine])
    expect(plan).not.toMatch(/SCAN subscriptions|TEMP B-TREE|Seq Scan|Sort/)
  })
})
