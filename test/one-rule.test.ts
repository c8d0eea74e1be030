// Owns the promise that a customer whom the bank has stopped is stopped on every surface.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { moveBankingStatus } from '../server/src/core/accounts/status-service.ts'
import type { Context } from '../server/src/core/context.ts'
import {
  type BankingStatus,
  bankingPermissions,
  bankingStatuses,
} from '../server/src/core/customer/banking-status.ts'
import { getPayout } from '../server/src/core/payouts/payout-service.ts'
import { listRegistrations } from '../server/src/core/registrations/registration-service.ts'
import { parseId, printId } from '../server/src/lib/id.ts'
import { makeBankingCustomer, setBankingStatus } from './banking-customers.ts'
import { toForm } from './example-requests.ts'
import { type Answer, type CallOptions, startTestServer, type TestServer } from './harness.ts'
import { historyOf } from './history.ts'

let server: TestServer
let context: Context
beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())

interface Known {
  /** The UUID; every surface spells it its own way. */
  id: string
  walletId: string
  bankAccountId: string
}

const bankAccount = (accountNumber: string) => ({
  country: 'AR',
  currency: 'ARS',
  rail: 'OTHER',
  accountType: 'checking',
  holderName: 'John Doe',
  accountNumber,
})
const wallet = (chainId: number) => ({
  chainId,
  walletAddress: '0x71C7656EC7ab88b098defB751B7401B5f6d8976F',
})
const pdf = '%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n'

/** Known on every surface: an account, a bank account, a wallet, a registration. */
async function makeKnown(): Promise<Known> {
  const { customerId } = await makeBankingCustomer(context)
  const id = parseId('customer', customerId) ?? ''
  const account = await call(payoutsOf(id), 'POST', '/bank-accounts', {
    body: bankAccount('0070327530004025541644'),
  })
  const linked = await call(cryptoOf(id), 'POST', '/wallets', { body: wallet(8453) })
  const body = { provider: 'stripe', target_role: 'customer' }
  await call(orchestrationOf(id), 'POST', '/platforms', { body })
  await server.drainJobs()
  return { id, walletId: linked.json.data.id, bankAccountId: account.json.bankAccountId }
}

const payoutsOf = (id: string) => `/payouts/customers/${printId('customer', id)}`
const cryptoOf = (id: string) => `/crypto/customers/${id}`
const orchestrationOf = (id: string) =>
  `/orchestration/api/v1/customers/${printId('customer', id, 'cus')}`
const bankingOf = (id: string) => `/banking/v1/customers/${printId('customer', id)}`

function call(base: string, method: string, path: string, options: CallOptions): Promise<Answer> {
  const headers = base.startsWith('/crypto') ? { 'x-api-key': server.key } : {}
  return server.call(method, base + path, {
    ...options,
    headers: { ...headers, ...options.headers },
  })
}

interface Act {
  name: string
  needs: 'update' | 'transact'
  status: number
  /** How its surface says a conflict; `message` is put in. */
  refusal(message: string): object
  send(known: Known): Promise<Answer>
}

const inPayouts = (message: string) => ({
  error: { code: 'conflict', message, requestId: expect.stringMatching(/^req_/) },
})
const inCrypto = (message: string) => ({ success: false, error: { code: 'CONFLICT', message } })
const inOrchestration = (message: string) => ({ msg: message, data: null })
const inBanking = (message: string) => ({ error: { code: 'CONFLICT', message, details: [] } })

const acts: Act[] = [
  {
    name: 'payouts: a payout',
    needs: 'transact',
    status: 201,
    refusal: inPayouts,
    send: ({ id }) => call('/payouts', 'POST', '/payouts', { body: payoutTo(id) }),
  },
  {
    name: 'crypto: a wallet’s authorization',
    needs: 'transact',
    status: 201,
    refusal: inCrypto,
    send: ({ id, walletId }) =>
      call(cryptoOf(id), 'POST', `/wallets/${walletId}/authorizations`, {
        body: { type: 'NATIVE', txHash: `0x${'4b'.repeat(32)}` },
      }),
  },
  {
    name: 'orchestration: a sync',
    needs: 'transact',
    status: 200,
    refusal: inOrchestration,
    send: ({ id }) =>
      call(orchestrationOf(id), 'POST', '/sync', {
        body: { providers: ['stripe'], fields: ['email'] },
      }),
  },
  {
    name: 'orchestration: a registration',
    needs: 'transact',
    status: 200,
    refusal: inOrchestration,
    send: ({ id }) =>
      call(orchestrationOf(id), 'POST', '/platforms', {
        body: { provider: 'stripe', target_role: 'connected_account' },
      }),
  },
  {
    name: 'banking: an account',
    needs: 'transact',
    status: 201,
    refusal: inBanking,
    send: ({ id }) =>
      call('/banking', 'POST', '/v1/accounts', {
        body: { customer_id: printId('customer', id), type: 'DEPOSIT', currency: 'EUR' },
      }),
  },
  {
    name: 'banking: a change',
    needs: 'update',
    status: 200,
    refusal: inBanking,
    send: ({ id }) => call(bankingOf(id), 'PATCH', '', { body: { phone: '+12025550187' } }),
  },
  {
    name: 'crypto: a change',
    needs: 'update',
    status: 200,
    refusal: inCrypto,
    send: ({ id }) => call(cryptoOf(id), 'PUT', '', { body: { city: 'Paris' } }),
  },
  {
    name: 'crypto: a wallet',
    needs: 'update',
    status: 201,
    refusal: inCrypto,
    send: ({ id }) => call(cryptoOf(id), 'POST', '/wallets', { body: wallet(1) }),
  },
  {
    name: 'orchestration: a change',
    needs: 'update',
    status: 200,
    refusal: inOrchestration,
    send: ({ id }) => call(orchestrationOf(id), 'PUT', '', { body: { first_name: 'Johnny' } }),
  },
  {
    name: 'orchestration: a file',
    needs: 'update',
    status: 201,
    refusal: inOrchestration,
    send: ({ id }) =>
      call(
        orchestrationOf(id),
        'POST',
        '/files',
        toForm([{ name: 'file', fileName: 'passport.pdf', value: pdf }]),
      ),
  },
  {
    name: 'payouts: a bank account',
    needs: 'update',
    status: 201,
    refusal: inPayouts,
    send: ({ id }) =>
      call(payoutsOf(id), 'POST', '/bank-accounts', {
        body: bankAccount('2850590940090418135201'),
      }),
  },
]

const payoutTo = (id: string) => ({
  amount: '12.50',
  currency: 'ARS',
  customerId: printId('customer', id),
})

function sentenceOf(status: BankingStatus, needs: 'update' | 'transact'): string {
  const permitting = bankingStatuses.filter((one) => bankingPermissions[one][needs])
  const verb = needs === 'update' ? 'be changed' : 'transact'
  return (
    `The banking status of the customer is ${status}; it may ${verb} as ` +
    `${permitting.join(', ')}. Have an operator change the status first, or leave it.`
  )
}

describe.each(bankingStatuses)('%s', (status) => {
  let known: Known
  beforeAll(async () => {
    known = await makeKnown()
    if (status !== 'ACTIVE') await setBankingStatus(context, known.id, status)
  })

  test.each(acts)('$name', async ({ needs, status: done, refusal, send }) => {
    const before = await historyOf(context, known.id)
    const answer = await send(known)
    if (bankingPermissions[status][needs]) {
      expect({ status: answer.status, text: answer.text }).toMatchObject({ status: done })
      return
    }
    expect(answer.status).toBe(409)
    expect(answer.json).toEqual(refusal(sentenceOf(status, needs)))
    expect(await historyOf(context, known.id)).toEqual(before)
  })

  test('every surface still shows it', async () => {
    for (const base of [payoutsOf, cryptoOf, orchestrationOf, bankingOf]) {
      expect((await call(base(known.id), 'GET', '', {})).status).toBe(200)
    }
  })
})

test('whoever is no customer of the bank is held back by nothing', async () => {
  const known = await makeKnown()
  await server.system.database.transaction((db) =>
    db
      .updateTable('customers')
      .set({ banking_status: null })
      .where('app_id', '=', context.app.id)
      .where('id', '=', known.id)
      .execute(),
  )
  server.system.cache.delete(`${context.app.id}/customer/${known.id}`)
  for (const { name, send, status } of acts.filter((act) => !act.name.startsWith('banking'))) {
    expect({ name, status: (await send(known)).status }).toEqual({ name, status })
  }
})

describe('what was under way when the customer was stopped', () => {
  const freeze = (id: string) =>
    moveBankingStatus(context, id, { status: 'FROZEN', reason: 'Report of a stolen card' })
  const stopped = 'The banking status of the customer was FROZEN.'

  test('a payout that has not left is cancelled, with the reason, and nothing is paid', async () => {
    const { id } = await makeKnown()
    const made = await call('/payouts', 'POST', '/payouts', { body: payoutTo(id) })
    await freeze(id)
    await server.drainJobs()
    const payoutId = parseId('payout', made.json.id) ?? ''
    expect(await getPayout(context, payoutId)).toMatchObject({
      status: 'cancelled',
      attempts: 0,
      errorMessage: stopped,
    })
    const transfers = await context.db.selectFrom('sandbox_transfers').selectAll().execute()
    expect(JSON.stringify(transfers)).not.toContain(payoutId)
    expect((await historyOf(context, id)).at(-1)?.type).toBe('customer.payout.cancelled')
  })

  test('a sync ends with the reason, and the provider is told nothing', async () => {
    const { id } = await makeKnown()
    await call(bankingOf(id), 'PATCH', '', { body: { email: 'new@example.com' } })
    const body = { providers: ['stripe'], fields: ['email'] }
    const answer = await call(orchestrationOf(id), 'POST', '/sync', { body })
    await freeze(id)
    const before = await listRegistrations(context, id)
    await server.drainJobs()
    const syncId = parseId('sync', answer.json.data.sync_id) ?? ''
    const sync = await context.db
      .selectFrom('syncs')
      .select(['status', 'reason'])
      .where('app_id', '=', context.app.id)
      .where('id', '=', syncId)
      .executeTakeFirstOrThrow()
    expect(sync).toEqual({ status: 'failed', reason: stopped })
    expect(await listRegistrations(context, id)).toEqual(before)
  })

  test('a registration ends with the reason, and can be submitted again after the thaw', async () => {
    const { id } = await makeKnown()
    const body = { provider: 'stripe', target_role: 'connected_account' }
    await call(orchestrationOf(id), 'POST', '/platforms', { body })
    const registered = async () =>
      (await listRegistrations(context, id)).find(({ role }) => role === 'connected_account')
    expect(await registered()).toMatchObject({ status: 'submitted', remoteId: null })
    await freeze(id)
    await server.drainJobs()
    const error = { status: 'error', remoteId: null, failureReasons: [stopped] }
    expect(await registered()).toMatchObject(error)
    await moveBankingStatus(context, id, { status: 'ACTIVE', reason: 'The card was found' })
    await call(orchestrationOf(id), 'POST', '/platforms', { body })
    await server.drainJobs()
    expect((await registered())?.remoteId).not.toBeNull()
  })

  test('of payouts that race with the freezing, none is accepted after it', async () => {
    const { id } = await makeKnown()
    const send = () => call('/payouts', 'POST', '/payouts', { body: payoutTo(id) })
    const answers = await Promise.all([
      ...Array.from({ length: 15 }, send),
      freeze(id).then(() => null),
      ...Array.from({ length: 15 }, send),
    ])
    const accepted = answers.filter((answer) => answer?.status === 201).length
    const types = (await historyOf(context, id)).map(({ type }) => type)
    const frozenAt = types.lastIndexOf('customer.banking_status.changed')
    expect(types.filter((type) => type === 'customer.payout.accepted')).toHaveLength(accepted)
    expect(types.slice(frozenAt)).toEqual(['customer.banking_status.changed'])
  })
})
