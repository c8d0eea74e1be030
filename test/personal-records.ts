// Owns filling an app with one of everything that is personal and can be read, each value its own.
import { backgroundTexts } from '../server/src/core/customer/customer.ts'
import { makePdf } from '../server/src/core/files/testing/file-samples.ts'
import { registrationEvents } from '../server/src/core/registrations/registration.ts'
import {
  holdRegistration,
  recordRegistration,
} from '../server/src/core/registrations/registration-service.ts'
import { parseId } from '../server/src/lib/id.ts'
import { toSnakeCase } from '../server/src/lib/snake-case.ts'
import { inTransaction } from '../server/src/storage/transaction.ts'
import { addressEntries } from '../server/src/surfaces/platform/wire-customer.ts'
import { cbuOf } from './crash/cbu.ts'
import { toForm } from './example-requests.ts'
import type { Answer, CallOptions, TestServer } from './harness.ts'
import { dates, type Markers } from './personal-markers.ts'

export interface PersonalRecords {
  /** Wire ids. */
  customers: string[]
  applications: string[]
  /** One that was decided about and has documents with a file. */
  documentOf: { applicationId: string; documentId: string }
  /** SUBMITTED. */
  waitingId: string
  payouts: string[]
  /** Of the last customer. */
  registrationId: string
  email: string
}

interface Making {
  server: TestServer
  markers: Markers
  call(method: string, path: string, options?: CallOptions): Promise<Answer['json']>
}

/** In the server's test app. */
export async function makePersonalRecords(
  server: TestServer,
  markers: Markers,
): Promise<PersonalRecords> {
  const call = async (method: string, path: string, options?: CallOptions) => {
    const headers = { 'x-api-key': server.key, ...options?.headers }
    const answer = await server.call(method, path, { ...options, headers })
    if (answer.status < 300) return answer.json
    throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
  }
  const making = { server, markers, call }
  const email = `${markers.word('email')}@example.com`
  const { id } = await call('POST', '/v1/customers', { body: fullCustomer(making, email) })
  const payouts = await payOut(making, id)
  const payer = await pay(making)
  const bank = await applyAsCompany(making, payer)
  const waitingId = await applyAsPerson(making)
  const registered = await register(making)
  return {
    customers: [id, payer, registered.id],
    applications: [bank.applicationId, waitingId],
    documentOf: bank,
    waitingId,
    payouts,
    registrationId: registered.registrationId,
    email,
  }
}

function fullCustomer({ markers: { word, digits, phone } }: Making, email: string) {
  const texts = backgroundTexts.filter((name) => name !== 'companyStartDate')
  const background = texts.map((name) => [toSnakeCase(name), word(`background ${name}`)])
  const address = addressEntries.map(([name]) => [name, word(`address ${name}`)])
  return {
    kind: 'individual',
    given_name: word('given name'),
    family_name: word('family name'),
    company_name: word('company name'),
    email,
    phone: `+${phone('phone')}`,
    document: { type: 'passport', number: `AB${digits('document', 9)}`, country: 'BR' },
    date_of_birth: dates.born,
    address: Object.fromEntries(address),
    country: 'BR',
    metadata: {
      note: word('metadata'),
      count: Number(digits('metadata number', 10)),
      deep: { inside: [word('metadata inside'), true, null] },
    },
    background: {
      ...Object.fromEntries(background),
      company_start_date: dates.started,
      monthly_net_income: Number(digits('income', 9)),
    },
  }
}

async function payOut({ server, markers, call }: Making, customerId: string): Promise<string[]> {
  const { word, digits } = markers
  await call('POST', `/payouts/customers/${customerId}/bank-accounts`, {
    body: {
      ...{ country: 'AR', currency: 'ARS', rail: 'OTHER', accountType: 'checking' },
      holderName: word('holder'),
      accountNumber: cbuOf(Number(digits('account number', 10)) * 1_000),
      metadata: { note: word('account metadata') },
    },
  })
  const pay = async (more: object) => {
    const destinationCbu = cbuOf(Number(digits('destination', 10)) * 1_000)
    const payout = { amount: '10.00', currency: 'ARS', destinationCbu, ...more }
    const destinationName = word('destination name')
    return (await call('POST', '/payouts/payouts', { body: { ...payout, destinationName } })).id
  }
  const paid = await pay({ customerId })
  const failed = await pay({ customerId })
  const foreign = await pay({})
  const outcomes = [
    [paid, { outcome: 'completed', reason: word('note of a payout') }],
    [failed, { outcome: 'failed', reason: word('failure of a payout') }],
  ] as const
  for (const [id, body] of outcomes) await call('POST', `/v1/payouts/${id}/outcome`, { body })
  await server.drainJobs()
  return [paid, failed, foreign]
}

async function pay({ markers: { word, digits }, call }: Making): Promise<string> {
  const customer = { name: word('payer'), address: word('street'), country: word('country') }
  const { id } = (await call('POST', '/crypto/customers', { body: customer })).data
  const hex = (kind: string) => digits(kind, 12)
  const walletAddress = `0x${hex('wallet')}${'ab'.repeat(14)}`
  const wallets = `/crypto/customers/${id}/wallets`
  const added = await call('POST', wallets, { body: { chainId: 8453, walletAddress } })
  const txHash = `0x${hex('transaction')}${'cd'.repeat(26)}`
  const authorization = { type: 'NATIVE', txHash }
  await call('POST', `${wallets}/${added.data.id}/authorizations`, { body: authorization })
  const intent = await call('POST', '/crypto/payments/intents', {
    body: {
      ...{ customerAccountId: id, amount: '25.00' },
      successUrl: `https://shop.example/${word('success path')}`,
      metadata: { note: word('intent metadata') },
    },
  })
  const payment = `/crypto/payments/intents/${intent.data.id}`
  const token = { chainId: 8453, tokenKey: 'USDC-8453', cryptoAmount: '25.00' }
  await call('POST', `${payment}/authorize`, { body: { method: 'PERMIT', ...token, txHash } })
  await call('POST', `${payment}/refund`, { body: { reason: word('refund') } })
  const items = [{ description: word('item'), amount: '10.00' }]
  const invoice = { customerAccountId: id, items, memo: word('memo') }
  await call('POST', '/crypto/invoices', { body: invoice })
  const plan = { productPlanId: 'plan', productPlanPriceId: 'price' }
  const metadata = { plan: word('subscription metadata') }
  const subscription = { customerAccountId: id, ...plan, metadata }
  await call('POST', '/crypto/subscriptions', { body: subscription })
  return (await call('GET', `/v1/customers/${id}`)).id
}

const applications = '/banking/v1/applications'

function person({ markers: { word, digits } }: Making, who: string) {
  return {
    first_name: word(`${who} first name`),
    last_name: word(`${who} last name`),
    date_of_birth: who === 'director' ? dates.director : dates.applicant,
    tax_id: digits(`${who} tax id`, 11),
    address: { line1: word(`${who} line`), city: word(`${who} city`), country: 'DE' },
  }
}

async function applyAsCompany(making: Making, customerId: string) {
  const { markers, call } = making
  const { word, digits } = markers
  const { id } = await call('POST', applications, {
    body: {
      type: 'CORPORATION',
      email: `${word('company email')}@example.com`,
      phone: `+${markers.phone('company phone')}`,
      customer_id: customerId,
      terms_and_conditions_accepted: true,
      corporation: {
        legal_name: word('legal name'),
        trading_name: word('trading name'),
        registration_number: digits('registration number', 10),
        tax_id: digits('company tax id', 12),
        address: { line1: word('company line'), city: word('company city'), country: 'DE' },
        has_beneficial_owners: false,
      },
    },
  })
  const email = `${word('director email')}@example.com`
  const director = { role: 'CONTROL_PERSON', email, ...person(making, 'director') }
  await call('POST', `${applications}/${id}/individuals`, { body: director })
  const documentId = await submit(making, id)
  const decision = { decision: 'approve', reason: word('decision') }
  const decided = await call('POST', `/v1/applications/${id}/decision`, { body: decision })
  const account = { type: 'DEPOSIT', currency: 'EUR', nickname: word('nickname') }
  await call('POST', '/banking/v1/accounts', {
    body: { customer_id: decided.customer_id, ...account },
  })
  for (const status of ['FROZEN', 'ACTIVE']) {
    const body = { status, reason: word('reason of a status') }
    await call('POST', `/v1/customers/${customerId}/status`, { body })
  }
  return { applicationId: id, documentId }
}

async function applyAsPerson(making: Making): Promise<string> {
  const { markers, call } = making
  const email = `${markers.word('applicant email')}@example.com`
  const { id } = await call('POST', applications, {
    body: {
      ...{ type: 'INDIVIDUAL', email, terms_and_conditions_accepted: true },
      phone: `+${markers.phone('applicant phone')}`,
      individual: person(making, 'applicant'),
    },
  })
  await submit(making, id)
  return id
}

/** With a file for every document; answers the id of one. */
async function submit({ markers, call }: Making, id: string): Promise<string> {
  const { documents } = await call('GET', `${applications}/${id}`)
  const fileName = `${markers.word('document name')}.pdf`
  for (const document of documents) {
    const form = toForm([
      { name: 'file', fileName, value: makePdf(markers.word('document text')) },
      { name: 'description', value: markers.word('document note') },
    ])
    await call('POST', `/banking/v1/documents/${document.id}/upload`, form)
  }
  await call('POST', `${applications}/${id}/submit`)
  return documents[0].id
}

const orchestration = '/orchestration/api/v1'

/** Handed to a provider, which has said what it can say. */
async function register({ server, markers, call }: Making) {
  const { word } = markers
  const created = await call('POST', `${orchestration}/customers`, {
    body: {
      first_name: word('registered first name'),
      last_name: word('registered last name'),
      email: `${word('registered email')}@example.com`,
      ...{ country_code: 'BR', document_type: 'passport' },
      document_number: word('words for a document'),
      ...{ phone_country_code: '55', phone_area_code: '13' },
      phone_number: markers.phone('registered phone').slice('5513'.length),
    },
  })
  const { id } = (await call('GET', `/v1/customers/${created.data.id}`)) as { id: string }
  const fileName = `${word('file name')}.pdf`
  const form = toForm([{ name: 'file', fileName, value: makePdf(word('file text')) }])
  await call('POST', `${orchestration}/customers/${id}/files`, form)
  const provider_data = { answer: word('provider data') }
  const body = { provider: 'stripe', target_role: 'customer', provider_data }
  await call('POST', `${orchestration}/provider-registration/${id}/submit`, { body })
  await server.drainJobs()
  const [registration] = (await call('GET', `/v1/customers/${id}/registrations`)).data
  const context = server.contextOf(server.testApp)
  await inTransaction(context, async (tx) => {
    const found = await holdRegistration(tx, parseId('registration', registration.id) ?? '')
    if (!found) throw new Error('the registration was opened')
    const said = {
      actionUrl: `https://provider.example/${word('action url')}`,
      rejectionReason: word('rejection'),
      failureReasons: [word('failure')],
      facts: { said: word('fact') },
    }
    const next = { ...found.registration, ...said }
    const pushed = [
      { ...refusedField, reason: word('reason of a field'), pushedAt: tx.clock.now() },
    ]
    const type = registrationEvents.changed
    await recordRegistration(tx, found.held, { type, next, pushed })
  })
  return { id, registrationId: registration.id as string }
}

const refusedField = {
  field: 'email',
  valueHash: new Uint8Array(16),
  outcome: 'failed',
} as const
