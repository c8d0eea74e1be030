// Owns the tests of the count of requests per caller.
import rateLimit from '@fastify/rate-limit'
import fastify from 'fastify'
import { afterEach, expect, test, vi } from 'vitest'
import { Allowances } from './allowances.ts'

afterEach(() => {
  vi.useRealTimers()
})

const windowMs = 1_000

function countOf(allowances: Allowances, caller: string) {
  let told: { current: number; ttl: number } | undefined
  allowances.incr(caller, (_, result) => (told = result), windowMs, 5)
  return told
}

test('each request is told its own place, and keeps it', () => {
  const allowances = new Allowances()
  const told = Array.from({ length: 3 }, () => countOf(allowances, 'a')?.current)
  expect(told).toEqual([1, 2, 3])
  expect(countOf(allowances, 'b')?.current).toBe(1)
  expect(countOf(allowances.child(), 'a')?.current).toBe(4)
})

test('the window ends a second after its first request, however many follow', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const allowances = new Allowances()
  expect(countOf(allowances, 'a')).toEqual({ current: 1, ttl: 1_000 })
  vi.advanceTimersByTime(999)
  expect(countOf(allowances, 'a')).toEqual({ current: 2, ttl: 1 })
  vi.advanceTimersByTime(1)
  expect(countOf(allowances, 'a')).toEqual({ current: 1, ttl: 1_000 })
})

test('of a burst that arrives in one turn as many pass as may', async () => {
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
