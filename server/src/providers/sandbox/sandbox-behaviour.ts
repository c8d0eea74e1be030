// Owns how the sandbox behaves: what the e-mail asks for, and the state at any time.
import type { RemoteState } from '../../core/provider.ts'

/** `alice+reject@example.com` asks for `reject`; any other e-mail for `plain`. */
export const behaviours = ['plain', 'reject', 'documents', 'slow', 'down'] as const
export type Behaviour = (typeof behaviours)[number]

export function behaviourOf(email: string | null): Behaviour {
  const asked = /\+([a-z]+)@/i.exec(email ?? '')?.[1]?.toLowerCase()
  return behaviours.find((behaviour) => behaviour === asked) ?? 'plain'
}

const processingAfterMs = 1_000
const decidedAfterMs = 3_000
/** A provider with people who look at every case. */
const slowFactor = 1_200

type State = Pick<RemoteState, 'status' | 'actionRequired' | 'rejectionReason' | 'failureReasons'>

const state = (status: State['status'], more: Partial<State> = {}): State => ({
  status,
  actionRequired: null,
  rejectionReason: null,
  failureReasons: [],
  ...more,
})

/** A function of the time that has passed: nothing has to happen for it to move on. */
export function stateOf(
  customer: { behaviour: Behaviour; createdAt: number; documentsAt: number | null },
  now: number,
): State {
  const { behaviour, createdAt, documentsAt } = customer
  const factor = behaviour === 'slow' ? slowFactor : 1
  const age = now - createdAt
  if (age < processingAfterMs * factor) return state('submitted')
  if (behaviour === 'documents') {
    if (documentsAt === null) {
      const failureReasons = ['A document is missing']
      return state('processing', { actionRequired: 'upload_documents', failureReasons })
    }
    return state(now - documentsAt < decidedAfterMs ? 'processing' : 'approved')
  }
  if (age < decidedAfterMs * factor) return state('processing')
  if (behaviour !== 'reject') return state('approved')
  const rejectionReason = 'The sandbox rejects customers whose e-mail asks for it'
  return state('rejected', { rejectionReason, failureReasons: [rejectionReason] })
}
