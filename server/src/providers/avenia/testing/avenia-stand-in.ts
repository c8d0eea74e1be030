// Owns a stand-in for Avenia: verifies each signature, refuses what is not documented.
import { constants, generateKeyPairSync, type KeyObject, verify } from 'node:crypto'
import {
  expectThat,
  type StandIn,
  type StandInReply,
  type StandInRequest,
  startStandIn,
} from '../../testing/stand-in.ts'
import { aveniaBodies, checkBody } from './avenia-bodies.ts'

export interface AveniaAttempt {
  id: string
  levelName?: string
  status: string
  result?: string
  resultMessage?: string
  retryable?: boolean
  createdAt: string
  submissionData?: unknown
}

export interface AveniaDocument {
  id: string
  documentType: string
  ready: boolean
  createdAt: string
  uploadErrorFront?: string
  bytes: Buffer | null
  contentType: string | null
}

export interface AveniaAccount {
  id: string
  accountType: string
  name: string
  identityStatus: string
  fullName: string
  attempts: AveniaAttempt[]
  documents: AveniaDocument[]
  address: Record<string, unknown> | null
  balances: Record<string, unknown>
}

export interface AveniaStandIn extends StandIn {
  apiKey: string
  /** Of the key that requests must be signed with. */
  requestKey: KeyObject
  /** Oldest first. */
  accounts: AveniaAccount[]
  /** Which of the two documented rows the list shows. */
  rowForm: 'nested' | 'flat'
  rowsPerPage: number
  /** In place of the answer to a write. */
  refuse: ((request: StandInRequest) => StandInReply | null) | null
  /** How often a document is asked for until it is ready. */
  readyAfter: number
  webhookKey: KeyObject
  now(): number
}

const clockSkewMsMax = 60_000

export async function startAveniaStandIn(now: () => number): Promise<AveniaStandIn> {
  const standIn = await startStandIn((request) => answer(avenia, request))
  const avenia: AveniaStandIn = Object.assign(standIn, {
    apiKey: 'avenia-key',
    requestKey: requestKeys.rsa.publicKey,
    accounts: [],
    rowForm: 'nested' as const,
    rowsPerPage: 50,
    refuse: null,
    readyAfter: 1,
    webhookKey: webhookKeys.publicKey,
    now,
  })
  return avenia
}

const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
export const requestKeys = {
  rsa: rsa(),
  ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ed25519: generateKeyPairSync('ed25519'),
}
export const webhookKeys = rsa()
export const newWebhookKeys = rsa()

function answer(avenia: AveniaStandIn, request: StandInRequest): StandInReply {
  const { path, method } = request
  if (path.startsWith('/storage/')) return store(avenia, request)
  expectThat(path.startsWith('/v2/'), 'the path begins with /v2')
  if (path === '/v2/public-key') return showKey(avenia, request)
  const { headers } = request
  if (headers['x-api-key'] !== avenia.apiKey || !isSigned(avenia, request)) {
    return { status: 401, body: { error: 'invalid signature' } }
  }
  expectThat(headers['idempotency-key'] === undefined, 'Avenia knows no idempotency key')
  const hasBody = method === 'POST' || method === 'PUT'
  if (hasBody) expectThat(headers['content-type'] === 'application/json', 'a body is JSON')
  else expectThat(request.body.length === 0, `${method} carries no body`)
  return (hasBody ? avenia.refuse?.(request) : null) ?? route(avenia, request)
}

function isSigned(avenia: AveniaStandIn, { method, url, headers, body }: StandInRequest): boolean {
  const timestamp = String(headers['x-api-timestamp'])
  expectThat(/^\d{13}$/.test(timestamp), 'the timestamp is in milliseconds')
  expectThat(Math.abs(avenia.now() - Number(timestamp)) < clockSkewMsMax, 'the timestamp is now')
  const message = Buffer.concat([Buffer.from(`${timestamp}${method}${url}`), body])
  const signature = Buffer.from(String(headers['x-api-signature']), 'base64')
  const key = avenia.requestKey
  if (key.asymmetricKeyType === 'ed25519') return verify(null, message, key, signature)
  const padded = key.asymmetricKeyType === 'rsa' ? { padding: constants.RSA_PKCS1_PADDING } : {}
  return verify('sha256', message, { key, ...padded }, signature)
}

function showKey(avenia: AveniaStandIn, { method, headers }: StandInRequest): StandInReply {
  expectThat(method === 'GET' && headers['x-api-key'] === undefined, 'the key is public')
  const publicKey = avenia.webhookKey.export({ type: 'pkcs1', format: 'pem' })
  return { status: 200, body: { publicKey } }
}

function route(avenia: AveniaStandIn, request: StandInRequest): StandInReply {
  const { path, method, query } = request
  if (path === '/v2/account/sub-accounts') {
    return method === 'POST' ? create(avenia, request) : list(avenia, request)
  }
  if (path === '/v2/account/account-info' && method === 'GET' && !query.has('subAccountId')) {
    return { status: 200, body: { id: 'main', accountInfo: { identityStatus: 'CONFIRMED' } } }
  }
  const names = [...query.keys()].filter((name) => name !== 'cursor')
  expectThat(names.join() === 'subAccountId', 'the query has subAccountId alone')
  expectThat(query.get('subAccountId') !== '', 'an empty subAccountId means the main account')
  const account = avenia.accounts.find(({ id }) => id === query.get('subAccountId'))
  if (!account) return { status: 404, body: { error: 'sub-account not found' } }
  return routeAccount(avenia, account, request)
}

function routeAccount(
  avenia: AveniaStandIn,
  account: AveniaAccount,
  request: StandInRequest,
): StandInReply {
  const { path, method, query } = request
  switch (`${method} ${path}`) {
    case 'GET /v2/account/account-info':
      return { status: 200, body: showInfo(account) }
    case 'GET /v2/account/balances':
      return { status: 200, body: { balances: account.balances } }
    case 'GET /v2/account/address':
      return account.address ? { status: 200, body: account.address } : { status: 404, body: {} }
    case 'PUT /v2/account/address':
      account.address = { ...checkBody(aveniaBodies.address, request), source: 'API' }
      return { status: 200, body: {} }
    case 'GET /v2/kyc/attempts':
      return { status: 200, body: pageOf('attempts', account.attempts, query, avenia.rowsPerPage) }
    case 'POST /v2/kyc/new-level-1/api':
      return verifyIdentity(account, request)
    case 'POST /v2/documents':
      return createDocument(avenia, account, request)
    case 'GET /v2/documents': {
      const documents = account.documents.map(showDocument)
      return { status: 200, body: pageOf('documents', documents, query, avenia.rowsPerPage) }
    }
    default:
      return readDocument(avenia, account, request)
  }
}

function create(avenia: AveniaStandIn, request: StandInRequest): StandInReply {
  const { accountType, name } = checkBody(aveniaBodies.subAccount, request)
  const account: AveniaAccount = {
    id: `sub-${avenia.accounts.length + 1}`,
    ...{ accountType: String(accountType), name: String(name), fullName: '' },
    identityStatus: 'NOT-IDENTIFIED',
    ...{ attempts: [], documents: [], address: null, balances: { BRLA: '0' } },
  }
  avenia.accounts.push(account)
  return { status: 201, body: { id: account.id } }
}

function list(avenia: AveniaStandIn, { method, query }: StandInRequest): StandInReply {
  const names = [...query.keys()]
  const known = ['name', 'accountType', 'cursor', 'createdAfter', 'createdBefore']
  expectThat(method === 'GET' && names.every((name) => known.includes(name)), 'a documented list')
  const wanted = query.get('name') ?? ''
  const found = avenia.accounts.filter(({ name }) => name.includes(wanted))
  const rows = found.map(({ id, name, accountType }) => {
    const createdAt = `2026-11-20T10:00:${String(avenia.accounts.length).padStart(2, '0')}Z`
    return avenia.rowForm === 'nested'
      ? { subAccountId: id, mainAccountId: 'main', createdAt, accountInfo: { accountType, name } }
      : { id, accountType, name, createdAt }
  })
  return { status: 200, body: pageOf('subAccounts', rows, query, avenia.rowsPerPage) }
}

function pageOf(member: string, rows: unknown[], query: URLSearchParams, size: number) {
  const start = Number(query.get('cursor') ?? 0)
  const end = start + size
  return { [member]: rows.slice(start, end), cursor: end < rows.length ? String(end) : '' }
}

function showInfo({ id, accountType, name, identityStatus, fullName }: AveniaAccount) {
  const accountInfo = { id: `info-${id}`, accountType, name, identityStatus, fullName }
  return { id, accountInfo, wallets: [], pixKey: 'pix', brCode: 'code', createdAt: '' }
}

function verifyIdentity(account: AveniaAccount, request: StandInRequest): StandInReply {
  const isCompany = account.accountType === 'COMPANY'
  const body = checkBody(isCompany ? aveniaBodies.company : aveniaBodies.person, request)
  if (account.identityStatus === 'CONFIRMED') {
    return { status: 400, body: { error: 'user already approved in level 1' } }
  }
  const isRunning = account.attempts.some(({ status }) => /^P(ENDING|ROCESSING)$/.test(status))
  expectThat(!isRunning, 'one attempt at a time')
  for (const [name, id] of Object.entries(body)) {
    if (!/(?:Document|Selfie)Id$/.test(name)) continue
    const document = account.documents.find((one) => one.id === id)
    expectThat(document?.ready === true, `${name} is a document that is ready`)
  }
  const attempt = {
    id: `att-${account.attempts.length + 1}`,
    levelName: isCompany ? 'kyb-level-1' : 'level-1',
    status: 'PENDING',
    result: '',
    createdAt: `2026-11-20T10:00:0${account.attempts.length}Z`,
    submissionData: body,
  }
  account.attempts.unshift(attempt)
  return { status: 200, body: { id: attempt.id } }
}

function createDocument(
  avenia: AveniaStandIn,
  account: AveniaAccount,
  request: StandInRequest,
): StandInReply {
  const { documentType } = checkBody(aveniaBodies.document, request)
  const id = `doc-${account.documents.length + 1}`
  account.documents.push({
    ...{ id, documentType: String(documentType), ready: false },
    createdAt: `2026-11-20T10:00:0${account.documents.length}Z`,
    ...{ bytes: null, contentType: null },
  })
  const uploadURLFront = `${avenia.url}/storage/${account.id}/${id}?sig=pre-signed`
  return { status: 200, body: { id, uploadURLFront, uploadURLBack: '' } }
}

function store(avenia: AveniaStandIn, request: StandInRequest): StandInReply {
  const { headers, path, query } = request
  expectThat(request.method === 'PUT' && query.get('sig') === 'pre-signed', 'the URL as it was')
  expectThat(
    headers['x-api-key'] === undefined && headers['x-api-signature'] === undefined,
    'the storage is sent no credentials',
  )
  expectThat(headers['if-none-match'] === '*', 'the bytes replace nothing')
  const [, , accountId, id] = path.split('/')
  const account = avenia.accounts.find((one) => one.id === accountId)
  const document = account?.documents.find((one) => one.id === id)
  expectThat(document !== undefined, 'the document was made before its bytes')
  const refused = avenia.refuse?.(request)
  if (refused) return refused
  if (document.bytes !== null) return { status: 412 }
  document.bytes = request.body
  document.contentType = headers['content-type'] ?? null
  return { status: 200 }
}

function readDocument(
  avenia: AveniaStandIn,
  account: AveniaAccount,
  { method, path }: StandInRequest,
): StandInReply {
  expectThat(method === 'GET', 'the path is a documented one')
  const id = /^\/v2\/documents\/([^/]+)$/.exec(path)?.[1]
  const document = account.documents.find((one) => one.id === id)
  expectThat(document !== undefined, 'the path is a documented one')
  const asked = avenia.requests.filter((one) => one.path === path).length
  if (document.bytes !== null && asked >= avenia.readyAfter && !document.uploadErrorFront) {
    document.ready = true
  }
  return { status: 200, body: { document: showDocument(document) } }
}

function showDocument({ bytes, contentType: _kept, ...document }: AveniaDocument) {
  return { ...document, uploadStatusFront: bytes === null ? 'PENDING' : 'OK' }
}
