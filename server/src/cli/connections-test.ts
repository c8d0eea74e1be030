// Owns `connections test`.
import { testConnection } from '../core/connections/connection-service.ts'
import { defineCommand } from './command.ts'
import {
  declareProvider,
  type PrintedConnection,
  readContext,
  readProvider,
  renderConnection,
  toPrintedConnection,
} from './printed-connection.ts'

export const connectionsTest = defineCommand<{ connection: PrintedConnection }>({
  name: 'connections test',
  summary: 'ask the provider whether it still accepts the credentials',
  declare: declareProvider,
  async run(host, args) {
    const context = await readContext(await host.openSystem(), args)
    const connection = await testConnection(context, readProvider(args))
    return { connection: toPrintedConnection(connection) }
  },
  render: renderConnection,
})
