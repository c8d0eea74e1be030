// Owns making a value at its first use, and only then.

/** Answers what `make` made at the first call; where that threw, the next call tries again. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
