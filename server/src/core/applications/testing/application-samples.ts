// Owns applications for tests: what a person and a corporation say, and moving one to a status.
import type { Context } from '../../context.ts'
import type { CustomerKind } from '../../customer/customer.ts'
import type { Address } from '../../fields.ts'
import { makePdf } from '../../files/testing/file-samples.ts'
import type { ApplicationFolder, ApplicationStatus, Decision } from '../application.ts'
import { decideApplication } from '../application-decision.ts'
import { keepDocument, receiveDocument } from '../application-documents.ts'
import { addIndividual, type NewIndividual } from '../application-people.ts'
import type { NewApplication } from '../application-rules.ts'
import { createApplication, getApplication, submitApplication } from '../application-service.ts'

export const address: Partial<Address> = {
  line1: '123 Main St',
  city: 'New York',
  state: 'NY',
  postalCode: '10001',
}

export const person = {
  firstName: 'John',
  lastName: 'Doe',
  dateOfBirth: '1990-01-15',
  taxId: '123-45-6789',
  address,
  country: 'US',
}

export const personApplication: NewApplication = {
  kind: 'individual',
  email: 'john.doe@example.com',
  phone: '+12025550123',
  individual: person,
  isTermsAccepted: true,
}

export const corporationApplication: NewApplication = {
  kind: 'business',
  email: 'contact@acmecorp.com',
  corporation: {
    legalName: 'Acme Corporation',
    tradingName: 'Acme',
    registrationNumber: '7654321',
    taxId: '12-3456789',
    address,
    country: 'US',
  },
  isTermsAccepted: true,
}

export const director: NewIndividual = {
  ...person,
  role: 'CONTROL_PERSON',
  email: 'jane.smith@acmecorp.com',
  firstName: 'Jane',
  lastName: 'Smith',
}
export const owner: NewIndividual = {
  ...person,
  role: 'BENEFICIAL_OWNER',
  ownershipPercentage: 30,
}

export async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

export async function upload(context: Context, documentId: string, text = 'passport') {
  const file = { name: 'passport.pdf', stream: streamOf(makePdf(text)) }
  const received = await receiveDocument(context, documentId, file)
  return keepDocument(context, documentId, received, null)
}

/** READY_FOR_SUBMISSION: with everything that is asked for. */
export async function completeApplication(
  context: Context,
  { kind = 'individual', ...more }: Partial<NewApplication> & { kind?: CustomerKind } = {},
): Promise<ApplicationFolder> {
  const input = kind === 'individual' ? personApplication : corporationApplication
  const { application } = await createApplication(context, { ...input, ...more })
  const people = kind === 'individual' ? [] : [director, owner]
  for (const one of people) await addIndividual(context, application.id, one)
  const { documents } = await getApplication(context, application.id)
  for (const { id } of documents) await upload(context, id)
  return getApplication(context, application.id)
}

const decisionOf: Partial<Record<ApplicationStatus, Decision>> = {
  APPROVED: 'approve',
  REJECTED: 'reject',
  CHANGES_REQUESTED: 'request_changes',
}

/** An application of a person that came to this status as one does. */
export async function applicationAs(
  context: Context,
  status: Exclude<ApplicationStatus, 'PROCESSING'>,
  more: Partial<NewApplication> = {},
): Promise<ApplicationFolder> {
  if (status === 'INCOMPLETE') {
    return createApplication(context, { ...personApplication, ...more })
  }
  const ready = await completeApplication(context, more)
  const { id } = ready.application
  if (status === 'READY_FOR_SUBMISSION') return ready
  await submitApplication(context, id)
  const decision = decisionOf[status]
  if (decision) await decideApplication(context, id, { decision, reason: 'As it should be.' })
  return getApplication(context, id)
}
