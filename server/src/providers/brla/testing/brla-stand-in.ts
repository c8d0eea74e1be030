// Owns a stand-in for the first version of BRLA's API: logins, sub-accounts by tax id, upload URLs.
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

export interface BrlaAccount {
  id: string
  taxId: string
  level: number
  sent: Record<string, unknown>
  /** The members of a row that a test sets by hand. */
  shown: Record<string, unknown>
}

export interface BrlaStandIn extends StandIn {
  email: string
  password: string
  /** The token that is good now; another one has run out. */
  token: string
  logins: number
  /** In place of the answer to a good login. */
  loginAnswer: unknown
  accounts: BrlaAccount[]
  /** By path under `/storage`. */
  stored: Map<string, { bytes: Buffer; contentType: string | undefined }>
  /** In place of the answer to a call that is logged in, or to an upload. */
  refuse: ((request: StandInRequest) => StandInReply | null) | null
}

/** `url` ends in `/v1`, as BRLA's own base URL does. */
export async function startBrlaStandIn(): Promise<BrlaStandIn> {
  const standIn = await startStandIn((request) => answer(brla, request))
  const brla: BrlaStandIn = Object.assign(standIn, {
    url: `${standIn.url}/v1`,
    ...{ email: 'ops@platform.test', password: 'correct horse', token: 'token-0', logins: 0 },
    loginAnswer: null,
    ...{ accounts: [], stored: new Map(), refuse: null },
  })
  return brla
}

const Text = Type.String({ minLength: 1 })
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const closed = { additionalProperties: false }
const Address = Type.Object(
  {
    ...{ cep: Type.String({ pattern: '^\\d{8}$' }), state: Type.String({ pattern: '^[A-Z]{2}$' }) },
    ...{ city: Text, street: Text, number: Text, district: Text },
    complement: Type.Optional(Text),
  },
  closed,
)
const person = {
  ...{ cpf: Type.String({ pattern: '^\\d{11}$' }), fullName: Text, birthdate: Day },
  ...{ phone: Type.String({ pattern: '^\\+\\d{8,15}$' }), address: Address },
}
const company = {
  cnpj: Type.String({ pattern: '^[0-9A-Z]{14}$' }),
  companyName: Text,
  startDate: Day,
}
const forms = {
  login: Compile(Type.Object({ email: Text, password: Text }, closed)),
  subAccount: Compile(
    Type.Union([
      Type.Object({ taxIdType: Type.Literal('CPF'), ...person }, closed),
      Type.Object({ taxIdType: Type.Literal('CNPJ'), ...person, ...company }, closed),
    ]),
  ),
  level2: Compile(
    Type.Object({ documentType: Type.Union([Type.Literal('RG'), Type.Literal('CNH')]) }, closed),
  ),
}

function answer(brla: BrlaStandIn, request: StandInRequest): StandInReply {
  const { headers, method, path } = request
  if (path.startsWith('/storage/')) return store(brla, request)
  expectThat(path.startsWith('/v1/business/'), 'the path begins with /v1/business')
  if (method === 'POST') expectThat(headers['content-type'] === 'application/json', 'JSON')
  else expectThat(request.body.length === 0, `${method} carries no body`)
  if (path === '/v1/business/login') return logIn(brla, request)
  expectThat(/^Bearer \S+$/.test(headers.authorization ?? ''), 'a call carries a token')
  if (headers.authorization !== `Bearer ${brla.token}`) {
    return { status: 401, body: { error: 'token expired' } }
  }
  return brla.refuse?.(request) ?? route(brla, request)
}

function logIn(brla: BrlaStandIn, request: StandInRequest): StandInReply {
  expectThat(request.method === 'POST', 'a login is a POST')
  expectThat(request.headers.authorization === undefined, 'a login carries no token')
  const body = request.json()
  expectThat(forms.login.Check(body), 'a login has e-mail and password alone')
  if (body.email !== brla.email || body.password !== brla.password) {
    return { status: 401, body: { error: 'wrong e-mail or password' } }
  }
  brla.logins += 1
  brla.token = `token-${brla.logins}`
  return { status: 200, body: brla.loginAnswer ?? { accessToken: brla.token } }
}

function route(brla: BrlaStandIn, request: StandInRequest): StandInReply {
  const { method, path, query } = request
  switch (`${method} ${path}`) {
    case 'POST /v1/business/subaccounts':
      return create(brla, request)
    case 'GET /v1/business/subaccounts': {
      expectThat(
        [...query.keys()].every((name) => name === 'taxId'),
        'taxId narrows the list',
      )
      const taxId = query.get('taxId')
      const found = brla.accounts.filter((one) => taxId === null || one.taxId === taxId)
      return { status: 200, body: { subaccounts: found.map(show) } }
    }
    case 'POST /v1/business/kyc/level2':
      return openPlaces(brla, request)
    default:
      throw new Violation('the path is a documented one')
  }
}

function create(brla: BrlaStandIn, request: StandInRequest): StandInReply {
  const body = request.json()
  const faults = forms.subAccount.Errors(body).map((one) => `${one.instancePath} ${one.message}`)
  expectThat(forms.subAccount.Check(body), faults.join('; '))
  const taxId = 'cnpj' in body ? body.cnpj : body.cpf
  expectThat(!brla.accounts.some((one) => one.taxId === taxId), 'one sub-account a tax id')
  const id = `sub-${brla.accounts.length + 1}`
  brla.accounts.push({ id, taxId, level: 0, sent: { ...body }, shown: {} })
  return { status: 201, body: { id } }
}

function show({ id, level, sent, shown }: BrlaAccount) {
  const kyc = { level, documentType: 'CPF', documentData: 'x', limits: { limitMint: 100 } }
  const wallets = { evm: '0x0', tron: 'T0' }
  const { fullName, phone, address } = sent
  return { id, fullName, phone, kyc, address, createdAt: '2026', wallets, brCode: 'c', ...shown }
}

function openPlaces(brla: BrlaStandIn, request: StandInRequest): StandInReply {
  const body = request.json()
  expectThat(forms.level2.Check(body), 'level 2 has a document type alone')
  const id = request.query.get('subaccountId')
  if (!brla.accounts.some((one) => one.id === id)) {
    return { status: 404, body: { error: 'subaccount not found' } }
  }
  const place = (name: string) => new URL(`/storage/${id}/${name}?sig=s`, brla.url).href
  const isRg = body.documentType === 'RG'
  const urls = {
    selfieUploadUrl: place('selfie'),
    RGFrontUploadUrl: isRg ? place('rg-front') : '',
    RGBackUploadUrl: isRg ? place('rg-back') : '',
    CNHUploadUrl: isRg ? '' : place('cnh'),
  }
  return { status: 200, body: { id: 'level2-1', ...urls } }
}

function store(brla: BrlaStandIn, request: StandInRequest): StandInReply {
  const { method, headers, path, query } = request
  expectThat(method === 'PUT' && query.get('sig') === 's', 'the URL as it was')
  expectThat(headers.authorization === undefined, 'the storage is sent no token')
  const refused = brla.refuse?.(request)
  if (refused) return refused
  const contentType = headers['content-type']
  brla.stored.set(path.replace('/storage/', ''), { bytes: request.body, contentType })
  return { status: 200 }
}
