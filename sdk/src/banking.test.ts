// Owns the proof that the banking client and the real server mean the same.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findCaller } from '../../server/src/core/apps/app-service.ts'
import { printId } from '../../server/src/lib/id.ts'
import { startTestServer, type TestServer } from '../../test/harness.ts'
import {
  ApiError,
  type Banking,
  type BankingClient,
  createBankingClient,
  type Result,
} from './index.ts'

let server: TestServer
let client: BankingClient
beforeAll(async () => {
  server = await startTestServer()
  client = await clientOf()
})
afterAll(() => server.close())

async function clientOf(scope?: string): Promise<BankingClient> {
  const caller = await findCaller(server.system, server.key)
  return createBankingClient({
    clientId: printId('key', caller?.key.id ?? ''),
    clientSecret: server.key,
    baseUrl: `${server.url}/banking`,
    ...(scope === undefined ? {} : { scope }),
  })
}

function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw result.error
}

function refusalOf(result: Result<unknown>): ApiError {
  if (!result.ok && result.error instanceof ApiError) return result.error
  throw new Error('the server did not refuse')
}

const address = {
  line1: '123 Main St',
  city: 'New York',
  state: 'NY',
  postal_code: '10001',
  country: 'US',
}
const john = {
  first_name: 'John',
  last_name: 'Doe',
  date_of_birth: '1990-01-15',
  address,
}

async function upload(documents: Banking.Document[]): Promise<void> {
  for (const { id } of documents) {
    const form = new FormData()
    form.append('file', new File(['%PDF-1.7\n%%EOF\n'], 'passport.pdf'))
    form.append('description', 'passport')
    expect(unwrap(await client.applications.uploadDocument(id, form)).status).toBe('UPLOADED')
  }
}

async function approve(id: string): Promise<string> {
  const body = { decision: 'approve', reason: 'in order' }
  const decided = await server.call('POST', `/v1/applications/${id}/decision`, { body })
  expect(decided.status).toBe(200)
  return decided.json.customer_id
}

async function customerOf(email: string): Promise<string> {
  const made = unwrap(
    await client.applications.create({
      type: 'INDIVIDUAL',
      email,
      terms_and_conditions_accepted: true,
      individual: john,
    }),
  )
  await upload(made.documents)
  unwrap(await client.applications.submit(made.id))
  return approve(made.id)
}

describe('a person', () => {
  test('applies, is approved, and is read and changed', async () => {
    const id = await customerOf('john@example.com')
    const read = unwrap(await client.customers.retrieve(id))
    expect(read).toMatchObject({ type: 'INDIVIDUAL', status: 'ACTIVE', individual: john })
    expect(read.accounts.map(({ currency }) => currency)).toEqual(['USD'])
    const email = 'john.new@example.com'
    expect(unwrap(await client.customers.update(id, { email }))).toMatchObject({ id, email })
    expect(refusalOf(await client.individuals.retrieve(id, id)).code).toBe('NOT_FOUND')
  })

  test('whose application lacks something is told all of it', async () => {
    const made = unwrap(
      await client.applications.create({ type: 'INDIVIDUAL', email: 'late@example.com' }),
    )
    const status = unwrap(await client.applications.status(made.id))
    expect(status.application_errors).toContain('TERMS_AND_CONDITIONS_NOT_ACCEPTED')
    const refused = refusalOf(await client.applications.submit(made.id))
    expect([refused.status, refused.code]).toEqual([409, 'CONFLICT'])
    const changed = await client.applications.update(made.id, { individual: john })
    expect(unwrap(changed)).toMatchObject({ individual: john, status: 'INCOMPLETE' })
    expect(unwrap(await client.applications.retrieve(made.id)).individual).toMatchObject(john)
  })
})

test('a company applies with its people, who are read and changed behind it', async () => {
  const made = unwrap(
    await client.applications.create({
      type: 'CORPORATION',
      email: 'contact@acmecorp.com',
      terms_and_conditions_accepted: true,
      corporation: {
        legal_name: 'Acme Corp',
        registration_number: 'C-1',
        tax_id: '12-3456789',
        address,
      },
    }),
  )
  const person = { first_name: 'Jane', last_name: 'Smith', date_of_birth: '1980-01-01', address }
  const add = (role: Banking.NewIndividual['role'], more: object) =>
    client.applications.addIndividual(made.id, { role, ...person, ...more })
  const controller = unwrap(await add('CONTROL_PERSON', {}))
  unwrap(await add('BENEFICIAL_OWNER', { ownership_percentage: 60 }))
  const tooMuch = refusalOf(await add('BENEFICIAL_OWNER', { ownership_percentage: 60 }))
  expect([tooMuch.status, tooMuch.param]).toEqual([400, 'ownership_percentage'])
  const officer = unwrap(await add('OFFICER', {}))
  expect(unwrap(await client.applications.removeIndividual(made.id, officer.id))).toBeNull()
  const changes = { email: 'jane@acmecorp.com' }
  const changed = await client.applications.updateIndividual(made.id, controller.id, changes)
  expect(unwrap(changed).email).toBe('jane@acmecorp.com')
  await upload(unwrap(await client.applications.retrieve(made.id)).documents)
  unwrap(await client.applications.submit(made.id))
  const id = await approve(made.id)
  const company = unwrap(await client.customers.retrieve(id))
  expect(company.corporation?.legal_name).toBe('Acme Corp')
  expect(company.individuals?.map(({ role }) => role)).toEqual([
    'CONTROL_PERSON',
    'BENEFICIAL_OWNER',
  ])
  const jane = unwrap(await client.individuals.retrieve(id, controller.id))
  expect(jane).toMatchObject({ first_name: 'Jane', email: 'jane@acmecorp.com' })
  const phone = '+14155552671'
  unwrap(await client.individuals.update(id, controller.id, { phone }))
  expect(unwrap(await client.individuals.retrieve(id, controller.id)).phone).toBe(phone)
})

test('accounts are opened, named, listed and read', async () => {
  const customer_id = await customerOf('saver@example.com')
  const opened = unwrap(
    await client.accounts.create({ customer_id, type: 'DEPOSIT', currency: 'EUR' }),
  )
  const named = unwrap(await client.accounts.update(opened.id, { nickname: 'Savings' }))
  expect(named).toMatchObject({ id: opened.id, currency: 'EUR', nickname: 'Savings' })
  expect(unwrap(await client.accounts.retrieve(opened.id))).toEqual(named)
  const currencies: string[] = []
  for await (const { currency } of client.accounts.list({ customer_id, limit: 1 })) {
    currencies.push(currency)
  }
  expect(currencies).toEqual(['EUR', 'USD'])
})

test('lists are walked by their cursors', async () => {
  await customerOf('walker@example.com')
  const seen = new Set<string>()
  for await (const { id } of client.customers.list({ limit: 1 })) seen.add(id)
  const { data } = unwrap(await client.customers.list({ limit: 100 }))
  expect([...seen]).toEqual(data.map(({ id }) => id))
  expect(seen.size).toBeGreaterThan(1)
  const pages: number[] = []
  for await (const page of client.applications.list({ status: 'APPROVED', limit: 1 }).pages()) {
    pages.push(page.data.length)
  }
  expect(pages.length).toBe(seen.size)
})

test('a token has the scopes that were asked for, and no others', async () => {
  const reader = await clientOf('customers:read')
  expect((await reader.customers.list()).ok).toBe(true)
  const refused = refusalOf(await reader.applications.list())
  expect([refused.status, refused.code]).toEqual([403, 'FORBIDDEN'])
  expect(refused.message).toContain('applications:read')
  const unknown = refusalOf(await (await clientOf('everything')).customers.list())
  expect(unknown.status).toBe(400)
})

test('a wrong secret is in no error', async () => {
  const options = { clientId: 'key_01h455vb4pex5vsknk084sn02q', clientSecret: 'sk_test_wrong' }
  const other = createBankingClient({ ...options, baseUrl: `${server.url}/banking` })
  const refused = refusalOf(await other.customers.list())
  expect([refused.status, refused.code]).toEqual([401, 'UNAUTHORIZED'])
  const shown = JSON.stringify([refused.message, refused.body])
  expect(shown).not.toContain('sk_test_wrong')
})
