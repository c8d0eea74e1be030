// Owns the guarantee that what the crypto and banking surfaces take is sealed at rest, all of it.
import { randomBytes, randomInt } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makePdf } from '../server/src/core/files/testing/file-samples.ts'
import { findMarkers } from './crash/canaries.ts'
import { everyColumn, everyFile } from './crash/stored-bytes.ts'
import { toForm } from './example-requests.ts'
import { type Answer, startTestServer, type TestServer } from './harness.ts'

const word = () =>
  Array.from({ length: 12 }, () => 'abcdefghijkmnpqrstuvwxyz'[randomInt(24)]).join('')
const kinds = [
  'payer',
  'street',
  'countryInWords',
  'intentMetadata',
  'successPath',
  'refundReason',
  'item',
  'memo',
  'plan',
  'firstName',
  'lastName',
  'legalName',
  'tradingName',
  'registration',
  'line',
  'documentName',
  'documentText',
  'documentNote',
  'decisionReason',
  'statusReason',
  'nickname',
  'individual',
] as const
type Kind = (typeof kinds)[number]
const words = Object.fromEntries(kinds.map((kind) => [kind, word()])) as Record<Kind, string>
const address = randomBytes(20).toString('hex')
const txHash = randomBytes(32).toString('hex')
const taxId = String(randomInt(10 ** 11, 10 ** 12))
const markers = { ...words, address, txHash, taxId }

let server: TestServer
/** All that an owner reads. */
let shown = ''
beforeAll(async () => {
  server = await startTestServer({ CLIENTELE_CACHED_RECORDS: '0' })
  const customerId = await pay()
  await bank(customerId)
  await refuse()
  await server.drainJobs()
})
afterAll(() => server?.close())

async function call(method: string, path: string, body?: object): Promise<Answer['json']> {
  const headers = { 'x-api-key': server.key, 'idempotency-key': `${word()}` }
  const options = body === undefined ? { headers } : { headers, body }
  return keep(await server.call(method, path, options))
}

function keep(answer: Answer): Answer['json'] {
  if (answer.status >= 300) throw new Error(`a canary was refused: ${answer.text}`)
  shown += answer.text
  return answer.json
}

async function pay(): Promise<string> {
  const customer = {
    name: words.payer,
    address: words.street,
    country: words.countryInWords,
  }
  const { id } = (await call('POST', '/crypto/customers', customer)).data
  const wallet = { chainId: 8453, walletAddress: `0x${address}` }
  const added = await call('POST', `/crypto/customers/${id}/wallets`, wallet)
  const authorization = { type: 'NATIVE', txHash: `0x${txHash}` }
  const wallets = `/crypto/customers/${id}/wallets/${added.data.id}`
  await call('POST', `${wallets}/authorizations`, authorization)
  const intent = await call('POST', '/crypto/payments/intents', {
    customerAccountId: id,
    amount: '25.00',
    successUrl: `https://shop.example/${words.successPath}`,
    metadata: { note: words.intentMetadata },
  })
  const payment = `/crypto/payments/intents/${intent.data.id}`
  await call('POST', `${payment}/authorize`, {
    method: 'PERMIT',
    chainId: 8453,
    tokenKey: 'USDC-8453',
    cryptoAmount: '25.00',
    txHash: `0x${txHash}`,
  })
  await call('POST', `${payment}/refund`, { reason: words.refundReason })
  await call('POST', '/crypto/invoices', {
    customerAccountId: id,
    items: [{ description: words.item, amount: '10.00' }],
    memo: words.memo,
  })
  await call('POST', '/crypto/subscriptions', {
    customerAccountId: id,
    productPlanId: 'plan',
    productPlanPriceId: 'price',
    metadata: { plan: words.plan },
  })
  await call('GET', `/crypto/customers/${id}`)
  return id
}

async function bank(customerId: string): Promise<void> {
  const place = { line1: words.line, city: 'Berlin', country: 'DE' }
  const company = await call('POST', '/banking/v1/applications', {
    type: 'CORPORATION',
    email: 'contact@example.com',
    customer_id: customerId,
    terms_and_conditions_accepted: true,
    corporation: {
      legal_name: words.legalName,
      trading_name: words.tradingName,
      registration_number: words.registration,
      tax_id: taxId,
      address: place,
      has_beneficial_owners: false,
    },
  })
  const at = `/banking/v1/applications/${company.id}`
  await call('POST', `${at}/individuals`, {
    role: 'CONTROL_PERSON',
    first_name: words.firstName,
    last_name: words.lastName,
    date_of_birth: '1980-01-01',
    email: `${words.individual}@example.com`,
    address: place,
  })
  const { documents } = await call('GET', at)
  for (const { id } of documents) {
    const form = toForm([
      {
        name: 'file',
        fileName: `${words.documentName}.pdf`,
        value: makePdf(words.documentText),
      },
      { name: 'description', value: words.documentNote },
    ])
    keep(await server.call('POST', `/banking/v1/documents/${id}/upload`, form))
  }
  await call('POST', `${at}/submit`)
  const decision = { decision: 'approve', reason: words.decisionReason }
  const { customer_id: id } = await call(
    'POST',
    `/v1/applications/${company.id}/decision`,
    decision,
  )
  const account = { customer_id: id, type: 'DEPOSIT', currency: 'EUR', nickname: words.nickname }
  await call('POST', '/banking/v1/accounts', account)
  await call('GET', `/banking/v1/customers/${id}`)
  const move = { status: 'FROZEN', reason: words.statusReason }
  await call('POST', `/v1/customers/${id}/status`, move)
}

/** With the same values, in what is not taken. */
async function refuse(): Promise<void> {
  const headers = { 'x-api-key': server.key }
  const refused = await Promise.all([
    server.call('POST', '/crypto/customers', {
      headers,
      body: { name: words.payer, email: words.payer },
    }),
    server.call('GET', `/crypto/customers/${words.payer}`, { headers }),
    server.call('GET', `/crypto/customers?search=${words.payer}&page=0`, { headers }),
    server.call('POST', '/banking/v1/applications', {
      body: { type: 'INDIVIDUAL', email: words.firstName, phone: words.lastName },
    }),
    server.call('GET', `/banking/v1/customers?cursor=${words.legalName}`),
  ])
  expect(refused.every(({ status }) => status >= 400 && status < 500)).toBe(true)
}

/** Only their keyed hash or their bytes are kept, and nobody is shown them here. */
const unseen = new Set(['documentText', 'statusReason', 'refundReason'])

test('what was sent can be read by its owner', () => {
  const expected = Object.keys(markers).filter((kind) => !unseen.has(kind))
  expect(findMarkers(Buffer.from(shown), markers)).toEqual(expect.arrayContaining(expected))
})

test('none of it is in any column of any table', async () => {
  const bytes = await everyColumn(server.environment)
  expect(findMarkers(bytes, { merchant: 'First merchant' })).toEqual(['merchant'])
  expect(findMarkers(bytes, markers)).toEqual([])
})

test('none of it is in any file', () => {
  const { bytes } = everyFile(server.config.dataDir)
  expect(findMarkers(bytes, markers)).toEqual([])
})

test('none of it is in a log line, also not of what was refused', () => {
  const lines = Buffer.from(server.logLines.join(''))
  expect(findMarkers(lines, { route: '/crypto/customers' })).toEqual(['route'])
  expect(findMarkers(lines, markers)).toEqual([])
})
