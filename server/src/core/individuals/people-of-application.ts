// Owns the people of an application: reading and writing them under the key that is theirs so far.
import type { Kysely } from 'kysely'
import { present } from '../../lib/assert.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'
import type { Context } from '../context.ts'
import { openDataKeys } from '../customer/customer-service.ts'
import { type Individual, individualsMax } from './individual.ts'
import { type IndividualOwner, openIndividual, sealIndividual } from './individual-seal.ts'
import {
  deleteIndividual,
  insertIndividual,
  selectIndividuals,
  updateIndividual,
} from './individual-store.ts'

type Build = (db: Kysely<Tables>) => Write

/** Oldest first. Those of an approved application are the customer's, under its key. */
export async function listPeople(
  context: Context,
  application: { id: string; owner: IndividualOwner },
): Promise<Individual[]> {
  const filter = { appId: context.app.id, applicationId: application.id, limit: individualsMax }
  const stored = await selectIndividuals(context.db, filter)
  const customerIds = new Set(
    stored.map(({ customerId }) => customerId).filter((id) => id !== null),
  )
  const keys = await openDataKeys(context, [...customerIds])
  return stored.map((one) => {
    const { customerId } = one
    if (customerId === null) return openIndividual(context, application.owner, one)
    const dataKey = present(keys.get(customerId), 'a person names a customer that exists')
    return openIndividual(context, { ownerId: customerId, dataKey }, one)
  })
}

export function addPerson(context: Context, owner: IndividualOwner, person: Individual): Build {
  const stored = sealIndividual(context, owner, person)
  return (db) => insertIndividual(db, stored)
}

export function writePerson(context: Context, owner: IndividualOwner, person: Individual): Build {
  const stored = sealIndividual(context, owner, person)
  return (db) => updateIndividual(db, stored)
}

export function removePerson(context: Context, id: string): Build {
  return (db) => deleteIndividual(db, { appId: context.app.id, id })
}

/** Hands a person to the customer that came of the application, sealed anew under its key. */
export function attachPerson(
  context: Context,
  customer: IndividualOwner,
  person: Individual,
): Build {
  return writePerson(context, customer, { ...person, customerId: customer.ownerId })
}
