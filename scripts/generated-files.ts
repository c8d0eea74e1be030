// Owns the list of all generated files: each path, and what the code says must stand in it.
import { settings } from '../server/src/config.ts'
import { eventCatalogue } from '../server/src/core/catalogue.ts'
import { toOpenApi } from '../server/src/http/openapi.ts'
import { outlineOf } from '../server/src/http/outline.ts'
import { everyError } from '../server/src/surfaces/every-error.ts'
import { surfaces } from '../server/src/surfaces/surfaces.ts'
import { printErrors, printEvents, printSettings, printSurface } from './reference-markdown.ts'
import { printEventTypes, printSurfaceTypes } from './typescript.ts'

/**
 * Orchestration's stand in the SDK by hand, in the product's public names; a test holds them
 * against the server's.
 */
const typesOfSdk = new Set(['payouts', 'crypto', 'banking', 'platform'])

/** Contents by path from the root of the repository. */
export function generateFiles(): Map<string, string> {
  const files = new Map([
    ['docs/reference/settings.md', printSettings(settings)],
    ['docs/reference/errors.md', printErrors(everyError)],
    ['docs/reference/events.md', printEvents(eventCatalogue)],
    ['sdk/src/event-types.generated.ts', printEventTypes(eventCatalogue)],
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
