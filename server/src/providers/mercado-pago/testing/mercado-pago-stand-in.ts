// Owns a stand-in for Mercado Pago: refuses what its documentation does not allow, keeps what it
// would.
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import {
  expectThat,
  type StandIn,
  type StandInReply,
  type StandInRequest,
  startStandIn,
  Violation,
} from '../../testing/stand-in.ts'

export interface MercadoPagoRecord {
  id: string
  sent: Record<string, unknown>
  /** The members of the answer that a test sets by hand. */
  shown: Record<string, unknown>
}

export interface MercadoPagoStandIn extends StandIn {
  /** Whose tokens are good: by the token, the user whom it belongs to. */
  users: Map<string, number>
  /** Oldest first. */
  customers: MercadoPagoRecord[]
  /** By the user's id. */
  balances: Map<number, unknown>
  /** In place of the answer to a call that is authorized. */
  refuse: ((request: StandInRequest) => StandInReply | null) | null
}

export const platformToken = 'TEST-1000-112026-platform-77'
export const sellerToken = 'APP_USR-1000-112026-seller-88'

export async function startMercadoPagoStandIn(): Promise<MercadoPagoStandIn> {
  const standIn = await startStandIn((request) => answer(mercadoPago, request))
  const mercadoPago: MercadoPagoStandIn = Object.assign(standIn, {
    users: new Map([
      [platformToken, 77],
      [sellerToken, 88],
    ]),
    ...{ customers: [], balances: new Map(), refuse: null },
  })
  return mercadoPago
}

const Text = Type.String({ minLength: 1, maxLength: 255 })
const closed = { additionalProperties: false }
const customerMembers = {
  email: Type.String({ pattern: '^[^@\\s]+@[^@\\s]+$' }),
  first_name: Text,
  last_name: Text,
  phone: Type.Object(
    { area_code: Type.Optional(Text), number: Type.String({ pattern: '^\\d{1,15}$' }) },
    closed,
  ),
  identification: Type.Object(
    { type: Type.Enum(['CPF', 'CNPJ', 'CUIL', 'CUIT', 'CURP', 'CC']), number: Text },
    closed,
  ),
  address: Type.Object(
    {
      ...{ zip_code: Type.Optional(Text), street_name: Text },
      street_number: Type.Optional(Type.Integer({ minimum: 0 })),
    },
    closed,
  ),
  description: Text,
}
const bodies = {
  create: Compile(
    Type.Object(
      { ...Type.Partial(Type.Object(customerMembers)).properties, email: customerMembers.email },
      closed,
    ),
  ),
  update: Compile(Type.Partial(Type.Object(customerMembers), closed)),
}

function answer(mercadoPago: MercadoPagoStandIn, request: StandInRequest): StandInReply {
  const { method, headers, body } = request
  const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
  const userId = mercadoPago.users.get(token)
  if (userId === undefined) {
    return refusal(401, 'invalid_token', [])
  }
  if (method === 'GET') {
    expectThat(body.length === 0, 'a GET carries no body')
    expectThat(headers['x-idempotency-key'] === undefined, 'a GET carries no idempotency key')
  } else {
    expectThat(headers['content-type'] === 'application/json', 'a body is JSON')
    expectThat(/^\S{1,64}$/.test(String(headers['x-idempotency-key'])), 'a write carries a key')
  }
  return mercadoPago.refuse?.(request) ?? route(mercadoPago, request, userId)
}

/** Its error body: a sentence, and causes with numbers. */
export function refusal(status: number, message: string, cause: [string, string][]): StandInReply {
  const causes = cause.map(([code, description]) => ({ code, description, data: null }))
  return { status, body: { message, error: 'bad_request', status, cause: causes } }
}

function route(
  mercadoPago: MercadoPagoStandIn,
  request: StandInRequest,
  userId: number,
): StandInReply {
  const { method, path } = request
  if (`${method} ${path}` === 'GET /users/me') {
    return { status: 200, body: { id: userId, nickname: 'TESTUSER', site_id: 'MLB' } }
  }
  const asked = /^\/users\/(\d+)\/mercadopago_account\/balance$/.exec(path)?.[1]
  if (method === 'GET' && asked !== undefined) {
    if (Number(asked) !== userId) return refusal(403, 'forbidden', [])
    const balance = mercadoPago.balances.get(userId)
    return balance === undefined ? refusal(404, 'not found', []) : { status: 200, body: balance }
  }
  if (path === '/v1/customers/search' && method === 'GET') return search(mercadoPago, request)
  if (path === '/v1/customers' && method === 'POST') return create(mercadoPago, request)
  return routeCustomer(mercadoPago, request)
}

function search({ customers }: MercadoPagoStandIn, { query }: StandInRequest): StandInReply {
  expectThat([...query.keys()].join() === 'email', 'a search is by e-mail')
  const found = customers.filter(({ sent }) => sent['email'] === query.get('email')?.toLowerCase())
  const paging = { limit: 10, offset: 0, total: found.length }
  return { status: 200, body: { paging, results: found.map(show) } }
}

function create(mercadoPago: MercadoPagoStandIn, request: StandInRequest): StandInReply {
  const body = request.json()
  expectThat(bodies.create.Check(body), 'the body is a documented customer')
  const email = body.email.toLowerCase()
  if (mercadoPago.customers.some(({ sent }) => sent['email'] === email)) {
    return refusal(400, 'invalid parameters', [['101', 'the customer already exist']])
  }
  const id = `${100_000 + mercadoPago.customers.length}-A1b2C3d4E5f6G7`
  const record = { id, sent: { ...body, email }, shown: {} }
  mercadoPago.customers.push(record)
  return { status: 201, body: show(record) }
}

function routeCustomer(
  { customers }: MercadoPagoStandIn,
  { method, path, json }: StandInRequest,
): StandInReply {
  const id = /^\/v1\/customers\/([^/]+)$/.exec(path)?.[1]
  if (id === undefined) throw new Violation('the path is a documented one')
  const record = customers.find((one) => one.id === id)
  if (!record) return refusal(404, 'Customer not found', [['1105', 'customer not found']])
  if (method === 'GET') return { status: 200, body: show(record) }
  expectThat(method === 'PUT', `${method} is not asked for`)
  const body = json()
  expectThat(bodies.update.Check(body), 'the body is documented')
  const hasEmail = typeof record.sent['email'] === 'string'
  expectThat(body.email === undefined || !hasEmail, 'an e-mail is set once')
  record.sent = { ...record.sent, ...body }
  return { status: 200, body: show(record) }
}

/** A street's number comes in as a number and goes out as text. */
function show({ id, sent, shown }: MercadoPagoRecord): Record<string, unknown> {
  const { street_number: number, ...place } = Object(sent['address'])
  const none = { email: null, first_name: null, last_name: null, description: null }
  return {
    ...none,
    ...sent,
    id,
    address: { id: null, ...place, street_number: number === undefined ? null : String(number) },
    ...{ date_created: '2026-11-20T10:00:00.000-04:00', live_mode: false, cards: [] },
    ...shown,
  }
}
