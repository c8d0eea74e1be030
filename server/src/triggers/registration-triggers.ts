// Owns how events of registrations are made: at the sandbox, which stands in for a provider.
import { listConnections } from '../core/connections/connection-service.ts'
import type { Context } from '../core/context.ts'
import { createCustomer } from '../core/customer/customer-service.ts'
import { type ProviderName, type ProviderRole, providerNames } from '../core/provider.ts'
import { keepAndDeliverFiles } from '../core/registrations/file-delivery.ts'
import { moveRegistration } from '../core/registrations/registration-move.ts'
import {
  listRegistrations,
  submitRegistration,
} from '../core/registrations/registration-service.ts'
import { giveUpSubmitting, submitToProvider } from '../core/registrations/registration-work.ts'
import { createSync, pushSync } from '../core/registrations/sync-service.ts'
import { present } from '../lib/assert.ts'
import { Refusal } from '../lib/refusal.ts'
import { receiveSample } from './customer-triggers.ts'
import { sampleCustomer } from './samples.ts'
import { type Trigger, toSomeone } from './trigger.ts'

export const registrationTriggers = {
  'customer.registration.opened': async (context, named) => {
    // Nothing is known of this one, so something is missing.
    const id = named ?? (await createCustomer(context, { kind: 'individual' })).id
    await submit(context, id)
    return id
  },
  'customer.registration.submitted': toSomeone(submit),
  'customer.registration.changed': toSomeone(register),
  'customer.registration.failed': behaving('+down', async (context, id) => {
    const { registrationId } = await submit(context, id)
    await giveUpSubmitting(context, registrationId, 'Made by a trigger: the provider is away.')
  }),
  'customer.registration.moved': toSomeone(async (context, customerId) => {
    const { registrationId: id } = await register(context, customerId)
    const move = { status: 'cancelled', reason: 'Made by a trigger.' } as const
    await moveRegistration(context, { customerId, id }, move)
  }),
  'customer.registration.synced': toSomeone(async (context, customerId) => {
    const { provider } = await register(context, customerId)
    const { id } = await createSync(context, customerId, { provider, fields: ['email'] })
    await pushSync(context, id)
  }),
  'customer.registration.files.scheduled': behaving('+slow', async (context, id) => {
    await register(context, id)
    await keepAndDeliverFiles(context, id, [await receiveSample(context, id)])
  }),
} satisfies Record<string, Trigger>

/** A new customer's e-mail tells the sandbox how to behave. */
function behaving(
  tag: string,
  act: (context: Context, customerId: string) => Promise<void>,
): Trigger {
  return async (context, named) => {
    const id = named ?? (await createCustomer(context, sampleCustomer(context, tag))).id
    await act(context, id)
    return id
  }
}

interface Submitted {
  registrationId: string
  provider: ProviderName
}

async function register(context: Context, customerId: string): Promise<Submitted> {
  const submitted = await submit(context, customerId)
  // A worker may do the same at this moment: it is safe to do twice.
  await submitToProvider(context, submitted.registrationId)
  return submitted
}

async function submit(context: Context, customerId: string): Promise<Submitted> {
  const { provider, role } = await findPlace(context, customerId)
  await submitRegistration(context, customerId, { provider, role })
  const made = (await listRegistrations(context, customerId)).find(
    (one) => one.provider === provider && one.role === role,
  )
  const { id: registrationId } = present(made, 'it was opened')
  return { registrationId, provider }
}

/** Where the customer is not registered and nobody outside would hear of it. */
async function findPlace(
  context: Context,
  customerId: string,
): Promise<{ provider: ProviderName; role: ProviderRole }> {
  const connected = await listConnections(context)
  const registered = await listRegistrations(context, customerId)
  const isFree = (provider: ProviderName, role: ProviderRole) =>
    !connected.some((one) => one.provider === provider) &&
    !registered.some((one) => one.provider === provider && one.role === role)
  for (const provider of providerNames) {
    const role = context.providers.adapters[provider].roles.find((one) => isFree(provider, one))
    if (role !== undefined) return { provider, role }
  }
  throw new Refusal(
    'sandbox_unused',
    'the app has a connection, or the customer a registration, at every provider',
    'leave --customer out, or give the id of an app without connections',
  )
}
