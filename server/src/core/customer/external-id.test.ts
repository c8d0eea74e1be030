// Owns the proof that a taken external id is refused by naming the customer that has it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import { refused } from '../../../../test/refused.ts'
import { inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import { customerErrors } from './customer.ts'
import { createCustomer, getCustomer, updateCustomer } from './customer-service.ts'
import { refusingTakenExternalId } from './external-id.ts'

let server: TestServer
let context: Context
beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
})
afterAll(() => server.close())

const creators = 50
const save = (externalId: string | null, of = context) =>
  createCustomer(of, { kind: 'individual', name: 'Ana', externalId })

function takenBy(id: string) {
  return {
    definition: customerErrors.external_id_taken,
    param: 'externalId',
    message:
      `externalId: customer ${id} of this app has it. ` +
      'Use the customer that has it, or choose another external id.',
  }
}

/** What each creator of one external id ended in; the winner's id first. */
async function race(create: (at: number) => Promise<{ id: string }>) {
  const results = await Promise.allSettled(Array.from({ length: creators }, (_, at) => create(at)))
  const winners = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []))
  const refusals = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  expect([winners.length, refusals.length]).toEqual([1, creators - 1])
  return { winner: winners[0] ?? '', refusals }
}

describe('50 at once: one wins, and every other is told which customer has it', () => {
  test('creating', async () => {
    const { winner, refusals } = await race(() => save('alone'))
    for (const refusal of refusals) expect(refusal).toMatchObject(takenBy(winner))
  })

  test('creating, each in a transaction that began before', async () => {
    const { winner, refusals } = await race(() =>
      inTransaction(context, async (tx) => {
        await tx.db.selectFrom('customers').select('id').limit(1).execute()
        return save('inside', tx)
      }),
    )
    for (const refusal of refusals) expect(refusal).toMatchObject(takenBy(winner))
  })

  test('updating', async () => {
    const made = await Promise.all(Array.from({ length: creators }, () => save(null)))
    const { winner, refusals } = await race((at) =>
      updateCustomer(context, made[at]?.id ?? '', { externalId: 'wanted' }),
    )
    for (const refusal of refusals) expect(refusal).toMatchObject(takenBy(winner))
    for (const { id } of made) {
      const externalId = id === winner ? 'wanted' : null
      expect(await getCustomer(context, id)).toMatchObject({ externalId })
      expect(await historyOf(context, id)).toHaveLength(id === winner ? 2 : 1)
    }
  })
})

test('the holder is one of this app, never of another that uses the same external id', async () => {
  await save('shared', server.contextOf(server.liveApp))
  const { id } = await save('shared')
  expect(await refused(() => save('shared'))).toMatchObject(takenBy(id))
})

test('where nobody has it any more, the refusal says so in general', async () => {
  const conflict = Object.assign(new Error('duplicate'), { constraint: 'customers_external_id' })
  const lost = refusingTakenExternalId(context, 'let go', () => Promise.reject(conflict))
  await expect(lost).rejects.toMatchObject({
    definition: customerErrors.external_id_taken,
    param: 'externalId',
    message:
      'Another customer of this app has this external id. ' +
      'Use the customer that has it, or choose another external id.',
  })
})

test('another failure of the write is not a taken external id', async () => {
  const write = async () => {
    throw new Error('no space left')
  }
  await expect(refusingTakenExternalId(context, 'any', write)).rejects.toThrow('no space left')
  const inside = inTransaction(context, (tx) => refusingTakenExternalId(tx, 'any', write))
  await expect(inside).rejects.toThrow('no space left')
})
