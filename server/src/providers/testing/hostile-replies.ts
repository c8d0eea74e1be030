// Owns replies gone wrong: a good one with members deleted, or replaced by what nobody documents.

/** A generator of numbers from 0 up to 1; the same seed gives the same run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const deepest = 60
const deep = Array.from({ length: deepest }).reduce<unknown>((inner) => ({ data: [inner] }), null)

/** Wrong types, numbers beyond money, names of every object's members, ways out of a path. */
export const hostileValues: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, -1e21, 2 ** 53, Number.MAX_SAFE_INTEGER],
  ...['', ' ', '0', 'NaN', '1e9', '-5', 'constructor', '__proto__', 'toString', 'hasOwnProperty'],
  ...['../../other', 'a?b#c', '\u0000', '\r\nx: y', '\ud800', 'x'.repeat(10_000)],
  ...['javascript:alert(1)', 'http://169.254.169.254/latest', 'not a url', '2026-99-99'],
  ...[[], {}, [null], [[[]]], [1, 'two', {}], { data: null }, { length: 3 }, deep],
  JSON.parse('{"__proto__":{"status":"active"},"constructor":1}'),
]

type Container = Record<string, unknown> | unknown[]

/** A copy of `good` with one to three of its members deleted or replaced, or all of it. */
export function mutate(good: unknown, random: () => number, more: readonly string[]): unknown {
  const values = [...hostileValues, ...more]
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]
  const copy: unknown = structuredClone(good)
  const places = placesIn(copy)
  if (places.length === 0 || random() < 0.05) return pick(values)
  const changes = 1 + Math.floor(random() * 3)
  for (let change = 0; change < changes; change += 1) {
    const [container, name] = pick(places) ?? [{}, '']
    if (random() < 0.3) Reflect.deleteProperty(container, name)
    else Reflect.set(container, name, pick(values))
  }
  return copy
}

/** Every member of every object and list in it, with what holds it. */
function placesIn(value: unknown): [Container, string][] {
  if (value === null || typeof value !== 'object') return []
  const container = value as Container
  return Object.entries(container).flatMap(([name, member]): [Container, string][] => [
    [container, name],
    ...placesIn(member),
  ])
}
