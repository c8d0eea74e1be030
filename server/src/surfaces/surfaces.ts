// Owns the list of surfaces that the server mounts: one line each.
import type { Surface } from '../http/surface.ts'
import { payoutsSurface } from './payouts/surface.ts'

export const surfaces: Surface[] = [payoutsSurface]
