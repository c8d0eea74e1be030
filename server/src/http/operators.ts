// Owns the headers of operators: which app of the merchant they mean, and who they are.
import type { IncomingHttpHeaders } from 'node:http'
import { keyErrors } from '../core/apps/app.ts'
import { type Caller, selectAppFor } from '../core/apps/app-service.ts'
import type { System } from '../core/context.ts'
import { AppError } from '../core/errors.ts'
import { parseId } from '../lib/id.ts'

export const appHeader = 'clientele-app'
export const operatorHeader = 'clientele-operator'

/** The caller in the app that the header names; without it, as it came. Error: `app_forbidden`. */
export async function selectOperatorApp(
  system: System,
  caller: Caller,
  headers: IncomingHttpHeaders,
): Promise<Caller> {
  const named = headers[appHeader]
  if (named === undefined) return caller
  const id = typeof named === 'string' ? parseId('app', named) : null
  const app = id === null ? null : await selectAppFor(system, caller, id)
  if (app) return { ...caller, app }
  // The same words for another merchant's app and for none: neither can be told from the other.
  const detail = 'Clientele-App: is not an app that the API key can see.'
  throw new AppError(keyErrors.app_forbidden, { detail })
}

/** As it goes into the history: nothing in it can pass for another actor. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9 ._@+-]{0,99}$/

/** Error: `operator_name_malformed`. */
export function readOperatorName(headers: IncomingHttpHeaders): string | null {
  const name = headers[operatorHeader]
  if (name === undefined) return null
  if (typeof name === 'string' && plainName.test(name)) return name
  throw new AppError(keyErrors.operator_name_malformed, { param: 'Clientele-Operator' })
}
