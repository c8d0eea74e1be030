// Owns the guarantees of recipients at Pagar.me: their registration, states and balance.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProviderCustomer, Registering } from '../../core/provider.ts'
import type { Json } from '../../lib/canonical.ts'
import {
  account,
  companyData,
  gaivota,
  lia,
  openPagarMe,
  type PagarMeBench,
  partner,
  personData,
} from './testing/pagar-me-samples.ts'

let bench: PagarMeBench
beforeEach(async () => {
  bench = await openPagarMe()
})
afterEach(async () => {
  expect(bench.standIn.violations).toEqual([])
  await bench.close()
})

const register = (over: Partial<Registering> = {}) =>
  bench.pagarMe.register(bench.connection, {
    role: 'connected_account',
    customer: lia,
    providerData: personData,
    idempotencyKey: 'reg-1',
    isRepeat: false,
    ...over,
  })
const record = { remoteId: 're_0001', role: 'connected_account' } as const
const read = () => bench.pagarMe.read(bench.connection, record)

const contact = { phone_numbers: [{ ddd: '13', number: '955501234', type: 'mobile' }] }
const address = {
  street: 'Rua das Gaivotas',
  complementary: '',
  street_number: '12',
  neighborhood: 'Centro',
  city: 'Santos',
  state: 'SP',
  zip_code: '11000000',
  reference_point: 'Ao lado da praia',
}

describe('a recipient', () => {
  test('who is a person is sent exactly', async () => {
    const transfers = { transfer_enabled: true, transfer_interval: 'Daily', transfer_day: 0 }
    const providerData = { ...personData, mother_name: 'Ana Prado', transfer_settings: transfers }
    const state = await register({ providerData })
    const [post, ...others] = bench.standIn.requests
    expect(others).toEqual([])
    expect([post?.method, post?.url]).toEqual(['POST', '/core/v5/recipients'])
    expect(post?.headers['idempotency-key']).toBe('reg-1')
    expect(post?.json()).toEqual({
      code: 'cust_lia',
      metadata: { record_id: 'cust_lia' },
      payment_mode: 'bank_transfer',
      default_bank_account: account,
      transfer_settings: transfers,
      register_information: {
        type: 'individual',
        name: 'Lia Prado',
        email: 'lia@example.test',
        document: '00000000191',
        birthdate: '02/04/1991',
        monthly_income: 350_000,
        professional_occupation: 'Pintora',
        mother_name: 'Ana Prado',
        ...contact,
        address,
      },
    })
    expect(state).toEqual({
      remoteId: 're_0001',
      status: 'processing',
      actionRequired: null,
      actionUrl: null,
      rejectionReason: null,
      failureReasons: [],
      facts: { status: 'registration', kycStatus: null, canTransfer: false },
    })
  })

  test('that is a company is sent with its managing partners', async () => {
    await register({ customer: gaivota, providerData: companyData })
    expect(bench.standIn.requests[0]?.json()).toEqual({
      code: 'cust_gaivota',
      metadata: { record_id: 'cust_gaivota' },
      payment_mode: 'bank_transfer',
      default_bank_account: companyData.default_bank_account,
      register_information: {
        type: 'corporation',
        company_name: 'Gaivota Comercio Ltda',
        trading_name: 'Gaivota',
        annual_revenue: 90_000_000,
        founding_date: '20/12/2010',
        email: 'contato@gaivota.test',
        document: '12ABC34501DE35',
        ...contact,
        main_address: address,
        managing_partners: [{ ...partner, birthdate: '02/04/1991' }],
      },
    })
  })

  const without = (name: string) => {
    const { [name]: _gone, ...rest }: Record<string, Json> = personData
    return rest
  }
  test.each<[Partial<Registering>, string]>([
    [{ providerData: {} }, 'provider_data does not have the form that Pagar.me takes'],
    [
      { providerData: without('monthly_income') },
      'provider_data does not have the form that Pagar.me takes',
    ],
    [
      { providerData: { ...personData, monthly_income: '3500' } },
      'provider_data.monthly_income does not have the form that Pagar.me takes',
    ],
    [
      { providerData: { ...personData, default_bank_account: { ...account, bank: 'Itau' } } },
      'provider_data.default_bank_account.bank does not have the form that Pagar.me takes',
    ],
    [{ customer: { ...lia, document: null } }, 'document is not a CPF'],
    [{ customer: gaivota }, 'provider_data does not have the form that Pagar.me takes'],
    [{ customer: { ...lia, phone: '+12125550100' } }, 'phone is not a Brazilian number'],
    [{ customer: { ...lia, dateOfBirth: null } }, 'date of birth is missing'],
    [{ customer: { ...lia, address: null } }, 'street is missing'],
  ])('is refused before the network: %#', async (over, reason) => {
    await expect(register(over)).rejects.toMatchObject({
      definition: { code: 'provider_rejected' },
      message: expect.stringContaining(reason),
    })
    expect(bench.standIn.requests).toEqual([])
  })

  test('is made once, though the answer was lost and the day of its key is over', async () => {
    bench.standIn.badDay = 'reset_after'
    await expect(register()).rejects.toMatchObject({ definition: { code: 'provider_unavailable' } })
    bench.standIn.badDay = null
    for (let number = 0; number < 35; number += 1) {
      const customer: ProviderCustomer = { ...lia, recordId: `cust_other${number}` }
      await register({ customer, idempotencyKey: `other-${number}` })
    }
    bench.standIn.recipients.reverse()
    bench.standIn.areKeysOld = true
    expect((await register({ isRepeat: true })).remoteId).toBe('re_0001')
    expect(bench.standIn.recipients).toHaveLength(36)
  })

  test('that an earlier try did not make is made by the repeat', async () => {
    expect((await register({ isRepeat: true })).remoteId).toBe('re_0001')
    expect(bench.standIn.recipients).toHaveLength(1)
  })
})

describe('a state', () => {
  const setState = async (shown: Record<string, unknown>) => {
    await register()
    const [recipient] = bench.standIn.recipients
    if (recipient) recipient.shown = shown
  }

  test.each([
    ['registration', 'processing'],
    ['affiliation', 'processing'],
    ['active', 'approved'],
    ['refused', 'rejected'],
    ['suspended', 'restricted'],
    ['blocked', 'restricted'],
    ['inactive', 'cancelled'],
  ])('%s is %s', async (word, status) => {
    await setState({ status: word })
    expect(await read()).toMatchObject({ status, actionRequired: null, actionUrl: null })
  })

  test('that waits for the liveness check has the page for it', async () => {
    await setState({ status: 'affiliation', kyc_details: { status: 'pending' } })
    expect(await read()).toMatchObject({
      status: 'awaiting_confirmation',
      actionRequired: 'complete_profile',
      actionUrl: 'https://kyc.pagarme.test/re_0001',
      facts: { status: 'affiliation', kycStatus: 'pending', canTransfer: false },
    })
    bench.standIn.hasPages = false
    // The link of this minute may be given again.
    bench.standIn.areKeysOld = true
    expect(await read()).toMatchObject({ status: 'awaiting_confirmation', actionUrl: null })
  })

  test('whose liveness check is done waits for nobody', async () => {
    await setState({ status: 'affiliation', kyc_details: { status: 'approved' } })
    expect(await read()).toMatchObject({ status: 'processing', actionRequired: null })
  })

  test('of a refusal carries its reason without the person in it', async () => {
    const why = 'Lia Prado, CPF 000.000.001-91, was not recognised'
    await setState({ status: 'refused', kyc_details: { status: 'denied', status_reason: why } })
    expect(await read()).toMatchObject({
      rejectionReason: '…, CPF …, was not recognised',
      failureReasons: ['…, CPF …, was not recognised'],
    })
  })

  test('of a refusal without a reason says that there was none', async () => {
    await setState({ status: 'refused' })
    expect(await read()).toMatchObject({ rejectionReason: 'Pagar.me gave no reason' })
  })

  test.each([{ status: 'splendid' }, { status: 7 }, { status: 'active', id: '../x' }])(
    'that is not as documented is not used: %j',
    async (shown) => {
      await setState(shown)
      await expect(read()).rejects.toMatchObject({ definition: { code: 'provider_unavailable' } })
    },
  )
})

describe('a balance', () => {
  const balance = async (body: unknown) => {
    await register()
    bench.standIn.balances.set('re_0001', body)
    return bench.pagarMe.balance(bench.connection, record)
  }
  const held = { currency: 'BRL', available_amount: 15_400, waiting_funds_amount: 2_300 }

  test('is exact in cents, with what is still to come apart', async () => {
    expect(
      await balance({ ...held, transferred_amount: 900, recipient: { id: 're_0001' } }),
    ).toEqual([
      {
        accountId: 're_0001',
        totals: [
          { currency: 'BRL', available: 15_400, pending: 2_300, reserved: 0, instantPayouts: 0 },
        ],
      },
    ])
  })

  test('may be a debt', async () => {
    const [entry] = await balance({ ...held, available_amount: -50 })
    expect(entry?.totals[0]?.available).toBe(-50)
  })

  test.each([
    ['text', { ...held, available_amount: '15400' }],
    ['a fraction', { ...held, available_amount: 154.5 }],
    ['too large to be exact', { ...held, available_amount: 2 ** 53 }],
    ['without what is to come', { ...held, waiting_funds_amount: undefined }],
    ['null', { ...held, available_amount: null }],
    ['of no currency', { ...held, currency: 'XQQ' }],
    ['of a currency without cents', { ...held, currency: 'JPY' }],
  ])('that is %s is no balance', async (_what, body) => {
    await expect(balance(body)).rejects.toMatchObject({
      definition: { code: 'provider_unavailable' },
    })
  })

  test('of a customer is unsupported, and nobody is asked', async () => {
    const customer = { remoteId: 'cus_0001', role: 'customer' } as const
    await expect(bench.pagarMe.balance(bench.connection, customer)).rejects.toMatchObject({
      definition: { code: 'provider_balance_unsupported' },
    })
    expect(bench.standIn.requests).toEqual([])
  })
})

test.each([
  ['connected_account', /^Pagar\.me takes no files: the recipient shows them on the page/],
  ['customer', /^Pagar\.me asks for no files of a customer$/],
] as const)('a file for a %s is unsupported, and says why', async (role, reason) => {
  const file = {
    id: 'file_1',
    name: 'x.png',
    fileType: 'PASSPORT',
    contentType: 'image/png',
    bytes: new Uint8Array([1]),
    idempotencyKey: 'file-1',
  } as const
  const outcome = await bench.pagarMe.sendFile(bench.connection, { remoteId: 'x', role }, file)
  expect(outcome).toEqual({ outcome: 'unsupported', reason: expect.stringMatching(reason) })
  expect(bench.standIn.requests).toEqual([])
})
