// Owns the proof of webhooks: stored once, taken over by their time, the same end in any order.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { removeConnection } from '../connections/connection-service.ts'
import { getCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { type ProviderNotice, providerErrors, type RemoteState } from '../provider.ts'
import { applyNotice, forgetNotices, noticeAgeMsMax, receiveWebhook } from './notice-service.ts'
import { registrationWork } from './registration-jobs.ts'
import { listRegistrations, submitRegistration } from './registration-service.ts'
import { submitToProvider } from './registration-work.ts'
import { scriptedApp } from './testing/scripted-app.ts'
import { newCustomer, state } from './testing/scripted-provider.ts'

const app = scriptedApp()

const delivery = { headers: {}, query: {}, body: new Uint8Array() }
const receive = (notices: ProviderNotice[]) => {
  const { context, connectionId, provider } = app
  provider.notices = notices
  const receivedAt = context.clock.now()
  return receiveWebhook(context, { provider: 'stripe', connectionId }, { ...delivery, receivedAt })
}
const waiting = () =>
  app.context.db
    .selectFrom('jobs')
    .select('subject_id')
    .where('kind', '=', 'registration.notice')
    .orderBy('id')
    .execute()
/** Nothing ends a job here: what was applied once is left alone, or every test grows the next. */
const applied = new Set<string>()
const applyAll = async () => {
  for (const { subject_id: id } of await waiting()) {
    if (applied.has(id)) continue
    applied.add(id)
    await applyNotice(app.context, id)
  }
}
let count = 0
const noticeOf = (remote: RemoteState, occurredAt: number): ProviderNotice => {
  count += 1
  const eventId = `evt_${count}`
  return {
    eventId,
    remoteId: remote.remoteId,
    occurredAt,
    change: { kind: 'state', state: remote },
  }
}

/** A new customer who is at the provider under an id of their own. */
async function registered(): Promise<{ id: string; remoteId: string; since: number }> {
  count += 1
  const remoteId = `remote_of_${count}`
  app.provider.onRegister = async () => state('submitted', { remoteId })
  const id = await newCustomer(app.context)
  await submitRegistration(app.context, id, { provider: 'stripe', role: 'customer' })
  const [view] = await listRegistrations(app.context, id)
  await submitToProvider(app.context, view?.id ?? '')
  return { id, remoteId, since: app.context.clock.now() + 1_000 }
}

async function endOf(id: string): Promise<object> {
  const [view] = await listRegistrations(app.context, id)
  const { onboardingStatus, roles } = await getCustomer(app.context, id)
  const { status, actionRequired, rejectionReason } = view ?? {}
  return { status, actionRequired, rejectionReason, onboardingStatus, roles }
}

function permutations<T>(items: T[]): T[][] {
  if (items.length <= 1) return [items]
  return items.flatMap((item, at) =>
    permutations([...items.slice(0, at), ...items.slice(at + 1)]).map((rest) => [item, ...rest]),
  )
}

type Step = [status: RemoteState['status'], at: number, more?: Partial<RemoteState>]
const documents = { actionRequired: 'upload_documents' } as const

describe('for every order of what was sent, the end is the same', () => {
  const sequences: [name: string, steps: Step[]][] = [
    [
      'a plain approval',
      [
        ['processing', 1],
        ['awaiting_confirmation', 2],
        ['approved', 3],
      ],
    ],
    [
      'documents',
      [
        ['processing', 1],
        ['processing', 2, documents],
        ['processing', 3],
        ['approved', 4],
      ],
    ],
    [
      'a rejection that is taken back',
      [
        ['processing', 1],
        ['rejected', 2, { rejectionReason: 'No.' }],
        ['approved', 3],
      ],
    ],
    [
      'two at one instant',
      [
        ['processing', 1],
        ['approved', 2],
        ['restricted', 2],
      ],
    ],
    [
      'an approval that is taken back',
      [
        ['approved', 1],
        ['restricted', 2],
        ['cancelled', 3],
      ],
    ],
    [
      'the same word twice, and another between',
      [
        ['approved', 1],
        ['processing', 2],
        ['approved', 3],
      ],
    ],
    [
      'a step back',
      [
        ['awaiting_confirmation', 1],
        ['processing', 2],
      ],
    ],
  ]

  test.each(sequences)('%s', async (_, steps) => {
    const ends = new Set<string>()
    for (const order of permutations(steps)) {
      const { id, remoteId, since } = await registered()
      for (const [status, at, more] of order) {
        await receive([noticeOf(state(status, { remoteId, ...more }), since + at)])
        await applyAll()
      }
      ends.add(JSON.stringify(await endOf(id)))
    }
    expect([...ends]).toHaveLength(1)
    const last = steps.toSorted((left, right) => left[1] - right[1]).at(-1)
    expect([...ends][0]).toContain(`"status":"${last?.[0]}"`)
  })

  test('any sequence, in two orders', async () => {
    const status = fc.constantFrom(
      'processing',
      'approved',
      'rejected',
      'restricted',
      'awaiting_confirmation',
    )
    const step = fc.tuple(status, fc.integer({ min: 1, max: 5 }))
    const anySteps = fc.uniqueArray(step, { minLength: 1, maxLength: 5, selector: ([, at]) => at })
    await fc.assert(
      fc.asyncProperty(anySteps, fc.func(fc.integer()), async (steps, weigh) => {
        const shuffled = steps.toSorted((left, right) => weigh(left) - weigh(right))
        const ends: object[] = []
        for (const order of [steps, shuffled]) {
          const { id, remoteId, since } = await registered()
          const notices = order.map(([one, at]) =>
            noticeOf(state(one as RemoteState['status'], { remoteId }), since + at),
          )
          await receive(notices)
          await applyAll()
          ends.push(await endOf(id))
        }
        expect(ends[0]).toEqual(ends[1])
      }),
      { numRuns: 25 },
    )
  })
})

test('a fact that is delivered fifty times at once is stored and applied once', async () => {
  const { id, remoteId, since } = await registered()
  const notice = noticeOf(state('approved', { remoteId }), since)
  const before = (await waiting()).length
  const counts = await Promise.all(Array.from({ length: 50 }, () => receive([notice])))
  expect(counts.reduce((sum, one) => sum + one, 0)).toBe(1)
  expect(await waiting()).toHaveLength(before + 1)
  await applyAll()
  const { version } = await getCustomer(app.context, id)
  for (const { subject_id: again } of await waiting()) await applyNotice(app.context, again)
  expect((await getCustomer(app.context, id)).version).toBe(version)
})

test('a signature that does not verify stores nothing', async () => {
  app.provider.parseWebhook = () =>
    Promise.reject(new AppError(providerErrors.webhook_signature_invalid))
  const before = await app.context.db.selectFrom('provider_notices').selectAll().execute()
  await expect(receive([])).rejects.toMatchObject({
    definition: { code: 'webhook_signature_invalid' },
  })
  expect(await app.context.db.selectFrom('provider_notices').selectAll().execute()).toEqual(before)
})

test('a notice that overtakes the answer with the id waits for it', async () => {
  const early = noticeOf(
    state('approved', { remoteId: 'remote_early' }),
    app.context.clock.now() + 5_000,
  )
  await receive([early])
  const id = (await waiting()).at(-1)?.subject_id ?? ''
  expect(await applyNotice(app.context, id)).toBe('again')
  app.provider.onRegister = async () => state('submitted', { remoteId: 'remote_early' })
  const customerId = await newCustomer(app.context)
  await submitRegistration(app.context, customerId, { provider: 'stripe', role: 'customer' })
  const [view] = await listRegistrations(app.context, customerId)
  await submitToProvider(app.context, view?.id ?? '')
  expect(await applyNotice(app.context, id)).toBe('done')
  expect(await endOf(customerId)).toMatchObject({ status: 'approved' })
})

test('a notice about nobody of ours ends after an hour', async () => {
  await receive([noticeOf(state('approved', { remoteId: 'a stranger' }), 1)])
  const id = (await waiting()).at(-1)?.subject_id ?? ''
  expect(await applyNotice(app.context, id)).toBe('again')
  app.server.clock.advance(60 * 60 * 1000)
  expect(await applyNotice(app.context, id)).toBe('done')
})

test('a hint makes us ask, and what is ignored asks nobody', async () => {
  const { id, remoteId, since } = await registered()
  app.provider.onRead = async () => state('approved', { remoteId })
  await receive([
    { eventId: 'evt_ignored', remoteId, occurredAt: since, change: { kind: 'ignored' } },
  ])
  await applyAll()
  expect(app.provider.asked).toEqual([])
  await receive([{ eventId: 'evt_hint', remoteId, occurredAt: since, change: { kind: 'reread' } }])
  await applyAll()
  expect(app.provider.asked).toEqual(['read'])
  expect(await endOf(id)).toMatchObject({ status: 'approved', onboardingStatus: 'APPROVED' })
})

test('what a removed connection has told is told to nobody', async () => {
  const { id, remoteId, since } = await registered()
  await receive([noticeOf(state('approved', { remoteId }), since)])
  const job = (await waiting()).at(-1)?.subject_id ?? ''
  await removeConnection(app.context, 'stripe')
  expect(await registrationWork['registration.notice']?.run(app.context, job)).toBe('done')
  expect(await endOf(id)).toMatchObject({ status: 'submitted' })
})

test('old notices are forgotten, young ones are not', async () => {
  await receive([noticeOf(state('approved', { remoteId: 'old' }), 1)])
  app.server.clock.advance(noticeAgeMsMax + 1)
  await receive([noticeOf(state('approved', { remoteId: 'young' }), 1)])
  let forgotten = 0
  for (let pass = 0; pass < 10; pass += 1) forgotten += await forgetNotices(app.context, 1_000)
  expect(forgotten).toBeGreaterThan(0)
  const left = await app.context.db.selectFrom('provider_notices').select('remote_id').execute()
  expect(left).toEqual([{ remote_id: 'young' }])
})
