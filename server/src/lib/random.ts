// Owns the only door to randomness, so that a test can replay it.
import { randomBytes } from 'node:crypto'

export interface Random {
  /** `count` bytes from the system's generator. */
  bytes(count: number): Buffer
  /** A number in [0, 1), for jitter; never for secrets. */
  fraction(): number
}

export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  fraction: () => randomBytes(4).readUInt32BE(0) / 2 ** 32,
}
