// Owns comparing secrets.
import { timingSafeEqual } from 'node:crypto'

/** Compares without telling by its duration where they differ. */
export function equalSecrets(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}
