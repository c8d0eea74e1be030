// Owns a stand-in for Stripe: refuses what its documentation does not allow, keeps what it would.
import { createHash } from 'node:crypto'
import {
  expectThat,
  type StandIn,
  type StandInReply,
  type StandInRequest,
  startStandIn,
} from '../../testing/stand-in.ts'
import { accountBodies, customerBodies } from './stripe-bodies.ts'
import { type Params, readForm, readUpload, type Upload } from './stripe-forms.ts'
import {
  noAccess,
  noCustomer,
  refusal,
  type StripeRecord,
  shownAccount,
  shownCustomer,
} from './stripe-replies.ts'

export interface StripeFile extends Upload {
  id: string
  accountId: string
}

export interface StripeStandIn extends StandIn {
  secretKey: string
  /** Oldest first. */
  customers: StripeRecord[]
  accounts: StripeRecord[]
  files: StripeFile[]
  /** By account; the platform's own stands under ''. */
  balances: Map<string, unknown>
  /** In place of the answer to a write. */
  refuse: ((request: StandInRequest) => StandInReply | null) | null
  /** The day of every idempotency key is over: Stripe has forgotten them. */
  areKeysOld: boolean
}

interface Replay {
  asked: string
  reply: StandInReply
}

const apiVersion = '2026-10-28.endive'
const keyLengthMax = 255

/** One origin takes files too, as the library sends them once a host is given. */
export async function startStripeStandIn(): Promise<StripeStandIn> {
  const replays = new Map<string, Replay>()
  const standIn = await startStandIn((request) => answer(stripe, replays, request))
  const stripe: StripeStandIn = Object.assign(standIn, {
    secretKey: 'sk_test_stand_in',
    customers: [],
    accounts: [],
    files: [],
    balances: new Map(),
    refuse: null,
    areKeysOld: false,
  })
  return stripe
}

async function answer(
  stripe: StripeStandIn,
  replays: Map<string, Replay>,
  request: StandInRequest,
): Promise<StandInReply> {
  const { method, headers } = request
  if (headers.authorization !== `Bearer ${stripe.secretKey}`) {
    return refusal(401, { message: `Invalid API Key provided: ${stripe.secretKey}` })
  }
  expectThat(headers['stripe-version'] === apiVersion, `the version is ${apiVersion}`)
  expectThat(headers['stripe-context'] === undefined, 'an account is named in Stripe-Account')
  const accountId = headers['stripe-account']
  if (accountId !== undefined && !findAccount(stripe, String(accountId))) {
    return noAccess(String(accountId))
  }
  const key = headers['idempotency-key']
  if (method !== 'POST') {
    expectThat(request.body.length === 0, `${method} carries no body`)
    expectThat(key === undefined, 'an idempotency key is for POST')
    return read(stripe, request)
  }
  expectThat(typeof key === 'string' && key.length <= keyLengthMax, 'a POST carries its key')
  const refused = stripe.refuse?.(request)
  if (refused) return refused
  const write = request.path === '/v1/files' ? await uploading(stripe, request) : writing(request)
  return once(stripe, replays, `${accountId} ${key}`, write)
}

interface Write {
  /** What two requests of one key must have in common. */
  asked: string
  make(stripe: StripeStandIn): StandInReply
}

function once(
  stripe: StripeStandIn,
  replays: Map<string, Replay>,
  key: string,
  { asked, make }: Write,
): StandInReply {
  const earlier = stripe.areKeysOld ? undefined : replays.get(key)
  if (earlier && earlier.asked !== asked) {
    const message = 'Keys for idempotent requests can only be used with the same parameters'
    return refusal(400, { type: 'idempotency_error', message })
  }
  if (earlier) return { ...earlier.reply, headers: { 'idempotent-replayed': 'true' } }
  const reply = make(stripe)
  replays.set(key, { asked, reply })
  return reply
}

function writing(request: StandInRequest): Write {
  const { path, headers } = request
  expectThat(headers['stripe-account'] === undefined, 'the platform itself changes its records')
  const params = readForm(request)
  return {
    asked: JSON.stringify([path, params]),
    make: (stripe) => {
      const [collection, id] = route(path)
      const isCustomers = collection === 'customers'
      expectThat(isCustomers || collection === 'accounts', 'the path takes a POST')
      const { create, update } = isCustomers ? customerBodies : accountBodies
      if (id === undefined) {
        check(create, params)
        if (!isCustomers) checkKind(params, params['business_type'])
        const made = add(stripe, isCustomers ? 'customers' : 'accounts', params)
        return { status: 200, body: isCustomers ? shownCustomer(made) : shownAccount(made) }
      }
      check(update, params)
      return isCustomers ? updateCustomer(stripe, id, params) : updateAccount(stripe, id, params)
    },
  }
}

async function uploading(stripe: StripeStandIn, request: StandInRequest): Promise<Write> {
  const upload = await readUpload(request)
  const accountId = String(request.headers['stripe-account'] ?? '')
  const digest = createHash('sha256').update(upload.bytes).digest('hex')
  return {
    asked: JSON.stringify([request.path, upload.purpose, upload.name, upload.type, digest]),
    make: () => {
      const { purpose, name, type, bytes } = upload
      const id = `file_${String(stripe.files.length + 1).padStart(4, '0')}`
      stripe.files.push({ ...upload, id, accountId })
      const shown = {
        id,
        object: 'file',
        created: 1_795_168_800,
        purpose,
        filename: name,
        url: null,
      }
      return { status: 200, body: { ...shown, size: bytes.length, type: type.split('/')[1] } }
    },
  }
}

function add(stripe: StripeStandIn, collection: 'customers' | 'accounts', sent: Params) {
  const records = stripe[collection]
  const number = String(records.length + 1).padStart(4, '0')
  const id = `${collection === 'customers' ? 'cus' : 'acct'}_${number}`
  const record: StripeRecord = { id, sent, shown: {}, isDeleted: false }
  records.push(record)
  return record
}

function updateCustomer(stripe: StripeStandIn, id: string, params: Params): StandInReply {
  const record = stripe.customers.find((one) => one.id === id)
  if (!record || record.isDeleted) return noCustomer(id)
  record.sent = { ...record.sent, ...params }
  return { status: 200, body: shownCustomer(record) }
}

function updateAccount(stripe: StripeStandIn, id: string, params: Params): StandInReply {
  const record = findAccount(stripe, id)
  if (!record) return noAccess(id)
  checkKind(params, record.sent['business_type'])
  const { individual } = params
  if (typeof individual === 'object') checkProofs(stripe, id, individual)
  for (const [name, value] of Object.entries(params)) {
    const before = record.sent[name]
    const isMerged = typeof before === 'object' && typeof value === 'object'
    record.sent[name] = isMerged ? Object.assign({}, before, value) : value
  }
  return { status: 200, body: shownAccount(record) }
}

/** A person's data is for a person's account, and a company's for a company's. */
function checkKind(params: Params, kind: unknown): void {
  expectThat(!params['individual'] || kind === 'individual', 'individual is for individuals')
  expectThat(!params['company'] || kind !== 'individual', 'company is not for individuals')
}

const purposes: Readonly<Record<string, string>> = {
  document: 'identity_document',
  additional_document: 'additional_verification',
}

function checkProofs(stripe: StripeStandIn, accountId: string, individual: object): void {
  const proofs: object = Reflect.get(individual, 'verification') ?? {}
  for (const [name, sides] of Object.entries(proofs)) {
    for (const id of Object.values(sides)) {
      const file = stripe.files.find((one) => one.id === id)
      expectThat(file?.accountId === accountId, `${name} is a file of this account`)
      expectThat(file.purpose === purposes[name], `${name} is a file for this purpose`)
    }
  }
}

function read(stripe: StripeStandIn, request: StandInRequest): StandInReply {
  const { method, path, query, headers } = request
  expectThat(method === 'GET', `${method} is documented for this path`)
  const [collection, id] = route(path)
  if (collection === 'balance') {
    expectThat(id === undefined && query.size === 0, 'the balance takes no parameters')
    const shown = { object: 'balance', livemode: false, available: [], pending: [] }
    const own = stripe.balances.get(String(headers['stripe-account'] ?? '')) ?? {}
    return { status: 200, body: { ...shown, ...own } }
  }
  expectThat(headers['stripe-account'] === undefined, 'the platform reads its own records')
  const isCustomers = collection === 'customers'
  expectThat(isCustomers || collection === 'accounts', 'the path is a documented one')
  if (id === undefined) return list(stripe, isCustomers, query)
  expectThat(query.size === 0, 'one record is read without parameters')
  if (!isCustomers) {
    const record = findAccount(stripe, id)
    return record ? { status: 200, body: shownAccount(record) } : noAccess(id)
  }
  const record = stripe.customers.find((one) => one.id === id)
  if (!record) return noCustomer(id)
  const deleted = { id, object: 'customer', deleted: true }
  return { status: 200, body: record.isDeleted ? deleted : shownCustomer(record) }
}

/** Newest first, without those that are gone. */
function list(stripe: StripeStandIn, isCustomers: boolean, query: URLSearchParams): StandInReply {
  const names = ['limit', 'starting_after', ...(isCustomers ? ['email'] : [])]
  const isKnown = [...query.keys()].every((name) => names.includes(name))
  expectThat(isKnown, 'the list takes these parameters')
  const limit = Number(query.get('limit') ?? 10)
  expectThat(Number.isInteger(limit) && limit >= 1 && limit <= 100, 'limit is 1 to 100')
  const records = isCustomers ? stripe.customers : stripe.accounts
  const email = query.get('email')
  const found = records
    .filter(({ sent, isDeleted }) => !isDeleted && (email === null || sent['email'] === email))
    .toReversed()
  const after = query.get('starting_after')
  const start = after === null ? 0 : found.findIndex(({ id }) => id === after) + 1
  expectThat(after === null || start > 0, 'starting_after is the id of one of them')
  const page = found.slice(start, start + limit)
  const data = isCustomers ? page.map(shownCustomer) : page.map(shownAccount)
  const url = isCustomers ? '/v1/customers' : '/v1/accounts'
  return {
    status: 200,
    body: { object: 'list', url, data, has_more: found.length > start + limit },
  }
}

function findAccount(stripe: StripeStandIn, id: string): StripeRecord | undefined {
  return stripe.accounts.find((one) => one.id === id && !one.isDeleted)
}

function route(path: string): [string, string | undefined] {
  const [, version, collection = '', id, ...rest] = path.split('/')
  expectThat(version === 'v1' && rest.length === 0 && id !== '', 'the path is a documented one')
  return [collection, id]
}

interface Form {
  Check(value: unknown): boolean
  Errors(value: unknown): { instancePath: string; message: string }[]
}

function check(form: Form, params: Params): void {
  const faults = () => form.Errors(params).map((one) => `${one.instancePath} ${one.message}`)
  if (!form.Check(params)) throw new Error(faults().join('; '))
}
