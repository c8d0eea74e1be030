// Owns registering at Avenia: one sub-account a record, and its identity check once it is complete.
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { Registering, RemoteState } from '../../core/provider.ts'
import { idPattern, readForm } from '../avenia-brla.ts'
import { rejected } from '../http-client.ts'
import type { AveniaClient } from './avenia-client.ts'
import { readReadyDocuments } from './avenia-document.ts'
import {
  type AveniaStanding,
  mayAskAgain,
  readStanding,
  toState,
  toWaitingState,
} from './avenia-standing.ts'
import { findOrMakeSubAccount } from './avenia-sub-account.ts'
import { checkAveniaData, toAveniaCheck } from './to-avenia-check.ts'

const attemptForm = Compile(Type.Object({ id: Type.String({ pattern: idPattern }) }))

/** Safe to call again at any point: it goes on where the sub-account stands. */
export async function registerAtAvenia(
  client: AveniaClient,
  { customer, providerData }: Pick<Registering, 'customer' | 'providerData'>,
): Promise<RemoteState> {
  const data = checkAveniaData(customer.kind, providerData)
  if (client.mode === 'live' && data['sandboxReject'] !== undefined) {
    throw rejected('provider_data.sandboxReject is for the sandbox alone')
  }
  const { id, isNew } = await findOrMakeSubAccount(client, customer)
  const standing = isNew ? newStanding(client, customer.kind) : await readStanding(client, id)
  if (!mayAskAgain(standing)) return toState(id, standing)
  const check = toAveniaCheck(customer, data, await readReadyDocuments(client, id))
  const missing = [
    ...check.missing.map((field) => `${field} is missing`),
    ...check.missingDocuments,
  ]
  if (missing.length > 0) {
    const actionRequired = check.missing.length > 0 ? 'complete_profile' : 'upload_documents'
    return toWaitingState(id, standing, { actionRequired, missing })
  }
  const path = `/v2/kyc/new-level-1/api?subAccountId=${id}`
  const answer = await client.ask('POST', path, check.body)
  const attempt = { id: readForm(attemptForm, answer, 'an attempt').id, status: 'PENDING' }
  return toState(id, { ...standing, attempt })
}

function newStanding(client: AveniaClient, kind: string): AveniaStanding {
  const { personal } = client
  const isCompany = kind === 'business'
  return { isConfirmed: false, isCompany, attempt: null, personal: [...personal] }
}

/** Before a check was asked for, the documents tell what it waits for. */
export async function readAtAvenia(client: AveniaClient, id: string): Promise<RemoteState> {
  const standing = await readStanding(client, id)
  if (standing.isConfirmed || standing.attempt !== null) return toState(id, standing)
  const { incorporation, companyTax, selfie, identity } = await readReadyDocuments(client, id)
  const needed = standing.isCompany ? [incorporation, companyTax] : [selfie, identity]
  return needed.includes(null)
    ? toWaitingState(id, standing, {
        actionRequired: 'upload_documents',
        missing: ['documents for the identity check are missing'],
      })
    : toWaitingState(id, standing, {
        actionRequired: 'complete_profile',
        missing: ['the identity check has not been asked for'],
      })
}
