// Owns the tests of how many lists are worked on at once, and of what is a list.
import { afterEach, expect, test, vi } from 'vitest'
import { surfaces } from '../surfaces/surfaces.ts'
import { createListPlaces, type ListPlaces, readsMany } from './list-places.ts'
import type { Refusable } from './turn-away.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const newRequest = (): Refusable => ({ turnedAwayFor: null })

/** Lists that end when they are told to. */
function begin(places: ListPlaces, count: number) {
  const ended = Promise.withResolvers<void>()
  const works = Array.from({ length: count }, () => places.work(newRequest(), () => ended.promise))
  return { end: ended, works: Promise.allSettled(works) }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

const outcomes = (settled: PromiseSettledResult<unknown>[]) =>
  settled.map((one) => (one.status === 'fulfilled' ? 'done' : one.reason.definition.code))

test('beyond the bound they are refused, and as many again pass when those have ended', async () => {
  const places = createListPlaces(2)
  for (const isFailure of [false, true, false]) {
    const first = begin(places, 5)
    await turn()
    const request = newRequest()
    expect(() => places.check(request)).toThrow('as many lists and searches as it takes')
    expect(request.turnedAwayFor).toBe('lists')
    if (isFailure) first.end.reject(Object.assign(new Error(), { definition: { code: 'failed' } }))
    else first.end.resolve()
    const end = isFailure ? 'failed' : 'done'
    const refused = 'temporarily_unavailable'
    expect(outcomes(await first.works)).toEqual([end, end, refused, refused, refused])
  }
})

test('a check takes no place', () => {
  const places = createListPlaces(1)
  for (let count = 0; count < 10; count += 1) places.check(newRequest())
})

test('after 1,000 that ended in every way all places are there', async () => {
  const bound = 3
  const places = createListPlaces(bound)
  for (let count = 0; count < 1_000; count += 1) {
    const ways = [
      async () => 'answered',
      async () => Promise.reject(new Error('refused later')),
      () => {
        throw new Error('broken at once')
      },
      () => turn(),
    ]
    const works = ways.map((way) => places.work(newRequest(), way))
    if (count % 3 === 0) await Promise.allSettled(works)
    else for (const work of works) work.catch(() => {})
  }
  await turn()
  await turn()
  const last = begin(places, bound + 1)
  last.end.resolve()
  expect(outcomes(await last.works).filter((outcome) => outcome === 'done')).toHaveLength(bound)
})

test('0 is no bound', async () => {
  const many = begin(createListPlaces(0), 500)
  many.end.resolve()
  expect(new Set(outcomes(await many.works))).toEqual(new Set(['done']))
})

test('between them what else has come is served: each turn has a slice for them', async () => {
  let nowMs = 0
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  const places = createListPlaces(0)
  let done = 0
  const work = async () => {
    await null
    nowMs += 1.5
    done += 1
  }
  const works = Array.from({ length: 10 }, () => places.work(newRequest(), work))
  const doneAfterTurns: number[] = []
  while (done < 10) {
    await turn()
    doneAfterTurns.push(done)
  }
  await Promise.all(works)
  expect(doneAfterTurns).toEqual([3, 6, 9, 10])
})

test('sixteen are under way, and each that ends lets the next one begin', async () => {
  const places = createListPlaces(0)
  const ends: (() => void)[] = []
  const works = Array.from({ length: 30 }, () =>
    places.work(newRequest(), () => new Promise<void>((resolve) => ends.push(resolve))),
  )
  await turn()
  await turn()
  expect(ends).toHaveLength(16)
  for (let ended = 0; ended < 30; ended += 1) {
    ends[ended]?.()
    await turn()
    await turn()
    expect(ends).toHaveLength(Math.min(30, 17 + ended))
  }
  await Promise.all(works)
})

test('one that comes after a pause begins as soon', async () => {
  const places = createListPlaces(1)
  for (let count = 0; count < 3; count += 1) {
    expect(await places.work(newRequest(), async () => count)).toBe(count)
    await turn()
  }
})

/** Of what belongs to one record or app, all at once: few, and without a page. */
const wholeLists = [
  'orchestration listFiles',
  'crypto listWalletAuthorizations',
  'platform listApps',
  'platform listConnections',
  'platform listRegistrations',
  'platform listWebhookEndpoints',
]

test('lists and searches take a place; what answers one record does not', () => {
  const all = surfaces.flatMap(({ name, operations }) =>
    operations.map((one) => ({ name: `${name} ${one.id}`, takesPlace: readsMany(one) })),
  )
  const isNamedSo = (name: string) => / (list|search|read)[A-Z]/.test(name)
  const taking = all.filter(({ takesPlace }) => takesPlace).map(({ name }) => name)
  expect(taking.filter((name) => !isNamedSo(name))).toEqual(['platform proveCustomer'])
  const others = all.filter(({ takesPlace }) => !takesPlace).map(({ name }) => name)
  expect(others.filter(isNamedSo)).toEqual(wholeLists)
})
