// Owns the guarantee that processes share the work of one database: all is done, and each once.
import { expect, test } from 'vitest'
import { startSubscriber } from '../server/src/webhooks/testing/subscriber.ts'
import { wrongTransfers } from './crash/checks.ts'
import { openDatabaseReader, readRows } from './crash/database-reader.ts'
import { startServerProcess } from './crash/server-process.ts'
import { createTestDatabase, engine } from './harness.ts'

const customers = 10
const payoutsEach = 8
/** Accepted, submitted, completed. */
const eventsOfPayout = 3
const round = customers * payoutsEach
const timeout = 20_000

test('of two processes one is killed: every job is done, and each message comes by one id', async () => {
  const database = await createTestDatabase()
  const { environment } = database
  const start = () => startServerProcess({ environment })
  const subscriber = await startSubscriber()
  // The embedded engine is for one process: there the second one comes after the first.
  const isShared = engine === 'postgresql'
  const victim = await start()
  const key = victim.key ?? ''
  const first = isShared ? await start() : victim
  try {
    await post(key, `${first.url}/v1/webhook-endpoints`, {
      url: subscriber.url,
      events: ['customer.payout.*'],
    })
    const ids = await makeCustomers(key, victim.url)
    const pay = () => payEach(key, { ids, urls: [first.url, victim.url] })
    const received = () => subscriber.received.map(({ headers }) => String(headers['webhook-id']))
    const distinct = () => new Set(received()).size

    await pay()
    await expect.poll(() => completed(environment), { timeout }).toBe(round)
    await expect.poll(distinct, { timeout }).toBe(round * eventsOfPayout)
    // Nothing has broken yet: whoever took them, no message has come twice.
    expect(received()).toHaveLength(round * eventsOfPayout)

    await pay()
    await expect.poll(() => completed(environment), { timeout }).toBeGreaterThan(round + 8)
    victim.signal('SIGKILL')
    await victim.ended()
    expect(await completed(environment)).toBeLessThan(2 * round)
    if (isShared) await readRows(environment, expireLeases)
    const last = isShared ? first : await start()
    await expect.poll(() => completed(environment), { timeout }).toBe(2 * round)
    await expect.poll(distinct, { timeout }).toBe(2 * round * eventsOfPayout)
    const reader = await openDatabaseReader(environment)
    expect(await wrongTransfers(reader)).toEqual([])
    await reader.close()
    await last.remove()
  } finally {
    await Promise.all([victim.remove(), first.remove()])
    await subscriber.close()
    await database.remove()
  }
}, 60_000)

/** What a minute does by itself: the leases of the dead process run out. */
const expireLeases = 'update jobs set leased_until = 0 where leased_until is not null'

async function makeCustomers(key: string, url: string): Promise<string[]> {
  const body = { kind: 'individual', name: 'Ana Payee' }
  const made = Array.from({ length: customers }, () => post(key, `${url}/v1/customers`, body))
  return (await Promise.all(made)).map(({ id }) => String(id))
}

/** Half through each process. */
async function payEach(key: string, { ids, urls }: { ids: string[]; urls: string[] }) {
  const cbu = '0070327530004025541644'
  await Promise.all(
    ids.flatMap((customerId) =>
      Array.from({ length: payoutsEach }, (_, at) =>
        post(key, `${urls[at % urls.length]}/payouts/payouts`, {
          ...{ customerId, currency: 'ARS', destinationCbu: cbu },
          amount: '10.00',
        }),
      ),
    ),
  )
}

async function completed(environment: Record<string, string>): Promise<number> {
  const [row] = await readRows(
    environment,
    "select count(*) as completed from payouts where status = 'completed'",
  )
  return Number(row?.['completed'])
}

async function post(key: string, url: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return Object(await response.json())
}
