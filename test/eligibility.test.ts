// Owns the promise that eligibility says what really happens when the operation is called.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { errorCatalogue } from '../server/src/core/catalogue.ts'
import { questionsOf } from './eligibility-questions.ts'
import { type Life, live, steps } from './eligibility-world.ts'
import { startTestServer, type TestServer } from './harness.ts'
import { runs, runsMsMax } from './runs.ts'

const numRuns = runs({ few: 8, full: 500 })
/** Of a life that chance made; of the examples all of them are asked. */
const questionsEach = 4

let server: TestServer
const keys = new Map<string, string>()
beforeAll(async () => {
  server = await startTestServer()
  for (const app of [server.testApp, server.liveApp]) {
    keys.set(app.id, await server.createKey(app))
  }
})
afterAll(() => server.close())

interface Told {
  allowed: boolean
  reasons: { code: string; message: string }[]
}

/** Asks and acts, question by question: each act is one more step of the life. */
async function compare(life: Life, from: number | null): Promise<string[]> {
  const key = keys.get(life.context.app.id) ?? ''
  const seen: string[] = []
  const all = questionsOf(server, key, life)
  const asked = from === null ? all : [...all, ...all].slice(from, from + questionsEach)
  for (const { query, act } of asked) {
    const path = `/v1/customers/${life.id}/eligibility?${query}`
    const answer = await server.call('GET', path, { key })
    expect([200, 404], answer.text).toContain(answer.status)
    // What is named and not there is missing for the question, and makes the call fail.
    const notThere = { allowed: false, reasons: [answer.json] }
    const [told]: Told[] = answer.json.actions ?? [notThere]
    const { isDone, message } = await act()
    const [reason] = told?.reasons ?? []
    const action = query.replace(/&.*/, '')
    seen.push(`${action} ${reason?.code ?? 'done'}`)
    expect({ query, allowed: told?.allowed }).toEqual({ query, allowed: isDone })
    expect({ query, reasons: told?.reasons.length === 0 }).toEqual({ query, reasons: isDone })
    // The last: an answer that refuses nothing, and leaves the registration as it is.
    if (isDone || answer.status === 404 || message === null) continue
    // What the operation says first is the first of the reasons, with its code.
    const isKnownToTheBank = reason?.code !== 'customer_not_found'
    if (isKnownToTheBank) expect(withoutField(reason?.message)).toBe(withoutField(message))
    const ofCode = errorCatalogue.find(({ code }) => code === reason?.code)
    expect(message).toContain(ofCode?.fix)
  }
  return seen
}

/** Each surface has a name of its own for a field. */
const withoutField = (message = '') => message.replace(/^\w+: /, '')

/** Lives that lead to each refusal, whatever chance does. */
const examples: [boolean, string[], number | null][] = [
  [false, [], null],
  [
    true,
    [
      'tells its e-mail',
      'gets a bank account',
      'registers at stripe as customer',
      'has a subscription that is CANCELLED',
    ],
    null,
  ],
  [
    false,
    [
      'tells its e-mail',
      'is ACTIVE',
      'gets a bank account',
      'links a wallet',
      'authorizes for a moment',
      'registers at stripe as customer',
      'registers at bridge as customer',
      'is approved with an id there',
      'has a payment intent that is AUTHORIZED',
      'has a subscription that is PAUSED',
    ],
    null,
  ],
  [
    false,
    [
      'tells its e-mail',
      'is ACTIVE',
      'gets a bank account',
      'registers at stripe as customer',
      'has a payment intent that is AUTHORIZED',
      'moves to FROZEN',
    ],
    null,
  ],
  [false, ['gets a bank account without a number', 'is CLOSED'], null],
  [false, ['tells its e-mail', 'stripe is connected in the wrong mode'], null],
  [true, ['tells its e-mail', 'tells its country', 'stripe is connected'], null],
]

test(
  'after any life, what is allowed succeeds, and what is not is refused for that reason',
  async () => {
    const seen = new Set<string>()
    const life = fc.array(fc.constantFrom(...Object.keys(steps)), { minLength: 4, maxLength: 16 })
    const from = fc.nat({ max: 14 })
    const property = fc.asyncProperty(fc.boolean(), life, from, async (isLive, names, first) => {
      const app = isLive ? server.liveApp : server.testApp
      for (const one of await compare(await live(server, app, names), first)) seen.add(one)
    })
    await fc.assert(property, { numRuns: numRuns + examples.length, examples })
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'action=payout done',
        'action=payout customer_status_forbids',
        'action=payout payout_destination_missing',
        'action=payout field_invalid',
        'action=charge done',
        'action=charge customer_status_forbids',
        'action=charge wallet_not_found',
        'action=charge payment_intent_not_found',
        'action=charge subscription_not_found',
        'action=charge subscription_status_refused',
        'action=sync done',
        'action=sync customer_status_forbids',
        'action=sync registration_not_found',
        'action=sync connection_missing',
        'action=register done',
        'action=register registration_move_refused',
        'action=register role_unsupported',
        'action=register connection_missing',
        'action=register connection_mode_differs',
        'action=register customer_status_forbids',
        'action=open_account done',
        'action=open_account customer_not_found',
        'action=open_account customer_status_forbids',
      ]),
    )
  },
  runsMsMax,
)
