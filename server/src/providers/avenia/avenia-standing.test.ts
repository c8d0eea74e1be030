// Owns the guarantees of a state at Avenia: what an identity and its attempts mean.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AveniaBench, openAvenia } from './testing/avenia-samples.ts'
import type { AveniaAttempt } from './testing/avenia-stand-in.ts'

let bench: AveniaBench
beforeEach(async () => {
  bench = await openAvenia()
})
afterEach(() => bench.close())

describe('a state', () => {
  const read = (remoteId: string) =>
    bench.avenia.read(bench.connection, { remoteId, role: 'customer' })
  const attempt = { id: 'att-1', levelName: 'level-1', createdAt: '2026-11-20T10:00:00Z' }
  const readWith = async (...attempts: Partial<AveniaAttempt>[]) => {
    const { remoteId } = await bench.register()
    const [account] = bench.standIn.accounts
    account?.attempts.push(...attempts.map((one) => ({ ...attempt, status: 'PENDING', ...one })))
    return read(remoteId)
  }

  test.each([
    [{ status: 'PENDING' }, 'processing', null],
    [{ status: 'PROCESSING', result: '' }, 'processing', null],
    [{ status: 'COMPLETED', result: '' }, 'processing', null],
    [{ status: 'COMPLETED', result: 'APPROVED' }, 'approved', null],
    [{ status: 'COMPLETED', result: 'REJECTED' }, 'rejected', null],
    [{ status: 'EXPIRED' }, 'awaiting_confirmation', 'complete_profile'],
  ])('with an attempt %j is %s', async (one, status, actionRequired) => {
    expect(await readWith(one)).toMatchObject({ status, actionRequired })
  })

  test('is that of the newest attempt of level 1', async () => {
    const state = await readWith(
      { id: 'old', status: 'COMPLETED', result: 'REJECTED' },
      { id: 'new', status: 'PROCESSING', createdAt: '2026-11-20T12:00:00Z' },
      { id: 'usd', levelName: 'usd', status: 'EXPIRED', createdAt: '2026-11-20T13:00:00Z' },
    )
    expect(state).toMatchObject({ status: 'processing', facts: { attemptId: 'new' } })
  })

  test('of a rejection has the reason without the person in it', async () => {
    const resultMessage = 'Prado, 000.000.001-91 of Santos does not match lia@example.test'
    const state = await readWith({
      ...{ status: 'COMPLETED', result: 'REJECTED', resultMessage },
      submissionData: { fullName: 'Lia Prado', surname: 'Prado', city: 'Santos' },
    })
    expect(state.rejectionReason).toBe('…, … of … does not match …')
    expect(state.failureReasons).toEqual(['…, … of … does not match …'])
  })

  test('of a rejection has no name of the account in it either', async () => {
    await bench.register()
    Object.assign(bench.standIn.accounts[0] ?? {}, { fullName: 'Lia Prado' })
    const resultMessage = 'The document of PRADO has expired'
    const state = await readWith({ status: 'COMPLETED', result: 'REJECTED', resultMessage })
    expect(state.rejectionReason).toBe('The document of … has expired')
  })

  test('of a confirmed identity is approved whatever an attempt says', async () => {
    const { remoteId } = await bench.register()
    const [account] = bench.standIn.accounts
    if (account) account.identityStatus = 'CONFIRMED'
    expect(await read(remoteId)).toMatchObject({ status: 'approved', actionRequired: null })
    expect(await bench.register()).toMatchObject({ status: 'approved' })
    expect(bench.standIn.requests.filter(({ path }) => path.includes('new-level-1'))).toEqual([])
  })

  test('before any attempt says what the check waits for', async () => {
    const { remoteId } = await bench.register()
    expect(await read(remoteId)).toMatchObject({
      status: 'submitted',
      actionRequired: 'upload_documents',
    })
    await bench.prepare()
    expect(await read(remoteId)).toMatchObject({
      status: 'submitted',
      actionRequired: 'complete_profile',
    })
    expect(bench.standIn.violations).toEqual([])
  })

  test.each([
    [true, 2],
    [false, 1],
  ])(
    'rejected with retryable %s leads to %i attempts when registered again',
    async (retryable, count) => {
      await bench.prepare()
      await bench.register()
      const [one] = bench.standIn.accounts[0]?.attempts ?? []
      if (one) Object.assign(one, { status: 'COMPLETED', result: 'REJECTED', retryable })
      const state = await bench.register({ isRepeat: true })
      expect(state.status).toBe(retryable ? 'processing' : 'rejected')
      expect(bench.standIn.accounts[0]?.attempts).toHaveLength(count)
    },
  )
})
