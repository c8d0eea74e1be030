// Owns keeping what a record looks like on the wire, for pages that are asked for again and again.
import { LRUCache } from 'lru-cache'

/** First pages repeat; a walk through everything pushes its own entries out again. */
const renderingsMax = 1_000

/** A record never changes, another version is another object: its rendering serves as long. */
export function keepRenderings<T extends object, R extends object>(
  render: (record: T) => R,
): (record: T) => R {
  const renderings = new LRUCache<T, R>({ max: renderingsMax })
  return (record) => {
    const known = renderings.get(record)
    if (known) return known
    const rendered = render(record)
    renderings.set(record, rendered)
    return rendered
  }
}
