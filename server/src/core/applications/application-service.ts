// Owns what may happen to an application: making it, reading it, changing what it says, submitting.
import { inTransaction } from '../../storage/transaction.ts'
import { writeTogether } from '../../storage/write-together.ts'
import type { Context } from '../context.ts'
import { type CustomerKind, customerErrors } from '../customer/customer.ts'
import type { HeldCustomer } from '../customer/customer-seal.ts'
import { recordChange } from '../customer/customer-service.ts'
import { AppError, type Issue } from '../errors.ts'
import {
  type Application,
  type ApplicationFolder,
  type ApplicationStatus,
  applicationErrors,
  applicationEvents,
  applicationMachine,
} from './application.ts'
import {
  changeApplication,
  type HeldApplication,
  holdApplication,
  holdNamedCustomer,
  readFolder,
  writeApplication,
} from './application-change.ts'
import { approveHeld } from './application-decision.ts'
import { insertDocument } from './application-document-store.ts'
import { newDocument } from './application-documents.ts'
import {
  type ApplicationChanges,
  applyApplicationChanges,
  checkNewApplication,
  type NewApplication,
} from './application-rules.ts'
import { openApplication, openDocument, sealApplication } from './application-seal.ts'
import { insertApplication, selectApplication, selectApplications } from './application-store.ts'
import {
  type ApplicationGap,
  applicationGaps,
  findMissing,
  isComplete,
  type Missing,
} from './missing.ts'

/**
 * INCOMPLETE at first: a document is always missing.
 * Errors: `field_invalid`, `customer_not_found`, `application_customer_banks`.
 * Event: `customer.application.opened`, where it names a customer.
 */
export function createApplication(
  context: Context,
  input: NewApplication,
): Promise<ApplicationFolder> {
  const now = context.clock.now()
  const fields = checkNewApplication(input, now)
  return inTransaction(context, async (tx) => {
    const customerId = input.customerId ?? null
    const customer = await holdApplicant(tx, customerId)
    const id = tx.ids()
    const application: Application = {
      id,
      kind: input.kind,
      status: 'INCOMPLETE',
      customerId,
      ...fields,
      decisions: [],
      submittedAt: null,
      decidedAt: null,
      createdAt: now,
      updatedAt: now,
    }
    const dataKey = tx.vault.createDataKey({ appId: tx.app.id, ownerId: id })
    const row = sealApplication(tx, dataKey, application)
    const documents = input.kind === 'individual' ? [newDocument(tx, id, null)] : []
    const writes = (db: Context['db']) => [
      insertApplication(db, row),
      ...documents.map((document) => insertDocument(db, document)),
    ]
    const { type, changes } = { type: applicationEvents.opened, changes: { id, ...fields } }
    await (customer
      ? recordChange(tx, customer, { type, changes: { application: changes } }, writes)
      : writeTogether(tx, writes))
    const opened = documents.map((document) => openDocument(tx, document))
    return { application, individuals: [], documents: opened }
  })
}

/** Error: `application_not_found`, also for another app's application. */
export function getApplication(context: Context, id: string): Promise<ApplicationFolder> {
  return readFolder(context, id)
}

/** Error: `application_cursor_unknown`, also for another app's application. */
export async function requireApplicationCursor(
  context: Context,
  id: string | null,
): Promise<string> {
  const key = { appId: context.app.id, id: id ?? '' }
  if (id !== null && (await selectApplication(context.db, key))) return id
  throw new AppError(applicationErrors.application_cursor_unknown, { param: 'cursor' })
}

/** Newest first. */
export async function listApplications(
  context: Context,
  page: {
    status: ApplicationStatus | null
    kind: CustomerKind | null
    limit: number
    beforeId: string | null
  },
): Promise<Application[]> {
  const rows = await selectApplications(context.db, { appId: context.app.id, ...page })
  return rows.map((stored) => openApplication(context, stored))
}

/**
 * Errors: `application_not_found`, `application_status_refused`, `field_invalid`,
 * `application_customer_banks`. Event: `customer.application.updated`, where it names a customer.
 */
export function updateApplication(
  context: Context,
  id: string,
  changes: ApplicationChanges,
): Promise<ApplicationFolder> {
  return changeApplication(context, id, async (held, tx) => {
    const changed = applyApplicationChanges(held.application, changes, tx.clock.now())
    if (Object.keys(changed).length === 0) return null
    const application = { ...held.application, ...changed }
    return { folder: { ...held, application }, changes: changed }
  })
}

/**
 * Where the installation approves at once, a test app's application is APPROVED afterwards.
 * Errors: `application_not_found`, `application_status_refused`, `application_incomplete`, which
 * lists what is missing, `application_customer_banks`.
 * Event: `customer.application.submitted`, where it names a customer.
 */
export function submitApplication(context: Context, id: string): Promise<ApplicationFolder> {
  return inTransaction(context, async (tx) => {
    const held = await holdApplication(tx, id)
    const now = tx.clock.now()
    requireSubmittable(held, now)
    const customer = await holdNamedCustomer(tx, held.application)
    const submitted = { status: 'SUBMITTED', submittedAt: now } as const
    const application = { ...held.application, ...submitted, updatedAt: now }
    const event = { type: applicationEvents.submitted, changes: submitted }
    await writeApplication(tx, { owner: held.owner, application, customer }, event)
    const next = { ...held, application }
    if (!tx.approvesTestApplications || tx.app.mode !== 'test') return next
    return approveHeld(tx, next, 'Approved on submission, as this installation is set up to.')
  })
}

/** Who turned 18 while it waited makes it complete without a change: what counts is what is now. */
function requireSubmittable(held: HeldApplication, now: number): void {
  const { status } = held.application
  if (status !== 'INCOMPLETE') applicationMachine.checkMove(status, 'SUBMITTED')
  const missing = findMissing(held, now)
  if (isComplete(missing)) return
  const issues = issuesOf(missing)
  const detail = `The application is ${status}: ${issues.length} things are missing.`
  throw new AppError(applicationErrors.application_incomplete, { detail, issues })
}

const placesOfGaps: Record<ApplicationGap, string | null> = {
  MISSING_CONTROL_PERSON: 'individuals',
  MISSING_BENEFICIAL_OWNER: 'individuals',
  // Each one is named by its id.
  MISSING_DOCUMENT: null,
  TERMS_AND_CONDITIONS_NOT_ACCEPTED: 'isTermsAccepted',
}

function issuesOf({ gaps, fields, documents }: Missing): Issue[] {
  return [
    ...gaps.flatMap((gap) => {
      const param = placesOfGaps[gap]
      return param === null ? [] : [{ param, message: `${gap}: ${applicationGaps[gap]}` }]
    }),
    ...fields.map(({ individualId, field, message }) => ({
      param: individualId === null ? field : `individuals.${individualId}.${field}`,
      message,
    })),
    ...documents.map(({ id, type }) => ({
      param: `documents.${id}`,
      message: `MISSING_DOCUMENT: a document of type ${type} was not uploaded yet.`,
    })),
  ]
}

/** A customer that does not exist is an unknown name in what was sent. */
async function holdApplicant(tx: Context, customerId: string | null): Promise<HeldCustomer | null> {
  try {
    return await holdNamedCustomer(tx, { customerId })
  } catch (error) {
    const isUnknown =
      error instanceof AppError && error.definition === customerErrors.customer_not_found
    if (!isUnknown) throw error
    throw new AppError(customerErrors.customer_not_found, { param: 'customerId' })
  }
}
