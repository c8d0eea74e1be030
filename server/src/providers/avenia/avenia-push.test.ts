// Owns the guarantees of what else goes to Avenia and comes from it: fields, money, files.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { IdentityFile, ProviderCustomer, SyncField } from '../../core/provider.ts'
import { readyTriesMax } from './avenia-document.ts'
import { type AveniaBench, lia, openAvenia } from './testing/avenia-samples.ts'

let bench: AveniaBench
let remoteId: string
beforeEach(async () => {
  bench = await openAvenia()
  remoteId = (await bench.register()).remoteId
  bench.standIn.requests.length = 0
})
afterEach(() => bench.close())

const record = () => ({ remoteId, role: 'customer' }) as const
const account = () => bench.standIn.accounts[0]

describe('a push', () => {
  const push = (fields: SyncField[], customer: ProviderCustomer = lia, mayReplace = false) =>
    bench.avenia.push({ ...bench.connection, mayReplaceLegalAddress: mayReplace }, record(), {
      ...{ customer, fields, idempotencyKey: 'push-1' },
    })

  test('of e-mail and names is unsupported, and asks nothing', async () => {
    const reason = 'Avenia has no call that changes it after the identity check'
    expect(await push(['familyName', 'email', 'givenName'])).toEqual([
      { field: 'familyName', outcome: 'unsupported', reason },
      { field: 'email', outcome: 'unsupported', reason },
      { field: 'givenName', outcome: 'unsupported', reason },
    ])
    expect(bench.standIn.requests).toEqual([])
  })

  test('of shipping never replaces the legal address by itself', async () => {
    const reason = 'Avenia has only the legal address, and this connection may not replace it'
    expect(await push(['shipping'])).toEqual([
      { field: 'shipping', outcome: 'unsupported', reason },
    ])
    expect(bench.standIn.requests).toEqual([])
  })

  test('of shipping replaces the whole address where the connection allows it, once', async () => {
    const [updated] = await push(['shipping'], lia, true)
    expect(updated).toEqual({ field: 'shipping', outcome: 'updated', reason: null })
    expect(bench.standIn.requests.at(-1)?.json()).toEqual({
      streetLine1: 'Rua das Gaivotas 12',
      streetLine2: '',
      streetLine3: '',
      city: 'Santos',
      countrySubdivision: 'BR-SP',
      zipCode: '11000000',
      country: 'BRA',
    })
    expect(await push(['shipping'], lia, true)).toEqual([
      { field: 'shipping', outcome: 'unchanged', reason: null },
    ])
    expect(bench.standIn.requests.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET'])
    expect(bench.standIn.violations).toEqual([])
  })

  test('of an incomplete address fails before anything is sent', async () => {
    const address = lia.address && { ...lia.address, postalCode: null }
    expect(await push(['shipping'], { ...lia, address }, true)).toEqual([
      {
        field: 'shipping',
        outcome: 'failed',
        reason: 'the address is not complete enough for Avenia, which replaces it whole',
      },
    ])
    expect(bench.standIn.requests).toEqual([])
  })

  test('that Avenia refuses has failed, with its reason and without the person', async () => {
    const body = { error: 'zipCode 11000000 is not in Santos' }
    bench.standIn.refuse = () => ({ status: 400, body })
    expect(await push(['shipping'], lia, true)).toEqual([
      { field: 'shipping', outcome: 'failed', reason: 'zipCode … is not in …' },
    ])
  })
})

describe('a balance', () => {
  const balance = () => bench.avenia.balance(bench.connection, record())
  const zero = { pending: 0, reserved: 0, instantPayouts: 0 }

  test('is exact to the minor unit of each asset', async () => {
    const balances = { BRLA: '310.5', USDC: '12.004', USDT: '9007199254.740991', EURC: '0.1' }
    Object.assign(account() ?? {}, { balances: { ...balances, ARSA: '0', USDCe: '0.00' } })
    expect(await balance()).toEqual([
      {
        accountId: 'sub-1',
        totals: [
          { currency: 'BRLA', available: 31_050, ...zero },
          { currency: 'USDC', available: 12_004_000, ...zero },
          { currency: 'USDT', available: 9_007_199_254_740_991, ...zero },
          { currency: 'EURC', available: 100_000, ...zero },
          { currency: 'ARSA', available: 0, ...zero },
        ],
      },
    ])
    expect(bench.standIn.requests.map(({ url }) => url)).toEqual([
      '/v2/account/balances?subAccountId=sub-1',
    ])
    expect(bench.standIn.violations).toEqual([])
  })

  test.each([
    [{ BRLA: 310.5 }],
    [{ BRLA: '310,5' }],
    [{ BRLA: '1e3' }],
    [{ BRLA: null }],
    [{ DOGE: '1' }],
    [{ USDT: '99999999999.5' }],
    ['none'],
  ])('of %j is refused, never guessed', async (balances) => {
    Object.assign(account() ?? {}, { balances })
    await expect(balance()).rejects.toMatchObject({ definition: { code: 'provider_unavailable' } })
  })

  test.each(['', '../x', 'a b', 'a&subAccountId='])('of the id %j is never asked', async (id) => {
    remoteId = id
    await expect(balance()).rejects.toMatchObject({ definition: { code: 'provider_rejected' } })
    expect(bench.standIn.requests).toEqual([])
  })
})

describe('a file', () => {
  const file: IdentityFile = {
    ...{ id: 'file_1', name: 'lia-prado.png', fileType: 'PASSPORT', contentType: 'image/png' },
    ...{ bytes: Buffer.from('not really a picture'), idempotencyKey: 'file-1' },
  }
  const send = (over: Partial<IdentityFile> = {}) =>
    bench.avenia.sendFile(bench.connection, record(), { ...file, ...over })

  test('goes to the storage that Avenia names, without our credentials', async () => {
    expect(await send()).toEqual({ outcome: 'sent', remoteFileId: 'doc-1' })
    expect(bench.standIn.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v2/documents',
      'PUT /storage/sub-1/doc-1',
      'GET /v2/documents/doc-1',
    ])
    expect(bench.standIn.requests[0]?.json()).toEqual({
      documentType: 'PASSPORT',
      isDoubleSided: false,
    })
    const [stored] = account()?.documents ?? []
    expect(stored?.bytes?.toString()).toBe('not really a picture')
    expect(stored).toMatchObject({ contentType: 'image/png', ready: true })
    expect(bench.standIn.violations).toEqual([])
  })

  test.each([
    ['CPF_DOCUMENT', 'ID'],
    ['SELFIE', 'SELFIE'],
    ['DRIVERS-LICENSE', 'DRIVERS-LICENSE'],
    ['CERTIFICATE_OF_INCORPORATION', 'CERTIFICATE-OF-INCORPORATION'],
  ])('of type %s is a document of type %s', async (fileType, documentType) => {
    await send({ fileType })
    expect(account()?.documents[0]).toMatchObject({ documentType })
    expect(bench.standIn.violations).toEqual([])
  })

  test.each(['SSN_FRONT', 'ADDRESS_PROOF', 'OTHER'])('of type %s is not sent', async (fileType) => {
    const reason = 'Avenia has no document type for this file type'
    expect(await send({ fileType })).toEqual({ outcome: 'unsupported', reason })
    expect(bench.standIn.requests).toEqual([])
  })

  test('that takes long to be ready is waited for, within bounds', async () => {
    bench.standIn.readyAfter = 3
    await send()
    expect(bench.clock.waits).toEqual([2_000, 2_000])
    bench.standIn.readyAfter = 1_000
    expect(await send()).toEqual({ outcome: 'sent', remoteFileId: 'doc-2' })
    expect(bench.clock.waits).toHaveLength(2 + readyTriesMax - 1)
  })

  test('that the storage has already is sent', async () => {
    bench.standIn.refuse = ({ path }) => (path.startsWith('/storage/') ? { status: 412 } : null)
    expect(await send()).toEqual({ outcome: 'sent', remoteFileId: 'doc-1' })
  })

  test.each([403, 400, 500])('that the storage answers with %i is tried again', async (status) => {
    bench.standIn.refuse = ({ path }) => (path.startsWith('/storage/') ? { status } : null)
    await expect(send()).rejects.toMatchObject({ definition: { code: 'provider_unavailable' } })
  })

  test('that Avenia cannot read is rejected with its reason', async () => {
    bench.standIn.refuse = ({ path }) => {
      const [document] = account()?.documents ?? []
      if (document && path.startsWith('/storage/')) document.uploadErrorFront = 'INVALID FORMAT'
      return null
    }
    await expect(send()).rejects.toMatchObject({
      definition: { code: 'provider_rejected' },
      message: expect.stringContaining('INVALID FORMAT'),
    })
  })

  test.each(['http://93.184.216.34/x', 'https://169.254.169.254/x', 'file:///etc/passwd', 'x'])(
    'is never sent to %s',
    async (uploadURLFront) => {
      const body = { id: 'doc-1', uploadURLFront }
      bench.standIn.refuse = () => ({ status: 200, body })
      await expect(send()).rejects.toMatchObject({ definition: { code: 'provider_unavailable' } })
      expect(bench.standIn.requests).toHaveLength(1)
    },
  )
})
