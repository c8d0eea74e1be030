// Owns the proof of syncing: scheduled with the call, pushed by a job, told field by field.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import type { Context } from '../context.ts'
import { getCustomer, updateCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { providerErrors, type SyncField } from '../provider.ts'
import { listRegistrations, submitRegistration } from './registration-service.ts'
import { submitToProvider } from './registration-work.ts'
import { createSync, giveUpSync, pushSync } from './sync-service.ts'
import {
  connectedContext,
  newCustomer,
  type ScriptedProvider,
  scriptedProvider,
} from './testing/scripted-provider.ts'

let server: TestServer
let provider: ScriptedProvider
let context: Context
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())
beforeEach(async () => {
  provider = scriptedProvider()
  context = (await connectedContext(server, provider)).context
})

const fields: SyncField[] = ['email', 'givenName', 'familyName']
const sync = (id: string, some = fields) =>
  createSync(context, id, { provider: 'stripe', fields: some })
const registered = async () => {
  const id = await newCustomer(context)
  await submitRegistration(context, id, { provider: 'stripe', role: 'customer' })
  const [view] = await listRegistrations(context, id)
  await submitToProvider(context, view?.id ?? '')
  return id
}
const outcomes = async (id: string) => {
  const [view] = await listRegistrations(context, id)
  return Object.fromEntries((view?.fields ?? []).map(({ field, outcome }) => [field, outcome]))
}
const statusOf = async (id: string) =>
  context.db
    .selectFrom('syncs')
    .select(['status', 'reason'])
    .where('id', '=', id)
    .executeTakeFirst()

describe('a sync', () => {
  test('is scheduled, pushed once, and told field by field', async () => {
    const id = await registered()
    await updateCustomer(context, id, { email: 'prado@example.com' })
    expect((await getCustomer(context, id)).isSynced).toBe(false)
    const { id: syncId, status } = await sync(id, ['email', 'email'])
    expect([status, provider.pushed]).toEqual(['scheduled', []])
    expect(await pushSync(context, syncId)).toBe('done')
    expect(provider.pushed).toMatchObject([
      { fields: ['email'], customer: { email: 'prado@example.com' } },
    ])
    expect(await outcomes(id)).toMatchObject({ email: 'updated', givenName: 'registered' })
    expect(await getCustomer(context, id)).toMatchObject({ isSynced: true })
    expect(await statusOf(syncId)).toEqual({ status: 'done', reason: null })
    const last = (await historyOf(context, id)).at(-1)
    expect(last).toMatchObject({ type: 'customer.registration.synced' })
    expect(await pushSync(context, syncId)).toBe('done')
    expect(provider.pushed).toHaveLength(1)
  })

  test('killed between the push and our commit is repeated under the same key', async () => {
    const id = await registered()
    const { id: syncId } = await sync(id)
    const { onPush } = provider
    provider.onPush = () => Promise.reject(new Error('killed here'))
    await expect(pushSync(context, syncId)).rejects.toThrow('killed here')
    provider.onPush = onPush
    expect(await pushSync(context, syncId)).toBe('done')
    const keys = provider.pushed.map(({ idempotencyKey }) => idempotencyKey)
    expect([keys.length, new Set(keys).size]).toEqual([2, 1])
  })

  test('does not wait for a field that the provider cannot take', async () => {
    const id = await registered()
    await updateCustomer(context, id, { givenName: 'Ana' })
    provider.onPush = async (asked) =>
      asked.map((field) => ({ field, outcome: 'unsupported', reason: 'it has no names' }))
    await pushSync(context, (await sync(id, ['givenName', 'familyName', 'shipping'])).id)
    expect(await getCustomer(context, id)).toMatchObject({ isSynced: true })
  })

  test('that is refused tells every field why, and leaves the record out of step', async () => {
    const id = await registered()
    await updateCustomer(context, id, { email: 'prado@example.com' })
    const refusal = new AppError(providerErrors.provider_rejected, { detail: 'It said no.' })
    provider.onPush = () => Promise.reject(refusal)
    const { id: syncId } = await sync(id, ['email'])
    expect(await pushSync(context, syncId)).toBe('done')
    expect(await outcomes(id)).toMatchObject({ email: 'failed' })
    expect((await getCustomer(context, id)).isSynced).toBe(false)
    expect(await statusOf(syncId)).toEqual({
      status: 'failed',
      reason: expect.stringContaining('It said no.'),
    })
  })

  test('is tried again while the provider is down, and loses nothing', async () => {
    const id = await registered()
    const { onPush } = provider
    provider.onPush = () => Promise.reject(new AppError(providerErrors.provider_timeout))
    const { id: syncId } = await sync(id)
    await expect(pushSync(context, syncId)).rejects.toMatchObject({
      definition: { code: 'provider_timeout' },
    })
    expect(await statusOf(syncId)).toMatchObject({ status: 'scheduled' })
    provider.onPush = onPush
    await pushSync(context, syncId)
    expect(await statusOf(syncId)).toMatchObject({ status: 'done' })
  })

  test('waits for a registration that is on its way', async () => {
    const id = await newCustomer(context)
    await submitRegistration(context, id, { provider: 'stripe', role: 'customer' })
    const { id: syncId } = await sync(id)
    expect(await pushSync(context, syncId)).toBe('again')
    expect(provider.pushed).toEqual([])
  })

  test('of a customer who is not registered there is refused', async () => {
    const id = await newCustomer(context)
    await expect(sync(id)).rejects.toMatchObject({
      definition: { code: 'registration_not_found' },
    })
  })

  test('whose last try failed says so', async () => {
    const id = await registered()
    const { id: syncId } = await sync(id)
    await giveUpSync(context, syncId, 'AppError provider_unavailable')
    expect(await statusOf(syncId)).toMatchObject({ status: 'failed' })
  })
})

test('a change that no provider is told of leaves the record in step', async () => {
  const id = await registered()
  await updateCustomer(context, id, { metadata: { plan: 'gold' } })
  expect((await getCustomer(context, id)).isSynced).toBe(true)
})
