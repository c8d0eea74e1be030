// Owns GET /v1/connections.
import * as connections from '../../core/connections/connection-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { onePage, Page, toWireConnection, WireConnection } from './wire.ts'

export const listConnections = defineOperation({
  id: 'listConnections',
  method: 'GET',
  path: '/connections',
  tag: 'Connections',
  summary: 'List connections',
  description: 'At most one a provider.',
  scope: 'platform:read',
  returns: { status: 200, description: 'The connections', schema: Page(WireConnection) },
  errors: [],
  async handle(context) {
    const all = await connections.listConnections(context)
    return onePage(all.map(toWireConnection))
  },
})
