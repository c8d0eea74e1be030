// Owns a stand-in for Pagar.me: refuses what its documentation does not allow, keeps what it would.
import type { TSchema } from 'typebox'
import type { Validator } from 'typebox/compile'
import {
  expectThat,
  type StandIn,
  type StandInReply,
  type StandInRequest,
  startStandIn,
} from '../../testing/stand-in.ts'
import { customerBody, recipientBodies, recipientUpdate } from './pagar-me-bodies.ts'

export interface PagarMeRecord {
  id: string
  /** As sent; a test may put anything in its place. */
  sent: Record<string, unknown>
  shown: Record<string, unknown>
}

export interface PagarMeStandIn extends StandIn {
  secretKey: string
  /** Oldest first. */
  customers: PagarMeRecord[]
  recipients: PagarMeRecord[]
  balances: Map<string, unknown>
  /** In place of the answer to a write. */
  refuse: ((request: StandInRequest) => StandInReply | null) | null
  /** The day of every idempotency key is over. */
  areKeysOld: boolean
  hasPages: boolean
}

type Replays = Map<string, { body: string; reply: StandInReply }>

/** `url` ends in `/core/v5`, as Pagar.me's own base URL does. */
export async function startPagarMeStandIn(): Promise<PagarMeStandIn> {
  const replays: Replays = new Map()
  const standIn = await startStandIn((request) => answer(pagarMe, replays, request))
  const pagarMe: PagarMeStandIn = Object.assign(standIn, {
    url: `${standIn.url}/core/v5`,
    secretKey: 'sk_test_stand_in',
    customers: [],
    recipients: [],
    balances: new Map(),
    refuse: null,
    areKeysOld: false,
    hasPages: true,
  })
  return pagarMe
}

function answer(pagarMe: PagarMeStandIn, replays: Replays, request: StandInRequest): StandInReply {
  const { method, headers, path } = request
  expectThat(path.startsWith('/core/v5/'), 'the path begins with /core/v5')
  const basic = `Basic ${Buffer.from(`${pagarMe.secretKey}:`).toString('base64')}`
  if (headers.authorization !== basic) {
    return { status: 401, body: { message: 'Authorization has been denied for this request.' } }
  }
  const hasBody = method === 'POST' || method === 'PUT'
  if (hasBody) expectThat(headers['content-type'] === 'application/json', 'a body is JSON')
  else expectThat(request.body.length === 0, `${method} carries no body`)
  const refused = hasBody ? pagarMe.refuse?.(request) : null
  if (refused) return refused
  if (method !== 'POST') return route(pagarMe, request)
  const key = headers['idempotency-key']
  expectThat(typeof key === 'string' && key.length > 0, 'a POST carries an idempotency key')
  return once(pagarMe, replays, key, request)
}

/** The first answer to a key again, for a day; another body under it is an error. */
function once(
  pagarMe: PagarMeStandIn,
  replays: Replays,
  key: string,
  request: StandInRequest,
): StandInReply {
  const body = `${request.path} ${request.body.toString('utf8')}`
  const earlier = pagarMe.areKeysOld ? undefined : replays.get(key)
  expectThat(earlier === undefined || earlier.body === body, 'one key is for one request')
  if (earlier) return earlier.reply
  const reply = route(pagarMe, request)
  replays.set(key, { body, reply })
  return reply
}

function route(pagarMe: PagarMeStandIn, request: StandInRequest): StandInReply {
  const [, , , collection, id, part, ...rest] = request.path.split('/')
  expectThat(rest.length === 0, 'the path is a documented one')
  const isCustomers = collection === 'customers'
  expectThat(isCustomers || collection === 'recipients', 'the path is a documented one')
  const records = isCustomers ? pagarMe.customers : pagarMe.recipients
  const { method } = request
  if (id === undefined && method === 'GET') return list(records, isCustomers, request)
  if (id === undefined) {
    expectThat(method === 'POST', `${method} is documented for this path`)
    return isCustomers ? upsert(pagarMe, request) : create(pagarMe, request)
  }
  const record = records.find((one) => one.id === id)
  if (!record) return { status: 404, body: { message: 'Not found.' } }
  if (part === 'balance' && !isCustomers && method === 'GET') {
    return { status: 200, body: pagarMe.balances.get(id) }
  }
  if (part === 'kyc_link' && !isCustomers && method === 'POST') return kycLink(pagarMe, record)
  expectThat(part === undefined, 'the path is a documented one')
  if (method === 'GET') return { status: 200, body: shown(record) }
  expectThat(method === 'PUT', `${method} is documented for this path`)
  const body = isCustomers ? checked(customerBody, request) : checked(recipientUpdate, request)
  record.sent = { ...record.sent, ...body }
  return { status: 200, body: shown(record) }
}

/** A known e-mail is that customer again, overwritten; the code that it was made with stays. */
function upsert(pagarMe: PagarMeStandIn, request: StandInRequest): StandInReply {
  const body = checked(customerBody, request)
  const known = pagarMe.customers.find(({ sent }) => sent['email'] === body.email)
  if (known) {
    known.sent = { ...known.sent, ...body, code: known.sent['code'] }
    return { status: 200, body: shown(known) }
  }
  const id = `cus_${String(pagarMe.customers.length + 1).padStart(4, '0')}`
  const record = { id, sent: { ...body }, shown: { delinquent: false } }
  pagarMe.customers.push(record)
  return { status: 200, body: shown(record) }
}

function create(pagarMe: PagarMeStandIn, request: StandInRequest): StandInReply {
  const { individual, corporation } = recipientBodies
  const isPerson = request.body.includes('"register_information":{"type":"individual"')
  const body = isPerson ? checked(individual, request) : checked(corporation, request)
  const { register_information: registered, ...sent } = body
  const name = 'name' in registered ? registered.name : registered.company_name
  const id = `re_${String(pagarMe.recipients.length + 1).padStart(4, '0')}`
  const record = {
    id,
    sent: {
      ...sent,
      name,
      email: registered.email,
      document: registered.document,
      type: registered.type,
      register_information: registered,
    },
    shown: { status: 'registration' },
  }
  pagarMe.recipients.push(record)
  return { status: 200, body: shown(record) }
}

function kycLink(pagarMe: PagarMeStandIn, record: PagarMeRecord): StandInReply {
  if (!pagarMe.hasPages) return { status: 412, body: { message: 'No link for this recipient' } }
  const url = `https://kyc.pagarme.test/${record.id}`
  return { status: 200, body: { base64: 'aQ==', url, expiration_date: '2026-11-20T12:20:00Z' } }
}

const shown = (record: PagarMeRecord) => ({
  id: record.id,
  created_at: '2026-11-20T10:00:00Z',
  ...record.sent,
  ...record.shown,
})

function list(
  records: PagarMeRecord[],
  isCustomers: boolean,
  { query }: StandInRequest,
): StandInReply {
  const filters = isCustomers ? ['name', 'document', 'email', 'Code'] : []
  const names = [...query.keys()]
  expectThat(
    names.every((name) => [...filters, 'page', 'size'].includes(name)),
    'the query has documented names only',
  )
  const code = query.get('Code')
  const found = records.filter(({ sent }) => code === null || sent['code'] === code)
  const page = Number(query.get('page') ?? 1)
  const size = Number(query.get('size') ?? 10)
  expectThat(page >= 1 && size >= 1, 'page and size begin at 1')
  const data = found.slice((page - 1) * size, page * size).map(shown)
  return { status: 200, body: { data, paging: { total: found.length } } }
}

function checked<T extends TSchema>(
  form: Validator<Record<never, never>, T>,
  request: StandInRequest,
) {
  const body = request.json()
  const faults = () =>
    form
      .Errors(body)
      .map(({ instancePath, message }) => `${instancePath} ${message}`)
      .join('; ')
  if (!form.Check(body)) throw new Error(faults())
  return body
}
