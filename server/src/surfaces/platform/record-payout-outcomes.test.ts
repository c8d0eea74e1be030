// Owns the outcomes of POST /v1/payouts/outcomes; what lines may say is proven at the core's file.
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { toForm } from '../../../../test/example-requests.ts'
import { createPayout, getPayout } from '../../core/payouts/payout-service.ts'
import { parseId, printId } from '../../lib/id.ts'
import { problem, problemOf } from './test-connections.ts'
import { testKeys } from './test-keys.ts'

const keys = testKeys()
const context = () => keys.server.contextOf(keys.server.liveApp)

async function newPayout() {
  const target = { cbu: '0070327530004025541644', name: null, cuit: null, customerId: null }
  const made = await createPayout(context(), { amount: '1.00', currency: 'ARS', ...target })
  return printId('payout', made.id)
}
const statusOf = async (id: string) =>
  (await getPayout(context(), parseId('payout', id) ?? '')).status

async function send(value: string | Uint8Array, query = '', more: Record<string, string> = {}) {
  const { headers, body } = toForm([{ name: 'file', fileName: 'bank.csv', value }])
  const key = await keys.server.createKey(keys.server.liveApp)
  const options = { body, key, headers: { ...headers, ...more } }
  return keys.call('POST', `/payouts/outcomes${query}`, options)
}

describe('200', () => {
  test('what came of every line', async () => {
    const [one, two] = [await newPayout(), await newPayout()]
    const file = `payout_id,outcome,reason\n${one},completed,\n${two},failed,Closed\nx,failed,y\n`
    const { status, json } = await send(file)
    expect(status).toBe(200)
    expect(json).toEqual({
      dry_run: false,
      counts: { recorded: 2, would_be_recorded: 0, unchanged: 0, refused: 1, unknown: 0 },
      lines: [
        { line: 2, payout_id: one, result: 'recorded', code: null, detail: null },
        { line: 3, payout_id: two, result: 'recorded', code: null, detail: null },
        {
          line: 4,
          payout_id: null,
          result: 'refused',
          code: 'payout_line_malformed',
          detail: 'The first cell is not the id of a payout.',
        },
      ],
    })
    expect([await statusOf(one), await statusOf(two)]).toEqual(['completed', 'failed'])
  })

  test('a dry run writes nothing', async () => {
    const id = await newPayout()
    const { json } = await send(`${id},completed,`, '?dry_run=true')
    expect(json).toMatchObject({ dry_run: true, counts: { would_be_recorded: 1, recorded: 0 } })
    expect(await statusOf(id)).toBe('pending')
    expect((await send(`${id},completed,`, '?dry_run=false')).json.counts.recorded).toBe(1)
  })

  test('a repeat with one idempotency key is told the same, and another file is refused', async () => {
    const [one, two] = [await newPayout(), await newPayout()]
    const headers = { 'idempotency-key': randomUUID() }
    const first = await send(`${one},completed`, '', headers)
    const again = await send(`${one},completed`, '', headers)
    expect([again.status, again.text]).toEqual([200, first.text])
    expect(first.json.counts.recorded).toBe(1)
    const other = await send(`${two},completed`, '', headers)
    expect(other.json.code).toBe('idempotency_key_reused')
    expect(await statusOf(two)).toBe('pending')
  })
})

test.each<[number, string, string | Uint8Array]>([
  [422, 'payout_file_malformed', ''],
  [422, 'payout_file_malformed', new Uint8Array([0xff, 0xfe, 0x00])],
  [413, 'payout_file_too_long', 'x,y\n'.repeat(10_001)],
  [413, 'upload_file_too_large', 'x'.repeat(1_024 * 1_024 + 1)],
])('%i: %s', async (status, code, file) => {
  const answer = await send(file)
  expect([answer.status, answer.json.code]).toEqual([status, code])
})

test('400: a dry run of another word', async () => {
  const id = await newPayout()
  const answer = await send(`${id},completed,`, '?dry_run=yes')
  expect(problemOf(answer)).toEqual(problem(400, 'query_invalid', '/dry_run'))
  expect(await statusOf(id)).toBe('pending')
})

test('403: a key that may read the platform, but not act on it', async () => {
  const id = await newPayout()
  const key = await keys.server.createKey(keys.server.liveApp, ['platform:read', 'payouts:write'])
  const { headers, body } = toForm([{ name: 'file', fileName: 'a.csv', value: `${id},completed` }])
  const answer = await keys.call('POST', '/payouts/outcomes', { body, key, headers })
  expect(problemOf(answer)).toEqual(problem(403, 'scope_missing'))
  expect(await statusOf(id)).toBe('pending')
})
