// Owns the rules of a bank's file: each line told what came of it, nothing half done in silence.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { historyOf } from '../../../../test/history.ts'
import { refused } from '../../../../test/refused.ts'
import { printId } from '../../lib/id.ts'
import { inTransaction } from '../../storage/transaction.ts'
import type { Context } from '../context.ts'
import { createCustomer } from '../customer/customer-service.ts'
import { type OutcomeLine, recordOutcomeFile } from './outcome-file.ts'
import { cancelPayout, createPayout, getPayout } from './payout-service.ts'

let server: TestServer
let context: Context
beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.liveApp)
})
afterAll(() => server.close())

async function newPayout(customerId: string | null = null, where = context): Promise<string> {
  const target = { cbu: '0070327530004025541644', name: null, cuit: null }
  const input = { amount: '1.00', currency: 'ARS', customerId, ...target }
  return (await createPayout(where, input)).id
}

const wire = (id: string) => printId('payout', id)
const record = (text: string, isDryRun = false) => recordOutcomeFile(context, text, { isDryRun })
const shortly = ({ line, result, refusal }: OutcomeLine) => [line, result, refusal?.code ?? null]
const statusOf = async (id: string) => (await getPayout(context, id)).status

test('every line is told, in its order, and a refused one stops no other', async () => {
  const [paid, failed] = [await newPayout(), await newPayout()]
  const [cancelled, last] = [await newPayout(), await newPayout()]
  await cancelPayout(context, cancelled)
  const file = [
    'payout_id,outcome,reason',
    `${wire(paid)},completed,`,
    `${wire(failed)},FAILED,"Closed, says the bank"`,
    `${wire(cancelled)},completed`,
    `${wire(context.ids())},completed`,
    'Ana Gómez,completed,',
    `${wire(last)},paid,`,
    `${wire(last)},failed,`,
    `${wire(last)},completed,"open`,
  ]
  const lines = await record(file.join('\r\n'))
  expect(lines.map(shortly)).toEqual([
    [2, 'recorded', null],
    [3, 'recorded', null],
    [4, 'refused', 'payout_status_refused'],
    [5, 'refused', 'payout_not_found'],
    [6, 'refused', 'payout_line_malformed'],
    [7, 'refused', 'payout_line_malformed'],
    [8, 'refused', 'payout_line_repeated'],
    [9, 'refused', 'payout_line_repeated'],
  ])
  expect(JSON.stringify(lines)).not.toContain('Ana')
  expect(await getPayout(context, paid)).toMatchObject({ status: 'completed', errorMessage: null })
  expect(await getPayout(context, failed)).toMatchObject({
    status: 'failed',
    errorMessage: 'Closed, says the bank',
  })
  expect([await statusOf(cancelled), await statusOf(last)]).toEqual(['cancelled', 'pending'])
})

test('actor and reason stand in the history, of the completed too', async () => {
  const customer = await createCustomer(context, { kind: 'individual', name: 'Ana' })
  const id = await newPayout(customer.id)
  await record(`${wire(id)},completed,Statement 7`)
  expect((await historyOf(context, customer.id)).at(-1)).toMatchObject({
    type: 'customer.payout.completed',
    actor: 'operator:test',
    changes: { payout: { id, status: 'completed' }, reason: 'Statement 7' },
  })
})

test('a dry run tells the same, and writes nothing', async () => {
  const [good, cancelled] = [await newPayout(), await newPayout()]
  await cancelPayout(context, cancelled)
  const file = `${wire(good)},completed,\n${wire(cancelled)},failed,Closed\nx,y,z\n`
  const dry = await record(file, true)
  expect(dry.map(shortly)).toEqual([
    [1, 'would_be_recorded', null],
    [2, 'refused', 'payout_status_refused'],
    [3, 'refused', 'payout_line_malformed'],
  ])
  expect(await statusOf(good)).toBe('pending')
  const wet = await record(file)
  expect(wet.map(({ refusal }) => refusal)).toEqual(dry.map(({ refusal }) => refusal))
  expect(await statusOf(good)).toBe('completed')
})

test('a file that is sent again changes nothing', async () => {
  const ids = [await newPayout(), await newPayout()]
  const file = `${wire(ids[0] ?? '')},completed\n${wire(ids[1] ?? '')},failed,Closed`
  await record(file)
  const before = await Promise.all(ids.map((id) => getPayout(context, id)))
  expect((await record(file)).map(({ result }) => result)).toEqual(['unchanged', 'unchanged'])
  expect(await Promise.all(ids.map((id) => getPayout(context, id)))).toEqual(before)
})

test("another app's payout looks missing, and stays", async () => {
  const elsewhere = server.contextOf(server.testApp)
  const id = await newPayout(null, elsewhere)
  const [line] = await record(`${wire(id)},completed`)
  expect(line?.refusal?.code).toBe('payout_not_found')
  expect((await getPayout(elsewhere, id)).status).toBe('pending')
})

test('the same payout in two spellings is named twice', async () => {
  const id = await newPayout()
  const lines = await record(`${wire(id)},completed\n${id.toUpperCase()},failed,Closed`)
  expect(lines.map(shortly)).toEqual([
    [1, 'recorded', null],
    [2, 'refused', 'payout_line_repeated'],
  ])
  expect(lines[1]?.refusal?.detail).toContain('Line 1 ')
})

describe('bounds', () => {
  test('10,000 lines are taken, and one more is not', async () => {
    const line = 'x,completed,\n'
    expect(await record(line.repeat(10_000))).toHaveLength(10_000)
    const header = 'payout_id,outcome,reason\n'
    expect(await record(header + line.repeat(10_000))).toHaveLength(10_000)
    const error = await refused(() => record(line.repeat(10_001)))
    expect(error.definition.code).toBe('payout_file_too_long')
  })

  test.each(['', '\n\n', 'payout_id,outcome,reason\n'])('%j holds no payout', async (text) => {
    const error = await refused(() => record(text))
    expect(error.definition.code).toBe('payout_file_malformed')
  })

  test.each(['failed', 'failed,', `failed,${'x'.repeat(201)}`, 'failed,a\u0000b', 'completed,a,b'])(
    'the line …,%s is refused',
    async (rest) => {
      const id = await newPayout()
      const [line] = await record(`${wire(id)},${rest}`)
      expect(line).toMatchObject({ result: 'refused', refusal: { code: 'payout_line_malformed' } })
      expect(await statusOf(id)).toBe('pending')
    },
  )
})

describe('when the database goes away in the middle', () => {
  /** The transactions after so many fail. */
  function breakAfter(count: number) {
    let begun = 0
    const { database } = context
    const { transaction } = database
    const broken: typeof transaction = (work) => {
      begun += 1
      if (begun > count) return Promise.reject(new Error('gone'))
      return transaction.call(database, work) as ReturnType<typeof transaction<never>>
    }
    vi.spyOn(database, 'transaction').mockImplementation(broken)
  }

  test('what was recorded is told, and the rest is unknown: sent again it is done', async () => {
    const ids: string[] = []
    for (let count = 0; count < 20; count += 1) ids.push(await newPayout())
    const file = ids.map((id) => `${wire(id)},completed`).join('\n')
    breakAfter(5)
    const lines = await record(file)
    vi.restoreAllMocks()
    const count = (result: string) => lines.filter((line) => line.result === result).length
    expect([count('recorded'), count('unknown')]).toEqual([5, 15])
    for (const { payoutId, result } of lines) {
      const status = await statusOf(payoutId ?? '')
      expect([result, status]).toEqual(
        result === 'recorded' ? ['recorded', 'completed'] : ['unknown', 'pending'],
      )
    }
    const again = await record(file)
    expect(again.filter(({ result }) => result === 'recorded')).toHaveLength(15)
    expect(again.filter(({ result }) => result === 'unchanged')).toHaveLength(5)
  })

  test('where nothing was recorded the failure is the answer', async () => {
    const id = await newPayout()
    breakAfter(0)
    await expect(record(`${wire(id)},completed`)).rejects.toThrow('gone')
    vi.restoreAllMocks()
    expect(await statusOf(id)).toBe('pending')
  })

  test('inside a transaction all lines stand or fall with it', async () => {
    const [one, two] = [await newPayout(), await newPayout()]
    const file = `${wire(one)},completed\n${wire(two)},completed`
    const work = inTransaction(context, async (tx) => {
      await recordOutcomeFile(tx, file, { isDryRun: false })
      throw new Error('gone')
    })
    await expect(work).rejects.toThrow('gone')
    expect([await statusOf(one), await statusOf(two)]).toEqual(['pending', 'pending'])
  })
})
