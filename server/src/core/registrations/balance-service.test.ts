// Owns the proof of balances: asked live, told as they are, never made up.
import { expect, test } from 'vitest'
import { AppError } from '../errors.ts'
import { providerErrors } from '../provider.ts'
import { getBalances } from './balance-service.ts'
import { listRegistrations, submitRegistration } from './registration-service.ts'
import { submitToProvider } from './registration-work.ts'
import { scriptedApp } from './testing/scripted-app.ts'
import { newCustomer } from './testing/scripted-provider.ts'

const app = scriptedApp()

const asked = { provider: 'stripe', role: 'customer' } as const
const registered = async () => {
  const id = await newCustomer(app.context)
  await submitRegistration(app.context, id, asked)
  const [view] = await listRegistrations(app.context, id)
  return { id, registrationId: view?.id ?? '' }
}

test('each question asks the provider, and nothing of it is kept', async () => {
  const { id, registrationId } = await registered()
  await submitToProvider(app.context, registrationId)
  const total = { currency: 'BRL', available: 7, pending: 1, reserved: 0, instantPayouts: 0 }
  app.provider.onBalance = async () => [{ accountId: 'a', totals: [total] }]
  const first = await getBalances(app.context, id, asked)
  expect(first.balances).toEqual([{ accountId: 'a', totals: [total] }])
  app.provider.onBalance = async () => []
  expect((await getBalances(app.context, id, asked)).balances).toEqual([])
  expect(app.provider.asked).toEqual(['balance', 'balance'])
})

test('what the provider has not yet, or never had, is not registered', async () => {
  const { id } = await registered()
  const refusal = { definition: { code: 'registration_not_found' } }
  await expect(getBalances(app.context, id, asked)).rejects.toMatchObject(refusal)
  const other = { provider: 'bridge', role: 'customer' } as const
  await expect(getBalances(app.context, id, other)).rejects.toMatchObject(refusal)
  expect(app.provider.asked).toEqual([])
})

test.each(['provider_unavailable', 'provider_timeout', 'provider_balance_unsupported'] as const)(
  '%s is told as it is, and no zero stands in for it',
  async (code) => {
    const { id, registrationId } = await registered()
    await submitToProvider(app.context, registrationId)
    app.provider.onBalance = () => Promise.reject(new AppError(providerErrors[code]))
    await expect(getBalances(app.context, id, asked)).rejects.toMatchObject({
      definition: { code },
    })
  },
)
