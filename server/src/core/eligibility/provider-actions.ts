// Owns whether a customer may be registered at providers, and synced with them.
import type { OpenConnection } from '../connections/connection-service.ts'
import { AppError } from '../errors.ts'
import { type ProviderName, type ProviderRole, providerNames } from '../provider.ts'
import {
  type Registration,
  registrationErrors,
  registrationMachine,
} from '../registrations/registration.ts'
import {
  completenessRules,
  isPushable,
  judgeSubmission,
  pushRules,
  reachRules,
  roleRules,
} from '../registrations/submission.ts'
import { type Rule, refusalsOf } from '../rules.ts'
import { adviceOnMissing, type Circumstances, toReason } from './advice.ts'
import type { Eligibility, EligibilityAction, EligibilityTarget, Reason } from './eligibility.ts'
import { type Subject, uniqueReasons } from './money-actions.ts'

export interface ProviderFacts {
  registrations: Registration[]
  /** Errors: `connection_missing`, `connection_mode_differs`. */
  open(provider: ProviderName): OpenConnection
}

/** What is true of one provider, or of one role there. */
interface Verdict {
  targets: EligibilityTarget[]
  reasons: Reason[]
}

/** At the provider that is named, or at each where the customer has a registration. */
export function judgeSync(subject: Subject, facts: ProviderFacts): Eligibility {
  const { provider, role } = subject.narrowing
  const known = [...new Set(facts.registrations.map((one) => one.provider))]
  const candidates = provider === null ? known : [provider]
  if (candidates.length === 0) return summed('sync', [unregistered(subject, role)])
  return summed(
    'sync',
    candidates.map((name) => judgePush(subject, facts, { provider: name, role })),
  )
}

function judgePush(
  { customer }: Subject,
  { registrations, open }: ProviderFacts,
  wanted: { provider: ProviderName; role: ProviderRole | null },
): Verdict {
  const { provider, role } = wanted
  const rules = [...reachRules(customer, () => open(provider)), ...pushRules(registrations, wanted)]
  const isNamed = (one: Registration) =>
    one.provider === provider && (role === null || one.role === role)
  const registration = registrations.find(isNamed) ?? null
  const about = { customer, provider, role, ...aboutRegistration(registration) }
  const reasons = refusalsOf(rules).map((error) => toReason(error, about))
  const targets = registrations.filter((one) => isPushable(one, wanted)).map(toTarget)
  return { targets, reasons }
}

/** There is no provider to name: what the operation would say of any. */
function unregistered({ customer }: Subject, role: ProviderRole | null): Verdict {
  const refused = new AppError(registrationErrors.registration_not_found, {
    detail: 'The customer is not registered at any provider.',
  })
  const permission = reachRules(customer, () => {
    throw refused
  })
  const errors = refusalsOf(permission)
  return { targets: [], reasons: errors.map((error) => toReason(error, { customer, role })) }
}

/** As submitting it, so that the provider is asked; in each role that is not named otherwise. */
export function judgeRegistering(subject: Subject, facts: ProviderFacts): Eligibility {
  const { provider, role } = subject.narrowing
  const { adapters } = subject.context.providers
  const providers = provider === null ? providerNames : [provider]
  const targets = providers.flatMap((name): EligibilityTarget[] => {
    const { roles } = adapters[name]
    // Named with a provider, a role that it does not have is refused; without one, passed over.
    const wanted = role === null ? roles : provider === null ? roles.filter(isSame(role)) : [role]
    return wanted.map((one) => ({ provider: name, role: one }))
  })
  return summed(
    'register',
    targets.map((target) => judgeTarget(subject, facts, target)),
  )
}

function judgeTarget(
  { context, customer }: Subject,
  { registrations, open }: ProviderFacts,
  target: EligibilityTarget,
): Verdict {
  const { provider, role } = target
  const adapter = context.providers.adapters[provider]
  const known = registrations.find((one) => one.provider === provider && one.role === role) ?? null
  const about: Circumstances = { customer, ...target, ...aboutRegistration(known) }
  const rules: Rule[] = [
    ...reachRules(customer, () => open(provider)),
    ...roleRules(adapter, target),
  ]
  const refused = refusalsOf(rules).map((error) => toReason(error, about))
  const isRole = adapter.roles.includes(role)
  const waiting = isRole
    ? waitingFor(known, about, judgeSubmission(customer, adapter, known, { role }))
    : []
  const reasons = [...refused, ...waiting]
  return { targets: reasons.length === 0 ? [target] : [], reasons }
}

/** What the operation does not refuse: it leaves the registration as it is. */
function waitingFor(
  known: Registration | null,
  about: Circumstances,
  { canSubmit, missing }: { canSubmit: boolean; missing: string[] },
): Reason[] {
  if (!canSubmit) {
    const from = known?.status ?? 'not_submitted'
    const refused = refusalsOf([() => registrationMachine.checkMove(from, 'submitted')])
    return refused.map((error) => toReason(error, about))
  }
  const byStep = Map.groupBy(missing, (field) => adviceOnMissing(field).step)
  return [...byStep.values()].flatMap((fields) =>
    refusalsOf(completenessRules(fields)).map((error) => ({
      ...toReason(error, about),
      ...adviceOnMissing(fields[0] ?? ''),
      fields,
    })),
  )
}

/** Allowed where one of them is: what stands in the way of the others can be asked for by name. */
function summed(action: EligibilityAction, verdicts: Verdict[]): Eligibility {
  const isAllowed = verdicts.some(({ reasons }) => reasons.length === 0)
  const allowed = verdicts.filter(({ reasons }) => reasons.length === 0)
  return {
    action,
    isAllowed,
    targets: allowed.flatMap(({ targets }) => targets),
    reasons: isAllowed ? [] : uniqueReasons(verdicts.flatMap(({ reasons }) => reasons)),
    warnings: [],
  }
}

const isSame = (wanted: ProviderRole) => (role: ProviderRole) => role === wanted

const toTarget = ({ provider, role }: Registration): EligibilityTarget => ({ provider, role })

function aboutRegistration(registration: Registration | null) {
  const object =
    registration === null ? null : { noun: 'registration' as const, id: registration.id }
  return { registration, object }
}
