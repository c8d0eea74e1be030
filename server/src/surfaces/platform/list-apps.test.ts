// Owns the outcomes of GET /v1/apps, and of choosing an app with an operator key.
import { describe, expect, test } from 'vitest'
import { makeBankingCustomer } from '../../../../test/banking-customers.ts'
import { historyOf } from '../../../../test/history.ts'
import type { App } from '../../core/context.ts'
import { parseId, printId } from '../../lib/id.ts'
import { problem, problemOf, wireTime } from './test-connections.ts'
import { testKeys } from './test-keys.ts'

const keys = testKeys()
const wireId = (app: App) => printId('app', app.id)
const naming = (app: App | string) => ({
  'clientele-app': typeof app === 'string' ? app : wireId(app),
})

describe('200', () => {
  test('a key sees its own app', async () => {
    const { live } = await keys.newMerchant()
    const { secret } = await keys.make(live)
    const { json } = await keys.call('GET', '/apps', { key: secret })
    expect(json).toEqual({
      data: [
        {
          id: wireId(live),
          merchant_id: printId('merchant', live.merchantId),
          name: 'Another merchant',
          mode: 'live',
          created_at: expect.stringMatching(wireTime),
        },
      ],
      has_more: false,
      next_cursor: null,
    })
  })

  test.each([
    ['live', ['test', 'live']],
    ['test', ['test']],
  ] as const)('an operator key of a %s app sees %j of its merchant', async (mode, seen) => {
    const apps = await keys.newMerchant()
    const { secret } = await keys.make(apps[mode], { isOperator: true })
    const { json } = await keys.call('GET', '/apps', { key: secret })
    const shown = json.data.map(({ id }: { id: string }) => id)
    expect(shown).toEqual(seen.map((one) => wireId(apps[one])))
  })
})

describe('Clientele-App', () => {
  test('chooses what an operator key works on, and nothing else of its rights', async () => {
    const { test: testApp, live } = await keys.newMerchant()
    const { secret } = await keys.make(live, { isOperator: true, scopes: ['platform:read'] })
    const { id } = await keys.make(testApp)
    const idsOf = async (headers: Record<string, string>) => {
      const { json } = await keys.call('GET', '/keys', { key: secret, headers })
      return json.data.map((key: { id: string }) => key.id)
    }
    expect(await idsOf({})).not.toContain(id)
    expect(await idsOf(naming(testApp))).toEqual([id])
    expect(await idsOf(naming(live))).toEqual(await idsOf({}))
    const made = await keys.call('DELETE', `/keys/${id}`, { key: secret, headers: naming(testApp) })
    expect(made.status).toBe(403)
  })

  test('another app is refused in the words for none', async () => {
    const own = await keys.newMerchant()
    const other = await keys.newMerchant()
    const operator = await keys.make(own.live, { isOperator: true })
    const ofTest = await keys.make(own.test, { isOperator: true })
    const plain = await keys.make(own.live)
    const refusals = [
      [operator.secret, other.live],
      [operator.secret, other.test],
      [operator.secret, 'app_01h455vb4pex5vsknk084sn02q'],
      [operator.secret, 'nonsense'],
      [operator.secret, ''],
      // A test key reaches no live app, whoever it belongs to.
      [ofTest.secret, own.live],
      [plain.secret, own.test],
    ] as const
    const bodies = new Set<string>()
    for (const [key, app] of refusals) {
      const answer = await keys.call('GET', '/apps', { key, headers: naming(app) })
      expect(problemOf(answer)).toEqual(problem(403, 'app_forbidden'))
      bodies.add(answer.json.detail)
    }
    expect(bodies.size).toBe(1)
    expect(await keys.statusWith(plain.secret, naming(own.live))).toBe(200)
  })

  test('does not matter on the surfaces of others', async () => {
    const { live } = await keys.newMerchant()
    const { secret } = await keys.make(live)
    const options = { key: secret, headers: naming('nonsense') }
    expect((await keys.server.call('GET', '/payouts/customers', options)).status).toBe(200)
  })
})

describe('Clientele-Operator', () => {
  const freeze = async (headers: Record<string, string>) => {
    const context = keys.server.contextOf(keys.server.testApp)
    const { customerId } = await makeBankingCustomer(context)
    const body = { status: 'FROZEN', reason: 'Report of a stolen card' }
    const answer = await keys.call('POST', `/customers/${customerId}/status`, { headers, body })
    const history = await historyOf(context, parseId('customer', customerId) ?? '')
    return { answer, actor: history.at(-1)?.actor }
  }

  test.each(['ana', 'Ana Gomez', 'a.gomez+bank@example.com', 'x'.repeat(100)])(
    '%s stands in the history behind the key that vouches for it',
    async (name) => {
      const { answer, actor } = await freeze({ 'clientele-operator': name })
      expect(answer.status).toBe(200)
      expect(actor).toMatch(/^key:[0-9a-f-]{36} operator:/)
      expect(actor?.split(' operator:')[1]).toBe(name)
    },
  )

  test('without it the key alone does', async () => {
    expect((await freeze({})).actor).toMatch(/^key:[0-9a-f-]{36}$/)
  })

  test.each(['', ' ', 'a:b', 'ana, bob', 'Gómez', '-ana', 'x'.repeat(101), 'a\tb'])(
    '%j is refused, and nothing is done',
    async (name) => {
      const { answer, actor } = await freeze({ 'clientele-operator': name })
      expect(answer.status).toBe(400)
      expect(answer.json.code).toBe('operator_name_malformed')
      expect(actor).toBe('operator:test')
    },
  )
})
