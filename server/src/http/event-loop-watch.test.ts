// Owns the tests of noticing a late event loop, on a clock of their own.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchEventLoop } from './event-loop-watch.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const delayMsMax = 1_000

/** Time passes while timers run, or while nothing does. */
function createLoop() {
  let at = 5_000
  const watch = watchEventLoop(delayMsMax, () => at)
  watch.start()
  return {
    watch,
    async run(ms: number) {
      for (let passed = 0; passed < ms; passed += 10) {
        at += 10
        await vi.advanceTimersByTimeAsync(10)
      }
    },
    stand(ms: number) {
      at += ms
    },
  }
}

test('a loop that turns is not late, however long', async () => {
  const { watch, run } = createLoop()
  for (let count = 0; count < 100; count += 1) {
    await run(100)
    expect(watch.isLate()).toBe(false)
  }
})

test.each([
  [900, false],
  [1_051, true],
  [2_000, true],
  [60_000, true],
])(
  'a request that is read after a stop of %d ms, before any timer: late %s',
  async (ms, isLate) => {
    const { watch, run, stand } = createLoop()
    await run(1_000)
    stand(ms)
    expect(watch.isLate()).toBe(isLate)
  },
)

test('what queued up meanwhile is late too, and half a second later nothing is', async () => {
  const { watch, run, stand } = createLoop()
  stand(2_000)
  await run(400)
  expect(watch.isLate()).toBe(true)
  await run(200)
  expect(watch.isLate()).toBe(false)
})

test('stops that follow each other keep it late', async () => {
  const { watch, run, stand } = createLoop()
  for (let count = 0; count < 5; count += 1) {
    stand(1_500)
    await run(100)
    expect(watch.isLate()).toBe(true)
  }
})

test('a bound of 0 is none', () => {
  const watch = watchEventLoop(0, () => Number.NaN)
  watch.start()
  expect(watch.isLate()).toBe(false)
  expect(vi.getTimerCount()).toBe(0)
})

test('after its end no timer is left', async () => {
  const { watch } = createLoop()
  expect(vi.getTimerCount()).toBe(1)
  watch.stop()
  await vi.advanceTimersByTimeAsync(100)
  expect(vi.getTimerCount()).toBe(0)
})
