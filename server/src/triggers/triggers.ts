// Owns the list of triggers, one for every type of event there is, and pulling one.
import type { EventType } from '../core/catalogue.ts'
import type { Context } from '../core/context.ts'
import { getCustomer } from '../core/customer/customer-service.ts'
import { listHistory } from '../core/customer/history-service.ts'
import type { FeedPosition } from '../core/events/feed-service.ts'
import { Refusal } from '../lib/refusal.ts'
import { activityTriggers } from './activity-triggers.ts'
import { bankingTriggers } from './banking-triggers.ts'
import { customerTriggers } from './customer-triggers.ts'
import { payoutTriggers } from './payout-triggers.ts'
import { registrationTriggers } from './registration-triggers.ts'
import type { Trigger } from './trigger.ts'
import { walletTriggers } from './wallet-triggers.ts'

/** The type asks for a trigger as soon as the catalogue has a new event. */
export const triggers: Record<EventType, Trigger> = {
  ...customerTriggers,
  ...bankingTriggers,
  ...registrationTriggers,
  ...walletTriggers,
  ...activityTriggers,
  ...payoutTriggers,
}

export function isTriggered(type: string): type is EventType {
  return Object.hasOwn(triggers, type)
}

const eventsReadMax = 1_000

/**
 * Does in a test app what the type tells of, and answers the event that came of it. Errors: the
 * refusals of the core, and of a customer to whom it could not happen.
 */
export async function pullTrigger(
  context: Context,
  { type, named }: { type: EventType; named: string | null },
): Promise<FeedPosition> {
  if (context.app.mode !== 'test') {
    const what = 'the app is a live one, where nothing is made up'
    throw new Refusal('app_is_live', what, 'give the id of a test app; `apps list` shows them')
  }
  const afterVersion = named === null ? 0 : (await getCustomer(context, named)).version
  const customerId = await triggers[type](context, named)
  const page = { afterVersion, limit: eventsReadMax }
  const made = (await listHistory(context, customerId, page)).findLast((one) => one.type === type)
  if (made) return { customerId, version: made.version }
  throw new Refusal(
    'event_not_made',
    `nothing came of it: ${type} does not happen to this customer`,
    'leave --customer out, so that a new one is made',
  )
}
