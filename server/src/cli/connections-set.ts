// Owns `connections set`.
import { readFileSync } from 'node:fs'
import { checkConnection, saveConnection } from '../core/connections/connection-service.ts'
import { type Args, defineCommand, wrongUsage } from './command.ts'
import {
  declareProvider,
  type PrintedConnection,
  readContext,
  readProvider,
  renderConnection,
  toPrintedConnection,
} from './printed-connection.ts'

const fileBytesMax = 50_000

export const connectionsSet = defineCommand<{ connection: PrintedConnection }>({
  name: 'connections set',
  summary: 'save credentials at a provider, after it has accepted them',
  declare: (syntax) =>
    declareProvider(syntax)
      // Never as arguments: they would stand in the shell's history and in the list of processes.
      .requiredOption(
        '--credentials <file>',
        'JSON object of credentials by name; - reads standard input',
        readCredentialsFile,
      )
      .option('--base-url <url>', "in place of the provider's own")
      .option('--replace-legal-address', 'syncing `shipping` may replace a legal address there'),
  async run(host, args) {
    const context = await readContext(await host.openSystem(), args)
    const baseUrl = args['baseUrl']
    const checked = await checkConnection(context, {
      provider: readProvider(args),
      credentials: readCredentials(args),
      baseUrl: typeof baseUrl === 'string' ? baseUrl : null,
      mayReplaceLegalAddress: args['replaceLegalAddress'] === true,
    })
    return { connection: toPrintedConnection(await saveConnection(context, checked)) }
  },
  render: renderConnection,
})

/** Runs where the command is typed, not in the server: the file is the operator's. */
function readCredentialsFile(path: string): string {
  try {
    const text = readFileSync(path === '-' ? 0 : path, 'utf8')
    if (text.length <= fileBytesMax) return text
  } catch {
    throw wrongUsage('--credentials names a file that cannot be read', 'check its path and mode')
  }
  throw wrongUsage(`--credentials is over ${fileBytesMax} bytes`, 'check what is in the file')
}

function readCredentials(args: Args): Record<string, string> {
  const credentials = parseObject(String(args['credentials'] ?? ''))
  const isTexts = credentials && Object.values(credentials).every((one) => typeof one === 'string')
  if (isTexts) return credentials as Record<string, string>
  throw wrongUsage(
    '--credentials is not a JSON object of texts',
    'write it as {"secret_key": "sk_test_…"}',
  )
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? { ...value } : null
  } catch {
    return null
  }
}
