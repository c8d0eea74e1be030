// Owns `keys create`.
import { createKey, everyScope } from '../core/apps/app-service.ts'
import { surfaces } from '../surfaces/surfaces.ts'
import { readApp, requireAppOption } from './app-option.ts'
import { type Args, defineCommand, readText, wrongUsage } from './command.ts'
import { type PrintedKey, toPrintedKey } from './printed-key.ts'

interface NewKeyResult {
  key: PrintedKey
  /** This is the only time that it is shown. */
  secret: string
}

const nameLengthMax = 100

export const keysCreate = defineCommand<NewKeyResult>({
  name: 'keys create',
  summary: 'make a key; its secret is shown once',
  declare: (syntax) =>
    requireAppOption(syntax)
      .requiredOption('--name <text>', 'what the key is for')
      .option('--scope <names...>', `what it may do: ${scopes().join(', ')} (default: *)`),
  async run(host, args) {
    const name = readText(args, 'name', nameLengthMax)
    const scopes = readScopes(args)
    const system = await host.openSystem()
    const { key, secret } = await createKey(system, {
      app: await readApp(system, args),
      name,
      scopes,
    })
    return { key: toPrintedKey(key), secret }
  },
  render: ({ key, secret }) =>
    [
      `Key      ${key.id}  ${key.name}`,
      `Scopes   ${key.scopes.join(', ')}`,
      `Secret   ${secret}   (shown once: keep it)`,
    ].join('\n'),
})

/** What the operations ask of a key, what stands for a whole surface, and `*` for everything. */
function scopes(): string[] {
  const asked = surfaces.flatMap(({ name, operations }) => [
    ...operations.flatMap(({ scope }) => scope ?? []),
    `${name}:read`,
    `${name}:write`,
  ])
  return [...new Set(asked)].sort().concat(everyScope)
}

function readScopes(args: Args): string[] {
  const given = args['scope'] ?? [everyScope]
  const known = scopes()
  const names = Array.isArray(given) ? given.map(String) : [String(given)]
  const unknown = names.find((name) => !known.includes(name))
  if (unknown === undefined && names.length > 0) return [...new Set(names)]
  throw wrongUsage(
    `--scope ${JSON.stringify(unknown ?? '')} is not a scope`,
    `give one or more of ${known.join(', ')}`,
  )
}
