// Owns the proof of balances: asked live, told as they are, never made up.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { providerErrors } from '../provider.ts'
import { getBalances } from './balance-service.ts'
import { listRegistrations, submitRegistration } from './registration-service.ts'
import { submitToProvider } from './registration-work.ts'
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

const asked = { provider: 'stripe', role: 'customer' } as const
const registered = async () => {
  const id = await newCustomer(context)
  await submitRegistration(context, id, asked)
  const [view] = await listRegistrations(context, id)
  return { id, registrationId: view?.id ?? '' }
}

test('each question asks the provider, and nothing of it is kept', async () => {
  const { id, registrationId } = await registered()
  await submitToProvider(context, registrationId)
  const total = { currency: 'BRL', available: 7, pending: 1, reserved: 0, instantPayouts: 0 }
  provider.onBalance = async () => [{ accountId: 'a', totals: [total] }]
  const first = await getBalances(context, id, asked)
  expect(first.balances).toEqual([{ accountId: 'a', totals: [total] }])
  provider.onBalance = async () => []
  expect((await getBalances(context, id, asked)).balances).toEqual([])
  expect(provider.asked).toEqual(['balance', 'balance'])
})

test('what the provider has not yet, or never had, is not registered', async () => {
  const { id } = await registered()
  const refusal = { definition: { code: 'registration_not_found' } }
  await expect(getBalances(context, id, asked)).rejects.toMatchObject(refusal)
  const other = { provider: 'bridge', role: 'customer' } as const
  await expect(getBalances(context, id, other)).rejects.toMatchObject(refusal)
  expect(provider.asked).toEqual([])
})

test.each(['provider_unavailable', 'provider_timeout', 'provider_balance_unsupported'] as const)(
  '%s is told as it is, and no zero stands in for it',
  async (code) => {
    const { id, registrationId } = await registered()
    await submitToProvider(context, registrationId)
    provider.onBalance = () => Promise.reject(new AppError(providerErrors[code]))
    await expect(getBalances(context, id, asked)).rejects.toMatchObject({ definition: { code } })
  },
)
