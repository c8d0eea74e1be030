// Owns what is measured: the operations, their requests, and both servers in turn.
import { applyLoad, type LoadPlan, type LoadResult } from './load.ts'
import type { BenchServer } from './processes.ts'
import type { Seeded } from './seed.ts'

export interface Measured {
  ours: LoadResult
  floor: LoadResult
}

interface MeasurePlan {
  connections: number
  seconds: number
  key: string
  ours: BenchServer
  floor: BenchServer
}

type Operation = (ids: string[]) => Pick<LoadPlan, 'method' | 'path' | 'body'>

const cbu = '0070327530004025541644'
const made = { customers: 0 }

const newCustomer = () => {
  made.customers += 1
  return JSON.stringify({
    type: 'individual',
    name: 'Gerardo Ratto',
    email: `new.${made.customers}@example.com`,
    country: 'AR',
    metadata: { internalUserId: 'USR-4421' },
  })
}

const newPayout = (customerId: string) =>
  JSON.stringify({ amount: '5000.00', currency: 'ARS', destinationCbu: cbu, customerId })

const table: Record<string, Operation> = {
  get: (ids) => ({ method: 'GET', path: () => `/payouts/customers/${pick(ids)}` }),
  list50: () => ({ method: 'GET', path: () => '/payouts/customers?limit=50' }),
  create: () => ({ method: 'POST', path: () => '/payouts/customers', body: newCustomer }),
  payout: (ids) => ({
    method: 'POST',
    path: () => '/payouts/payouts',
    body: () => newPayout(pick(ids)),
  }),
}

const warmUpSeconds = 2

/** Ours and the floor one after the other, each warmed up, under the same load. */
export async function measure(name: string, plan: MeasurePlan): Promise<Measured> {
  const operation = table[name]
  if (!operation) throw new Error(`no operation ${name}; known: ${Object.keys(table).join(', ')}`)
  const run = (server: BenchServer, seconds: number) =>
    applyLoad({
      url: server.url,
      connections: plan.connections,
      seconds,
      headers: {
        authorization: `Bearer ${plan.key}`,
        'content-type': 'application/json',
      },
      ...operation(server.ids),
    })
  await run(plan.floor, warmUpSeconds)
  const floor = await run(plan.floor, plan.seconds)
  await run(plan.ours, warmUpSeconds)
  const ours = await run(plan.ours, plan.seconds)
  return { ours, floor }
}

export interface ExampleBodies {
  customer: string
  payout: string
}

/** The bytes that our server answers, for the floor to answer the same. */
export async function readExamples(url: string, seeded: Seeded): Promise<ExampleBodies> {
  const headers = {
    authorization: `Bearer ${seeded.key}`,
    'content-type': 'application/json',
  }
  const id = seeded.ids[0] ?? ''
  const customer = await fetch(`${url}/payouts/customers/${id}`, { headers })
  const body = newPayout(id)
  const payout = await fetch(`${url}/payouts/payouts`, { method: 'POST', headers, body })
  if (!customer.ok || !payout.ok) throw new Error('the examples were refused')
  return { customer: await customer.text(), payout: await payout.text() }
}

export const operationNames = Object.keys(table)

function pick(ids: string[]): string {
  return ids[Math.floor(Math.random() * ids.length)] ?? ''
}
