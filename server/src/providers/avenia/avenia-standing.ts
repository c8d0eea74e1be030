// Owns how a sub-account stands at Avenia: its identity, its newest check, the state they make.
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { RemoteState, RemoteStatus, RequiredAction } from '../../core/provider.ts'
import type { Json } from '../../lib/canonical.ts'
import { idPattern, namesIn, readForm, textsOf } from '../avenia-brla.ts'
import { safeReason, unavailable, unusable } from '../http-client.ts'
import type { AveniaClient } from './avenia-client.ts'

const pagesMax = 10

const Text = Type.Optional(Type.Union([Type.String(), Type.Null()]))
const infoForm = Compile(
  Type.Object({
    accountInfo: Type.Object({
      identityStatus: Type.String(),
      accountType: Text,
      fullName: Text,
      name: Text,
    }),
  }),
)
const AttemptSchema = Type.Object({
  id: Type.String({ pattern: idPattern }),
  status: Type.String({ pattern: '^[A-Z-]{1,40}$' }),
  result: Text,
  resultMessage: Text,
  levelName: Text,
  retryable: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
  createdAt: Text,
  submissionData: Type.Optional(Type.Unknown()),
})
export type AveniaAttempt = Static<typeof AttemptSchema>
const attemptsForm = Compile(Type.Object({ attempts: Type.Array(AttemptSchema), cursor: Text }))

export interface AveniaStanding {
  isConfirmed: boolean
  isCompany: boolean
  /** The newest check of level 1. */
  attempt: AveniaAttempt | null
  /** Cut out of what Avenia says of the check. */
  personal: string[]
}

export async function readStanding(client: AveniaClient, id: string): Promise<AveniaStanding> {
  const answer = await client.ask('GET', `/v2/account/account-info?subAccountId=${id}`)
  const { accountInfo } = readForm(infoForm, answer, 'an account')
  const { identityStatus, accountType, fullName, name } = accountInfo
  if (identityStatus !== 'CONFIRMED' && identityStatus !== 'NOT-IDENTIFIED') {
    throw unusable('its identity status is not a documented one')
  }
  const attempt = await readNewestAttempt(client, id)
  return {
    isConfirmed: identityStatus === 'CONFIRMED',
    isCompany: accountType === 'COMPANY',
    attempt,
    personal: [
      ...client.personal,
      ...namesIn(fullName),
      ...namesIn(name),
      ...textsOf(attempt?.submissionData),
    ],
  }
}

/** Later levels raise limits; they decide nothing about the registration. */
const isLevelOne = ({ levelName }: AveniaAttempt) => !levelName || /level-1$/.test(levelName)

async function readNewestAttempt(client: AveniaClient, id: string): Promise<AveniaAttempt | null> {
  let newest: AveniaAttempt | null = null
  let cursor = ''
  for (let page = 0; page < pagesMax; page += 1) {
    const path = `/v2/kyc/attempts?subAccountId=${id}${cursor}`
    const list = readForm(attemptsForm, await client.ask('GET', path), 'a list of attempts')
    for (const attempt of list.attempts.filter(isLevelOne)) {
      if (newest === null || isLater(attempt, newest)) newest = attempt
    }
    if (!list.cursor) return newest
    cursor = `&cursor=${encodeURIComponent(list.cursor.toWellFormed())}`
  }
  throw unavailable('Its list of attempts does not end.')
}

function isLater(left: AveniaAttempt, right: AveniaAttempt): boolean {
  return Date.parse(left.createdAt ?? '') > Date.parse(right.createdAt ?? '')
}

/** Whether another check may be asked for: never while one runs, nor against a final verdict. */
export function mayAskAgain({ isConfirmed, attempt }: AveniaStanding): boolean {
  if (isConfirmed) return false
  if (attempt === null || attempt.status === 'EXPIRED') return true
  return attempt.result === 'REJECTED' && attempt.retryable === true
}

/** The state of a sub-account for which a check has been asked. */
export function toState(id: string, standing: AveniaStanding): RemoteState {
  const { isConfirmed, attempt, personal } = standing
  const { status, actionRequired } = isConfirmed ? approved : judge(attempt)
  const said = status === 'rejected' ? safeReason(attempt?.resultMessage ?? '', personal) : ''
  const rejectionReason = status === 'rejected' ? said || 'Avenia gave no reason' : null
  return {
    ...{ remoteId: id, status, actionRequired, actionUrl: null, rejectionReason },
    failureReasons: rejectionReason === null ? [] : [rejectionReason],
    facts: factsOf(standing),
  }
}

/** The state of a sub-account that waits for what the check needs. */
export function toWaitingState(
  id: string,
  standing: AveniaStanding,
  waiting: { actionRequired: RequiredAction; missing: string[] },
): RemoteState {
  const { actionRequired, missing } = waiting
  return {
    ...{ remoteId: id, status: 'submitted', actionRequired, actionUrl: null },
    ...{ rejectionReason: null, failureReasons: missing, facts: factsOf(standing) },
  }
}

interface Verdict {
  status: RemoteStatus
  actionRequired: RequiredAction | null
}

const approved: Verdict = { status: 'approved', actionRequired: null }

function judge(attempt: AveniaAttempt | null): Verdict {
  switch (attempt?.status) {
    case 'PENDING':
    case 'PROCESSING':
      return { status: 'processing', actionRequired: null }
    case 'EXPIRED':
      return { status: 'awaiting_confirmation', actionRequired: 'complete_profile' }
    case 'COMPLETED':
      return judgeResult(attempt.result)
    default:
      throw unusable('the status of its attempt is not a documented one')
  }
}

function judgeResult(result: string | null | undefined): Verdict {
  if (result === 'APPROVED') return approved
  if (result === 'REJECTED') return { status: 'rejected', actionRequired: null }
  // Absent or empty until the verdict is there.
  if (!result) return { status: 'processing', actionRequired: null }
  throw unusable('the result of its attempt is not a documented one')
}

function factsOf({ isConfirmed, attempt }: AveniaStanding): Record<string, Json> {
  return {
    identityStatus: isConfirmed ? 'CONFIRMED' : 'NOT-IDENTIFIED',
    attemptId: attempt?.id ?? null,
    attemptStatus: attempt?.status ?? null,
  }
}
