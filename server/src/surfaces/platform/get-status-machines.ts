// Owns GET /v1/status-machines.
import Type from 'typebox'
import { movers, publishedMachines } from '../../core/machines.ts'
import { defineOperation } from '../../http/operation.ts'
import { closed, named, onePage, Page } from './wire.ts'

const WireState = Type.Object(
  {
    status: Type.String({ description: 'The state', examples: ['ACTIVE'] }),
    moves: Type.Array(
      Type.Object(
        {
          to: Type.String({ description: 'What it may become', examples: ['FROZEN'] }),
          by: Type.Enum([...movers], { description: 'Who makes the move' }),
        },
        closed,
      ),
    ),
    permissions: Type.Union(
      [
        Type.Object(
          { read: Type.Boolean(), update: Type.Boolean(), transact: Type.Boolean() },
          named('Permissions'),
        ),
        Type.Null(),
      ],
      { description: 'What the state permits, where states differ in that' },
    ),
  },
  closed,
)

const WireMachine = Type.Object(
  {
    name: Type.String({ description: 'What has these states', examples: ['banking_customer'] }),
    description: Type.String({ description: 'What that is' }),
    states: Type.Array(WireState),
  },
  named('StatusMachine'),
)

const page = onePage(publishedMachines)

export const getStatusMachines = defineOperation({
  id: 'getStatusMachines',
  method: 'GET',
  path: '/status-machines',
  tag: 'Statuses',
  summary: 'Read the state machines',
  description: 'Every state, every move and who makes it, and what a state permits.',
  scope: 'platform:read',
  returns: { status: 200, description: 'The machines', schema: Page(WireMachine) },
  errors: [],
  handle: async () => page,
})
