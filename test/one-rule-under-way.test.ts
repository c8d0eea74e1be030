// Owns the promise that what was under way ends when the bank stops the customer.
import { expect, test } from 'vitest'
import { moveBankingStatus } from '../server/src/core/accounts/status-service.ts'
import { queueRolls } from '../server/src/core/activity/period-service.ts'
import {
  activateSubscription,
  createSubscription,
  getSubscription,
} from '../server/src/core/activity/subscription-service.ts'
import { getPayout } from '../server/src/core/payouts/payout-service.ts'
import { listRegistrations } from '../server/src/core/registrations/registration-service.ts'
import { parseId } from '../server/src/lib/id.ts'
import { historyOf } from './history.ts'
import { bankingOf, knownCustomers, orchestrationOf, payoutTo } from './known-customer.ts'

const customers = knownCustomers()
const { call } = customers

const freeze = (id: string) =>
  moveBankingStatus(customers.context, id, { status: 'FROZEN', reason: 'Report of a stolen card' })
const stopped = 'The banking status of the customer was FROZEN.'

test('a payout that has not left is cancelled, with the reason, and nothing is paid', async () => {
  const { id } = await customers.make()
  const made = await call('/payouts', 'POST', '/payouts', { body: payoutTo(id) })
  await freeze(id)
  await customers.server.drainJobs()
  const payoutId = parseId('payout', made.json.id) ?? ''
  expect(await getPayout(customers.context, payoutId)).toMatchObject({
    status: 'cancelled',
    attempts: 0,
    errorMessage: stopped,
  })
  const transfers = await customers.context.db.selectFrom('sandbox_transfers').selectAll().execute()
  expect(JSON.stringify(transfers)).not.toContain(payoutId)
  expect((await historyOf(customers.context, id)).at(-1)?.type).toBe('customer.payout.cancelled')
})

test('a sync ends with the reason, and the provider is told nothing', async () => {
  const { id } = await customers.make()
  await call(bankingOf(id), 'PATCH', '', { body: { email: 'new@example.com' } })
  const body = { providers: ['stripe'], fields: ['email'] }
  const answer = await call(orchestrationOf(id), 'POST', '/sync', { body })
  await freeze(id)
  const before = await listRegistrations(customers.context, id)
  await customers.server.drainJobs()
  const syncId = parseId('sync', answer.json.data.sync_id) ?? ''
  const sync = await customers.context.db
    .selectFrom('syncs')
    .select(['status', 'reason'])
    .where('app_id', '=', customers.context.app.id)
    .where('id', '=', syncId)
    .executeTakeFirstOrThrow()
  expect(sync).toEqual({ status: 'failed', reason: stopped })
  expect(await listRegistrations(customers.context, id)).toEqual(before)
})

test('a registration ends with the reason, and can be submitted again after the thaw', async () => {
  const { id } = await customers.make()
  const body = { provider: 'stripe', target_role: 'connected_account' }
  await call(orchestrationOf(id), 'POST', '/platforms', { body })
  const registered = async () =>
    (await listRegistrations(customers.context, id)).find(
      ({ role }) => role === 'connected_account',
    )
  expect(await registered()).toMatchObject({ status: 'submitted', remoteId: null })
  await freeze(id)
  await customers.server.drainJobs()
  const error = { status: 'error', remoteId: null, failureReasons: [stopped] }
  expect(await registered()).toMatchObject(error)
  await moveBankingStatus(customers.context, id, { status: 'ACTIVE', reason: 'The card was found' })
  await call(orchestrationOf(id), 'POST', '/platforms', { body })
  await customers.server.drainJobs()
  expect((await registered())?.remoteId).not.toBeNull()
})

test('a subscription whose period ends is not renewed, and begins anew after the thaw', async () => {
  const { id: customerId } = await customers.make()
  const { context, server } = customers
  const plan = { customerId, planId: 'plan', priceId: 'price', metadata: {} }
  const { id } = await createSubscription(context, plan)
  const before = await activateSubscription(context, id, { walletId: null })
  await freeze(customerId)
  server.clock.advance(32 * 86_400_000)
  await queueRolls(context)
  await server.drainJobs()
  const { periodStart, periodEnd } = before
  const lapsed = await getSubscription(context, id)
  expect(lapsed).toMatchObject({ status: 'PAST_DUE', periodStart, periodEnd })
  await moveBankingStatus(context, customerId, { status: 'ACTIVE', reason: 'The card was found' })
  const after = await activateSubscription(context, id, { walletId: null })
  expect(after).toMatchObject({ status: 'ACTIVE', periodStart: after.updatedAt })
})

test('of payouts that race with the freezing, none is accepted after it', async () => {
  const { id } = await customers.make()
  const send = () => call('/payouts', 'POST', '/payouts', { body: payoutTo(id) })
  const answers = await Promise.all([
    ...Array.from({ length: 15 }, send),
    freeze(id).then(() => null),
    ...Array.from({ length: 15 }, send),
  ])
  const accepted = answers.filter((answer) => answer?.status === 201).length
  const types = (await historyOf(customers.context, id)).map(({ type }) => type)
  const frozenAt = types.lastIndexOf('customer.banking_status.changed')
  expect(types.filter((type) => type === 'customer.payout.accepted')).toHaveLength(accepted)
  expect(types.slice(frozenAt)).toEqual(['customer.banking_status.changed'])
})
