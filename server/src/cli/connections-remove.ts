// Owns `connections remove`.
import { removeConnection } from '../core/connections/connection-service.ts'
import { defineCommand } from './command.ts'
import { declareProvider, readContext, readProvider } from './printed-connection.ts'

export const connectionsRemove = defineCommand<{ provider: string; removed: true }>({
  name: 'connections remove',
  summary: 'delete the credentials at a provider; registrations stay and wait',
  declare: declareProvider,
  async run(host, args) {
    const provider = readProvider(args)
    await removeConnection(await readContext(await host.openSystem(), args), provider)
    return { provider, removed: true }
  },
  render: ({ provider }) => `The connection to ${provider} is removed`,
})
