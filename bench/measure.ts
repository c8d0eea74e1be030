// Owns what is measured: the operations, their requests, and both servers in turn.
import { randomUUID } from 'node:crypto'
import { watchCpu } from './cpu.ts'
import { applyLoad, type LoadPlan, type LoadResult } from './load.ts'
import type { BenchServer } from './processes.ts'
import type { Seeded } from './seed.ts'

export interface Measured {
  ours: LoadResult & Cost
  floor: LoadResult & Cost
}

/** Steadier than rates where others use the machine: what a request costs server and database. */
interface Cost {
  cpuMs: number
}

interface MeasurePlan {
  customers: number
  connections: number
  seconds: number
  key: string
  farCursor: string
  /** Of the database, where it is a process of its own. */
  databasePids: () => Promise<number[]>
  ours: BenchServer
  floor: BenchServer
}

export const forms = ['payouts', 'orchestration', 'crypto', 'banking'] as const
export type Form = (typeof forms)[number]

interface Asked {
  ids: string[]
  customers: number
  /** Of the banking list, nine tenths of the way down. */
  farCursor: string
}

interface Operation {
  form: Form
  plan(asked: Asked): Pick<LoadPlan, 'method' | 'path' | 'body' | 'ownHeaders'>
}

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

const orchestration = '/orchestration/api/v1/customers'
const crypto = '/crypto/customers'
const banking = '/banking/v1/customers'
const reading = (form: Form, path: (asked: Asked) => string): Operation => ({
  form,
  plan: (asked) => ({ method: 'GET', path: () => path(asked) }),
})

const writes = new Set(['create', 'write-cost', 'payout'])
const table: Record<string, Operation> = {
  get: reading('payouts', ({ ids }) => `/payouts/customers/${pick(ids)}`),
  list50: reading('payouts', () => '/payouts/customers?limit=50'),
  create: {
    form: 'payouts',
    plan: () => ({ method: 'POST', path: () => '/payouts/customers', body: newCustomer }),
  },
  // The same with an idempotency key: event chain, claim and sealed reply all paid for.
  'write-cost': {
    form: 'payouts',
    plan: () => ({
      method: 'POST',
      path: () => '/payouts/customers',
      body: newCustomer,
      ownHeaders: () => ({ 'idempotency-key': randomUUID() }),
    }),
  },
  payout: {
    form: 'payouts',
    plan: ({ ids }) => ({
      method: 'POST',
      path: () => '/payouts/payouts',
      body: () => newPayout(pick(ids)),
    }),
  },
  'orch-get': reading('orchestration', ({ ids }) => `${orchestration}/${pick(ids)}`),
  'orch-list10': reading('orchestration', () => `${orchestration}?limit=10`),
  // Nine tenths of the way down, where a bare OFFSET reads all that it skips.
  'orch-far': reading('orchestration', ({ customers }) => {
    return `${orchestration}?limit=10&offset=${Math.floor(customers * 0.9)}`
  }),
  // With three wallets, fifty intents and fifty invoices.
  'crypto-get': reading('crypto', ({ ids }) => `${crypto}/${pick(ids)}`),
  'crypto-list20': reading('crypto', () => `${crypto}?page=1`),
  'crypto-far': reading('crypto', ({ customers }) => {
    return `${crypto}?page=${Math.max(1, Math.floor((customers * 0.9) / 20))}`
  }),
  // One of all: as somebody types what stands on a letter.
  'crypto-search': reading('crypto', ({ customers }) => {
    return `${crypto}?search=ratto+${100 + Math.floor(Math.random() * (customers - 100))}`
  }),
  'bank-get': reading('banking', ({ ids }) => `${banking}/${pick(ids)}`),
  'bank-list20': reading('banking', () => `${banking}?status=ACTIVE`),
  'bank-far': reading('banking', ({ farCursor }) => `${banking}?status=ACTIVE&cursor=${farCursor}`),
}

export const formOf = (name: string): Form => present(name).form
export const isWrite = (name: string): boolean => writes.has(name)

const warmUpSeconds = 2

/** Ours and the floor one after the other, each warmed up, under the same load. */
export async function measure(name: string, plan: MeasurePlan): Promise<Measured> {
  const operation = present(name)
  const run = (server: BenchServer, seconds: number) =>
    applyLoad({
      url: server.url,
      connections: plan.connections,
      seconds,
      headers: {
        authorization: `Bearer ${plan.key}`,
        'x-api-key': plan.key,
        'content-type': 'application/json',
      },
      ...operation.plan({ ...plan, ids: server.ids }),
    })
  const runCosted = async (server: BenchServer) => {
    await run(server, warmUpSeconds)
    const cores = watchCpu({ both: [server.pid, ...(await plan.databasePids())] })
    const result = await run(server, plan.seconds)
    const { both = 0 } = cores()
    return { ...result, cpuMs: (both / result.requestsPerSecond) * 1_000 }
  }
  const floor = await runCosted(plan.floor)
  const ours = await runCosted(plan.ours)
  return { ours, floor }
}

export interface ExampleBodies {
  form: Form
  customer: string
  payout: string
  /** What stands beside the customer, kind by kind, where the form shows it. */
  parts: Record<string, string[]>
}

/** The bytes that our server answers, for the floor to answer the same. */
export async function readExamples(
  url: string,
  seeded: Seeded,
  form: Form,
): Promise<ExampleBodies> {
  const headers = {
    authorization: `Bearer ${seeded.key}`,
    'x-api-key': seeded.key,
    'content-type': 'application/json',
  }
  const id = seeded.ids[0] ?? ''
  const paths: Record<Form, string> = {
    payouts: `/payouts/customers/${id}`,
    orchestration: `${orchestration}/${id}`,
    crypto: `${crypto}/${seeded.activeIds[0] ?? ''}`,
    banking: `${banking}/${seeded.activeIds[0] ?? ''}`,
  }
  const customer = await fetch(url + paths[form], { headers })
  const body = newPayout(id)
  const payout = await fetch(`${url}/payouts/payouts`, { method: 'POST', headers, body })
  if (!customer.ok || !payout.ok) throw new Error('the examples were refused')
  const text = await customer.text()
  // What is stored is the record; the envelope around it is put on at the answer.
  const isBare = form === 'payouts' || form === 'banking'
  const record = isBare ? JSON.parse(text) : JSON.parse(text).data
  const { accounts = [], wallets = [], paymentIntents = [], invoices = [], ...own } = record
  const printed = (entries: unknown[]) => entries.map((entry) => JSON.stringify(entry))
  const activity = {
    wallets: printed(wallets),
    paymentIntents: printed(paymentIntents),
    invoices: printed(invoices),
  }
  const kinds = { crypto: activity, banking: { accounts: printed(accounts) } }
  const parts = form === 'crypto' || form === 'banking' ? kinds[form] : {}
  return { form, customer: JSON.stringify(own), payout: await payout.text(), parts }
}

export const operationNames = Object.keys(table)

function present(name: string): Operation {
  const operation = table[name]
  if (operation) return operation
  throw new Error(`no operation ${name}; known: ${Object.keys(table).join(', ')}`)
}

function pick(ids: string[]): string {
  return ids[Math.floor(Math.random() * ids.length)] ?? ''
}
