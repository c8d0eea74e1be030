// Owns filling a server with one of everything that holds personal data, all of it canaries.
import { type IdNoun, idPrefixes, parseId } from '../../server/src/lib/id.ts'
import type { Answer, TestServer } from '../harness.ts'
import type { Canaries } from './canaries.ts'

/** The ids of what was made for one customer, as they are stored. */
export interface Made {
  customer: string
  /** One with a number and one without. */
  accounts: [string, string]
  payouts: [string, string]
}

type CanarySet = ReturnType<Canaries['of']>

/** The same request each time: the first one makes the customer, later ones are replays. */
export function createCanaryCustomer(server: TestServer, own: CanarySet): Promise<Answer> {
  return server.call('POST', '/payouts/customers', {
    headers: { 'idempotency-key': own.idempotencyKey },
    body: {
      type: 'individual',
      name: own.name,
      email: own.email,
      country: 'AR',
      metadata: { [own.metadataKey]: own.metadataValue },
    },
  })
}

export async function makeCanaryRecords(server: TestServer, own: CanarySet): Promise<Made> {
  let count = 0
  const post = async (path: string, body: object) => {
    count += 1
    const headers = { 'idempotency-key': `${own.idempotencyKey}-${count}` }
    const answer = await server.call('POST', path, { headers, body })
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`)
    return answer.json
  }
  const customer = (await createCanaryCustomer(server, own)).json
  const bankAccount = {
    country: 'AR',
    currency: 'ARS',
    rail: 'OTHER',
    accountType: 'checking',
    holderName: own.holderName,
    metadata: { cuit: own.cuit, [own.metadataKey]: own.metadataValue },
  }
  const accounts = `/payouts/customers/${customer.customerId}/bank-accounts`
  const first = await post(accounts, { ...bankAccount, accountNumber: own.cbu })
  const second = await post(accounts, { ...bankAccount, accountType: 'savings' })
  const payout = {
    currency: 'ARS',
    destinationCbu: own.destinationCbu,
    destinationName: own.destinationName,
    destinationCuit: own.destinationCuit,
  }
  const { customerId } = customer
  const paid = await post('/payouts/payouts', { ...payout, customerId, amount: '10.00' })
  const refused = await post('/payouts/payouts', { ...payout, customerId, amount: '1000.13' })
  // Without a customer it has a data key of its own.
  await post('/payouts/payouts', { ...payout, amount: '7.50' })
  return {
    customer: uuidOf(customerId),
    accounts: [uuidOf(first.bankAccountId), uuidOf(second.bankAccountId)],
    payouts: [uuidOf(paid.id), uuidOf(refused.id)],
  }
}

function uuidOf(text: string): string {
  for (const noun of Object.keys(idPrefixes) as IdNoun[]) {
    const uuid = parseId(noun, text)
    if (uuid !== null) return uuid
  }
  throw new Error(`${text} is an id`)
}
