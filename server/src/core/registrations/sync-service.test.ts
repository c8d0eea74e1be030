// Owns the proof of syncing: scheduled with the call, pushed by a job, told field by field.
import { describe, expect, test } from 'vitest'
import { historyOf } from '../../../../test/history.ts'
import { getCustomer, updateCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { providerErrors, type SyncField } from '../provider.ts'
import { listRegistrations, submitRegistration } from './registration-service.ts'
import { submitToProvider } from './registration-work.ts'
import { createSync, giveUpSync, pushSync } from './sync-service.ts'
import { scriptedApp } from './testing/scripted-app.ts'
import { newCustomer } from './testing/scripted-provider.ts'

const app = scriptedApp()

const fields: SyncField[] = ['email', 'givenName', 'familyName']
const sync = (id: string, some = fields) =>
  createSync(app.context, id, { provider: 'stripe', fields: some })
const registered = async () => {
  const id = await newCustomer(app.context)
  await submitRegistration(app.context, id, { provider: 'stripe', role: 'customer' })
  const [view] = await listRegistrations(app.context, id)
  await submitToProvider(app.context, view?.id ?? '')
  return id
}
const outcomes = async (id: string) => {
  const [view] = await listRegistrations(app.context, id)
  return Object.fromEntries((view?.fields ?? []).map(({ field, outcome }) => [field, outcome]))
}
const statusOf = async (id: string) =>
  app.context.db
    .selectFrom('syncs')
    .select(['status', 'reason'])
    .where('id', '=', id)
    .executeTakeFirst()

describe('a sync', () => {
  test('is scheduled, pushed once, and told field by field', async () => {
    const id = await registered()
    await updateCustomer(app.context, id, { email: 'prado@example.com' })
    expect((await getCustomer(app.context, id)).isSynced).toBe(false)
    const { id: syncId, status } = await sync(id, ['email', 'email'])
    expect([status, app.provider.pushed]).toEqual(['scheduled', []])
    expect(await pushSync(app.context, syncId)).toBe('done')
    expect(app.provider.pushed).toMatchObject([
      { fields: ['email'], customer: { email: 'prado@example.com' } },
    ])
    expect(await outcomes(id)).toMatchObject({ email: 'updated', givenName: 'registered' })
    expect(await getCustomer(app.context, id)).toMatchObject({ isSynced: true })
    expect(await statusOf(syncId)).toEqual({ status: 'done', reason: null })
    const last = (await historyOf(app.context, id)).at(-1)
    expect(last).toMatchObject({ type: 'customer.registration.synced' })
    expect(await pushSync(app.context, syncId)).toBe('done')
    expect(app.provider.pushed).toHaveLength(1)
  })

  test('killed between the push and our commit is repeated under the same key', async () => {
    const id = await registered()
    const { id: syncId } = await sync(id)
    const { onPush } = app.provider
    app.provider.onPush = () => Promise.reject(new Error('killed here'))
    await expect(pushSync(app.context, syncId)).rejects.toThrow('killed here')
    app.provider.onPush = onPush
    expect(await pushSync(app.context, syncId)).toBe('done')
    const keys = app.provider.pushed.map(({ idempotencyKey }) => idempotencyKey)
    expect([keys.length, new Set(keys).size]).toEqual([2, 1])
  })

  test('does not wait for a field that the provider cannot take', async () => {
    const id = await registered()
    await updateCustomer(app.context, id, { givenName: 'Ana' })
    app.provider.onPush = async (asked) =>
      asked.map((field) => ({ field, outcome: 'unsupported', reason: 'it has no names' }))
    await pushSync(app.context, (await sync(id, ['givenName', 'familyName', 'shipping'])).id)
    expect(await getCustomer(app.context, id)).toMatchObject({ isSynced: true })
  })

  test('that is refused tells every field why, and leaves the record out of step', async () => {
    const id = await registered()
    await updateCustomer(app.context, id, { email: 'prado@example.com' })
    const refusal = new AppError(providerErrors.provider_rejected, { detail: 'It said no.' })
    app.provider.onPush = () => Promise.reject(refusal)
    const { id: syncId } = await sync(id, ['email'])
    expect(await pushSync(app.context, syncId)).toBe('done')
    expect(await outcomes(id)).toMatchObject({ email: 'failed' })
    expect((await getCustomer(app.context, id)).isSynced).toBe(false)
    expect(await statusOf(syncId)).toEqual({
      status: 'failed',
      reason: expect.stringContaining('It said no.'),
    })
  })

  test('is tried again while the provider is down, and loses nothing', async () => {
    const id = await registered()
    const { onPush } = app.provider
    app.provider.onPush = () => Promise.reject(new AppError(providerErrors.provider_timeout))
    const { id: syncId } = await sync(id)
    await expect(pushSync(app.context, syncId)).rejects.toMatchObject({
      definition: { code: 'provider_timeout' },
    })
    expect(await statusOf(syncId)).toMatchObject({ status: 'scheduled' })
    app.provider.onPush = onPush
    await pushSync(app.context, syncId)
    expect(await statusOf(syncId)).toMatchObject({ status: 'done' })
  })

  test('waits for a registration that is on its way', async () => {
    const id = await newCustomer(app.context)
    await submitRegistration(app.context, id, { provider: 'stripe', role: 'customer' })
    const { id: syncId } = await sync(id)
    expect(await pushSync(app.context, syncId)).toBe('again')
    expect(app.provider.pushed).toEqual([])
  })

  test('of a customer who is not registered there is refused', async () => {
    const id = await newCustomer(app.context)
    await expect(sync(id)).rejects.toMatchObject({
      definition: { code: 'registration_not_found' },
    })
  })

  test('whose last try failed says so', async () => {
    const id = await registered()
    const { id: syncId } = await sync(id)
    await giveUpSync(app.context, syncId, 'AppError provider_unavailable')
    expect(await statusOf(syncId)).toMatchObject({ status: 'failed' })
  })
})

test('a change that no provider is told of leaves the record in step', async () => {
  const id = await registered()
  await updateCustomer(app.context, id, { metadata: { plan: 'gold' } })
  expect((await getCustomer(app.context, id)).isSynced).toBe(true)
})
