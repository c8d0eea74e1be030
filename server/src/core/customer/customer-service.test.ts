// Owns the outcomes of the customer service on a real database: records, events, races, tenants.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import { refused } from '../../../../test/refused.ts'
import { inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import { type Customer, customerErrors } from './customer.ts'
import { listCustomers } from './customer-list.ts'
import type { NewCustomer } from './customer-rules.ts'
import {
  createCustomer,
  getCustomer,
  holdCustomer,
  openDataKeys,
  requireCustomer,
  updateCustomer,
} from './customer-service.ts'

let server: TestServer
let context: Context
let otherApp: Context

beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
  otherApp = server.contextOf(server.liveApp)
})
afterAll(() => server.close())

const full = {
  kind: 'individual' as const,
  name: 'Gerardo Ratto',
  givenName: 'Gerardo',
  familyName: 'Ratto',
  email: 'gerardo@example.com',
  phone: '+5491123456789',
  document: { type: 'cuit', number: '20221370075', country: 'AR' },
  dateOfBirth: '1990-12-31',
  address: {
    line1: 'Avenida Corrientes 1234',
    line2: null,
    houseNumber: null,
    streetNumber: null,
    streetName: null,
    neighborhood: null,
    city: 'Buenos Aires',
    state: null,
    subdivision: null,
    postalCode: 'C1043AAZ',
  },
  country: 'AR',
  externalId: null,
  metadata: { internalUserId: 'USR-4421' },
}

const individual = (name: string, more: Partial<NewCustomer> = {}) =>
  createCustomer(context, { kind: 'individual', name, ...more })

async function countRows(): Promise<number[]> {
  const tables = ['customers', 'customer_lookups', 'events'] as const
  const count = async (table: (typeof tables)[number]) =>
    (await context.db.selectFrom(table).select('app_id').execute()).length
  return Promise.all(tables.map(count))
}

describe('creating', () => {
  test('answers the record, which reads back the same, with one event that says all of it', async () => {
    const created = await createCustomer(context, full)
    expect(created).toEqual({
      ...full,
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/),
      companyName: null,
      countryText: null,
      phoneParts: null,
      background: {},
      defaultBankAccountId: null,
      lastPayoutAt: null,
      onboardingStatus: 'NOT_STARTED',
      bankingStatus: null,
      roles: [],
      isSynced: false,
      syncedAt: null,
      version: 1,
      createdAt: expect.any(Number),
      updatedAt: created.createdAt,
    })
    expect(Math.abs(created.createdAt - context.clock.now())).toBeLessThan(60_000)
    expect(await getCustomer(context, created.id)).toEqual(created)
    const unset = { companyName: null, countryText: null, phoneParts: null, background: {} }
    expect(await historyOf(context, created.id)).toEqual([
      {
        version: 1,
        type: 'customer.created',
        actor: 'operator:test',
        changes: { ...full, ...unset },
      },
    ])
  })

  test('no personal value stands in any row', async () => {
    const { id } = await createCustomer(context, full)
    const where = { app_id: context.app.id, customer_id: id }
    const rows = [
      ...(await context.db.selectFrom('customers').selectAll().where('id', '=', id).execute()),
      ...(await selectOf('events', where)),
      ...(await selectOf('customer_lookups', where)),
    ]
    expect(rows).toHaveLength(1 + 1 + 3)
    const bytes = rows.flatMap((row) =>
      Object.values(row).map((value) =>
        value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value)),
      ),
    )
    const secrets = ['Gerardo', 'Ratto', 'gerardo@example.com', '5491123456789', '20221370075']
    for (const secret of [...secrets, '1990-12-31', 'Corrientes', 'C1043AAZ', 'USR-4421']) {
      expect(bytes.some((value) => value.includes(secret))).toBe(false)
    }
  })

  test('a field that breaks a rule writes nothing', async () => {
    const before = await countRows()
    expect((await refused(() => individual('Ana', { email: 'ana' }))).param).toBe('email')
    expect(await countRows()).toEqual(before)
  })

  test('what fails later in the same transaction takes the customer with it', async () => {
    const before = await countRows()
    const doomed = inTransaction(context, async (tx) => {
      await createCustomer(tx, full)
      throw new Error('later')
    })
    await expect(doomed).rejects.toThrow('later')
    expect(await countRows()).toEqual(before)
  })

  test('of 20 creators with one external id one wins, the others write nothing', async () => {
    const before = await countRows()
    const attempts = Array.from({ length: 20 }, (_, at) =>
      individual(`Creator ${at}`, { externalId: 'raced', email: `creator${at}@example.com` }),
    )
    const results = await Promise.allSettled(attempts)
    const refusals = results.filter((result) => result.status === 'rejected')
    expect(refusals).toHaveLength(19)
    for (const { reason } of refusals) {
      expect(reason).toMatchObject({
        definition: customerErrors.external_id_taken,
        param: 'externalId',
      })
    }
    expect(await countRows()).toEqual(before.map((count) => count + 1))
  })

  test('an external id is unique within an app, not across apps', async () => {
    await individual('Here', { externalId: 'shared' })
    const there = { kind: 'individual' as const, name: 'There', externalId: 'shared' }
    expect(await createCustomer(otherApp, there)).toMatchObject({ externalId: 'shared' })
  })
})

describe("another app's customer looks missing", () => {
  const missing = { definition: customerErrors.customer_not_found, param: undefined }
  const unknownId = '01890a5d-ac96-774b-bcce-b302099a8057'
  const uses: [string, (id: string) => Promise<unknown>][] = [
    ['getting', (id) => getCustomer(otherApp, id)],
    ['updating', (id) => updateCustomer(otherApp, id, { name: 'Mine now' })],
    ['holding', (id) => inTransaction(otherApp, (tx) => holdCustomer(tx, id))],
    ['requiring', (id) => requireCustomer(otherApp, id)],
  ]

  test.each(uses)('to %s', async (_what, use) => {
    const { id } = await individual('Hidden')
    const refusals = [await refused(() => use(id)), await refused(() => use(unknownId))]
    for (const refusal of refusals) expect(refusal).toMatchObject(missing)
    expect(refusals[0]?.message).toBe(refusals[1]?.message)
    expect(await getCustomer(context, id)).toMatchObject({ name: 'Hidden', version: 1 })
  })

  test('to opening keys', async () => {
    const { id } = await individual('Hidden')
    expect([...(await openDataKeys(otherApp, [id, unknownId])).keys()]).toEqual([])
    expect([...(await openDataKeys(context, [id, unknownId])).keys()]).toEqual([id])
  })

  test('to listing, and as a cursor', async () => {
    const { id } = await individual('Hidden')
    const listed = await listCustomers(otherApp, { limit: 200, startingAfter: null })
    expect(listed.map((customer) => customer.id)).not.toContain(id)
    expect(
      await refused(() => listCustomers(otherApp, { limit: 1, startingAfter: id })),
    ).toMatchObject({ definition: customerErrors.customer_cursor_unknown, param: 'startingAfter' })
  })
})

describe('listing', () => {
  const pageFrom = (startingAfter: string | null, limit = 2) =>
    listCustomers(context, { limit, startingAfter })
  const namesOf = (page: Customer[]) => page.map((customer) => customer.name)

  test('is newest first, and a page neither skips nor repeats when others are created', async () => {
    for (const name of ['L1', 'L2', 'L3', 'L4']) await individual(name)
    const first = await pageFrom(null)
    expect(namesOf(first)).toEqual(['L4', 'L3'])
    await individual('L5')
    const second = await pageFrom(first[1]?.id ?? null)
    expect(namesOf(second)).toEqual(['L2', 'L1'])
    expect(namesOf(await pageFrom(null, 1))).toEqual(['L5'])
  })

  test('a cursor that is no customer is refused', async () => {
    const cursor = '01890a5d-ac96-774b-bcce-b302099a8057'
    expect(await refused(() => pageFrom(cursor))).toMatchObject({
      definition: customerErrors.customer_cursor_unknown,
      param: 'startingAfter',
    })
  })
})

function selectOf(
  table: 'events' | 'customer_lookups',
  where: { app_id: string; customer_id: string },
): Promise<object[]> {
  return context.db
    .selectFrom(table)
    .selectAll()
    .where('app_id', '=', where.app_id)
    .where('customer_id', '=', where.customer_id)
    .execute()
}
