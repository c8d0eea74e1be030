// Owns the list of all generated files: each path, and what the code says must stand in it.
import { settings } from '../server/src/config.ts'
import { errorCatalogue, eventCatalogue } from '../server/src/core/catalogue.ts'
import { httpErrors } from '../server/src/http/http-errors.ts'
import { toOpenApi } from '../server/src/http/openapi.ts'
import { outlineOf } from '../server/src/http/outline.ts'
import { surfaces } from '../server/src/surfaces/surfaces.ts'
import { printErrors, printEvents, printSettings, printSurface } from './reference-markdown.ts'
import { printSurfaceTypes } from './typescript.ts'

/**
 * Orchestration's stand in the SDK by hand, in the product's public names; a test holds them
 * against the server's.
 */
const typesOfSdk = new Set(['payouts', 'crypto', 'banking'])

/** Contents by path from the root of the repository. */
export function generateFiles(): Map<string, string> {
  const files = new Map([
    ['docs/reference/settings.md', printSettings(settings)],
    ['docs/reference/errors.md', printErrors([...errorCatalogue, ...Object.values(httpErrors)])],
    ['docs/reference/events.md', printEvents(eventCatalogue)],
  ])
  for (const surface of surfaces) {
    const { name } = surface
    const document = JSON.stringify(toOpenApi(surface), null, 2)
    files.set(`docs/reference/${name}.openapi.json`, `${document}\n`)
    files.set(`docs/reference/${name}.md`, printSurface(outlineOf(surface)))
    if (typesOfSdk.has(name)) {
      files.set(`sdk/src/${name}-types.generated.ts`, printSurfaceTypes(surface))
    }
  }
  return files
}
