// Owns each question of eligibility, and the call on a surface that it is about.
import { printId } from '../server/src/lib/id.ts'
import type { Life } from './eligibility-world.ts'
import type { Answer, TestServer } from './harness.ts'

/** What came of the call: done, or refused with these words; `null`: it was left as it is. */
export interface Outcome {
  isDone: boolean
  message: string | null
}

export interface Question {
  query: string
  act(): Promise<Outcome>
}

type Send = (method: string, path: string, body?: object) => Promise<Answer>

const done: Outcome = { isDone: true, message: null }

export function questionsOf(server: TestServer, key: string, life: Life): Question[] {
  const send: Send = (method, path, body) =>
    server.call(method, path, { key, headers: { 'x-api-key': key }, ...(body && { body }) })
  return [
    ...payoutQuestions(send, life),
    ...chargeQuestions(send, life),
    ...providerQuestions(send, life),
    {
      query: 'action=open_account&currency=EUR',
      act: async () => {
        const body = { customer_id: printId('customer', life.id), type: 'DEPOSIT', currency: 'EUR' }
        return toOutcome(await send('POST', '/banking/v1/accounts', body))
      },
    },
  ]
}

function payoutQuestions(send: Send, { id, bankAccountId }: Life): Question[] {
  const pay = (more: object) => async () => {
    const body = { customerId: printId('customer', id), amount: '1.00', currency: 'ARS', ...more }
    return toOutcome(await send('POST', '/payouts/payouts', body))
  }
  const number = { destinationCbu: '0070327530004025541644' }
  return [
    { query: 'action=payout', act: pay({}) },
    { query: 'action=payout&amount=1.00&currency=ARS', act: pay({}) },
    { query: 'action=payout&amount=0.00', act: pay({ amount: '0.00' }) },
    { query: 'action=payout&currency=USD', act: pay({ currency: 'USD' }) },
    ...(bankAccountId === null
      ? []
      : [{ query: `action=payout&bank_account_id=${bankAccountId}`, act: pay(number) }]),
  ]
}

function chargeQuestions(send: Send, life: Life): Question[] {
  const { id, walletId, intentId, subscriptionId } = life
  const charge = (wallet: object) => async () => {
    const body = { customerAccountId: id, amount: '1.00', captureMode: 'MANUAL' }
    const made = await send('POST', '/crypto/payments/intents', body)
    if (made.status !== 201) return toOutcome(made)
    const path = `/crypto/payments/intents/${made.json.data.id}`
    const token = { method: 'NATIVE', chainId: 8453, tokenKey: 'USDC-8453', cryptoAmount: '1' }
    const given = await send('POST', `${path}/authorize`, { ...token, ...wallet })
    if (given.status !== 200) return toOutcome(given)
    return toOutcome(await send('POST', `${path}/capture`, {}))
  }
  return [
    { query: 'action=charge', act: charge({}) },
    { query: `action=charge&wallet_id=${walletId}`, act: charge({ walletId }) },
    {
      query: `action=charge&payment_intent_id=${intentId}`,
      act: async () =>
        toOutcome(await send('POST', `/crypto/payments/intents/${intentId}/capture`, {})),
    },
    {
      query: `action=charge&subscription_id=${subscriptionId}`,
      act: async () => {
        const path = `/crypto/subscriptions/${subscriptionId}`
        const { json } = await send('GET', path)
        const verb = json.data?.status === 'PAUSED' ? 'resume' : 'activate'
        return toOutcome(await send('POST', `${path}/${verb}`))
      },
    },
  ]
}

function providerQuestions(send: Send, { id }: Life): Question[] {
  const base = `/orchestration/api/v1/customers/${printId('customer', id, 'cus')}`
  const sync = async (provider: string) =>
    toOutcome(await send('POST', `${base}/sync`, { providers: [provider], fields: ['email'] }))
  const register = async (provider: string, role: string): Promise<Outcome> => {
    const statusOf = async () => {
      const { json } = await send('GET', `/v1/customers/${id}/events?limit=100`)
      return json.data.filter(isSubmission).length
    }
    const before = await statusOf()
    const answer = await send('POST', `${base}/platforms`, { provider, target_role: role })
    if (answer.status !== 200) return toOutcome(answer)
    return { isDone: (await statusOf()) > before, message: null }
  }
  return [
    {
      query: 'action=sync',
      act: async () => {
        const [stripe, bridge] = [await sync('stripe'), await sync('bridge')]
        // Of several calls none says it all.
        return { isDone: stripe.isDone || bridge.isDone, message: null }
      },
    },
    { query: 'action=sync&provider=stripe', act: () => sync('stripe') },
    { query: 'action=sync&provider=bridge', act: () => sync('bridge') },
    ...[
      ['stripe', 'customer'],
      ['stripe', 'connected_account'],
      ['stripe', 'subaccount'],
      ['bridge', 'customer'],
    ].map(([provider = '', role = '']) => ({
      query: `action=register&provider=${provider}&role=${role}`,
      act: () => register(provider, role),
    })),
  ]
}

const isSubmission = ({ type }: { type: string }) => type === 'customer.registration.submitted'

function toOutcome({ status, json }: Answer): Outcome {
  if (status < 300) return done
  return { isDone: false, message: json.error?.message ?? json.msg }
}
