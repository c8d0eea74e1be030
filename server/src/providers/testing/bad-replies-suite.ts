// Owns what every adapter must keep when its provider does not: bad days, and replies gone wrong.
import { expect, test } from 'vitest'
import { AppError } from '../../core/errors.ts'
import type { ProviderCustomer, ProviderRole, Registering } from '../../core/provider.ts'
import { mutate, seededRandom } from './hostile-replies.ts'
import { eachRole, type ProviderBench, type SetUp, withBench } from './provider-bench.ts'
import {
  outcomeOf,
  type PortCall,
  personalTextsOf,
  portCalls,
  print,
  registeringOf,
  requireGood,
} from './provider-calls.ts'
import type { BadDay, StandIn } from './stand-in.ts'

const badDays: Record<Exclude<BadDay, 'reset_after'>, string> = {
  hang: 'provider_timeout',
  reset: 'provider_unavailable',
  error_500: 'provider_unavailable',
  limited_429: 'provider_limited',
  html: 'provider_unavailable',
  huge: 'provider_unavailable',
  empty: 'provider_unavailable',
}
/** Adapters wait for ten seconds at most; their benches for less. */
const waitMsMax = 8_000

export function describeBadReplies(setUp: SetUp): void {
  test.each(Object.entries(badDays))(
    'on a day of %s every call ends in %s, or needed no provider',
    (badDay, code) =>
      eachRole(setUp, async (bench, role, kind) => {
        // The kind makes no difference to a provider that says nothing.
        if (!bench.standIn || kind === 'business') return
        const known = await prepare(bench, role, kind)
        const online = await onlineCalls(bench, known)
        bench.standIn.badDay = badDay as BadDay
        const started = performance.now()
        const ends = await Promise.all(
          portCalls.map((call) => outcomeOf(() => call.make(bench, known.record, known.request))),
        )
        expect(performance.now() - started).toBeLessThan(waitMsMax)
        for (const [at, { error, value }] of ends.entries()) {
          const call = portCalls[at]
          if (call === undefined) continue
          const isOnline = online.includes(call.name)
          if (isOnline) expect([call.name, error]).toEqual([call.name, code])
          else if (error === null) requireGood(call.form, value)
        }
        bench.standIn.badDay = null
        bench.standIn.violations.length = 0
      }),
  )

  test('an empty form, a list and nothing at all are never a balance', () =>
    eachRole(setUp, async (bench, role, kind) => {
      if (!bench.standIn) return
      const { record } = await prepare(bench, role, kind)
      for (const body of [{}, [], null, 'text', 0]) {
        bench.standIn.rewrite = () => ({ status: 200, body: body ?? 'null' })
        const { provider, connection } = bench
        const { error } = await outcomeOf(() => provider.balance(connection, record))
        expect(['provider_unavailable', 'provider_balance_unsupported']).toContain(error)
      }
    }))

  describeRefusals(setUp)
  describeMutations(setUp)
  describeMutatedWebhooks(setUp)
}

interface Known {
  record: { remoteId: string; role: ProviderRole }
  request: Registering
}

/** A record with money, and the registration that made it, as a repeat. */
async function prepare(
  bench: ProviderBench,
  role: ProviderRole,
  kind: ProviderCustomer['kind'],
): Promise<Known> {
  const request = registeringOf(bench, role, kind)
  const { remoteId } = await bench.provider.register(bench.connection, request)
  const record = { remoteId, role }
  await bench.fund?.(record)
  return { record, request: { ...request, isRepeat: true } }
}

/** Which calls ask the provider at all, in this role. */
async function onlineCalls(bench: ProviderBench, known: Known): Promise<PortCall['name'][]> {
  const names: PortCall['name'][] = []
  for (const call of portCalls) {
    const before = bench.standIn?.requests.length
    await outcomeOf(() => call.make(bench, known.record, known.request))
    if (bench.standIn?.requests.length !== before) names.push(call.name)
  }
  return names
}

/** The forms in which providers say why: each holds everything that we know of the customer. */
const refusalsOf = (texts: string[]): [number, unknown][] => {
  const said = `refused: ${texts.join(', ')} (${texts.join(' ').toUpperCase()})`
  const causes = [{ code: '106', description: said, message: said, reason: said }]
  return [
    [400, { message: said, error: said, status: 400, cause: causes }],
    [422, { error: { message: said, type: 'invalid_request_error', code: 'x', param: said } }],
    [400, { code: 'invalid', message: said, source: { key: { [said]: said } }, name: said }],
    [409, { message: said, errors: { customer: [said], [said]: [said] } }],
    [404, { errors: causes, detail: said, title: said }],
    [400, said],
    [401, { message: said }],
    [500, { message: said }],
  ]
}

function describeRefusals(setUp: SetUp): void {
  test('a refusal says nothing of the customer', () =>
    eachRole(setUp, async (bench, role, kind) => {
      if (!bench.standIn) return
      const known = await prepare(bench, role, kind)
      const texts = personalTextsOf(known.request.customer)
      expect(texts.length).toBeGreaterThan(5)
      for (const [status, body] of refusalsOf(texts)) {
        bench.standIn.rewrite = () => ({ status, body })
        for (const call of portCalls) {
          const end = await outcomeOf(() => call.make(bench, known.record, known.request))
          // Only these two are given the customer, whose values they can cut out of a reason.
          const isAboutThem = call.name === 'register' || call.name === 'push'
          const shown = `${end.message} ${print(end.value)}`.toLowerCase()
          const told = texts.filter((text) => shown.includes(text.toLowerCase()))
          if (isAboutThem || status >= 500)
            expect([call.name, status, told]).toEqual([call.name, status, []])
        }
      }
      bench.standIn.violations.length = 0
    }))

  test('a refusal that says our credentials back shows none of them', () =>
    eachRole(setUp, async (bench, role, kind) => {
      if (!bench.standIn) return
      const known = await prepare(bench, role, kind)
      const secrets = Object.values(bench.connection.credentials)
      expect(secrets.length).toBeGreaterThan(0)
      for (const [status, body] of refusalsOf(secrets)) {
        bench.standIn.rewrite = () => ({ status, body })
        for (const call of portCalls) {
          const end = await outcomeOf(() => call.make(bench, known.record, known.request))
          const shown = `${end.message} ${print(end.value)}`.toLowerCase()
          const told = secrets.filter((secret) => shown.includes(secret.toLowerCase()))
          expect([call.name, status, told]).toEqual([call.name, status, []])
        }
      }
      bench.standIn.violations.length = 0
    }))
}

const mutatedReplies = 500

function describeMutations(setUp: SetUp): void {
  test(`${mutatedReplies} mutated replies: never a crash, nothing that the port does not allow`, () =>
    withBench(setUp, async (first) => {
      if (!first.standIn) return
      const pairs = first.provider.roles.flatMap((role) => [
        { role, kind: 'individual' as const },
        { role, kind: 'business' as const },
      ])
      const random = seededRandom(20_261_121)
      let mutated = 0
      for (let round = 0; mutated < mutatedReplies && round < mutatedReplies; round += 1) {
        const { role, kind } = pairs[round % pairs.length] ?? {
          role: 'customer',
          kind: 'individual',
        }
        await withBench(setUp, async (bench) => {
          mutated += await mutateCalls(bench, { role, kind, random, round })
        })
      }
      expect(mutated).toBeGreaterThanOrEqual(mutatedReplies)
    }))
}

interface Round {
  role: ProviderRole
  kind: ProviderCustomer['kind']
  random: () => number
  round: number
}

/** Every call once against a provider that mutates its answers; how many it mutated. */
async function mutateCalls(bench: ProviderBench, round: Round): Promise<number> {
  const { standIn } = bench
  if (!standIn) return 0
  let mutated = 0
  const { role, kind, random } = round
  const rewrite: StandIn['rewrite'] = (reply) => {
    // Some of a call's answers stay good, so that the later ones are reached.
    if (reply.body === undefined || random() < 0.3) return reply
    mutated += 1
    const texts = personalTextsOf(bench.customerOf(kind))
    const headers = { 'content-type': 'application/json', ...reply.headers }
    return { ...reply, headers, body: asJson(mutate(reply.body, random, texts)) }
  }
  // First a registration that nobody knows, then the calls on a record that is there.
  const fresh = registeringOf(bench, role, kind)
  standIn.rewrite = rewrite
  await judge(round, () => bench.provider.register(bench.connection, fresh), 'state')
  standIn.rewrite = null
  const known = await prepare(bench, role, kind)
  standIn.rewrite = rewrite
  for (const call of portCalls) {
    await judge(round, () => call.make(bench, known.record, known.request), call.form)
  }
  // What a mutated answer made the adapter ask next is not its fault.
  standIn.violations.length = 0
  return mutated
}

async function judge(
  { role, kind, round }: Round,
  make: () => Promise<unknown>,
  form: PortCall['form'],
): Promise<void> {
  const { error, value } = await outcomeOf(make).catch((crash: unknown) => {
    throw new Error(`round ${round}, ${role}, ${kind}, ${form}`, { cause: crash })
  })
  if (error === null) requireGood(form, value)
}

/** Text would go out as it is: a body that is a string must still be JSON. */
function asJson(body: unknown): string {
  return JSON.stringify(body) ?? 'null'
}

const mutatedWebhooks = 200

function describeMutatedWebhooks(setUp: SetUp): void {
  test(`${mutatedWebhooks} mutated webhooks, well signed: heard as the port allows, or malformed`, () =>
    withBench(setUp, async ({ provider, connection, webhook, customerOf }) => {
      if (!webhook) return
      const random = seededRandom(20_261_122)
      const texts = personalTextsOf(customerOf('individual'))
      for (let round = 0; round < mutatedWebhooks; round += 1) {
        const body = JSON.stringify(mutate(webhook.good, random, texts)) ?? 'null'
        const delivery = webhook.sign(Buffer.from(body))
        const heard = await provider.parseWebhook(connection, delivery).catch((error: unknown) => {
          if (error instanceof AppError) return error.definition.code
          throw new Error(`round ${round}: ${print(body)}`, { cause: error })
        })
        if (typeof heard === 'string') expect(heard).toBe('webhook_malformed')
        else requireGood('notices', heard)
      }
    }))
}
