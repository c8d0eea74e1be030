// Owns how events of applications, and of who became a customer of the bank by one, are made.
import { createAccount, updateAccount } from '../core/accounts/account-service.ts'
import { moveBankingStatus } from '../core/accounts/status-service.ts'
import type { Decision } from '../core/applications/application.ts'
import { decideApplication } from '../core/applications/application-decision.ts'
import { keepDocument, receiveDocument } from '../core/applications/application-documents.ts'
import { addIndividual } from '../core/applications/application-people.ts'
import {
  createApplication,
  getApplication,
  submitApplication,
  updateApplication,
} from '../core/applications/application-service.ts'
import type { Context } from '../core/context.ts'
import type { CustomerKind } from '../core/customer/customer.ts'
import { getCustomer } from '../core/customer/customer-service.ts'
import { listIndividuals, updateIndividual } from '../core/individuals/individual-service.ts'
import { present } from '../lib/assert.ts'
import { sampleCompany, sampleEmail, samplePerson, samplePicture } from './samples.ts'
import { someone, type Trigger, toSomeone } from './trigger.ts'

const reason = 'Made by a trigger.'

export const bankingTriggers = {
  'customer.application.opened': toSomeone(open),
  'customer.application.updated': toSomeone(async (context, id) => {
    await updateApplication(context, await open(context, id), { email: sampleEmail(context) })
  }),
  'customer.application.submitted': toSomeone(submit),
  'customer.application.approved': toSomeone(decide('approve')),
  'customer.application.rejected': toSomeone(decide('reject')),
  'customer.application.changes_requested': toSomeone(decide('request_changes')),
  'customer.banking_status.changed': async (context, named) => {
    const id = await bankingCustomer(context, named)
    const { bankingStatus } = await getCustomer(context, id)
    const status = bankingStatus === 'EDD' ? 'ACTIVE' : 'EDD'
    await moveBankingStatus(context, id, { status, reason })
    return id
  },
  'customer.account.opened': async (context, named) => {
    const customerId = await bankingCustomer(context, named)
    await openAccount(context, customerId)
    return customerId
  },
  'customer.account.updated': async (context, named) => {
    const customerId = await bankingCustomer(context, named)
    const { id } = await openAccount(context, customerId)
    await updateAccount(context, id, { nickname: 'By a trigger' })
    return customerId
  },
  'customer.individual.updated': async (context, named) => {
    const customerId = await bankingCustomer(context, named, 'business')
    const [person] = await listIndividuals(context, customerId)
    const { id } = present(person, 'a company was approved with its people')
    await updateIndividual(context, customerId, id, { email: sampleEmail(context) })
    return customerId
  },
} satisfies Record<string, Trigger>

function openAccount(context: Context, customerId: string) {
  const account = { type: 'DEPOSIT', currency: 'USD', nickname: null } as const
  return createAccount(context, { customerId, ...account })
}

/** Who is one already, or becomes one by an application that is approved. */
export async function bankingCustomer(
  context: Context,
  named: string | null,
  kind: CustomerKind = 'individual',
): Promise<string> {
  if (named !== null && (await getCustomer(context, named)).bankingStatus !== null) return named
  if (kind === 'individual') {
    const id = await someone(context, named)
    await decide('approve')(context, id)
    return id
  }
  const { application } = await approve(context, await complete(context, { named, kind }))
  return present(application.customerId, 'an approval makes the customer')
}

async function open(context: Context, customerId: string): Promise<string> {
  const { kind } = await getCustomer(context, customerId)
  return openAs(context, { named: customerId, kind })
}

async function submit(context: Context, customerId: string): Promise<string> {
  const { kind } = await getCustomer(context, customerId)
  const id = await complete(context, { named: customerId, kind })
  // Submitting alone: a setting may have approved it in the same step.
  await submitApplication({ ...context, approvesTestApplications: false }, id)
  return id
}

function decide(decision: Decision) {
  return async (context: Context, customerId: string) => {
    const id = await submit(context, customerId)
    return decideApplication(context, id, { decision, reason })
  }
}

async function approve(context: Context, id: string) {
  await submitApplication({ ...context, approvesTestApplications: false }, id)
  return decideApplication(context, id, { decision: 'approve', reason })
}

interface Applicant {
  named: string | null
  kind: CustomerKind
}

async function openAs(context: Context, { named, kind }: Applicant): Promise<string> {
  const about =
    kind === 'individual' ? { individual: samplePerson } : { corporation: sampleCompany }
  const { application } = await createApplication(context, {
    ...{ kind, customerId: named, email: sampleEmail(context), phone: '+12025550123', ...about },
    isTermsAccepted: true,
  })
  return application.id
}

/** With everything that is asked for. */
async function complete(context: Context, applicant: Applicant): Promise<string> {
  const id = await openAs(context, applicant)
  if (applicant.kind === 'business') {
    await addIndividual(context, id, {
      ...samplePerson,
      role: 'CONTROL_PERSON',
      email: sampleEmail(context),
    })
    await addIndividual(context, id, {
      ...{ ...samplePerson, role: 'BENEFICIAL_OWNER', ownershipPercentage: 30 },
    })
  }
  for (const document of (await getApplication(context, id)).documents) {
    const file = { name: 'sample.png', stream: samplePicture() }
    await keepDocument(
      context,
      document.id,
      await receiveDocument(context, document.id, file),
      null,
    )
  }
  return id
}
