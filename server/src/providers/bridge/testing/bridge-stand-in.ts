// Owns a stand-in for Bridge: refuses what its documentation does not allow, keeps what it would.
import { createHash, createSign, generateKeyPairSync } from 'node:crypto'
import {
  expectThat,
  type StandIn,
  type StandInReply,
  type StandInRequest,
  startStandIn,
} from '../../testing/stand-in.ts'
import { createBodies, updateBodies } from './bridge-bodies.ts'

export interface BridgeRecord {
  id: string
  type: 'individual' | 'business'
  status: string
  hasAcceptedTerms: boolean
  /** The members of the answer that a test sets by hand. */
  shown: Record<string, unknown>
  /** Everything that was sent, also what Bridge never shows. */
  sent: Record<string, unknown>
}

export interface BridgeStandIn extends StandIn {
  apiKey: string
  /** Oldest first. */
  customers: BridgeRecord[]
  wallets: Map<string, { id: string; chain: string; balances: unknown[] }[]>
  /** In place of the answer to a write. */
  refuse: ((request: StandInRequest) => StandInReply | null) | null
  /** The day of every idempotency key is over. */
  areKeysOld: boolean
  /** Whether there is a page where the customer acts. */
  hasPages: boolean
  publicKey: string
  /** `X-Webhook-Signature`, in one of the two forms that are in use. */
  sign(body: string, at: number, form: 'double' | 'single'): string
}

const keyPair = generateKeyPairSync('rsa', { modulusLength: 2048 })

interface Replay {
  body: string
  reply: StandInReply
}

/** `url` ends in `/v0`, as Bridge's own base URL does. */
export async function startBridgeStandIn(): Promise<BridgeStandIn> {
  const replays = new Map<string, Replay>()
  const standIn = await startStandIn((request) => answer(bridge, replays, request))
  const bridge: BridgeStandIn = Object.assign(standIn, {
    url: `${standIn.url}/v0`,
    apiKey: 'sk-test-stand-in',
    customers: [],
    wallets: new Map(),
    refuse: null,
    areKeysOld: false,
    hasPages: true,
    publicKey: keyPair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign,
  })
  return bridge
}

function sign(body: string, at: number, form: 'double' | 'single'): string {
  const message = `${at}.${body}`
  const signed = form === 'single' ? message : createHash('sha256').update(message).digest()
  const signature = createSign('RSA-SHA256').update(signed).sign(keyPair.privateKey, 'base64')
  return `t=${at},v0=${signature}`
}

function answer(
  bridge: BridgeStandIn,
  replays: Map<string, Replay>,
  request: StandInRequest,
): StandInReply {
  const { method, headers, path } = request
  expectThat(path.startsWith('/v0/'), 'the path begins with /v0')
  expectThat(headers.authorization === undefined, 'Bridge knows no Authorization header')
  if (headers['api-key'] !== bridge.apiKey) {
    return { status: 401, body: { code: 'invalid_credentials', message: 'Invalid credentials' } }
  }
  const key = headers['idempotency-key']
  expectThat((method === 'POST') === (key !== undefined), 'an idempotency key is for POST alone')
  const hasBody = method === 'POST' || method === 'PUT'
  if (hasBody) expectThat(headers['content-type'] === 'application/json', 'a body is JSON')
  else expectThat(request.body.length === 0, `${method} carries no body`)
  const refused = hasBody ? bridge.refuse?.(request) : null
  if (refused) return refused
  if (typeof key !== 'string') return route(bridge, request)
  return once(bridge, replays, key, request)
}

/** The first answer to a key again; another body, or a key of yesterday, is refused. */
function once(
  bridge: BridgeStandIn,
  replays: Map<string, Replay>,
  key: string,
  request: StandInRequest,
): StandInReply {
  const body = request.body.toString('utf8')
  const earlier = replays.get(key)
  if (earlier && bridge.areKeysOld) return keyRefused(422, 'The idempotency key has expired')
  if (earlier && earlier.body !== body) {
    return keyRefused(400, 'The idempotency key was used with other parameters')
  }
  if (earlier) return earlier.reply
  const reply = route(bridge, request)
  replays.set(key, { body, reply })
  return reply
}

const keyRefused = (status: number, message: string): StandInReply => ({
  status,
  body: { code: 'invalid_idempotency_key', message, name: 'idempotency' },
})

function route(bridge: BridgeStandIn, request: StandInRequest): StandInReply {
  const [, , collection, id, part, partId, ...rest] = request.path.split('/')
  expectThat(collection === 'customers' && rest.length === 0, 'the path is a documented one')
  const { method } = request
  if (id === undefined) return method === 'POST' ? create(bridge, request) : list(bridge, request)
  const record = bridge.customers.find((one) => one.id === id)
  if (!record) return { status: 404, body: { code: 'not_found', message: 'Unknown customer id' } }
  if (part === undefined && method === 'PUT') return update(record, request)
  expectThat(method === 'GET', `${method} is documented for this path`)
  if (part === undefined) return { status: 200, body: shown(record) }
  if (part === 'wallets') return readWallets(bridge, record, partId, request)
  expectThat(partId === undefined, 'the path is a documented one')
  const host = part === 'kyc_link' ? 'kyc.bridge.test' : 'terms.bridge.test'
  expectThat(part === 'kyc_link' || part === 'tos_acceptance_link', 'the path is a documented one')
  if (!bridge.hasPages) return { status: 422, body: { message: 'No link for this customer' } }
  return { status: 200, body: { url: `https://${host}/${record.id}` } }
}

function create(bridge: BridgeStandIn, request: StandInRequest): StandInReply {
  const body = request.json()
  const { individual, business } = createBodies
  expectThat(individual.Check(body) || business.Check(body), explain(body, createBodies))
  const record: BridgeRecord = {
    id: `00000000-0000-4000-8000-${String(bridge.customers.length + 1).padStart(12, '0')}`,
    type: body.type,
    status: body.signed_agreement_id ? 'under_review' : 'incomplete',
    hasAcceptedTerms: body.signed_agreement_id !== undefined,
    shown: {},
    sent: body,
  }
  bridge.customers.push(record)
  return { status: 201, body: shown(record) }
}

function update(record: BridgeRecord, request: StandInRequest): StandInReply {
  const body = request.json()
  const form = updateBodies[record.type]
  expectThat(form.Check(body), explain(body, { [record.type]: form }))
  record.sent = { ...record.sent, ...body }
  return { status: 200, body: shown(record) }
}

interface Form {
  Errors(value: unknown): { instancePath: string; message: string }[]
}

function explain(body: unknown, forms: Record<string, Form>): string {
  const type = typeof body === 'object' && body !== null ? Reflect.get(body, 'type') : undefined
  const form = forms[String(type)] ?? Object.values(forms)[0]
  return (form?.Errors(body) ?? []).map((e) => `${e.instancePath} ${e.message}`).join('; ')
}

/** Phone, addresses, birth date, ids and documents are never shown. */
function shown({ id, type, status, hasAcceptedTerms, sent, shown: more }: BridgeRecord) {
  const isBusiness = type === 'business'
  return {
    id,
    type,
    first_name: isBusiness ? sent['business_legal_name'] : sent['first_name'],
    last_name: isBusiness ? null : sent['last_name'],
    email: sent['email'] ?? null,
    status,
    capabilities: { payin_crypto: status === 'active' ? 'active' : 'pending' },
    requirements_due: status === 'active' ? [] : ['id_verification'],
    future_requirements_due: [],
    rejection_reasons: [],
    has_accepted_terms_of_service: hasAcceptedTerms,
    endorsements: [{ name: 'base', status: status === 'active' ? 'approved' : 'incomplete' }],
    created_at: '2026-11-20T10:00:00.000Z',
    updated_at: '2026-11-20T10:00:00.000Z',
    ...more,
  }
}

/** Newest first; an unknown `starting_after` is an error. */
function list(bridge: BridgeStandIn, { query, method }: StandInRequest): StandInReply {
  expectThat(method === 'GET', `${method} is documented for this path`)
  const names = [...query.keys()]
  expectThat(
    names.every((name) => ['limit', 'starting_after', 'ending_before'].includes(name)),
    'the query has documented names only',
  )
  const limit = Number(query.get('limit') ?? 10)
  expectThat(limit >= 1 && limit <= 100, 'limit is 1 to 100')
  const newest = bridge.customers.toReversed()
  const after = query.get('starting_after')
  const start = after === null ? 0 : newest.findIndex(({ id }) => id === after) + 1
  expectThat(after === null || start > 0, 'starting_after is the id of a customer')
  return { status: 200, body: { data: newest.slice(start, start + limit).map(shown) } }
}

function readWallets(
  bridge: BridgeStandIn,
  record: BridgeRecord,
  walletId: string | undefined,
  { query }: StandInRequest,
): StandInReply {
  const wallets = bridge.wallets.get(record.id) ?? []
  if (walletId === undefined) {
    expectThat(Number(query.get('limit') ?? 10) <= 100, 'limit is 1 to 100')
    const data = wallets.map(({ id, chain }) => ({ id, chain, address: `0x${id}` }))
    return { status: 200, body: { count: data.length, data } }
  }
  const wallet = wallets.find(({ id }) => id === walletId)
  if (!wallet) return { status: 404, body: { code: 'not_found', message: 'Unknown wallet id' } }
  return { status: 200, body: { ...wallet, address: `0x${wallet.id}` } }
}
