// Owns the guarantees of registering at Bridge: exact requests, states, one customer a record.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Registering } from '../../core/provider.ts'
import { type BridgeBench, gaivota, lia, openBridge } from './testing/bridge-samples.ts'

let bench: BridgeBench
beforeEach(async () => {
  bench = await openBridge()
})
afterEach(() => bench.close())

const asking = (over: Partial<Registering> = {}): Registering => ({
  role: 'customer',
  customer: lia,
  providerData: {},
  idempotencyKey: 'reg-1',
  isRepeat: false,
  ...over,
})
const register = (over?: Partial<Registering>) =>
  bench.bridge.register(bench.connection, asking(over))

const noCustomer = (reason: string) =>
  expect.objectContaining({
    definition: expect.objectContaining({ code: 'provider_rejected' }),
    message: expect.stringContaining(`refused the request: ${reason}.`),
  })

describe('a registration', () => {
  test.each(['customer', 'connected_account'] as const)(
    'of a person as %s sends exactly the record',
    async (role) => {
      const providerData = { signed_agreement_id: 'agr_1', employment_status: 'employed' }
      const state = await register({ role, providerData })
      const [post, ...others] = bench.standIn.requests
      expect(others).toEqual([])
      expect([post?.method, post?.url]).toEqual(['POST', '/v0/customers'])
      expect(post?.headers).toMatchObject({
        'api-key': 'sk-test-stand-in',
        'idempotency-key': 'reg-1',
      })
      expect(post?.json()).toEqual({
        type: 'individual',
        first_name: 'Lia',
        last_name: 'Prado',
        email: 'lia@example.test',
        phone: '+5513955501234',
        birth_date: '1991-04-02',
        residential_address: {
          street_line_1: 'Rua das Gaivotas 12',
          city: 'Santos',
          subdivision: 'SP',
          postal_code: '11000000',
          country: 'BRA',
        },
        identifying_information: [{ type: 'cpf', issuing_country: 'BRA', number: '00000000191' }],
        signed_agreement_id: 'agr_1',
        employment_status: 'employed',
      })
      expect(state).toEqual({
        remoteId: '00000000-0000-4000-8000-000000000001',
        status: 'processing',
        actionRequired: null,
        actionUrl: null,
        rejectionReason: null,
        failureReasons: ['id_verification'],
        facts: {
          status: 'under_review',
          hasAcceptedTerms: true,
          endorsements: { base: 'incomplete' },
          capabilities: { payin_crypto: 'pending' },
        },
      })
      expect(bench.standIn.violations).toEqual([])
    },
  )

  test('of a business sends its legal name, its address and its own document', async () => {
    const people = [{ first_name: 'Lia', last_name: 'Prado', email: 'lia@example.test' }]
    await register({
      customer: gaivota,
      providerData: { business_type: 'llc', associated_persons: people, is_dao: false },
    })
    expect(bench.standIn.requests[0]?.json()).toEqual({
      type: 'business',
      business_legal_name: 'Gaivota Comercio Ltda',
      email: 'contato@gaivota.test',
      phone: '+5513955501234',
      registered_address: {
        street_line_1: 'Rua das Gaivotas 12',
        city: 'Santos',
        subdivision: 'SP',
        postal_code: '11000000',
        country: 'BRA',
      },
      identifying_information: [{ type: 'cnpj', issuing_country: 'BRA', number: '12ABC34501DE35' }],
      business_type: 'llc',
      associated_persons: people,
      is_dao: false,
    })
    expect(bench.standIn.violations).toEqual([])
  })

  test('leaves out an address that Bridge would refuse, and a document of no known type', async () => {
    const address = { ...(lia.address ?? never()), city: null }
    const document = { type: 'personal_tax_id', number: '123', country: 'FR' }
    await register({ customer: { ...lia, address, document, phone: null, dateOfBirth: null } })
    expect(bench.standIn.requests[0]?.json()).toEqual({
      type: 'individual',
      first_name: 'Lia',
      last_name: 'Prado',
      email: 'lia@example.test',
    })
  })

  test('asks for the terms first, then for the profile, with the page to do it on', async () => {
    const open = await register()
    expect(open).toMatchObject({
      status: 'awaiting_confirmation',
      actionRequired: 'accept_terms',
      actionUrl: `https://terms.bridge.test/${open.remoteId}`,
    })
    const [customer] = bench.standIn.customers
    if (customer) customer.hasAcceptedTerms = true
    const record = { remoteId: open.remoteId, role: 'customer' } as const
    expect(await bench.bridge.read(bench.connection, record)).toMatchObject({
      status: 'awaiting_confirmation',
      actionRequired: 'complete_profile',
      actionUrl: `https://kyc.bridge.test/${open.remoteId}`,
    })
    expect(bench.standIn.violations).toEqual([])
  })

  test.each([
    [{ customer: { ...lia, givenName: 'L' } }, 'first_name has less than … characters'],
    [{ customer: { ...lia, familyName: null } }, 'last_name has less than … characters'],
    [
      { customer: { ...lia, givenName: 'Лия' } },
      'first_name is not in Latin letters: give provider_data.transliterated_first_name',
    ],
    [{ providerData: { password: 'x' } }, 'provider_data.password is not among what Bridge takes'],
    [
      { providerData: { business_type: 'llc' } },
      'provider_data.business_type is not among what Bridge takes',
    ],
    [
      { providerData: { signed_agreement_id: 7 } },
      'provider_data.signed_agreement_id does not have the form that Bridge takes',
    ],
    [
      { providerData: { 'lia@example.test': 1 } },
      'a provider_data member is not among what Bridge takes',
    ],
  ])('is refused before the network: %#', async (over, reason) => {
    await expect(register(over)).rejects.toEqual(noCustomer(reason.replace('…', '2')))
    expect(bench.standIn.requests).toEqual([])
  })

  test('in other letters is taken with its twin', async () => {
    const customer = { ...lia, givenName: 'Лия' }
    await register({ customer, providerData: { transliterated_first_name: 'Liya' } })
    expect(bench.standIn.customers[0]?.sent).toMatchObject({ transliterated_first_name: 'Liya' })
    expect(bench.standIn.violations).toEqual([])
  })
})

function never(): never {
  throw new Error('the sample has an address')
}

describe('a try whose answer was lost', () => {
  const loseAnswer = async (over: Partial<Registering> = {}) => {
    bench.standIn.badDay = 'reset_after'
    await expect(register(over)).rejects.toMatchObject({
      definition: { code: 'provider_unavailable' },
    })
    bench.standIn.badDay = null
    expect(bench.standIn.customers).toHaveLength(1)
  }

  test('is repeated with the same key, and there is exactly one customer', async () => {
    await loseAnswer()
    const state = await register({ isRepeat: true })
    expect(state.remoteId).toBe(bench.standIn.customers[0]?.id)
    expect(bench.standIn.customers).toHaveLength(1)
    expect(bench.standIn.violations).toEqual([])
  })

  test('is found again a day later, and brought up to date', async () => {
    await loseAnswer()
    bench.standIn.areKeysOld = true
    const state = await register({ isRepeat: true, customer: { ...lia, phone: '+5513955509999' } })
    expect(state.remoteId).toBe(bench.standIn.customers[0]?.id)
    expect(bench.standIn.customers).toHaveLength(1)
    expect(bench.standIn.customers[0]?.sent).toMatchObject({ phone: '+5513955509999' })
    expect(bench.standIn.violations).toEqual([])
  })

  test('is found among many pages of newer customers', async () => {
    await loseAnswer()
    for (let number = 0; number < 60; number += 1) {
      const customer = { ...lia, email: `other${number}@example.test` }
      await register({ customer, idempotencyKey: `other-${number}` })
    }
    bench.standIn.areKeysOld = true
    const state = await register({ isRepeat: true })
    expect(state.remoteId).toBe(bench.standIn.customers[0]?.id)
    expect(bench.standIn.customers).toHaveLength(61)
    expect(bench.standIn.violations).toEqual([])
  })

  test('never adopts another person with the same mailbox', async () => {
    const sibling = { ...lia, givenName: 'Rui' }
    await register({ customer: sibling, idempotencyKey: 'reg-rui' })
    await register({ customer: { ...lia, givenName: 'Ana' }, idempotencyKey: 'reg-1' })
    const state = await register({ isRepeat: true })
    expect(state.remoteId).toBe(bench.standIn.customers[2]?.id)
    expect(bench.standIn.customers.map(({ sent }) => sent['first_name'])).toEqual([
      'Rui',
      'Ana',
      'Lia',
    ])
    const again = await register({ isRepeat: true })
    expect(again.remoteId).toBe(state.remoteId)
    expect(bench.standIn.customers).toHaveLength(3)
  })

  test('that Bridge refused for its data leaves nothing behind, and keeps its reason', async () => {
    const refusal = { status: 400, body: { code: 'invalid_parameters', message: 'Too young' } }
    bench.standIn.refuse = () => refusal
    await expect(register({ isRepeat: true })).rejects.toEqual(noCustomer('Too young'))
    expect(bench.standIn.customers).toEqual([])
  })
})

describe('a state', () => {
  const stateOf = async (status: string, shown: Record<string, unknown> = {}) => {
    const { remoteId } = await register({ providerData: { signed_agreement_id: 'agr_1' } })
    const [customer] = bench.standIn.customers
    if (customer) Object.assign(customer, { status, shown })
    return bench.bridge.read(bench.connection, { remoteId, role: 'customer' })
  }

  test.each([
    ['not_started', 'awaiting_confirmation', 'complete_profile'],
    ['incomplete', 'awaiting_confirmation', 'complete_profile'],
    ['awaiting_questionnaire', 'awaiting_confirmation', 'complete_profile'],
    ['awaiting_ubo', 'awaiting_confirmation', 'complete_profile'],
    ['under_review', 'processing', null],
    ['active', 'approved', null],
    ['rejected', 'rejected', null],
    ['paused', 'restricted', null],
    ['offboarded', 'cancelled', null],
  ])('%s is %s', async (word, status, actionRequired) => {
    expect(await stateOf(word)).toMatchObject({ status, actionRequired, facts: { status: word } })
  })

  test('of a rejection carries the reasons without the person in them', async () => {
    const state = await stateOf('rejected', {
      rejection_reasons: [
        { reason: 'Name Lia Prado does not match 000.000.001-91', developer_reason: 'name' },
        { developer_reason: 'Blocked lia@example.test' },
      ],
    })
    expect(state.rejectionReason).toBe('Name … … does not match …')
    expect(state.failureReasons).toEqual([
      'Name … … does not match …',
      'Blocked …',
      'id_verification',
    ])
  })

  test('that is no documented one is not guessed', async () => {
    await expect(stateOf('splendid')).rejects.toMatchObject({
      definition: { code: 'provider_unavailable' },
    })
  })

  test('stands without its page when Bridge does not give one', async () => {
    bench.standIn.hasPages = false
    expect(await register()).toMatchObject({ actionRequired: 'accept_terms', actionUrl: null })
    expect(bench.standIn.requests.at(-1)?.path).toMatch(/tos_acceptance_link$/)
  })
})
