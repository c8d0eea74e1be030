// Owns the proof that a wait ends: by its time, or at once when it is called off.
import { expect, test, vi } from 'vitest'
import { systemClock } from './clock.ts'

const longMs = 60_000
const soonMs = 1_000

test('now is the wall clock in milliseconds', () => {
  const before = Date.now()
  const now = systemClock.now()
  expect(now).toBeGreaterThanOrEqual(before)
  expect(now).toBeLessThanOrEqual(Date.now())
})

test('a wait lasts as long as was asked', async () => {
  vi.useFakeTimers()
  try {
    let isOver = false
    const wait = systemClock.wait(500).then(() => {
      isOver = true
    })
    await vi.advanceTimersByTimeAsync(499)
    expect(isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(isOver).toBe(true)
    await wait
  } finally {
    vi.useRealTimers()
  }
})

test('a wait whose signal has aborted before does not begin', async () => {
  const started = performance.now()
  await expect(systemClock.wait(longMs, AbortSignal.abort())).resolves.toBeUndefined()
  expect(performance.now() - started).toBeLessThan(soonMs)
})

test('a wait ends at once, without an error, when its signal aborts, and leaves no timer', async () => {
  vi.useFakeTimers()
  try {
    const stopping = new AbortController()
    const wait = systemClock.wait(longMs, stopping.signal)
    expect(vi.getTimerCount()).toBe(1)
    stopping.abort()
    await expect(wait).resolves.toBeUndefined()
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test('a wait that is over has let go of its signal', async () => {
  const stopping = new AbortController()
  const removed = vi.spyOn(stopping.signal, 'removeEventListener')
  await systemClock.wait(1, stopping.signal)
  expect(removed).toHaveBeenCalledExactlyOnceWith('abort', expect.any(Function))
})
