// Owns handing identity files to providers, as soon as the file and the customer are both there.
import { type NewJob, upsertJob } from '../../storage/job-queue.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { openConnection } from '../connections/connection-service.ts'
import type { Context } from '../context.ts'
import { holdCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import type { FileEntry } from '../files/file.ts'
import { keepFiles, listFiles, openFile, type ReceivedFile } from '../files/file-service.ts'
import { type FileOutcome, type IdentityFile, providerErrors } from '../provider.ts'
import {
  type FileDelivery,
  insertFileDelivery,
  selectFileDelivery,
  updateFileDeliveryEnded,
} from './file-delivery-store.ts'
import {
  type Progress,
  type Registration,
  registrationEvents,
  registrationJobs,
} from './registration.ts'
import {
  findRegistration,
  isFinal,
  jobOf,
  listRegistrations,
  pollJobOf,
  recordRegistration,
} from './registration-service.ts'

/**
 * Keeps what was received, and hands it to every provider where a registration is under way.
 * Errors: those of `keepFiles`.
 */
export function keepAndDeliverFiles(
  context: Context,
  customerId: string,
  received: ReceivedFile[],
): Promise<FileEntry[]> {
  return inTransaction(context, async (tx) => {
    const entries = await keepFiles(tx, customerId, received)
    const ids = entries.map(({ id }) => id)
    await deliverFiles(tx, customerId, ids)
    return entries
  })
}

/** Inside the transaction that keeps the files: sends them wherever a registration is under way. */
async function deliverFiles(
  context: Context,
  customerId: string,
  fileIds: string[],
): Promise<void> {
  for (const view of await listRegistrations(context, customerId)) {
    const { fields: _fields, ...registration } = view
    const asksForThem = registration.actionRequired === 'upload_documents'
    if (registration.remoteId === null || (isFinal(registration) && !asksForThem)) continue
    const jobs = await scheduleDeliveries(context, registration, fileIds)
    const held = await holdCustomer(context, customerId)
    const next = { ...registration, hasSentDocuments: asksForThem }
    const facts = { files: fileIds }
    const type = registrationEvents.filesScheduled
    await recordRegistration(context, held, { type, next, jobs, facts })
  }
}

/** Inside a transaction: the jobs for the files that were there before the provider knew them. */
export async function deliverEarlierFiles(
  context: Context,
  registration: Registration,
): Promise<NewJob[]> {
  const files = await listFiles(context, registration.customerId)
  const fileIds = files.map(({ id }) => id)
  return scheduleDeliveries(context, registration, fileIds)
}

/** Safe to repeat: a provider that can tell is sent the same idempotency key. */
export async function deliverFile(context: Context, id: string): Promise<Progress> {
  const delivery = await selectFileDelivery(context.db, { appId: context.app.id, id })
  if (delivery?.status !== 'scheduled') return 'done'
  const registration = await findRegistration(context, delivery.registrationId)
  if (!registration || registration.remoteId === null) return 'done'
  const { adapter, connection } = await openConnection(context, registration.provider)
  const { remoteId, role, customerId } = registration
  const file = await readFile(context, customerId, delivery)
  const outcome = await adapter
    .sendFile(connection, { remoteId, role }, file)
    .catch((error: unknown) => refusedOutcome(error))
  await endDelivery(context, id, outcome)
  if (outcome.outcome === 'sent') {
    const job = pollJobOf(context, registration.id, adapter.firstPollMs)
    await inTransaction(context, (tx) => upsertJob(tx.db, job).execute())
  }
  return 'done'
}

/** The last try failed. */
export function giveUpDelivery(context: Context, id: string, reason: string): Promise<void> {
  return endDelivery(context, id, { outcome: 'failed', reason })
}

type DeliveryOutcome = FileOutcome | { outcome: 'failed'; reason: string }

async function scheduleDeliveries(
  context: Context,
  registration: Registration,
  fileIds: string[],
): Promise<NewJob[]> {
  const jobs: NewJob[] = []
  for (const fileId of fileIds) {
    const delivery: FileDelivery = {
      id: context.ids(),
      fileId,
      registrationId: registration.id,
      status: 'scheduled',
      reason: null,
      remoteFileId: null,
      createdAt: context.clock.now(),
      endedAt: null,
    }
    await insertFileDelivery(context.db, context.app.id, delivery)
    jobs.push(jobOf(context, registrationJobs.file, delivery.id))
  }
  return jobs
}

async function readFile(
  context: Context,
  customerId: string,
  delivery: FileDelivery,
): Promise<IdentityFile> {
  const { entry, bytes } = await openFile(context, customerId, delivery.fileId)
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  const { id, name, fileType, contentType } = entry
  const idempotencyKey = delivery.id
  return { id, name, fileType, contentType, bytes: Buffer.concat(chunks), idempotencyKey }
}

function refusedOutcome(error: unknown): DeliveryOutcome {
  const isRefusal =
    error instanceof AppError && error.definition === providerErrors.provider_rejected
  if (!isRefusal) throw error
  return { outcome: 'failed', reason: error.message }
}

function endDelivery(context: Context, id: string, outcome: DeliveryOutcome): Promise<void> {
  return inTransaction(context, (tx) =>
    updateFileDeliveryEnded(
      tx.db,
      { appId: tx.app.id, id },
      {
        status: outcome.outcome,
        reason: outcome.outcome === 'sent' ? null : outcome.reason,
        remoteFileId: outcome.outcome === 'sent' ? outcome.remoteFileId : null,
        endedAt: tx.clock.now(),
      },
    ),
  )
}
