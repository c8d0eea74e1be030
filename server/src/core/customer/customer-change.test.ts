// Owns the outcomes of changing and finding customers on a real database.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import { refused } from '../../../../test/refused.ts'
import { inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import { customerErrors } from './customer.ts'
import { findCustomersBy } from './customer-list.ts'
import type { CustomerChanges, NewCustomer } from './customer-rules.ts'
import {
  createCustomer,
  getCustomer,
  holdCustomer,
  recordChange,
  updateCustomer,
} from './customer-service.ts'

let server: TestServer
let context: Context

beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())

const individual = (name: string, more: Partial<NewCustomer> = {}) =>
  createCustomer(context, { kind: 'individual', name, ...more })

/** The events after the first, without who and when. */
async function changesOf(id: string): Promise<object[]> {
  const [, ...later] = await historyOf(context, id)
  return later.map(({ version, type, changes }) => ({ version, type, changes }))
}

describe('changing', () => {
  test('each change is one event with the values that changed, and nothing else', async () => {
    const { id, createdAt } = await individual('Ana', { email: 'ana@example.com' })
    server.clock.advance(5_000)
    const changed = await updateCustomer(context, id, { name: 'Ana', phone: '+5491123456789' })
    expect(changed).toMatchObject({ version: 2, createdAt, phone: '+5491123456789' })
    expect(changed.updatedAt).toBeGreaterThanOrEqual(createdAt + 5_000)
    await updateCustomer(context, id, { email: null, country: 'AR' })
    await updateCustomer(context, id, { givenName: 'Ana', familyName: 'Paz' })
    await updateCustomer(context, id, { name: 'A. Paz' })
    const type = 'customer.updated'
    expect(await changesOf(id)).toEqual([
      { version: 2, type, changes: { phone: '+5491123456789' } },
      { version: 3, type, changes: { email: null, country: 'AR' } },
      { version: 4, type, changes: { givenName: 'Ana', familyName: 'Paz', name: 'Ana Paz' } },
      { version: 5, type, changes: { givenName: null, familyName: null, name: 'A. Paz' } },
    ])
    expect(await getCustomer(context, id)).toMatchObject({
      country: 'AR',
      name: 'A. Paz',
      givenName: null,
      familyName: null,
      email: null,
      version: 5,
    })
  })

  test.each<[string, CustomerChanges]>([
    ['nothing', {}],
    ['the values that stand', { name: 'Ana Paz', email: 'ana@example.com', country: null }],
    ['a phone in another spelling', { phone: '+54 9 11 2345-6789' }],
    ['metadata in another order', { metadata: { b: '2', a: '1' } }],
  ])('%s is no event', async (_what, changes) => {
    const before = await individual('Ana Paz', {
      email: 'ana@example.com',
      phone: '+5491123456789',
      metadata: { a: '1', b: '2' },
    })
    server.clock.advance(1_000)
    expect(await updateCustomer(context, before.id, changes)).toEqual(before)
    expect(await getCustomer(context, before.id)).toEqual(before)
    expect(await changesOf(before.id)).toEqual([])
  })

  test('a change that breaks a rule, or comes to nothing later, leaves the record', async () => {
    const before = await individual('Ana', { email: 'stays@example.com' })
    const bad = { name: 'Eva', email: 'no' }
    expect((await refused(() => updateCustomer(context, before.id, bad))).param).toBe('email')
    const doomed = inTransaction(context, async (tx) => {
      await updateCustomer(tx, before.id, { email: 'gone@example.com' })
      throw new Error('later')
    })
    await expect(doomed).rejects.toThrow('later')
    expect(await getCustomer(context, before.id)).toEqual(before)
    expect(await changesOf(before.id)).toEqual([])
    expect(await findCustomersBy(context, 'email', 'stays@example.com')).toEqual([before])
    expect(await findCustomersBy(context, 'email', 'gone@example.com')).toEqual([])
  })

  test('a stored reply is told of the customer that changed, and of none that did not', async () => {
    const told: string[] = []
    const listening: Context = { ...context, touched: ({ customerId }) => told.push(customerId) }
    const { id } = await createCustomer(listening, { kind: 'individual', name: 'Ana' })
    await updateCustomer(listening, id, { name: 'Ana' })
    await updateCustomer(listening, id, { name: 'Eva' })
    expect(told).toEqual([id, id])
  })

  test('what a facet records is history; only the customer’s own fields are set', async () => {
    const { id } = await individual('Ana')
    const changes = { lastPayoutAt: 7, payout: { id: 'p' } }
    await inTransaction(context, async (tx) =>
      recordChange(tx, await holdCustomer(tx, id), { type: 'customer.payout.accepted', changes }),
    )
    expect(await changesOf(id)).toEqual([{ version: 2, type: 'customer.payout.accepted', changes }])
    const after = await getCustomer(context, id)
    expect(after).toMatchObject({ lastPayoutAt: 7, name: 'Ana', version: 2 })
    expect(after).not.toHaveProperty('payout')
  })
})

describe('changing at the same time', () => {
  test('50 changes of one customer: no version is missing and no change is lost', async () => {
    const { id } = await individual('Raced')
    const changes = Array.from(
      { length: 50 },
      (_, at): CustomerChanges =>
        at % 2 === 0 ? { email: `r${at}@example.com` } : { externalId: `raced-${at}` },
    )
    await Promise.all(changes.map((change) => updateCustomer(context, id, change)))
    const history = await historyOf(context, id)
    expect(history.map((fact) => fact.version)).toEqual(
      Array.from({ length: 51 }, (_, at) => at + 1),
    )
    const said = history.slice(1).map((fact) => JSON.stringify(fact.changes))
    expect(said.sort()).toEqual(changes.map((change) => JSON.stringify(change)).sort())
    const replayed = Object.assign({}, ...history.map((fact) => fact.changes))
    const after = await getCustomer(context, id)
    expect(after).toMatchObject({ ...replayed, version: 51 })
    expect(await findCustomersBy(context, 'email', String(after.email))).toEqual([after])
    const found = await Promise.all(
      changes
        .filter(({ email }) => email && email !== after.email)
        .map(({ email }) => findCustomersBy(context, 'email', String(email))),
    )
    expect(found.flat()).toEqual([])
  })

  test('of 20 customers that take one external id, one has it and 19 are refused', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, (_, at) => individual(`Taker ${at}`)))
    const results = await Promise.allSettled(
      made.map(({ id }) => updateCustomer(context, id, { externalId: 'wanted' })),
    )
    const refusals = results.filter((result) => result.status === 'rejected')
    expect(refusals.map(({ reason }) => reason.definition ?? reason)).toEqual(
      Array.from({ length: 19 }, () => customerErrors.external_id_taken),
    )
    const after = await Promise.all(made.map(({ id }) => getCustomer(context, id)))
    expect(after.filter((customer) => customer.externalId === 'wanted')).toHaveLength(1)
    for (const { id } of made) await historyOf(context, id)
  })

  test('an external id that another customer has is refused; the own one is no change', async () => {
    const holder = await individual('Holder', { externalId: 'held' })
    const other = await individual('Other')
    expect(
      await refused(() => updateCustomer(context, other.id, { externalId: 'held' })),
    ).toMatchObject({ definition: customerErrors.external_id_taken, param: 'externalId' })
    expect(await updateCustomer(context, holder.id, { externalId: 'held' })).toEqual(holder)
    await updateCustomer(context, holder.id, { externalId: null })
    expect(await updateCustomer(context, other.id, { externalId: 'held' })).toMatchObject({
      externalId: 'held',
    })
  })
})

describe('finding', () => {
  const document = { type: 'cpf', number: '529.982.247-25', country: 'BR' }

  test('is by the normal form, within the app only', async () => {
    const made = await individual('Found', {
      email: 'Found@Example.com',
      phone: '+14155552671',
      document,
    })
    const otherApp = server.contextOf(server.liveApp)
    for (const [field, value] of [
      ['email', 'fOUND@example.COM'],
      ['phone', '+1 (415) 555-2671'],
      ['document', '52998224725'],
    ] as const) {
      expect(await findCustomersBy(context, field, value)).toEqual([made])
      expect(await findCustomersBy(otherApp, field, value)).toEqual([])
    }
    expect(await findCustomersBy(context, 'email', 'found@example.co')).toEqual([])
  })

  test('follows every change: the old value no longer finds, the new one does', async () => {
    const first = { email: 'old@example.com', phone: '+442079460958' }
    const { id } = await individual('Moves', first)
    const find = async (field: 'email' | 'phone' | 'document', value: string) =>
      (await findCustomersBy(context, field, value)).map((customer) => customer.id)
    await updateCustomer(context, id, { email: 'new@example.com', name: 'Moved' })
    expect(await find('email', 'old@example.com')).toEqual([])
    expect(await find('email', 'new@example.com')).toEqual([id])
    expect(await find('phone', '+442079460958')).toEqual([id])
    await updateCustomer(context, id, {
      phone: null,
      document: { ...document, number: '00000000191' },
    })
    expect(await find('phone', '+442079460958')).toEqual([])
    expect(await find('document', '000.000.001-91')).toEqual([id])
    await updateCustomer(context, id, { email: 'old@example.com' })
    expect(await find('email', 'old@example.com')).toEqual([id])
    expect(await find('email', 'new@example.com')).toEqual([])
  })

  test('leaves no trace of a value that is gone', async () => {
    const { id } = await individual('Traced', { email: 'one@example.com', phone: '+14155552671' })
    const fieldsOf = async () => {
      const rows = await context.db
        .selectFrom('customer_lookups')
        .select('field')
        .where('app_id', '=', context.app.id)
        .where('customer_id', '=', id)
        .orderBy('field')
        .execute()
      return rows.map((row) => row.field)
    }
    expect(await fieldsOf()).toEqual(['email', 'phone'])
    await updateCustomer(context, id, { email: 'two@example.com', document })
    expect(await fieldsOf()).toEqual(['document', 'email', 'phone'])
    await updateCustomer(context, id, { email: null, phone: null, document: null })
    expect(await fieldsOf()).toEqual([])
  })

  test('answers every customer with the value, newest first', async () => {
    const email = 'family@example.com'
    const [older, newer] = [
      await individual('Older', { email }),
      await individual('Newer', { email }),
    ]
    expect(await findCustomersBy(context, 'email', email)).toEqual([newer, older])
    await updateCustomer(context, newer.id, { email: null })
    expect(await findCustomersBy(context, 'email', email)).toEqual([older])
  })
})
