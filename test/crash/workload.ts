// Owns the load of the crash tests: writers that keep account of what was sent and answered.
import { cbuOf } from './cbu.ts'

export type WriteKind = 'customers' | 'bank_accounts' | 'payouts'

/** One write under its idempotency key, and what came back. */
export interface Write {
  kind: WriteKind
  key: string
  path: string
  body: object
  /** `null`: in doubt, because no answer came or it was not a 2xx. */
  answer: Answered | null
}

export interface Answered {
  status: number
  text: string
  isReplayed: boolean
}

export interface Target {
  url: string
  key: string
}

/** Numbers that are never used twice in one run, for keys and account numbers. */
export interface Counter {
  next(): number
  last(): number
}

export function createCounter(): Counter {
  let count = 0
  return {
    next: () => {
      count += 1
      return count
    },
    last: () => count,
  }
}

const writesPerWriterMax = 5_000

/** Runs `writers` loops until `isOver`, or until the server is gone; answers every write sent. */
export async function runWriters(
  target: Target,
  options: { writers: number; counter: Counter; isOver: () => boolean },
): Promise<Write[]> {
  const writes: Write[] = []
  const writer = async () => {
    for (let sent = 0; sent < writesPerWriterMax && !options.isOver(); sent += 4) {
      if (!(await writeOneCustomer(target, options, writes))) return
    }
  }
  await Promise.all(Array.from({ length: options.writers }, writer))
  return writes
}

/** A customer, an account, a payout to each spelling of it. False: the server is gone. */
async function writeOneCustomer(
  target: Target,
  { counter, isOver }: { counter: Counter; isOver: () => boolean },
  writes: Write[],
): Promise<boolean> {
  const send = async (kind: WriteKind, path: string, body: object) => {
    const write: Write = { kind, path, body, key: `write-${counter.next()}`, answer: null }
    writes.push(write)
    write.answer = await sendWrite(target, write)
    return isOver() ? null : write.answer
  }
  const number = cbuOf(counter.next())
  const customer = await send('customers', '/payouts/customers', {
    type: 'individual',
    name: 'Ana Writer',
    email: `${number}@example.com`,
    country: 'AR',
  })
  if (customer === null) return false
  const { customerId } = JSON.parse(customer.text)
  const account = await send('bank_accounts', `/payouts/customers/${customerId}/bank-accounts`, {
    country: 'AR',
    currency: 'ARS',
    rail: 'OTHER',
    accountType: 'checking',
    holderName: 'Ana Writer',
    accountNumber: number,
  })
  if (account === null) return false
  const currency = 'ARS'
  // One that the sandbox completes at once, and one that it refuses twice before.
  const paths = '/payouts/payouts'
  if (!(await send('payouts', paths, { amount: '10.00', currency, customerId }))) return false
  const body = { amount: '10.14', currency, destinationCbu: number }
  return (await send('payouts', paths, body)) !== null
}

/** Every write once more with its key, a few at a time; the answers in the order of the writes. */
export async function sendAgain(target: Target, writes: Write[]): Promise<(Answered | null)[]> {
  const answers: (Answered | null)[] = new Array(writes.length).fill(null)
  const queue = [...writes.entries()]
  const sender = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      answers[next[0]] = await sendWrite(target, next[1])
    }
  }
  await Promise.all(Array.from({ length: sendersMax }, sender))
  return answers
}

const sendersMax = 8
const sendTimeoutMs = 20_000

/** The 2xx answer, or `null` when there is none. */
export async function sendWrite(target: Target, write: Write): Promise<Answered | null> {
  try {
    const response = await fetch(target.url + write.path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${target.key}`,
        'content-type': 'application/json',
        'idempotency-key': write.key,
      },
      body: JSON.stringify(write.body),
      signal: AbortSignal.timeout(sendTimeoutMs),
    })
    const text = await response.text()
    if (!response.ok) return null
    const isReplayed = response.headers.get('idempotent-replayed') === 'true'
    return { status: response.status, text, isReplayed }
  } catch {
    return null
  }
}
