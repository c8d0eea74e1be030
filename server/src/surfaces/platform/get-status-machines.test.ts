// Owns the outcomes of GET /v1/status-machines.
import { expect, test } from 'vitest'
import { movers } from '../../core/machines.ts'
import { problem, problemOf, testConnections } from './test-connections.ts'

const connections = testConnections()
const get = (key?: string) =>
  connections.call('GET', '/status-machines', key === undefined ? {} : { key })

interface Machine {
  name: string
  states: { status: string; moves: { to: string; by: string }[]; permissions: object | null }[]
}

test('200: every machine by its name, with no state that cannot be named', async () => {
  const { status, json } = await get()
  const machines: Machine[] = json.data
  expect([status, json.has_more, json.next_cursor]).toEqual([200, false, null])
  expect(machines.map(({ name }) => name)).toEqual([
    'banking_customer',
    'account',
    'application',
    'onboarding',
    'registration',
    'payout',
    'payment_intent',
    'invoice',
    'subscription',
  ])
  for (const { name, states } of machines) {
    const names = new Set(states.map((one) => one.status))
    expect({ name, count: names.size }).toEqual({ name, count: states.length })
    for (const { to, by } of states.flatMap(({ moves }) => moves)) {
      expect({ name, to, isKnown: names.has(to) }).toEqual({ name, to, isKnown: true })
      expect(movers).toContain(by)
    }
  }
})

test('200: the table of a customer of the bank, as the product publishes it', async () => {
  const [machine]: Machine[] = (await get()).json.data
  const row = (update: boolean, transact: boolean, ...to: string[]) => ({
    moves: to.map((status) => ({ to: status, by: 'operator' })),
    permissions: { read: true, update, transact },
  })
  expect(machine?.states).toEqual([
    { status: 'ACTIVE', ...row(true, true, 'EDD', 'DORMANT', 'CLOSED', 'FROZEN') },
    { status: 'EDD', ...row(true, true, 'ACTIVE', 'CLOSED', 'FROZEN') },
    { status: 'PENDING', ...row(true, false, 'ACTIVE', 'CLOSED') },
    { status: 'FROZEN', ...row(true, false, 'ACTIVE', 'CLOSED', 'EDD') },
    { status: 'DORMANT', ...row(true, true, 'ACTIVE', 'CLOSED', 'EDD') },
    { status: 'CLOSED', ...row(false, false) },
  ])
})

test('200: an application is moved by the app as far as SUBMITTED, and then decided', async () => {
  const machines: Machine[] = (await get()).json.data
  const states = machines.find(({ name }) => name === 'application')?.states
  const movesOf = (status: string) => states?.find((one) => one.status === status)?.moves
  expect(movesOf('READY_FOR_SUBMISSION')).toEqual([
    { to: 'INCOMPLETE', by: 'system' },
    { to: 'SUBMITTED', by: 'app' },
  ])
  expect(new Set(movesOf('SUBMITTED')?.map(({ by }) => by))).toEqual(new Set(['operator']))
  expect(movesOf('APPROVED')).toEqual([])
})

test('403: a key of another surface', async () => {
  const { server } = connections
  const key = await server.createKey(server.testApp, ['banking:read'])
  expect(problemOf(await get(key))).toEqual(problem(403, 'scope_missing'))
})
