// Owns the proof that the platform client and the real server mean the same by operators' acts.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applicationAs } from '../../server/src/core/applications/testing/application-samples.ts'
import { createKey } from '../../server/src/core/apps/app-service.ts'
import { makePdf } from '../../server/src/core/files/testing/file-samples.ts'
import { createPayout } from '../../server/src/core/payouts/payout-service.ts'
import { submitRegistration } from '../../server/src/core/registrations/registration-service.ts'
import { parseId, printId } from '../../server/src/lib/id.ts'
import { makeBankingCustomer } from '../../test/banking-customers.ts'
import { acceptingProviderUrl } from '../../test/examples/accepting-provider.ts'
import { startTestServer, type TestServer } from '../../test/harness.ts'
import { historyOf } from '../../test/history.ts'
import { createPlatformClient, type PlatformClient, type PlatformClientOptions } from './index.ts'
import { refusalOf, shortOf, unwrap } from './testing/results.ts'

const reason = 'Agreed by telephone'
let server: TestServer
let platform: PlatformClient
const context = () => server.contextOf(server.testApp)
const clientOf = (apiKey: string, more: Partial<PlatformClientOptions> = {}) =>
  createPlatformClient({
    apiKey,
    baseUrl: `${server.url}/v1`,
    retryOptions: { wait: async () => {} },
    ...more,
  })
beforeAll(async () => {
  server = await startTestServer()
  platform = clientOf(server.key, { operator: 'ana.gomez' })
})
afterAll(() => server.close())

async function newPayout(): Promise<string> {
  const target = { cbu: '0070327530004025541644', name: null, cuit: null, customerId: null }
  const made = await createPayout(context(), { amount: '1.00', currency: 'ARS', ...target })
  return printId('payout', made.id)
}

describe('a banking customer', () => {
  test('is moved, with reason and operator in the history', async () => {
    const { customerId } = await makeBankingCustomer(context())
    const moved = unwrap(
      await platform.customers.moveStatus(customerId, { status: 'FROZEN', reason }),
    )
    expect(moved).toMatchObject({ id: customerId, status: 'FROZEN' })
    expect(moved.moves).toContain('ACTIVE')
    const [fact] = (await historyOf(context(), parseId('customer', customerId) ?? '')).slice(-1)
    expect(fact?.type).toBe('customer.banking_status.changed')
    expect(fact?.actor).toMatch(/^key:[0-9a-f-]{36} operator:ana\.gomez$/)
    const stale = await platform.customers.moveStatus(customerId, {
      status: 'CLOSED',
      reason,
      from: 'ACTIVE',
    })
    expect(shortOf(stale)).toEqual([409, 'customer_status_refused'])
  })

  test('an operator whose name the server does not take is told so, and nothing is done', async () => {
    const { customerId } = await makeBankingCustomer(context())
    const nameless = clientOf(server.key, { operator: 'a:b' })
    const refused = await nameless.customers.moveStatus(customerId, { status: 'FROZEN', reason })
    expect(shortOf(refused)).toEqual([400, 'operator_name_malformed'])
    const { banking_status } = unwrap(await platform.customers.retrieve(customerId))
    expect(banking_status).toBe('ACTIVE')
  })
})

describe('connections and registrations', () => {
  test('a connection is saved, read, tested, listed and removed', async () => {
    const base_url = await acceptingProviderUrl()
    const credentials = { api_key: 'sk-test-S3cr3t' }
    const saved = unwrap(await platform.connections.save('bridge', { credentials, base_url }))
    expect(saved).toMatchObject({ provider: 'bridge', base_url, credentials: ['api_key'] })
    expect(JSON.stringify(saved)).not.toContain('S3cr3t')
    expect(unwrap(await platform.connections.retrieve('bridge'))).toEqual(saved)
    const tested = unwrap(await platform.connections.test('bridge'))
    expect({ ...tested, checked_at: saved.checked_at }).toEqual({
      ...saved,
      updated_at: tested.updated_at,
    })
    expect(unwrap(await platform.connections.list()).data.map(({ id }) => id)).toEqual([saved.id])
    const removed = unwrap(await platform.connections.remove('bridge'))
    expect(removed).toEqual({ id: saved.id, provider: 'bridge', removed: true })
    expect(shortOf(await platform.connections.test('bridge'))).toEqual([
      404,
      'connection_not_found',
    ])
  })

  test('a provider that cannot be reached is told apart from wrong input', async () => {
    const base_url = 'http://127.0.0.1:9'
    const away = await platform.connections.save('bridge', {
      credentials: { api_key: 'sk-test-S3cr3t' },
      base_url,
    })
    expect(shortOf(away)).toEqual([502, 'provider_unavailable'])
    const unnamed = refusalOf(await platform.connections.save('bridge', { credentials: {} }))
    expect([unnamed.status, unnamed.code]).toEqual([422, 'field_invalid'])
  })

  test('a registration is listed, and moved along its machine', async () => {
    const base_url = await acceptingProviderUrl()
    const credentials = { access_token: 'APP_USR-example' }
    unwrap(await platform.connections.save('mercado_pago', { credentials, base_url }))
    const { id } = unwrap(await platform.customers.create({ kind: 'individual', name: 'Ana' }))
    const uuid = parseId('customer', id) ?? ''
    await submitRegistration(context(), uuid, { provider: 'mercado_pago', role: 'customer' })
    const [listed] = unwrap(await platform.customers.registrations(id)).data
    expect(listed).toMatchObject({ provider: 'mercado_pago', role: 'customer' })
    const registrationId = listed?.id ?? ''
    const refused = await platform.customers.moveRegistration(id, registrationId, {
      status: 'restricted',
      reason,
    })
    expect(shortOf(refused)).toEqual([409, 'registration_move_refused'])
    const moved = unwrap(
      await platform.customers.moveRegistration(id, registrationId, {
        status: 'cancelled',
        reason,
      }),
    )
    expect(moved).toMatchObject({ id: registrationId, status: 'cancelled' })
  })
})

describe('applications', () => {
  test('are listed, read with their documents, and decided', async () => {
    const { application } = await applicationAs(context(), 'SUBMITTED')
    const id = printId('application', application.id)
    const waiting: string[] = []
    for await (const listed of platform.applications.list({ status: 'SUBMITTED', limit: 1 })) {
      waiting.push(listed.id)
    }
    expect(waiting).toEqual([id])
    const read = unwrap(await platform.applications.retrieve(id))
    expect(read).toMatchObject({ id, kind: 'individual', status: 'SUBMITTED', missing: [] })
    const [document] = read.documents
    const bytes = unwrap(await platform.applications.downloadDocument(id, document?.id ?? ''))
    expect([bytes.type, bytes.size]).toEqual([document?.file?.content_type, document?.file?.size])
    expect(Buffer.from(await bytes.arrayBuffer()).equals(makePdf('passport'))).toBe(true)
    const decided = unwrap(await platform.applications.decide(id, { decision: 'approve', reason }))
    expect(decided).toMatchObject({ id, status: 'APPROVED', decision: 'approve', reason })
    expect(decided.actor).toMatch(/ operator:ana\.gomez$/)
    const again = await platform.applications.decide(id, { decision: 'reject', reason })
    expect(shortOf(again)).toEqual([409, 'application_status_refused'])
    const none = await platform.applications.downloadDocument(id, 'doc_01h455vb4pex5vsknk084sn02q')
    expect(shortOf(none)).toEqual([404, 'document_not_found'])
  })
})

describe("payouts' outcomes", () => {
  test('are recorded one by one', async () => {
    const id = await newPayout()
    const failed = await platform.payouts.recordOutcome(id, { outcome: 'failed' })
    expect(shortOf(failed)).toEqual([422, 'payout_reason_missing'])
    const decided = unwrap(await platform.payouts.recordOutcome(id, { outcome: 'completed' }))
    expect(decided).toEqual({
      id,
      status: 'completed',
      customer_id: null,
      error_message: null,
      completed_at: expect.stringMatching(/Z$/),
      decided_by: expect.stringMatching(/^key:/),
      note: null,
    })
    expect(unwrap(await platform.payouts.retrieve(id))).toEqual(decided)
  })

  test('are recorded from a file of the bank, tried first', async () => {
    const [one, two] = [await newPayout(), await newPayout()]
    const rows = [`${one},completed,`, `${two},failed,"Closed, as agreed"`, 'x,y,z']
    const csv = ['payout_id,outcome,reason', ...rows, ''].join('\n')
    const tried = unwrap(await platform.payouts.recordOutcomes(csv, { dry_run: true }))
    expect(tried).toMatchObject({ dry_run: true, counts: { would_be_recorded: 2, refused: 1 } })
    const file = new File([csv], 'bank statement.csv')
    const { dry_run, counts, lines } = unwrap(await platform.payouts.recordOutcomes(file))
    expect(dry_run).toBe(false)
    expect(counts).toEqual({
      recorded: 2,
      would_be_recorded: 0,
      unchanged: 0,
      refused: 1,
      unknown: 0,
    })
    expect(lines.map(({ line, payout_id, result }) => [line, payout_id, result])).toEqual([
      [2, one, 'recorded'],
      [3, two, 'recorded'],
      [4, null, 'refused'],
    ])
    const again = unwrap(await platform.payouts.recordOutcomes(csv))
    expect(again.counts).toMatchObject({ recorded: 0, unchanged: 2 })
    expect(shortOf(await platform.payouts.recordOutcomes(''))).toEqual([
      422,
      'payout_file_malformed',
    ])
    const none = await platform.payouts.recordOutcomes(3 as never)
    expect(none).toMatchObject({ ok: false, error: { name: 'ArgumentError', param: 'csv' } })
  })
})

describe('apps and keys', () => {
  test('a key is made, used, rotated, listed and revoked', async () => {
    const made = unwrap(await platform.keys.create({ name: 'Reader', scopes: ['platform:read'] }))
    const reader = clientOf(made.secret)
    const [app] = unwrap(await reader.apps.list()).data
    expect(app).toMatchObject({ id: made.app_id, mode: 'test' })
    expect(shortOf(await reader.keys.revoke(made.id))).toEqual([403, 'scope_missing'])
    const { secret, ...rotated } = unwrap(
      await platform.keys.rotate(made.id, { overlap_seconds: 0 }),
    )
    expect(rotated).toMatchObject({ id: made.id, name: 'Reader', scopes: ['platform:read'] })
    expect(shortOf(await reader.apps.list())).toEqual([401, 'key_unknown'])
    expect(unwrap(await clientOf(secret).apps.list()).data).toEqual([app])
    const ids: string[] = []
    for await (const { id } of platform.keys.list({ limit: 1 })) ids.push(id)
    expect(ids).toContain(made.id)
    expect(new Set(ids).size).toBe(ids.length)
    const revoked = unwrap(await platform.keys.revoke(made.id))
    expect(revoked.revoked_at).toMatch(/Z$/)
    expect(shortOf(await clientOf(secret).apps.list())).toEqual([401, 'key_unknown'])
    expect(shortOf(await platform.keys.rotate(made.id))).toEqual([409, 'key_ended'])
  })

  test('an operator key chooses the app with the option of its client', async () => {
    const { system, liveApp, testApp } = server
    const input = { app: liveApp, name: 'operator', scopes: ['*'], isOperator: true }
    const { secret } = await createKey(system, input)
    const own = await clientOf(secret).customers.create({ kind: 'individual', name: 'Live' })
    const app = printId('app', testApp.id)
    const inTest = clientOf(secret, { app })
    const { id } = unwrap(await inTest.customers.create({ kind: 'individual', name: 'Test' }))
    expect(unwrap(await platform.customers.retrieve(id)).name).toBe('Test')
    expect(shortOf(await inTest.customers.retrieve(unwrap(own).id))).toEqual([
      404,
      'customer_not_found',
    ])
    const apps = unwrap(await clientOf(secret).apps.list()).data
    expect(apps.map(({ mode }) => mode).sort()).toEqual(['live', 'test'])
    const foreign = clientOf(server.key, { app: printId('app', liveApp.id) })
    expect(shortOf(await foreign.apps.list())).toEqual([403, 'app_forbidden'])
  })
})

test('the machines are told, with who makes each move', async () => {
  const { data } = unwrap(await platform.statusMachines.list())
  const banking = data.find(({ name }) => name === 'banking_customer')
  const frozen = banking?.states.find(({ status }) => status === 'FROZEN')
  expect(frozen?.moves).toContainEqual({ to: 'ACTIVE', by: 'operator' })
  expect(frozen?.permissions).toEqual({ read: true, update: true, transact: false })
})
