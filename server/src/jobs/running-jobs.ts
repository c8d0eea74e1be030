// Owns the jobs under way in one process: how many, in which lane, and when one ends.

/** Jobs in flight, counted by lane: a kind in an app. */
export class RunningJobs {
  readonly #max: number
  readonly #jobs = new Set<Promise<void>>()
  readonly #lanes = new Map<string, number>()
  readonly #failures: unknown[] = []
  #ended = new AbortController()

  constructor(max: number) {
    this.#max = max
  }

  get count(): number {
    return this.#jobs.size
  }

  /** How many more may begin. */
  get room(): number {
    return Math.max(0, this.#max - this.#jobs.size)
  }

  countIn(lane: string): number {
    return this.#lanes.get(lane) ?? 0
  }

  add(lane: string, job: Promise<void>): void {
    this.#lanes.set(lane, this.countIn(lane) + 1)
    const ended = job
      .catch((error: unknown) => {
        this.#failures.push(error)
      })
      .finally(() => {
        this.#jobs.delete(ended)
        const left = this.countIn(lane) - 1
        if (left === 0) this.#lanes.delete(lane)
        else this.#lanes.set(lane, left)
        this.wake()
      })
    this.#jobs.add(ended)
  }

  /** Aborts as soon as a job ends from now on. */
  get nextEnd(): AbortSignal {
    return this.#ended.signal
  }

  /** As if a job had ended. */
  wake(): void {
    const ended = this.#ended
    this.#ended = new AbortController()
    ended.abort()
  }

  async allEnded(): Promise<void> {
    while (this.#jobs.size > 0) await Promise.all(this.#jobs)
  }

  /** Throws what kept a job from being put away, as a database that is gone. */
  throwFailure(): void {
    const [failure] = this.#failures.splice(0)
    if (failure !== undefined) throw failure
  }
}
