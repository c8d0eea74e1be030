// Owns the guarantees of registering at Avenia: one sub-account a record, exact checks.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type AveniaBench,
  gaivota,
  lia,
  openAvenia,
  pemOf,
  ready,
} from './testing/avenia-samples.ts'
import { requestKeys } from './testing/avenia-stand-in.ts'

let bench: AveniaBench
beforeEach(async () => {
  bench = await openAvenia()
})
afterEach(() => bench.close())

const sent = () => bench.standIn.requests.map(({ method, url }) => `${method} ${url}`)
const bodyOf = (method: string, path: string) =>
  bench.standIn.requests.find((one) => one.method === method && one.path === path)?.json()
const rejectedFor = (reason: string) => ({
  definition: { code: 'provider_rejected' },
  message: expect.stringContaining(`refused the request: ${reason}.`),
})

describe('a registration', () => {
  test.each(['subaccount', 'customer', 'connected_account'] as const)(
    'as %s makes a sub-account that is named by the record alone',
    async (role) => {
      const state = await bench.register({ role })
      expect(sent()).toEqual([
        'GET /v2/account/sub-accounts?name=cust_lia',
        'POST /v2/account/sub-accounts',
        'GET /v2/documents?subAccountId=sub-1',
      ])
      expect(bodyOf('POST', '/v2/account/sub-accounts')).toEqual({
        accountType: 'INDIVIDUAL',
        name: 'cust_lia',
      })
      expect(state).toEqual({
        remoteId: 'sub-1',
        status: 'submitted',
        actionRequired: 'upload_documents',
        actionUrl: null,
        rejectionReason: null,
        failureReasons: ['a selfie is missing', 'an identity document is missing'],
        facts: { identityStatus: 'NOT-IDENTIFIED', attemptId: null, attemptStatus: null },
      })
      expect(bench.standIn.violations).toEqual([])
    },
  )

  test('goes on to the identity check with the documents that were sent before', async () => {
    await bench.prepare()
    const state = await bench.register({ isRepeat: true })
    expect(bodyOf('POST', '/v2/kyc/new-level-1/api')).toEqual({
      fullName: 'Lia Prado',
      dateOfBirth: '1991-04-02',
      countryOfTaxId: 'BRA',
      taxIdNumber: '00000000191',
      email: 'lia@example.test',
      phone: '+5513955501234',
      country: 'BRA',
      state: 'SP',
      city: 'Santos',
      zipCode: '11000000',
      streetAddress: 'Rua das Gaivotas 12',
      uploadedSelfieId: 'doc-selfie',
      uploadedDocumentId: 'doc-id',
    })
    expect(state).toMatchObject({
      remoteId: 'sub-1',
      status: 'processing',
      actionRequired: null,
      facts: { attemptId: 'att-1', attemptStatus: 'PENDING' },
    })
    expect(bench.standIn.accounts).toHaveLength(1)
    expect(bench.standIn.violations).toEqual([])
  })

  test('takes the documents that the caller names, and the newest of the others', async () => {
    await bench.prepare()
    bench.standIn.accounts[0]?.documents.push(
      { ...ready, id: 'doc-new', documentType: 'PASSPORT', createdAt: '2026-11-20T11:00:00Z' },
      { ...ready, id: 'doc-late', documentType: 'ID', ready: false, createdAt: '2026-11-21' },
      { ...ready, id: 'doc-face', documentType: 'SELFIE', createdAt: '2026-11-19T10:00:00Z' },
    )
    bench.standIn.rowsPerPage = 2
    const providerData = { uploadedSelfieId: 'doc-face', sandboxReject: true }
    await bench.register({ providerData })
    expect(bodyOf('POST', '/v2/kyc/new-level-1/api')).toMatchObject({
      uploadedSelfieId: 'doc-face',
      uploadedDocumentId: 'doc-new',
      sandboxReject: true,
    })
    expect(bench.standIn.violations).toEqual([])
  })

  test('of a company sends its data, its owners and its two documents', async () => {
    await bench.register({ customer: gaivota })
    const company = {
      customer: gaivota,
      providerData: { uboIds: ['ubo-1'], website: 'https://g.test' },
    }
    expect(await bench.register(company)).toMatchObject({
      actionRequired: 'upload_documents',
      failureReasons: [
        'the certificate of incorporation is missing',
        'the company tax identification document is missing',
      ],
    })
    bench.standIn.accounts[0]?.documents.push(
      { ...ready, id: 'doc-a', documentType: 'CERTIFICATE-OF-INCORPORATION' },
      { ...ready, id: 'doc-b', documentType: 'COMPANY-TAX-IDENTIFICATION-DOCUMENT' },
    )
    const state = await bench.register(company)
    expect(bodyOf('POST', '/v2/account/sub-accounts')).toEqual({
      accountType: 'COMPANY',
      name: 'cust_gaivota',
    })
    expect(bodyOf('POST', '/v2/kyc/new-level-1/api')).toEqual({
      uboIds: ['ubo-1'],
      website: 'https://g.test',
      companyLegalName: 'Gaivota Comercio Ltda',
      companyRegistrationNumber: '12ABC34501DE35',
      taxIdentificationNumberTin: '12ABC34501DE35',
      countryTaxResidence: 'BRA',
      countrySubdivisionTaxResidence: 'BR-SP',
      companyStreetLine1: 'Rua das Gaivotas 12',
      companyStreetLine2: '',
      companyStreetLine3: '',
      companyCity: 'Santos',
      companyState: 'SP',
      companyZipCode: '11000000',
      companyCountry: 'BRA',
      certificateOfIncorporationDocumentId: 'doc-a',
      taxIdentificationDocumentId: 'doc-b',
    })
    expect(state).toMatchObject({ status: 'processing', facts: { attemptId: 'att-1' } })
    expect(bench.standIn.violations).toEqual([])
  })

  test('that lacks data names the fields and asks for the profile', async () => {
    const customer = { ...lia, email: null, dateOfBirth: null, address: null }
    expect(await bench.register({ customer })).toMatchObject({
      status: 'submitted',
      actionRequired: 'complete_profile',
      failureReasons: [
        'dateOfBirth is missing',
        'email is missing',
        'address.state is missing',
        'address.city is missing',
        'address.postalCode is missing',
        'address.streetName is missing',
        'a selfie is missing',
        'an identity document is missing',
      ],
    })
    expect(await bench.register({ customer: gaivota })).toMatchObject({
      actionRequired: 'complete_profile',
      failureReasons: expect.arrayContaining(['providerData.uboIds is missing']),
    })
  })

  test.each([
    [{ password: 'x' }, 'provider_data.password is not among what Avenia takes'],
    [{ uboIds: ['u'] }, 'provider_data.uboIds is not among what Avenia takes'],
    [
      { uploadedSelfieId: '../x' },
      'provider_data.uploadedSelfieId does not have the form that Avenia takes',
    ],
    [{ 'lia@example.test': 1 }, 'a provider_data member is not among what Avenia takes'],
  ])('with %j is refused before the network', async (providerData, reason) => {
    await expect(bench.register({ providerData })).rejects.toMatchObject(rejectedFor(reason))
    expect(bench.standIn.requests).toEqual([])
  })

  test('in live mode never asks for the verdict of the sandbox', async () => {
    const live = { ...bench.connection, mode: 'live' as const }
    const request = {
      ...({ role: 'customer', customer: lia, idempotencyKey: 'r', isRepeat: false } as const),
      providerData: { sandboxReject: false },
    }
    await expect(bench.avenia.register(live, request)).rejects.toMatchObject(
      rejectedFor('provider_data.sandboxReject is for the sandbox alone'),
    )
    expect(bench.standIn.requests).toEqual([])
  })

  test.each(['ec', 'ed25519'] as const)('is signed with a key of type %s', async (type) => {
    bench.standIn.requestKey = requestKeys[type].publicKey
    const private_key = pemOf(requestKeys[type].privateKey)
    bench.connection.credentials = { ...bench.connection.credentials, private_key }
    await bench.register()
    expect(bench.standIn.accounts).toHaveLength(1)
    expect(bench.standIn.violations).toEqual([])
  })
})

describe('a try whose answer was lost', () => {
  test.each(['nested', 'flat'] as const)('is found again in %s rows, on any page', async (form) => {
    await bench.register({ customer: { ...lia, recordId: 'cust_lia2' } })
    bench.standIn.rowForm = form
    bench.standIn.rowsPerPage = 1
    bench.standIn.badDay = 'reset_after'
    // The look-up is lost, and after it the creation itself.
    await expect(bench.register()).rejects.toMatchObject({
      definition: { code: 'provider_unavailable' },
    })
    bench.standIn.badDay = null
    bench.standIn.refuse = (request) => {
      bench.standIn.badDay = request.path === '/v2/account/sub-accounts' ? 'reset_after' : null
      return null
    }
    await expect(bench.register({ isRepeat: true })).rejects.toMatchObject({
      definition: { code: 'provider_unavailable' },
    })
    bench.standIn.refuse = null
    bench.standIn.badDay = null
    expect(bench.standIn.accounts.map(({ name }) => name)).toEqual(['cust_lia2', 'cust_lia'])
    const state = await bench.register({ isRepeat: true })
    expect(state.remoteId).toBe('sub-2')
    expect(bench.standIn.accounts).toHaveLength(2)
    expect(bench.standIn.violations).toEqual([])
  })

  test('does not ask for a second identity check', async () => {
    await bench.prepare()
    bench.standIn.refuse = (request) => {
      bench.standIn.badDay = request.path.startsWith('/v2/kyc') ? 'reset_after' : null
      return null
    }
    await expect(bench.register()).rejects.toMatchObject({
      definition: { code: 'provider_unavailable' },
    })
    bench.standIn.refuse = null
    bench.standIn.badDay = null
    expect(await bench.register({ isRepeat: true })).toMatchObject({
      status: 'processing',
      facts: { attemptId: 'att-1' },
    })
    expect(bench.standIn.accounts[0]?.attempts).toHaveLength(1)
    expect(bench.standIn.violations).toEqual([])
  })

  test('under a record that has become a company is refused, never doubled', async () => {
    await bench.register()
    const customer = { ...gaivota, recordId: lia.recordId }
    await expect(bench.register({ customer, isRepeat: true })).rejects.toMatchObject(
      rejectedFor('the sub-account of this record is of type INDIVIDUAL'),
    )
    expect(bench.standIn.accounts).toHaveLength(1)
  })
})
