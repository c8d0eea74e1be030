// Owns `keys revoke`.
import { keyErrors } from '../core/apps/app.ts'
import { revokeKey } from '../core/apps/app-service.ts'
import { AppError } from '../core/errors.ts'
import { printId } from '../lib/id.ts'
import { readApp, requireAppOption } from './app-option.ts'
import { defineCommand, readId } from './command.ts'

interface RevokedResult {
  key: { id: string; isRevoked: true }
}

export const keysRevoke = defineCommand<RevokedResult>({
  name: 'keys revoke',
  summary: 'revoke a key: requests with it are refused within a second',
  declare: (syntax) => requireAppOption(syntax.argument('<keyId>', 'id of the key')),
  async run(host, args) {
    const system = await host.openSystem()
    const app = await readApp(system, args)
    const id = readId(args, 'keyId', 'key')
    if (id === null) throw new AppError(keyErrors.key_not_found)
    await revokeKey(system, { appId: app.id, id })
    host.server?.forgetCallers()
    return { key: { id: printId('key', id), isRevoked: true } }
  },
  render: ({ key }) => `Key ${key.id} is revoked`,
})
