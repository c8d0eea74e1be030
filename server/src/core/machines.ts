// Owns the list of every state machine: states, moves, who makes them, what a state permits.
import { invoiceMachine } from './activity/invoice.ts'
import { intentMachine } from './activity/payment-intent.ts'
import { subscriptionMachine } from './activity/subscription.ts'
import { applicationMachine } from './applications/application.ts'
import { bankingMachine, bankingPermissions, type Permissions } from './customer/banking-status.ts'
import { onboardingMachine } from './customer/onboarding.ts'
import { payoutMachine } from './payouts/payout.ts'
import { registrationMachine } from './registrations/registration.ts'
import type { Machine } from './status.ts'

/** `app`: with a key of it; `system`: by itself, as the record or the time says. */
export const movers = ['app', 'operator', 'provider', 'rail', 'system'] as const
export type Mover = (typeof movers)[number]

export interface PublishedState {
  status: string
  moves: { to: string; by: Mover }[]
  /** Where the state permits some things and not others. */
  permissions: Permissions | null
}

export interface PublishedMachine {
  name: string
  description: string
  states: PublishedState[]
}

/** A facet with states adds its line here. */
export const publishedMachines: PublishedMachine[] = [
  publish('banking_customer', 'A customer of the bank; one rule on every surface.', {
    machine: bankingMachine,
    by: () => 'operator',
    permissions: (status) => bankingPermissions[status],
  }),
  publish('account', 'An account: frozen, thawed and closed with its customer.', {
    machine: bankingMachine,
    by: () => 'system',
    permissions: (status) => bankingPermissions[status],
  }),
  publish('application', 'An application for becoming a customer of the bank.', {
    machine: applicationMachine,
    by: (to) => {
      if (to === 'INCOMPLETE' || to === 'READY_FOR_SUBMISSION') return 'system'
      return to === 'SUBMITTED' ? 'app' : 'operator'
    },
  }),
  publish('onboarding', 'A customer on the way to being usable at providers.', {
    machine: onboardingMachine,
    by: (to) => (to === 'INITIATED' || to === 'DOCUMENT_PENDING' ? 'app' : 'provider'),
  }),
  publish('registration', 'A customer at one provider in one role.', {
    machine: registrationMachine,
    by: (to) => {
      if (to === 'submitted') return 'app'
      return to === 'error' ? 'system' : 'provider'
    },
  }),
  publish('payout', 'A payout, from its acceptance to the last word of its rail.', {
    machine: payoutMachine,
    by: (to) => {
      if (to === 'cancelled') return 'app'
      return to === 'processing' ? 'system' : 'rail'
    },
  }),
  publish('payment_intent', 'A payment that a customer authorizes.', {
    machine: intentMachine,
    by: () => 'app',
  }),
  publish('invoice', 'An invoice to a customer.', { machine: invoiceMachine, by: () => 'app' }),
  publish('subscription', 'A subscription of a customer to a plan.', {
    machine: subscriptionMachine,
    by: (to) => (to === 'PAST_DUE' || to === 'TRIALING' ? 'system' : 'app'),
  }),
]

interface Publication<State extends string> {
  machine: Machine<State>
  /** Who moves a thing into this state. */
  by(to: State): Mover
  permissions?(status: State): Permissions
}

function publish<State extends string>(
  name: string,
  description: string,
  { machine, by, permissions }: Publication<State>,
): PublishedMachine {
  const states = machine.states.map((status) => ({
    status,
    moves: machine.movesFrom(status).map((to) => ({ to, by: by(to) })),
    permissions: permissions?.(status) ?? null,
  }))
  return { name, description, states }
}
