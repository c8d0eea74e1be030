// Owns a connection as the command line shows it, and reading which provider is meant.

import type { Command as Syntax } from 'commander'
import { type Connection, connectionErrors } from '../core/connections/connection.ts'
import { type Context, contextOf, type System } from '../core/context.ts'
import { AppError } from '../core/errors.ts'
import { type ProviderName, providerNames } from '../core/provider.ts'
import { printId } from '../lib/id.ts'
import { readApp, requireAppOption } from './app-option.ts'
import { type Args, readText } from './command.ts'
import { toTime } from './terminal.ts'

export interface PrintedConnection {
  id: string
  provider: string
  baseUrl: string | null
  credentials: string[]
  webhookPath: string
  checkedAt: string
}

export function toPrintedConnection(connection: Connection): PrintedConnection {
  const { provider, baseUrl, credentialNames, checkedAt } = connection
  const id = printId('connection', connection.id)
  return {
    id,
    provider,
    baseUrl,
    credentials: credentialNames,
    webhookPath: `/hooks/${provider}/${id}`,
    checkedAt: toTime(checkedAt),
  }
}

export function renderConnection({ connection }: { connection: PrintedConnection }): string {
  return [
    `Connection  ${connection.id}  ${connection.provider}`,
    `Credentials ${connection.credentials.join(', ')}   (never shown again)`,
    `Webhooks    ${connection.webhookPath}`,
    `Checked     ${connection.checkedAt}`,
  ].join('\n')
}

const actor = 'operator:cli'

export function declareProvider(syntax: Syntax): Syntax {
  return requireAppOption(syntax.argument('<provider>', `one of ${providerNames.join(', ')}`))
}

/** Errors: `app_not_found`. */
export async function readContext(system: System, args: Args): Promise<Context> {
  return contextOf(system, { app: await readApp(system, args), actor })
}

/** Errors: `connection_not_found`, for what is no provider. */
export function readProvider(args: Args): ProviderName {
  const text = readText(args, 'provider', 50)
  const found = providerNames.find((name) => name === text)
  if (found === undefined) throw new AppError(connectionErrors.connection_not_found)
  return found
}
