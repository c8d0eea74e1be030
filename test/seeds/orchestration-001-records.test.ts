// Owns the second half of the proof of the orchestration page "Customers" (001), from balance on.
import { describe, expect, test } from 'vitest'
import { onboardingStatuses } from '../../server/src/core/customer/onboarding.ts'
import { depositInSandbox } from '../../server/src/providers/sandbox/sandbox.ts'
import { orchestration001Examples as page } from './orchestration-001-examples.ts'
import {
  argumentOf,
  exampleCustomer,
  isOk,
  orchestrationServer,
  pdf,
  requestFields,
  twelveStatuses,
} from './orchestration-server.ts'

const customers = orchestrationServer()
const newId = async (fields: object = {}): Promise<string> =>
  (await customers.create({ ...exampleCustomer, ...fields })).json.data.id

describe('Get customer balance', () => {
  test('the example: each account, its provider, and each total with amount and pending', async () => {
    const id = await customers.register('stripe', 'connected_account')
    const { server } = customers
    const { json } = await server.call('GET', `/v1/customers/${id}/registrations`)
    const { database, vault } = server.system
    const parts = { database, vault, clock: server.clock }
    const remoteId: string = json.data[0].provider_customer_id
    const mine = { appId: server.testApp.id, connectionId: null, mode: 'test' as const }
    const connection = { ...mine, baseUrl: null, credentials: {}, mayReplaceLegalAddress: false }
    const deposit = { remoteId, currency: 'USD', available: 12_345, pending: 678 }
    await depositInSandbox(parts, connection, deposit)
    const answer = await customers.balance(id, JSON.parse(argumentOf(page.balance)))
    expect(isOk(answer)).toBe(true)
    const [balance] = answer.json.data.balances
    expect(balance).toMatchObject({ account_id: remoteId, provider: 'stripe' })
    expect(balance.totals).toMatchObject([{ currency: 'USD', amount: 12_345, pending: 678 }])
  })

  test.each(['connected_account', 'customer'])(
    'role: "%s" is asked for by itself',
    async (role) => {
      const id = await customers.register('stripe', role)
      const other = role === 'customer' ? 'connected_account' : 'customer'
      const ok = await customers.balance(id, { provider: 'stripe', role })
      expect([ok.status, ok.json.data.filters.role]).toEqual([200, role])
      expect((await customers.balance(id, { provider: 'stripe', role: other })).status).toBe(404)
    },
  )

  test('provider: the one to check the balance for, and no other', async () => {
    const id = await customers.register('stripe', 'customer')
    const ok = await customers.balance(id, { provider: 'stripe', role: 'customer' })
    expect(ok.json.data.filters.provider).toBe('stripe')
    expect((await customers.balance(id, { provider: 'bridge', role: 'customer' })).status).toBe(404)
  })

  test.each(['provider', 'role'])('%s is required', async (field) => {
    const id = await customers.register()
    const filter = { provider: 'stripe', role: 'customer' }
    const { [field as 'role']: _left, ...rest } = filter
    const answer = await customers.balance(id, rest)
    expect([answer.status, answer.json.errors[0].field]).toEqual([400, field])
  })
})

describe('Request fields', () => {
  const others = requestFields.filter(([name]) => name !== 'email')

  test('"All fields except email are optional on create"', async () => {
    expect((await customers.create({ email: 'bob@example.com' })).status).toBe(201)
    const answer = await customers.create(Object.fromEntries(others))
    expect([answer.status, answer.json.errors[0].field]).toEqual([400, 'email'])
  })

  test('"On update, all fields are optional"', async () => {
    const id = await newId()
    expect((await customers.update(id, {})).status).toBe(200)
    for (const [name, value] of requestFields) {
      const body = name === 'document_number' ? { [name]: '42' } : { [name]: value }
      expect([name, (await customers.update(await newId(), body)).status]).toEqual([name, 200])
    }
  })

  test.each(requestFields)('%s: a string such as %s (%s)', async (name, value) => {
    const created = await customers.create({ email: 'bob@example.com', [name]: value })
    expect([created.status, created.json.data[name]]).toEqual([201, value])
    const id = await newId({ country_code: null })
    const updated = await customers.update(id, { [name]: value })
    expect([updated.status, updated.json.data[name]]).toEqual([200, value])
    expect((await customers.create({ email: 'bob@example.com', [name]: 7 })).status).toBe(400)
  })

  test.each(['personal_tax_id', 'company_tax_id'])('document_type: "%s"', async (type) => {
    const answer = await customers.create({ email: 'bob@example.com', document_type: type })
    expect([answer.status, answer.json.data.document_type]).toEqual([201, type])
  })

  test('document_type: nothing that is not known', async () => {
    const answer = await customers.create({ email: 'bob@example.com', document_type: 'dni' })
    expect([answer.status, answer.json.errors[0].field]).toEqual([400, 'document_type'])
  })
})

describe('Upload files', () => {
  test('the example: "identity documents, proof of address", with what was uploaded in data', async () => {
    const id = await newId()
    for (const value of ['PASSPORT', 'ADDRESS_PROOF']) {
      const answer = await customers.uploadFiles(id, [pdf, { name: 'file_type', value }])
      expect([answer.status, isOk(answer)]).toEqual([201, true])
      expect(answer.json.data).toMatchObject([{ name: 'passport.pdf', file_type: value }])
    }
  })

  test('"multipart form data": nothing else is taken', async () => {
    const id = await newId()
    const { key } = customers.server
    const options = { key, body: { file: 'x' } }
    const path = `/orchestration/api/v1/customers/${id}/files`
    expect((await customers.server.call('POST', path, options)).status).toBe(415)
  })
})

test('Get files: the example reads id and name of each file', async () => {
  const id = await newId()
  const uploaded = await customers.uploadFiles(id, [pdf])
  const answer = await customers.getFiles(id)
  expect(isOk(answer)).toBe(true)
  expect(answer.json.data).toEqual(uploaded.json.data)
  const [{ id: fileId, name }] = answer.json.data
  expect([fileId, name]).toEqual([expect.stringMatching(/^file_/), 'passport.pdf'])
})

test('Populate platform: the example needs the id alone', async () => {
  const answer = await customers.populatePlatform(await customers.register())
  expect([answer.status, isOk(answer)]).toEqual([200, true])
  expect(answer.json.data).toMatchObject([{ provider: 'stripe', status: 'approved' }])
})

describe('Customer status values', () => {
  test('"one of 12 possible status values"', () => {
    expect([...onboardingStatuses]).toEqual(twelveStatuses)
    expect(new Set(twelveStatuses).size).toBe(12)
  })

  test('"throughout their lifecycle": it moves with the registrations', async () => {
    const id = await newId()
    const statusNow = async () => (await customers.get(id)).json.data.status
    expect(await statusNow()).toBe('NOT_STARTED')
    await customers.populatePlatform(id, { provider: 'stripe', target_role: 'customer' })
    expect(await statusNow()).toBe('PENDING')
    await customers.server.drainJobs()
    expect(await statusNow()).toBe('APPROVED')
  })
})

describe('Response data', () => {
  const system = [
    ...['id', 'customer_id', 'customer_wallet', 'trading_wallet', 'account_type'],
    ...['additional_info', 'synced', 'synced_at'],
  ]
  const address = [
    ...['house_number', 'street_number', 'street_name', 'postal_code', 'city', 'state'],
    ...['subdivision', 'neighborhood'],
  ]
  const all = [...requestFields.map(([name]) => name), ...system, ...address]

  test.each(all)('it includes %s, set or not', async (name) => {
    const bare = await customers.create({ email: 'bob@example.com' })
    const { data } = (await customers.get(bare.json.data.id)).json
    expect(Object.keys(data)).toContain(name)
    expect(Object.keys(bare.json.data)).toContain(name)
  })

  test('id and customer_id are the same value', async () => {
    const { data } = (await customers.create(exampleCustomer)).json
    expect(data.customer_id).toBe(data.id)
  })

  test('synced and synced_at: not yet, then when', async () => {
    const before = (await customers.create(exampleCustomer)).json.data
    expect([before.synced, before.synced_at]).toEqual([false, null])
    const after = (await customers.get(await customers.register())).json.data
    expect([after.synced, Number.isNaN(Date.parse(after.synced_at))]).toEqual([true, false])
  })

  test('the rest of the fields is shown as it was given', async () => {
    const given = {
      customer_wallet: '0x52908400098527886E0F7030069857D2E4169EE7',
      trading_wallet: '0x8617E340B3D01FA5F11F306F4090FD50E238070D',
      account_type: 'checking',
      additional_info: { plan: 'gold' },
      ...Object.fromEntries(address.map((name) => [name, `a ${name}`])),
    }
    expect((await customers.create({ ...exampleCustomer, ...given })).json.data).toMatchObject(
      given,
    )
  })
})
