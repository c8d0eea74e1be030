// Owns the promise that a customer whom the bank has stopped is stopped on every surface.
import { beforeAll, describe, expect, test } from 'vitest'
import {
  type BankingStatus,
  bankingPermissions,
  bankingStatuses,
} from '../server/src/core/customer/banking-status.ts'
import { printId } from '../server/src/lib/id.ts'
import { setBankingStatus } from './banking-customers.ts'
import { toForm } from './example-requests.ts'
import type { Answer } from './harness.ts'
import { historyOf } from './history.ts'
import {
  bankAccount,
  bankingOf,
  cryptoOf,
  type Known,
  knownCustomers,
  orchestrationOf,
  payoutsOf,
  payoutTo,
  wallet,
} from './known-customer.ts'

const customers = knownCustomers()
const { call } = customers
const pdf = '%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n'

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
    known = await customers.make()
    if (status !== 'ACTIVE') await setBankingStatus(customers.context, known.id, status)
  })

  test.each(acts)('$name', async ({ needs, status: done, refusal, send }) => {
    const before = await historyOf(customers.context, known.id)
    const answer = await send(known)
    if (bankingPermissions[status][needs]) {
      expect({ status: answer.status, text: answer.text }).toMatchObject({ status: done })
      return
    }
    expect(answer.status).toBe(409)
    expect(answer.json).toEqual(refusal(sentenceOf(status, needs)))
    expect(await historyOf(customers.context, known.id)).toEqual(before)
  })

  test('every surface still shows it', async () => {
    for (const base of [payoutsOf, cryptoOf, orchestrationOf, bankingOf]) {
      expect((await call(base(known.id), 'GET', '', {})).status).toBe(200)
    }
  })
})

test('whoever is no customer of the bank is held back by nothing', async () => {
  const known = await customers.make()
  await customers.server.system.database.transaction((db) =>
    db
      .updateTable('customers')
      .set({ banking_status: null })
      .where('app_id', '=', customers.context.app.id)
      .where('id', '=', known.id)
      .execute(),
  )
  customers.server.system.cache.delete(`${customers.context.app.id}/customer/${known.id}`)
  for (const { name, send, status } of acts.filter((act) => !act.name.startsWith('banking'))) {
    expect({ name, status: (await send(known)).status }).toEqual({ name, status })
  }
})
