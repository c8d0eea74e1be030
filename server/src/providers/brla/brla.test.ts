// Owns the guarantees of the BRLA adapter: sub-accounts by tax id, files, what it cannot do.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { IdentityFile, ProviderCustomer } from '../../core/provider.ts'
import { gaivota, lia } from '../avenia/testing/avenia-samples.ts'
import { type BrlaBench, openBrla } from './testing/brla-samples.ts'

let bench: BrlaBench
beforeEach(async () => {
  bench = await openBrla()
})
afterEach(() => bench.close())

const sent = () => bench.standIn.requests.map(({ method, url }) => `${method} ${url}`)
const rejectedFor = (reason: string) => ({
  definition: { code: 'provider_rejected' },
  message: expect.stringContaining(`refused the request: ${reason}.`),
})
const unavailable = { definition: { code: 'provider_unavailable' } }
const address = {
  ...{ cep: '11000000', city: 'Santos', state: 'SP', street: 'Rua das Gaivotas' },
  ...{ number: '12', district: 'Centro' },
}
const representative = {
  ...{ fullName: 'Lia Prado', cpf: '00000000191', birthdate: '1991-04-02' },
  startDate: '2019-05-06',
}

describe('a registration', () => {
  test.each(['subaccount', 'customer', 'connected_account'] as const)(
    'as %s looks the tax id up and sends all of the identity data',
    async (role) => {
      const state = await bench.register({ role })
      expect(sent()).toEqual([
        'POST /v1/business/login',
        'GET /v1/business/subaccounts?taxId=00000000191',
        'POST /v1/business/subaccounts',
      ])
      expect(bench.standIn.requests[2]?.json()).toEqual({
        taxIdType: 'CPF',
        cpf: '00000000191',
        fullName: 'Lia Prado',
        birthdate: '1991-04-02',
        phone: '+5513955501234',
        address,
      })
      expect(state).toEqual({
        remoteId: 'sub-1',
        status: 'processing',
        actionRequired: null,
        actionUrl: null,
        rejectionReason: null,
        failureReasons: [],
        facts: { kycLevel: 0 },
      })
      expect(bench.standIn.violations).toEqual([])
    },
  )

  test('of a company sends its CNPJ and who represents it', async () => {
    await bench.register({ customer: gaivota, providerData: representative })
    expect(bench.standIn.accounts[0]?.sent).toEqual({
      taxIdType: 'CNPJ',
      cnpj: '12ABC34501DE35',
      companyName: 'Gaivota Comercio Ltda',
      ...representative,
      phone: '+5513955501234',
      address,
    })
    expect(bench.standIn.violations).toEqual([])
  })

  test('whose answer was lost finds its sub-account by the tax id, exactly one', async () => {
    bench.standIn.refuse = ({ method }) => {
      bench.standIn.badDay = method === 'POST' ? 'reset_after' : null
      return null
    }
    await expect(bench.register()).rejects.toMatchObject(unavailable)
    bench.standIn.refuse = null
    bench.standIn.badDay = null
    expect(bench.standIn.accounts).toHaveLength(1)
    expect(await bench.register({ isRepeat: true })).toMatchObject({ remoteId: 'sub-1' })
    expect(await bench.register({ role: 'customer' })).toMatchObject({ remoteId: 'sub-1' })
    expect(bench.standIn.accounts).toHaveLength(1)
    expect(bench.standIn.violations).toEqual([])
  })

  test('takes a 404 to the look-up for none', async () => {
    bench.standIn.refuse = ({ method }) => (method === 'GET' ? { status: 404, body: {} } : null)
    expect(await bench.register()).toMatchObject({ remoteId: 'sub-1' })
  })

  test('never chooses between two sub-accounts', async () => {
    const kyc = { level: 0 }
    const subaccounts = [
      { id: 'a', kyc },
      { id: 'b', kyc },
    ]
    bench.standIn.refuse = () => ({ status: 200, body: { subaccounts } })
    const reason = 'it shows several sub-accounts for one tax id'
    await expect(bench.register()).rejects.toMatchObject(rejectedFor(reason))
  })

  const noDistrict = { ...lia, address: lia.address && { ...lia.address, neighborhood: null } }
  test.each<[Partial<ProviderCustomer>, Record<string, string>, string]>([
    [{ address: null, phone: null }, {}, 'it needs phone'],
    [
      { address: null },
      {},
      `it needs ${Object.keys(address)
        .map((name) => `address.${name}`)
        .join(', ')}`,
    ],
    [noDistrict, {}, 'it needs address.district'],
    [{ document: null }, {}, 'BRLA needs a Brazilian CPF of this customer'],
    [
      { document: { type: 'ssn', number: '123456789', country: 'US' } },
      {},
      'BRLA needs a Brazilian CPF of this customer',
    ],
    [gaivota, {}, 'it needs startDate, cpf, fullName, birthdate'],
    [{}, representative, 'provider_data.fullName is not among what BRLA takes'],
    [gaivota, { cpf: '1' }, 'provider_data.cpf does not have the form that BRLA takes'],
    [{}, { 'lia@example.test': 'x' }, 'a provider_data member is not among what BRLA takes'],
  ])(
    '%# that BRLA would refuse is refused before the network',
    async (over, providerData, reason) => {
      const register = bench.register({ customer: { ...lia, ...over }, providerData })
      await expect(register).rejects.toMatchObject(rejectedFor(reason))
      expect(bench.standIn.requests).toEqual([])
    },
  )
})

describe('a state', () => {
  const read = (remoteId: string) =>
    bench.brla.read(bench.connection, { remoteId, role: 'customer' })

  test.each([
    [0, 'processing'],
    [1, 'approved'],
    [2, 'approved'],
  ])('of level %i is %s', async (level, status) => {
    const { remoteId } = await bench.register()
    Object.assign(bench.standIn.accounts[0] ?? {}, { level })
    expect(await read(remoteId)).toMatchObject({ remoteId, status, facts: { kycLevel: level } })
    expect(bench.standIn.violations).toEqual([])
  })

  test('of a stranger is rejected as such', async () => {
    await expect(read('sub-9')).rejects.toMatchObject(rejectedFor('it does not know this customer'))
  })

  test.each([
    [{ kyc: null }],
    [{ kyc: { level: '1' } }],
    [{ kyc: { level: 1.5 } }],
    [{ id: 7 }],
    [{ id: '../x' }],
  ])('shown with %j is not used', async (shown) => {
    const { remoteId } = await bench.register()
    Object.assign(bench.standIn.accounts[0] ?? {}, { shown })
    await expect(read(remoteId)).rejects.toMatchObject(unavailable)
  })
})

describe('what BRLA has no call for', () => {
  const record = { remoteId: 'sub-1', role: 'customer' } as const

  test('is told of each field, and nothing is sent', async () => {
    const fields = ['shipping', 'email', 'givenName', 'familyName'] as const
    const reason = 'BRLA has no call that changes a sub-account'
    const pushed = { customer: lia, fields, idempotencyKey: 'push-1' }
    expect(await bench.brla.push(bench.connection, record, pushed)).toEqual(
      fields.map((field) => ({ field, outcome: 'unsupported', reason })),
    )
    expect(bench.standIn.requests).toEqual([])
  })

  test('is told of the balance, which is never made up', async () => {
    await expect(bench.brla.balance(bench.connection, record)).rejects.toMatchObject({
      definition: { code: 'provider_balance_unsupported' },
      message: expect.stringContaining('BRLA documents no form for the balance'),
    })
    expect(bench.standIn.requests).toEqual([])
  })
})

describe('a file', () => {
  const file: IdentityFile = {
    ...{ id: 'file_1', name: 'lia-prado.png', fileType: 'CNH', contentType: 'image/png' },
    ...{ bytes: Buffer.from('picture'), idempotencyKey: 'file-1' },
  }
  const send = (over: Partial<IdentityFile> = {}, remoteId = 'sub-1') =>
    bench.brla.sendFile(bench.connection, { remoteId, role: 'customer' }, { ...file, ...over })

  test.each([
    ['CNH', 'cnh', 'CNH'],
    ['DRIVERS-LICENSE', 'cnh', 'CNH'],
    ['CPF_DOCUMENT', 'rg-front', 'RG'],
    ['RG_BACK', 'rg-back', 'RG'],
    ['SELFIE', 'selfie', 'RG'],
  ])('of type %s goes to the place for it', async (fileType, place, documentType) => {
    await bench.register()
    expect(await send({ fileType })).toEqual({ outcome: 'sent', remoteFileId: 'level2-1' })
    const asked = bench.standIn.requests.find(({ path }) => path.endsWith('/level2'))
    expect([asked?.url, asked?.json()]).toEqual([
      '/v1/business/kyc/level2?subaccountId=sub-1',
      { documentType },
    ])
    expect([...bench.standIn.stored.keys()]).toEqual([`sub-1/${place}`])
    expect(bench.standIn.stored.get(`sub-1/${place}`)).toEqual({
      bytes: Buffer.from('picture'),
      contentType: 'image/png',
    })
    expect(bench.standIn.violations).toEqual([])
  })

  test.each(['PASSPORT', 'SSN_FRONT', 'OTHER'])('of type %s is not sent', async (fileType) => {
    const reason = 'BRLA takes a CNH, an RG and a selfie alone'
    expect(await send({ fileType })).toEqual({ outcome: 'unsupported', reason })
    expect(bench.standIn.requests).toEqual([])
  })

  test('of a stranger, or without a place for it, is rejected', async () => {
    await expect(send()).rejects.toMatchObject(rejectedFor('it does not know this customer'))
    bench.standIn.refuse = () => ({ status: 200, body: { id: 'level2-1', CNHUploadUrl: '' } })
    await expect(send()).rejects.toMatchObject(rejectedFor('it names no place for this file'))
    await expect(send({}, 'a/../b')).rejects.toMatchObject(
      rejectedFor('it does not know this customer'),
    )
  })

  test('whose upload URL has run out is tried again', async () => {
    await bench.register()
    bench.standIn.refuse = ({ path }) => (path.startsWith('/storage') ? { status: 403 } : null)
    await expect(send()).rejects.toMatchObject(unavailable)
    expect(bench.standIn.logins).toBe(1)
  })
})
