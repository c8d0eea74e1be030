// Owns the list of everything that a caller can be refused with, over all layers.
import { errorCatalogue } from '../core/catalogue.ts'
import type { ErrorDefinition } from '../core/errors.ts'
import { httpErrors } from '../http/http-errors.ts'
import { multipartErrors } from '../http/multipart-errors.ts'
import { surfaces } from './surfaces.ts'

/**
 * The core lists its own, for it may not know the layers above it. Theirs come from where a caller
 * meets them: what stands beside the core, as webhooks, is refused by an operation that names it.
 */
export const everyError: ErrorDefinition[] = [
  ...new Set([
    ...errorCatalogue,
    ...Object.values(httpErrors),
    ...Object.values(multipartErrors),
    ...surfaces.flatMap(({ operations }) => operations.flatMap(({ errors }) => errors)),
  ]),
]
