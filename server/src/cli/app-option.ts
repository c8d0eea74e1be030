// Owns the option --app: which app a command is about.
import type { Command as Syntax } from 'commander'
import { keyErrors } from '../core/apps/app.ts'
import { getApp, listApps } from '../core/apps/app-service.ts'
import type { App, System } from '../core/context.ts'
import { AppError } from '../core/errors.ts'
import { Refusal } from '../lib/refusal.ts'
import { type Args, readId } from './command.ts'

export function requireAppOption(syntax: Syntax): Syntax {
  return syntax.requiredOption('--app <id>', 'id of the app; `apps list` shows them')
}

/** Errors: `app_not_found`. */
export async function readApp(system: System, args: Args): Promise<App> {
  const id = readId(args, 'app', 'app')
  if (id === null) throw new AppError(keyErrors.app_not_found)
  return getApp(system, id)
}

/** The app that is named, of either mode; else the first test app. Errors: `app_not_found`. */
export async function readTestApp(system: System, args: Args): Promise<App> {
  if (args['app'] !== undefined) return readApp(system, args)
  const app = (await listApps(system)).find(({ mode }) => mode === 'test')
  if (app) return app
  throw new Refusal('no_test_app', 'there is no test app', 'give the id of an app with --app')
}
