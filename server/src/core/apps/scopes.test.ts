// Owns the tests of which scopes stand for which.
import { expect, test } from 'vitest'
import { hasScope } from './scopes.ts'

test.each<[held: string[], wanted: string, isHeld: boolean]>([
  [['*'], 'customers:write', true],
  [['customers:write'], 'customers:write', true],
  [['banking:write'], 'customers:write', true],
  [['banking:write'], 'applications:write', true],
  [['banking:read'], 'accounts:read', true],
  [['banking:read'], 'customers:write', false],
  [['customers:read'], 'customers:write', false],
  [['customers:write'], 'customers:read', false],
  [['customers:write'], 'accounts:write', false],
  [['customers:write'], 'banking:write', false],
  [['banking:read'], 'payouts:read', false],
  [['payouts:read'], 'customers:read', false],
  [['banking'], 'customers:read', false],
  [['platform:read'], 'platform:read_masked', true],
  [['platform:read_masked'], 'platform:read', false],
  [['platform:write'], 'platform:read_masked', false],
  [['*'], 'platform:read_masked', true],
  [[], 'customers:read', false],
])('%j gives %s: %s', (held, wanted, isHeld) => {
  expect(hasScope(held, wanted)).toBe(isHeld)
})
