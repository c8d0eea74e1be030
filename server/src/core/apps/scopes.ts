// Owns what a key or a token may do: its scopes, and which of them stand for others.

export const everyScope = '*'

/** Everything that a key can be given; a test holds it against what the operations ask for. */
export const scopeNames: readonly string[] = [
  'accounts:read',
  'accounts:write',
  'applications:read',
  'applications:write',
  'banking:read',
  'banking:write',
  'crypto:read',
  'crypto:write',
  'customers:read',
  'customers:write',
  'orchestration:read',
  'orchestration:write',
  'payouts:read',
  'payouts:write',
  'platform:read',
  'platform:read_masked',
  'platform:write',
  everyScope,
]

/** A scope of one kind of record is also given by that of the whole surface. */
const surfaceOf: Readonly<Record<string, string>> = {
  customers: 'banking',
  applications: 'banking',
  accounts: 'banking',
}

/**
 * Whether `held` gives `wanted`: by itself, through its surface's scope, or with every scope. Who
 * reads in clear may read what is masked.
 */
export function hasScope(held: readonly string[], wanted: string): boolean {
  if (held.includes(everyScope) || held.includes(wanted)) return true
  const [noun = '', act = ''] = wanted.split(':')
  if (act === 'read_masked') return held.includes(`${noun}:read`)
  const surface = surfaceOf[noun]
  return surface !== undefined && held.includes(`${surface}:${act}`)
}
