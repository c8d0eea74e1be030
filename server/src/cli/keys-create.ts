// Owns `keys create`.
import { keyNameLengthMax } from '../core/apps/app.ts'
import { createKey, everyScope } from '../core/apps/app-service.ts'
import { scopeNames } from '../core/apps/scopes.ts'
import { readApp, requireAppOption } from './app-option.ts'
import { type Args, defineCommand, readText, wrongUsage } from './command.ts'
import { readDuration } from './duration.ts'
import { type PrintedKey, toPrintedKey } from './printed-key.ts'

interface NewKeyResult {
  key: PrintedKey
  /** This is the only time that it is shown. */
  secret: string
}

const lifetime = { minMs: 1_000, maxMs: 3_650 * 24 * 60 * 60_000, says: '1s to 3650d' }

export const keysCreate = defineCommand<NewKeyResult>({
  name: 'keys create',
  summary: 'make a key; its secret is shown once',
  declare: (syntax) =>
    requireAppOption(syntax)
      .requiredOption('--name <text>', 'what the key is for')
      .option('--scope <names...>', `what it may do: ${scopeNames.join(', ')} (default: *)`)
      .option('--expires-in <duration>', 'ends after 30m, 12h or 90d (default: never)')
      .option('--operator', "sees every app of the app's merchant"),
  async run(host, args) {
    const name = readText(args, 'name', keyNameLengthMax)
    const scopes = readScopes(args)
    const expiresInMs = readDuration(args, 'expires-in', lifetime)
    const system = await host.openSystem()
    const { key, secret } = await createKey(system, {
      app: await readApp(system, args),
      name,
      scopes,
      expiresAt: expiresInMs === null ? null : system.clock.now() + expiresInMs,
      isOperator: args['operator'] === true,
    })
    return { key: toPrintedKey(key), secret }
  },
  render: ({ key, secret }) =>
    [
      `Key      ${key.id}  ${key.name}`,
      `Scopes   ${key.scopes.join(', ')}${key.isOperator ? '   (operator)' : ''}`,
      `Ends     ${key.expiresAt ?? 'never'}`,
      `Secret   ${secret}   (shown once: keep it)`,
    ].join('\n'),
})

function readScopes(args: Args): string[] {
  const given = args['scope'] ?? [everyScope]
  const names = Array.isArray(given) ? given.map(String) : [String(given)]
  const unknown = names.find((name) => !scopeNames.includes(name))
  if (unknown === undefined && names.length > 0) return [...new Set(names)]
  throw wrongUsage(
    `--scope ${JSON.stringify(unknown ?? '')} is not a scope`,
    `give one or more of ${scopeNames.join(', ')}`,
  )
}
