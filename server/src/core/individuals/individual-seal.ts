// Owns how a person is sealed into a row and opened from it.
import type { DataKey, Place } from '../../vault/vault.ts'
import type { Context } from '../context.ts'
import type { Individual, IndividualDetails } from './individual.ts'
import type { StoredIndividual } from './individual-store.ts'

/** Under whose key: the customer's, or the application's until there is a customer. */
export interface IndividualOwner {
  ownerId: string
  dataKey: DataKey
}

export function sealIndividual(
  context: Context,
  owner: IndividualOwner,
  individual: Individual,
): StoredIndividual {
  const { id, applicationId, customerId, role, ownershipPercentage } = individual
  const appId = context.app.id
  const place = detailsPlace(appId, owner.ownerId, id)
  const details = JSON.stringify(detailsOf(individual))
  return {
    appId,
    id,
    applicationId,
    customerId,
    role,
    ownershipHundredths:
      ownershipPercentage === null ? null : Math.round(ownershipPercentage * 100),
    sealedDetails: context.vault.seal(owner.dataKey, place, details),
    createdAt: individual.createdAt,
    updatedAt: individual.updatedAt,
  }
}

export function openIndividual(
  context: Context,
  owner: IndividualOwner,
  stored: StoredIndividual,
): Individual {
  const { appId, ownershipHundredths, sealedDetails, ...plain } = stored
  const place = detailsPlace(appId, owner.ownerId, stored.id)
  const details: IndividualDetails = JSON.parse(
    context.vault.open(owner.dataKey, place, sealedDetails),
  )
  const ownershipPercentage = ownershipHundredths === null ? null : ownershipHundredths / 100
  return { ...plain, ownershipPercentage, ...details }
}

function detailsOf(individual: Individual): IndividualDetails {
  const { firstName, lastName, dateOfBirth, taxId, email, phone, address, country } = individual
  return { firstName, lastName, dateOfBirth, taxId, email, phone, address, country }
}

function detailsPlace(appId: string, ownerId: string, id: string): Place {
  return { appId, ownerId, field: `individual.details:${id}` }
}
