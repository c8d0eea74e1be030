// Owns the only door to randomness, so that a test can replay it.
import { randomBytes } from 'node:crypto'

export interface Random {
  /** `count` bytes from the system's generator. */
  bytes(count: number): Buffer
  /** A number in [0, 1), for jitter; never for secrets. */
  fraction(): number
}

/** Asked of the system at a time: a request needs five small ones, and each call costs. */
const poolBytes = 8_192
const pool = { bytes: randomBytes(poolBytes), used: 0 }

/** Bytes that nobody got before; the pool's memory is handed out once and never again. */
function takeBytes(count: number): Buffer {
  if (count > poolBytes) return randomBytes(count)
  if (pool.used + count > poolBytes) {
    pool.bytes = randomBytes(poolBytes)
    pool.used = 0
  }
  const taken = pool.bytes.subarray(pool.used, pool.used + count)
  pool.used += count
  return taken
}

export const systemRandom: Random = {
  bytes: takeBytes,
  fraction: () => takeBytes(4).readUInt32BE(0) / 2 ** 32,
}
