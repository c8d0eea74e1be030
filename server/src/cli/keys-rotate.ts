// Owns `keys rotate`.
import { keyErrors, overlapMs } from '../core/apps/app.ts'
import { rotateKey } from '../core/apps/key-service.ts'
import { contextOf } from '../core/context.ts'
import { AppError } from '../core/errors.ts'
import { readApp, requireAppOption } from './app-option.ts'
import { defineCommand, readId } from './command.ts'
import { readDuration } from './duration.ts'
import { type PrintedKey, toPrintedKey } from './printed-key.ts'

interface RotatedResult {
  key: PrintedKey
  /** This is the only time that it is shown. */
  secret: string
}

const actor = 'operator:cli'

export const keysRotate = defineCommand<RotatedResult>({
  name: 'keys rotate',
  summary: 'give a key a new secret; the one before works on for a day, unless told',
  declare: (syntax) =>
    requireAppOption(syntax.argument('<keyId>', 'id of the key')).option(
      '--overlap <duration>',
      'how long the secret before works on: 0s to 7d (default: 24h)',
    ),
  async run(host, args) {
    const bounds = { minMs: 0, maxMs: overlapMs.max, says: '0s to 7d' }
    const overlap = readDuration(args, 'overlap', bounds) ?? undefined
    const system = await host.openSystem()
    const app = await readApp(system, args)
    const id = readId(args, 'keyId', 'key')
    if (id === null) throw new AppError(keyErrors.key_not_found)
    const { key, secret } = await rotateKey(contextOf(system, { app, actor }), id, { overlap })
    host.server?.forgetCallers()
    return { key: toPrintedKey(key), secret }
  },
  render: ({ key, secret }) =>
    [
      `Key      ${key.id}  ${key.name}`,
      `Secret   ${secret}   (shown once: keep it)`,
      `Before   ${key.previousSecretEndsAt ?? 'ended'}   (until when the old secret works too)`,
    ].join('\n'),
})
