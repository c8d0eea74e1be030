// Owns letting only so many pieces of work go on at once; the others wait in their order.

export interface Gate {
  pass<T>(work: () => Promise<T>): Promise<T>
}

export function createGate(atOnceMax: number): Gate {
  let inside = 0
  const waiting: (() => void)[] = []
  return {
    async pass(work) {
      if (inside >= atOnceMax) await new Promise<void>((resolve) => waiting.push(resolve))
      else inside += 1
      try {
        return await work()
      } finally {
        // The place is handed on, so that nobody who comes later slips in between.
        const next = waiting.shift()
        if (next) next()
        else inside -= 1
      }
    },
  }
}
