// Owns what a key or a token may do: its scopes, and which of them stand for others.

export const everyScope = '*'

/** A scope of one kind of record is also given by that of the whole surface. */
const surfaceOf: Readonly<Record<string, string>> = {
  customers: 'banking',
  applications: 'banking',
  accounts: 'banking',
}

/** Whether `held` gives `wanted`: by itself, through its surface's scope, or with every scope. */
export function hasScope(held: readonly string[], wanted: string): boolean {
  if (held.includes(everyScope) || held.includes(wanted)) return true
  const [noun = '', act = ''] = wanted.split(':')
  const surface = surfaceOf[noun]
  return surface !== undefined && held.includes(`${surface}:${act}`)
}
