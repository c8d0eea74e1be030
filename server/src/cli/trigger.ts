// Owns `trigger`.
import type { Command as Syntax } from 'commander'
import { eventCatalogue } from '../core/catalogue.ts'
import { contextOf } from '../core/context.ts'
import { customerErrors } from '../core/customer/customer.ts'
import { AppError } from '../core/errors.ts'
import { printEventId } from '../core/events/event-id.ts'
import { printId } from '../lib/id.ts'
import { isTriggered, pullTrigger, triggers } from '../triggers/triggers.ts'
import { readTestApp } from './app-option.ts'
import { type Args, defineCommand, type Host, readId, wrongUsage } from './command.ts'
import { renderTable } from './terminal.ts'

type TriggerResult =
  | { event: { id: string; type: string; app: string; customerId: string } }
  | { types: { type: string; says: string }[] }

export const trigger = defineCommand<TriggerResult>({
  name: 'trigger',
  summary: 'do something real in a test app, so that an event of this type comes of it',
  declare: (syntax: Syntax) =>
    syntax
      .argument('[type]', 'of the event, such as customer.payout.completed')
      .option('--app <id>', 'id of a test app; left out: the first one')
      .option('--customer <id>', 'to whom it happens; left out: a new customer')
      .option('--list', 'show every type and what it says'),
  run: async (host, args) => (args['list'] === true ? { types: listTypes() } : pull(host, args)),
  render: (result) => {
    if ('types' in result) return renderTable(result.types.map(({ type, says }) => [type, says]))
    const { id, type, customerId } = result.event
    return `${type} of ${customerId} is ${id}`
  },
})

function listTypes() {
  return Object.keys(triggers)
    .filter(isTriggered)
    .map((type) => ({ type, says: eventCatalogue[type] }))
}

async function pull(host: Host, args: Args): Promise<TriggerResult> {
  const type = readType(args)
  const system = await host.openSystem()
  const app = await readTestApp(system, args)
  const named = args['customer'] === undefined ? null : readId(args, 'customer', 'customer')
  if (args['customer'] !== undefined && named === null) {
    throw new AppError(customerErrors.customer_not_found)
  }
  const made = await pullTrigger(contextOf(system, { app, actor: 'operator:cli' }), { type, named })
  const customerId = printId('customer', made.customerId)
  return { event: { id: printEventId(made), type, app: printId('app', app.id), customerId } }
}

function readType(args: Args) {
  const { type } = args
  if (typeof type === 'string' && isTriggered(type)) return type
  const what = type === undefined ? 'a type of event is missing' : `there is no event "${type}"`
  throw wrongUsage(what, `give one of: ${Object.keys(triggers).join(', ')}`)
}
