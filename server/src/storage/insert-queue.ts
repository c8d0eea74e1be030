// Owns inserts that share a statement: what many requests write at once is one journey, one commit.
import type { Kysely } from 'kysely'
import { systemCode } from '../lib/refusal.ts'
import { type Insert, insertAll, shapeOf } from './insert-together.ts'
import type { Tables } from './tables.ts'

/** Requests in one statement, at most: bounds what one failure sends again. */
const groupsMax = 16
/** Under way at once; those that come meanwhile wait, and go together. */
const statementsMax = 3

interface Waiting {
  inserts: Insert[]
  shape: string
  resolve: () => void
  reject: (error: unknown) => void
}

/**
 * For PostgreSQL, and the rows of one app. Each member is committed or refused by itself: when a
 * statement fails for what one of them brought, nothing of it has stayed and each is sent alone.
 */
export class InsertQueue {
  readonly #db: Kysely<Tables>
  #waiting: Waiting[] = []
  #running = 0
  #isScheduled = false

  /** `db` runs each statement as a transaction. */
  constructor(db: Kysely<Tables>) {
    this.#db = db
  }

  /** Resolves after the commit. */
  add(inserts: Insert[]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push({ inserts, shape: shapeOf(inserts), resolve, reject })
    this.#schedule()
    return promise
  }

  /** Once per turn of the event loop: requests that were read together are written together. */
  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#send()
    })
  }

  #send(): void {
    while (this.#waiting.length > 0 && this.#running < statementsMax) this.#run(this.#take())
  }

  /** The oldest with its like; a power of two, so that there are few statements to prepare. */
  #take(): Waiting[] {
    const shape = this.#waiting[0]?.shape
    const alike = this.#waiting.filter((one) => one.shape === shape).slice(0, groupsMax)
    const taken = new Set(alike.slice(0, 2 ** Math.floor(Math.log2(alike.length))))
    this.#waiting = this.#waiting.filter((one) => !taken.has(one))
    return [...taken]
  }

  async #run(members: Waiting[]): Promise<void> {
    this.#running += 1
    try {
      await this.#insert(members)
    } catch (error) {
      if (members.length > 1 && isOneMembersFault(error)) {
        await Promise.all(members.map((one) => this.#insert([one]).catch(one.reject)))
      } else {
        // Nobody answers: who waits would wait as long again, and nothing of theirs was sent.
        const unsent = isOneMembersFault(error) ? [] : this.#waiting.splice(0)
        for (const { reject } of [...members, ...unsent]) reject(error)
      }
    } finally {
      this.#running -= 1
      this.#send()
    }
  }

  async #insert(members: Waiting[]): Promise<void> {
    const groups = members.map(({ inserts }) => inserts)
    await insertAll(this.#db, 'postgresql', groups)
    for (const { resolve } of members) resolve()
  }
}

/** A constraint, a deadlock, a lock that was not to be had: the statement is rolled back. */
function isOneMembersFault(error: unknown): boolean {
  const code = systemCode(error)
  return /^(?:23|40)/.test(code) || code === '55P03'
}
