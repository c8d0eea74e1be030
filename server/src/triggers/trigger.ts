// Owns what a trigger is: what is really done in a test app, so that an event comes of it.
import type { Context } from '../core/context.ts'
import { createCustomer } from '../core/customer/customer-service.ts'
import { sampleCustomer } from './samples.ts'

/**
 * Does it to the customer that is named, or to a new one; answers whose history has the event.
 * Throws what the core refuses: a customer in the wrong state is not brought into another one.
 */
export type Trigger = (context: Context, named: string | null) => Promise<string>

/** The customer that is named, or a new one. */
export async function someone(context: Context, named: string | null): Promise<string> {
  return named ?? (await createCustomer(context, sampleCustomer(context))).id
}

/** A trigger that does this to somebody. */
export function toSomeone(
  act: (context: Context, customerId: string) => Promise<unknown>,
): Trigger {
  return async (context, named) => {
    const customerId = await someone(context, named)
    await act(context, customerId)
    return customerId
  }
}
