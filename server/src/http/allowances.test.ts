// Owns the tests of the allowance of each caller, on a clock of their own.
import rateLimit from '@fastify/rate-limit'
import { array, assert as assertProperty, integer, property } from 'fast-check'
import fastify from 'fastify'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Allowances } from './allowances.ts'

let nowMs: number
beforeEach(() => {
  nowMs = 1_000_000.25
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
})
afterEach(() => {
  vi.restoreAllMocks()
})

const windowMs = 1_000

function ask(allowances: Allowances, caller: string, max = 5): { current: number; ttl: number } {
  let told = { current: Number.NaN, ttl: Number.NaN }
  allowances.incr(
    caller,
    (_, result) => {
      if (result) told = result
    },
    windowMs,
    max,
  )
  return told
}

const passes = (allowances: Allowances, caller: string, max: number) =>
  ask(allowances, caller, max).current <= max

test('each request is told its own place, and keeps it', () => {
  const allowances = new Allowances()
  const told = Array.from({ length: 3 }, () => ask(allowances, 'a').current)
  expect(told).toEqual([1, 2, 3])
  expect(ask(allowances, 'b').current).toBe(1)
  expect(ask(allowances.child(), 'a').current).toBe(4)
})

test('it is told when all is back, and a refused one when the next would pass', () => {
  const allowances = new Allowances()
  const told = Array.from({ length: 6 }, () => ask(allowances, 'a'))
  expect(told).toEqual([
    { current: 1, ttl: 200 },
    { current: 2, ttl: 400 },
    { current: 3, ttl: 600 },
    { current: 4, ttl: 800 },
    { current: 5, ttl: 1_000 },
    { current: 6, ttl: 200 },
  ])
  nowMs += 150
  expect(ask(allowances, 'a')).toEqual({ current: 6, ttl: 50 })
  nowMs += 50
  expect(ask(allowances, 'a')).toEqual({ current: 5, ttl: 1_000 })
})

const rates = [1, 3, 7, 100, 1_000]

test.each(rates)(
  'at twice %d a second for a minute, what passes is the rate and a burst',
  (max) => {
    const allowances = new Allowances()
    const seconds = 60
    let passed = 0
    for (let sent = 0; sent < 2 * max * seconds; sent += 1) {
      if (passes(allowances, 'flood', max)) passed += 1
      // Another key beside it is as if alone: it never sends faster than it may.
      if (sent % 2 === 0) expect(passes(allowances, 'calm', max)).toBe(true)
      nowMs += windowMs / (2 * max)
    }
    const expected = max * seconds + max
    expect(Math.abs(passed - expected)).toBeLessThanOrEqual(0.02 * expected)
  },
)

test.each(rates)('whoever waits as long as it was told passes, at %d a second', (max) => {
  const allowances = new Allowances()
  for (let round = 0; round < 100; round += 1) {
    let told = ask(allowances, 'a', max)
    while (told.current <= max) {
      nowMs += (round % 7) / 10_000
      told = ask(allowances, 'a', max)
    }
    // The header has whole seconds.
    nowMs += Math.ceil(told.ttl / 1_000) * 1_000
    expect(passes(allowances, 'a', max)).toBe(true)
  }
})

test('in no stretch of time does more pass than the rate and a burst', () => {
  const gaps = array(integer({ min: 0, max: 400_000 }), { minLength: 1, maxLength: 120 })
  const run = (max: number, gapsUs: number[]) => {
    const allowances = new Allowances()
    const passedAt: number[] = []
    for (const gapUs of gapsUs) {
      nowMs += gapUs / 1_000
      if (passes(allowances, 'a', max)) passedAt.push(nowMs)
    }
    for (const [first, began] of passedAt.entries()) {
      for (const [last, ended] of passedAt.entries()) {
        if (last < first) continue
        const most = (max * (ended - began)) / windowMs + max
        // Thousandths of a request: the fractions of a bucket are floating numbers.
        expect(last - first + 1).toBeLessThanOrEqual(most + 0.001)
      }
    }
  }
  assertProperty(property(integer({ min: 1, max: 40 }), gaps, run))
})

test('of a burst that arrives in one turn as many pass as may', async () => {
  vi.restoreAllMocks()
  const server = fastify()
  try {
    let openDoor = () => {}
    const door = new Promise<void>((resolve) => {
      openDoor = resolve
    })
    await server.register(rateLimit, {
      global: false,
      hook: 'preParsing',
      timeWindow: 60_000,
      max: 5,
      store: Allowances,
    })
    let waiting = 0
    const onRequest = async () => {
      waiting += 1
      if (waiting === 40) openDoor()
      await door
    }
    server.get('/', { onRequest, preParsing: server.rateLimit() }, async () => 'passed')
    const answers = await Promise.all(Array.from({ length: 40 }, () => server.inject('/')))
    const passed = answers.filter(({ statusCode }) => statusCode === 200)
    expect(passed).toHaveLength(5)
  } finally {
    await server.close()
  }
})
