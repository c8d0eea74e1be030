// Owns `connections list`.
import { listConnections } from '../core/connections/connection-service.ts'
import { requireAppOption } from './app-option.ts'
import { defineCommand } from './command.ts'
import { type PrintedConnection, readContext, toPrintedConnection } from './printed-connection.ts'
import { renderTable } from './terminal.ts'

export const connectionsList = defineCommand<{ connections: PrintedConnection[] }>({
  name: 'connections list',
  summary: 'list the connections of an app, without their credentials',
  declare: requireAppOption,
  async run(host, args) {
    const context = await readContext(await host.openSystem(), args)
    return { connections: (await listConnections(context)).map(toPrintedConnection) }
  },
  render: ({ connections }) =>
    renderTable([
      ['PROVIDER', 'CONNECTION', 'CREDENTIALS', 'BASE URL', 'CHECKED'],
      ...connections.map(({ provider, id, credentials, baseUrl, checkedAt }) => [
        provider,
        id,
        credentials.join(','),
        baseUrl ?? '-',
        checkedAt,
      ]),
    ]),
})
