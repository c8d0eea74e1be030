// Owns the suite that every adapter must pass: what the port promises, on good days and bad.
import { describe, expect, test } from 'vitest'
import { AppError } from '../../core/errors.ts'
import {
  providerErrors,
  type SyncField,
  syncFields,
  type WebhookDelivery,
} from '../../core/provider.ts'
import { describeBadReplies } from './bad-replies-suite.ts'
import { customerKinds, eachRole, type SetUp, withBench } from './provider-bench.ts'
import { fileOf, outcomeOf, registeringOf, requireGood } from './provider-calls.ts'

export function describeProvider(name: string, setUp: SetUp): void {
  describe(name, () => {
    describeDeclarations(setUp)
    describeRegistrations(setUp)
    describeRecords(setUp)
    describePushes(setUp)
    describeWebhooks(setUp)
    describeBadReplies(setUp)
  })
}

const ownNames =
  /^(?:email|phone|name|givenName|familyName|companyName|dateOfBirth|country|document\.(?:type|number)|address\.(?:line1|line2|houseNumber|streetNumber|streetName|neighborhood|city|state|subdivision|postalCode)|providerData\.\w+)$/

function describeDeclarations(setUp: SetUp): void {
  test('requires fields in the words of the core, each once', () =>
    withBench(setUp, async ({ provider, customerOf, providerData }) => {
      expect(provider.roles.length).toBeGreaterThan(0)
      for (const role of provider.roles) {
        for (const kind of customerKinds) {
          const fields = provider.requiredFields(role, kind)
          const names = fields.map(({ field }) => field)
          expect(names.filter((field) => !ownNames.test(field))).toEqual([])
          expect(new Set(names).size).toBe(names.length)
          expect(fields.filter(({ description }) => description.trim() === '')).toEqual([])
          const given = { ...customerOf(kind), providerData: providerData(role, kind) }
          expect(names.filter((field) => isMissing(given, field))).toEqual([])
        }
      }
    }))

  test('declares every credential that it is given, and asks for what it cannot do without', () =>
    withBench(setUp, async ({ provider, connection }) => {
      const declared = provider.credentials.map(({ name }) => name)
      const given = Object.keys(connection.credentials)
      expect(given.filter((name) => !declared.includes(name))).toEqual([])
      const required = provider.credentials.filter(({ isRequired }) => isRequired)
      expect(required.filter(({ name }) => !given.includes(name))).toEqual([])
      expect(declared.filter((name) => !/^[a-z][a-z_]*$/.test(name))).toEqual([])
    }))

  test('takes no test connection for a live one, and polls within a day', () =>
    withBench(setUp, async ({ provider, connection }) => {
      expect([null, 'test']).toContain(provider.modeOf(connection))
      expect(provider.firstPollMs).toBeGreaterThanOrEqual(1_000)
      expect(provider.firstPollMs).toBeLessThanOrEqual(86_400_000)
    }))

  test('checks a connection that works', () =>
    withBench(setUp, async ({ provider, connection }) => {
      expect(await provider.check(connection)).toBe(undefined)
    }))
}

function isMissing(given: unknown, field: string): boolean {
  let value = given
  for (const name of field.split('.')) value = Object(value)[name]
  return value === undefined || value === null || value === ''
}

function describeRegistrations(setUp: SetUp): void {
  test('answers a registration with a state of the port, and reads the same record', () =>
    eachRole(setUp, async (bench, role, kind) => {
      const { provider, connection } = bench
      const request = registeringOf(bench, role, kind)
      const state = requireGood('state', await provider.register(connection, request))
      const record = { remoteId: state.remoteId, role }
      const read = requireGood('state', await provider.read(connection, record))
      expect(read.remoteId).toBe(state.remoteId)
    }))

  test('the same registration again is the same record, and the only one', () =>
    eachRole(setUp, async (bench, role, kind) => {
      const { provider, connection } = bench
      const request = registeringOf(bench, role, kind)
      const { remoteId } = await provider.register(connection, request)
      const again = await provider.register(connection, { ...request, isRepeat: true })
      expect(again.remoteId).toBe(remoteId)
      expect(await bench.remoteCount(role)).toBe(1)
    }))

  test('a registration whose answer was lost leaves one record', () =>
    eachRole(setUp, async (bench, role, kind) => {
      const { provider, connection, standIn } = bench
      const request = registeringOf(bench, role, kind)
      if (standIn) standIn.badDay = 'reset_after'
      // Nothing is lost on the way to a provider that is not called at all.
      await outcomeOf(() => provider.register(connection, request))
      if (standIn) standIn.badDay = null
      const again = { ...request, isRepeat: true }
      const state = requireGood('state', await provider.register(connection, again))
      expect(state.remoteId).not.toBe('')
      expect(await bench.remoteCount(role)).toBe(1)
    }))
}

function describeRecords(setUp: SetUp): void {
  test('tells whole amounts of named currencies, or that there is no balance to tell', () =>
    eachRole(setUp, async (bench, role, kind) => {
      const { provider, connection } = bench
      const { remoteId } = await provider.register(connection, registeringOf(bench, role, kind))
      await bench.fund?.({ remoteId, role })
      const answer = await outcomeOf(() => provider.balance(connection, { remoteId, role }))
      if (answer.error) expect(answer.error).toBe('provider_balance_unsupported')
      else requireGood('balances', answer.value)
    }))

  test('sends a file, or says why not', () =>
    eachRole(setUp, async (bench, role, kind) => {
      const { provider, connection } = bench
      const { remoteId } = await provider.register(connection, registeringOf(bench, role, kind))
      const record = { remoteId, role }
      requireGood('file', await provider.sendFile(connection, record, fileOf('file-1')))
    }))

  test('refuses a record that the provider does not know', () =>
    eachRole(setUp, async ({ provider, connection, standIn }, role) => {
      for (const remoteId of ['nobody', '../x', 'a?b#c', '', '%2e%2e', 'x'.repeat(300)]) {
        const answer = await outcomeOf(() => provider.read(connection, { remoteId, role }))
        const isKept = answer.error === null && answer.value !== undefined
        if (isKept) requireGood('state', answer.value)
        else expect(answer.error).toBe('provider_rejected')
      }
      const paths = standIn?.requests.map(({ url }) => url) ?? []
      expect(paths.filter((path) => /\.\.|#|%2e%2e|x{300}/.test(path))).toEqual([])
    }))
}

const pushes: SyncField[][] = [[...syncFields], [...syncFields].reverse(), ['familyName']]

function describePushes(setUp: SetUp): void {
  test('answers a push with one outcome a field, in order, and safely again', () =>
    eachRole(setUp, async (bench, role, kind) => {
      const { provider, connection } = bench
      const request = registeringOf(bench, role, kind)
      const { remoteId } = await provider.register(connection, request)
      const record = { remoteId, role }
      for (const fields of pushes) {
        const push = { customer: request.customer, fields, idempotencyKey: `push-${fields}` }
        const outcomes = requireGood('outcomes', await provider.push(connection, record, push))
        expect(outcomes.map(({ field }) => field)).toEqual(fields)
        const again = requireGood('outcomes', await provider.push(connection, record, push))
        expect(again.map(({ field }) => field)).toEqual(fields)
        const failed = [...outcomes, ...again].filter(({ outcome }) => outcome === 'failed')
        expect(failed).toEqual([])
        const couldNot = ({ outcome }: { outcome: string }) => outcome === 'unsupported'
        expect(again.map(couldNot)).toEqual(outcomes.map(couldNot))
      }
      expect(await bench.remoteCount(role)).toBe(1)
    }))
}

function describeWebhooks(setUp: SetUp): void {
  test('hears a genuine webhook, and none without its signature', () =>
    withBench(setUp, async ({ provider, connection, webhook }) => {
      const body = Buffer.from(JSON.stringify(webhook?.good ?? {}))
      const unsigned = { headers: {}, query: {}, body, receivedAt: Date.now() }
      const delivery = webhook?.sign(body) ?? unsigned
      const parse = (over: Partial<WebhookDelivery>) =>
        outcomeOf(() => provider.parseWebhook(connection, { ...delivery, ...over }))
      const invalid = providerErrors.webhook_signature_invalid.code
      expect((await parse({ headers: {} })).error).toBe(invalid)
      const heard = await parse({})
      if (!webhook) return expect(heard.error).toBe(invalid)
      requireGood('notices', heard.value)
    }))

  test('a delivery that comes twice has the same id both times', () =>
    withBench(setUp, async ({ provider, connection, webhook }) => {
      if (!webhook) return
      const delivery = webhook.sign(Buffer.from(JSON.stringify(webhook.good)))
      const first = await provider.parseWebhook(connection, delivery)
      expect(await provider.parseWebhook(connection, delivery)).toEqual(first)
      expect(first.every(({ eventId }) => eventId !== '')).toBe(true)
    }))

  test('refuses to be made to throw anything but a refusal by a signed body', () =>
    withBench(setUp, async ({ provider, connection, webhook }) => {
      for (const text of ['', 'null', '[]', '7', '"x"', '{', '{"id":{}}', '\ufffd\u0000']) {
        const body = Buffer.from(text)
        const unsigned = { headers: {}, query: {}, body, receivedAt: 0 }
        const delivery = webhook?.sign(body) ?? unsigned
        const thrown = await provider.parseWebhook(connection, delivery).then(
          () => null,
          (error: unknown) => error,
        )
        expect(thrown).toBeInstanceOf(AppError)
      }
    }))
}
