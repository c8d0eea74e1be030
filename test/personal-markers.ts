// Owns values that can be told apart from everything else, for what is personal.
import { randomInt } from 'node:crypto'

/** Makes values that stand nowhere else, and keeps what is to be searched for, by its kind. */
export interface Markers {
  all: Record<string, string>
  word(kind: string): string
  digits(kind: string, count: number): string
  /** E.164, without the plus. */
  phone(kind: string): string
}

export function createMarkers(): Markers {
  const all: Record<string, string> = {}
  const keep = (kind: string, value: string) => {
    all[kind] ??= value
    return all[kind]
  }
  const letters = 'abcdefghijkmnpqrstuvwxyz'
  const letter = () => letters[randomInt(letters.length)]
  const digits = (count: number) => String(randomInt(10 ** (count - 1), 10 ** count))
  return {
    all,
    word: (kind) => keep(kind, Array.from({ length: 14 }, letter).join('')),
    digits: (kind, count) => keep(kind, digits(count)),
    phone: (kind) => keep(kind, `55139${digits(8)}`),
  }
}

/** Days that nothing else happens on. */
export const dates = {
  born: '1931-07-13',
  director: '1932-08-19',
  applicant: '1933-09-21',
  started: '1934-10-23',
}
