// Owns changing an application in one transaction: held, changed, its status following, recorded.
import type { Kysely } from 'kysely'
import type { Tables } from '../../storage/tables.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { type Write, writeTogether } from '../../storage/write-together.ts'
import type { Context } from '../context.ts'
import type { HeldCustomer } from '../customer/customer-seal.ts'
import { holdCustomer, recordChange } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { individualsMax } from '../individuals/individual.ts'
import type { IndividualOwner } from '../individuals/individual-seal.ts'
import { listPeople } from '../individuals/people-of-application.ts'
import {
  type Application,
  type ApplicationFolder,
  type ApplicationStatus,
  applicationErrors,
  applicationEvents,
  applicationMachine,
  changeableStatuses,
} from './application.ts'
import { type StoredDocument, selectDocuments } from './application-document-store.ts'
import { openApplication, openDocument, ownerOf, sealApplication } from './application-seal.ts'
import {
  type StoredApplication,
  selectApplication,
  selectApplicationForUpdate,
  updateApplication as updateRow,
} from './application-store.ts'
import { findMissing, isComplete } from './missing.ts'

/** An application that this transaction holds, with everything that belongs to it. */
export interface HeldApplication extends ApplicationFolder {
  owner: IndividualOwner
  /** The rows of its documents. */
  storedDocuments: StoredDocument[]
}

/** Error: `application_not_found`. */
export async function readFolder(context: Context, id: string): Promise<HeldApplication> {
  const stored = await selectApplication(context.db, { appId: context.app.id, id })
  return openFolder(context, stored)
}

/** Inside a transaction: nobody else can change it until that ends. */
export async function holdApplication(tx: Context, id: string): Promise<HeldApplication> {
  const stored = await selectApplicationForUpdate(tx.db, { appId: tx.app.id, id })
  return openFolder(tx, stored)
}

/** What a change makes of an application that may still be changed. */
export interface FolderChange {
  /** As it is afterwards. */
  folder: ApplicationFolder
  /** For the history of the record that it names. */
  changes: Record<string, unknown>
  writes?: (db: Kysely<Tables>) => Write[]
}

/**
 * The status follows from what is missing then; `null` leaves everything as it is.
 * Errors: `application_not_found`, `application_status_refused`, `application_customer_banks`.
 * Event: `customer.application.updated`, where it names a customer.
 */
export function changeApplication(
  context: Context,
  id: string,
  decide: (held: HeldApplication, tx: Context) => Promise<FolderChange | null>,
): Promise<ApplicationFolder> {
  return inTransaction(context, async (tx) => {
    const held = await holdApplication(tx, id)
    requireChangeable(held.application)
    const change = await decide(held, tx)
    if (change === null) return held
    const now = tx.clock.now()
    const status = nextStatus(change.folder, now)
    const application = { ...change.folder.application, status, updatedAt: now }
    const event = { type: applicationEvents.updated, changes: { ...change.changes, status } }
    const customer = await holdNamedCustomer(tx, application)
    await writeApplication(tx, { owner: held.owner, application, customer }, event, change.writes)
    return { ...change.folder, application }
  })
}

/** Error: `application_status_refused`. */
export function requireChangeable({ status }: Pick<Application, 'status'>): void {
  if (changeableStatuses.includes(status)) return
  const detail = `It is ${status}; it can be changed as ${changeableStatuses.join(', ')}.`
  throw new AppError(applicationErrors.application_status_refused, { detail })
}

/**
 * The record that the application names, held; it must not be a customer of the bank.
 * Errors: `customer_not_found`, `application_customer_banks`.
 */
export async function holdNamedCustomer(
  tx: Context,
  { customerId }: Pick<Application, 'customerId'>,
): Promise<HeldCustomer | null> {
  if (customerId === null) return null
  const held = await holdCustomer(tx, customerId)
  if (held.customer.bankingStatus === null) return held
  throw new AppError(applicationErrors.application_customer_banks, { param: 'customerId' })
}

/** The row with its event; without a customer there is no chain that it could stand in. */
export async function writeApplication(
  tx: Context,
  {
    owner,
    application,
    customer,
  }: { owner: IndividualOwner; application: Application; customer: HeldCustomer | null },
  event: { type: string; changes: Record<string, unknown> },
  more: (db: Kysely<Tables>) => Write[] = () => [],
): Promise<void> {
  const row = sealApplication(tx, owner.dataKey, application)
  const writes = (db: Kysely<Tables>) => [...more(db), updateRow(db, row)]
  if (customer === null) return writeTogether(tx, writes)
  const { type, changes } = event
  const change = { type, changes: { application: { id: application.id, ...changes } } }
  await recordChange(tx, customer, change, writes)
}

/** Changes asked for stay asked for until it is submitted anew. */
function nextStatus(folder: ApplicationFolder, now: number): ApplicationStatus {
  const { status } = folder.application
  if (status === 'CHANGES_REQUESTED') return status
  const next = isComplete(findMissing(folder, now)) ? 'READY_FOR_SUBMISSION' : 'INCOMPLETE'
  if (next !== status) applicationMachine.checkMove(status, next)
  return next
}

async function openFolder(
  context: Context,
  stored: StoredApplication | null,
): Promise<HeldApplication> {
  if (!stored) throw new AppError(applicationErrors.application_not_found)
  const { appId, id } = stored
  const owner = ownerOf(context, stored)
  const filter = { appId, applicationId: id, limit: individualsMax + 1 }
  const [individuals, storedDocuments] = await Promise.all([
    listPeople(context, { id, owner }),
    selectDocuments(context.db, filter),
  ])
  const documents = storedDocuments.map((document) => openDocument(context, document))
  const application = openApplication(context, stored)
  return { application, individuals, documents, storedDocuments, owner }
}
