// Owns the list of surfaces that the server mounts: one line each.
import type { Surface } from '../http/surface.ts'
import { bankingSurface } from './banking/surface.ts'
import { cryptoSurface } from './crypto/surface.ts'
import { orchestrationSurface } from './orchestration/surface.ts'
import { payoutsSurface } from './payouts/surface.ts'
import { platformSurface } from './platform/surface.ts'

export const surfaces: Surface[] = [
  orchestrationSurface,
  cryptoSurface,
  payoutsSurface,
  bankingSurface,
  platformSurface,
]
