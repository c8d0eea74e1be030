// Owns `keys list`.
import { listKeys } from '../core/apps/app-service.ts'
import { readApp, requireAppOption } from './app-option.ts'
import { defineCommand } from './command.ts'
import { type PrintedKey, toPrintedKey } from './printed-key.ts'
import { renderTable } from './terminal.ts'

export const keysList = defineCommand<{ keys: PrintedKey[] }>({
  name: 'keys list',
  summary: 'list the keys of an app, without their secrets',
  declare: requireAppOption,
  async run(host, args) {
    const system = await host.openSystem()
    const keys = await listKeys(system, (await readApp(system, args)).id)
    return { keys: keys.map(toPrintedKey) }
  },
  render: ({ keys }) =>
    renderTable([
      ['KEY', 'ENDS WITH', 'SCOPES', 'MADE', 'LAST USED', 'EXPIRES', 'REVOKED', 'NAME'],
      ...keys.map((key) => [
        key.id,
        key.last4,
        key.scopes.join(','),
        key.createdAt,
        key.lastUsedAt ?? '-',
        key.expiresAt ?? '-',
        key.revokedAt ?? '-',
        key.name,
      ]),
    ]),
})
