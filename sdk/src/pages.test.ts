// Owns the proof that a list is one page when awaited and every entry when walked.
import { expect, test } from 'vitest'
import { createPayoutsClient, type List } from './index.ts'
import { type Reaction, startStandIn } from './testing/stand-in.ts'

const pageOf = (...ids: string[]): Reaction => ({ status: 200, body: ids.map((id) => ({ id })) })
const retryOptions = { wait: async () => {} }

async function standInOf(...pages: Reaction[]) {
  const standIn = await startStandIn(...pages)
  const { payouts } = createPayoutsClient({ apiKey: 'k', baseUrl: standIn.url, retryOptions })
  return { payouts, paths: () => standIn.received.map((it) => it.path) }
}

async function idsOf(list: List<{ id: string }>): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of list) ids.push(id)
  return ids
}

test('a list that nobody uses asks for nothing; awaited twice it asks once', async () => {
  const { payouts, paths } = await standInOf(pageOf('1', '2'))
  const list = payouts.list({ limit: 2 })
  await payouts.list({ limit: 9 })
  expect(paths()).toEqual(['/payouts?limit=9'])
  const [first, second] = [await list, await list]
  expect(first).toEqual({ ok: true, value: [{ id: '1' }, { id: '2' }] })
  expect(second).toBe(first)
  expect(paths()).toEqual(['/payouts?limit=9', '/payouts?limit=2'])
})

test('a walk follows the last id, keeps the filters, and ends with a short page', async () => {
  const { payouts, paths } = await standInOf(pageOf('1', '2'), pageOf('3', '4'), pageOf('5'))
  const list = payouts.list({ limit: 2, status: 'failed', startingAfter: '0' })
  expect(await idsOf(list)).toEqual(['1', '2', '3', '4', '5'])
  const path = '/payouts?limit=2&status=failed&startingAfter='
  expect(paths()).toEqual([`${path}0`, `${path}2`, `${path}4`])
})

test('a walk ends with an empty page when the last full one was the end', async () => {
  const { payouts, paths } = await standInOf(pageOf('1', '2'), pageOf())
  expect(await idsOf(payouts.list({ limit: 2 }))).toEqual(['1', '2'])
  expect(paths()).toHaveLength(2)
})

test('a walk without a limit asks for pages of 50', async () => {
  const { payouts, paths } = await standInOf(pageOf('1'))
  expect(await idsOf(payouts.list())).toEqual(['1'])
  expect(paths()).toEqual(['/payouts?limit=50'])
})

test('a walk that stops asks for no page that it does not reach', async () => {
  const { payouts, paths } = await standInOf(pageOf('1', '2'), pageOf('3', '4'), pageOf('5', '6'))
  for await (const { id } of payouts.list({ limit: 2 })) if (id === '2') break
  expect(paths()).toHaveLength(1)
  for await (const { id } of payouts.list({ limit: 2 })) if (id === '5') break
  expect(paths()).toHaveLength(3)
})

test('a page that fails is thrown, after the entries before it', async () => {
  const { payouts, paths } = await standInOf(pageOf('1', '2'), { status: 503 })
  const seen: string[] = []
  const walk = async () => {
    for await (const { id } of payouts.list({ limit: 2 })) seen.push(id)
  }
  await expect(walk()).rejects.toMatchObject({ name: 'ApiError', status: 503 })
  expect(seen).toEqual(['1', '2'])
  expect(paths()).toHaveLength(1 + 3)
})

test('a walk whose signal aborts throws the AbortError instead of asking on', async () => {
  const { payouts, paths } = await standInOf(pageOf('1', '2'), pageOf('3'))
  const controller = new AbortController()
  const walk = async () => {
    for await (const { id } of payouts.list({ limit: 2 }, { signal: controller.signal })) {
      if (id === '2') controller.abort()
    }
  }
  await expect(walk()).rejects.toMatchObject({ name: 'AbortError' })
  expect(paths()).toHaveLength(1)
})

test.each([
  ['repeats a page', pageOf('1', '2')],
  ['gives entries without ids', { status: 200, body: [{}, {}] } as const],
])('a server that %s is not asked for ever', async (_name, page) => {
  const { payouts, paths } = await standInOf(page)
  await expect(idsOf(payouts.list({ limit: 2 }))).rejects.toMatchObject({ name: 'ClienteleError' })
  expect(paths().length).toBeLessThanOrEqual(2)
})

test('a list walks again from its beginning', async () => {
  const { payouts } = await standInOf(pageOf('1', '2'), pageOf(), pageOf('1', '2'), pageOf())
  const list = payouts.list({ limit: 2 })
  expect(await idsOf(list)).toEqual(['1', '2'])
  expect(await idsOf(list)).toEqual(['1', '2'])
})
