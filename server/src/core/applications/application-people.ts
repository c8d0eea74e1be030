// Owns the people of a corporation's application: adding, changing and removing them.
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { releaseBytes } from '../files/received-bytes.ts'
import {
  type Individual,
  type IndividualRole,
  individualErrors,
  individualsMax,
} from '../individuals/individual.ts'
import {
  applyPersonChanges,
  checkOwnership,
  checkSumOfOwnership,
  noPerson,
  onlyDifferent,
  onlyGiven,
  type PersonChanges,
} from '../individuals/individual-rules.ts'
import { addPerson, removePerson, writePerson } from '../individuals/people-of-application.ts'
import { type ApplicationFolder, applicationErrors } from './application.ts'
import { changeApplication, type HeldApplication } from './application-change.ts'
import { deleteDocument, insertDocument } from './application-document-store.ts'
import { newDocument } from './application-documents.ts'
import { openDocument } from './application-seal.ts'

export interface IndividualChanges extends PersonChanges {
  role?: IndividualRole | undefined
  /** Percent, to two decimals; `null` clears. */
  ownershipPercentage?: number | null | undefined
}

export interface NewIndividual extends IndividualChanges {
  role: IndividualRole
}

/**
 * A document of its own is asked for with it; the new person is the last one of the answer.
 * Errors: `application_not_found`, `application_status_refused`, `application_people_refused`,
 * `individual_limit_reached`, `field_invalid`, `application_customer_banks`.
 * Event: `customer.application.updated`, where the application names a customer.
 */
export function addIndividual(
  context: Context,
  applicationId: string,
  input: NewIndividual,
): Promise<ApplicationFolder> {
  return changeApplication(context, applicationId, async (held, tx) => {
    requireCorporation(held)
    if (held.individuals.length >= individualsMax) {
      throw new AppError(individualErrors.individual_limit_reached)
    }
    const now = tx.clock.now()
    const blank: Individual = {
      id: tx.ids(),
      applicationId,
      customerId: null,
      role: input.role,
      ownershipPercentage: null,
      ...noPerson,
      createdAt: now,
      updatedAt: now,
    }
    const individual = { ...blank, ...changesOf(blank, input, now) }
    const individuals = [...held.individuals, individual]
    checkShares(individuals)
    const stored = newDocument(tx, applicationId, individual.id)
    const write = addPerson(tx, held.owner, individual)
    return {
      folder: { ...held, individuals, documents: [...held.documents, openDocument(tx, stored)] },
      changes: { addedIndividual: individual },
      writes: (db) => [write(db), insertDocument(db, stored)],
    }
  })
}

/**
 * Errors: those of `addIndividual`, and `individual_not_found`.
 * Event: `customer.application.updated`, where the application names a customer.
 */
export function updateIndividual(
  context: Context,
  applicationId: string,
  id: string,
  changes: IndividualChanges,
): Promise<ApplicationFolder> {
  return changeApplication(context, applicationId, async (held, tx) => {
    const current = requireIndividual(held, id)
    const now = tx.clock.now()
    const changed = changesOf(current, changes, now)
    if (Object.keys(changed).length === 0) return null
    const individual = { ...current, ...changed, updatedAt: now }
    const individuals = held.individuals.map((one) => (one.id === id ? individual : one))
    checkShares(individuals)
    const write = writePerson(tx, held.owner, individual)
    return {
      folder: { ...held, individuals },
      changes: { changedIndividual: { id, ...changed } },
      writes: (db) => [write(db)],
    }
  })
}

/**
 * With the document that was asked for.
 * Errors: `application_not_found`, `application_status_refused`, `individual_not_found`,
 * `application_customer_banks`.
 * Event: `customer.application.updated`, where the application names a customer.
 */
export function removeIndividual(
  context: Context,
  applicationId: string,
  id: string,
): Promise<ApplicationFolder> {
  return changeApplication(context, applicationId, async (held, tx) => {
    requireIndividual(held, id)
    const documents = held.storedDocuments.filter(({ individualId }) => individualId === id)
    for (const { blobName } of documents) if (blobName !== null) await releaseBytes(tx, blobName)
    const remove = removePerson(tx, id)
    return {
      folder: {
        ...held,
        individuals: held.individuals.filter((one) => one.id !== id),
        documents: held.documents.filter(({ individualId }) => individualId !== id),
      },
      changes: { removedIndividual: { id } },
      writes: (db) => [remove(db), ...documents.map((document) => deleteDocument(db, document))],
    }
  })
}

function changesOf(
  current: Individual,
  changes: IndividualChanges,
  now: number,
): Partial<Individual> {
  const { role, ownershipPercentage, ...person } = changes
  const own = onlyGiven({ role, ownershipPercentage })
  // A role that owns nothing must not keep a share that was said of another role.
  const next = { ...current, ...own }
  checkOwnership(next.role, next.ownershipPercentage)
  return {
    ...onlyDifferent<Pick<Individual, 'role' | 'ownershipPercentage'>>(current, own),
    ...applyPersonChanges(current, person, { prefix: '', now }),
  }
}

function checkShares(individuals: Individual[]): void {
  checkSumOfOwnership(
    individuals.map(({ role, ownershipPercentage }) => checkOwnership(role, ownershipPercentage)),
  )
}

function requireCorporation({ application }: HeldApplication): void {
  if (application.kind === 'business') return
  throw new AppError(applicationErrors.application_people_refused)
}

function requireIndividual(held: HeldApplication, id: string): Individual {
  const found = held.individuals.find((one) => one.id === id)
  if (!found) throw new AppError(individualErrors.individual_not_found)
  return found
}
