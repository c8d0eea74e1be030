// Owns the promise that a bad request gets a clear 4xx that names its fault, and writes nothing.
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { surfaces } from '../server/src/surfaces/surfaces.ts'
import { countRows, type RowCounts } from './count-rows.ts'
import {
  everyOperation,
  exampleOf,
  examplesOf,
  type Ids,
  pathOf,
  prepareIds,
} from './example-requests.ts'
import { startTestServer, type TestServer } from './harness.ts'
import { sendRaw } from './raw-request.ts'

let server: TestServer
let before: RowCounts
const own: Record<string, Ids> = {}

beforeAll(async () => {
  server = await startTestServer()
  for (const surface of surfaces) {
    own[surface.name] = await prepareIds(server, surface, server.key)
  }
})
afterAll(() => server.close())
beforeEach(async () => {
  before = await countRows(server.system)
})

const customer = (more: object) => ({ type: 'individual', name: 'Ana', country: 'AR', ...more })
const account = (more: object) => ({
  country: 'AR',
  currency: 'ARS',
  rail: 'OTHER',
  accountType: 'checking',
  holderName: 'Ana',
  ...more,
})
const payout = (more: object) => ({
  amount: '1.00',
  currency: 'ARS',
  destinationCbu: '0070327530004025541644',
  ...more,
})
const customers = '/payouts/customers'
const accounts = '/payouts/customers/{customerId}/bank-accounts'
const payouts = '/payouts/payouts'
const nested = (depth: number) => `${'{"x":'.repeat(depth)}1${'}'.repeat(depth)}`
const keys = (count: number, value = 'x') =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, value]))

/** What is sent, the status, and the field that the refusal names. */
const refused: [name: string, path: string, body: unknown, status: number, param: string][] = [
  ['no name', customers, { type: 'individual', country: 'AR' }, 422, 'name'],
  ['a blank name', customers, customer({ name: '  ' }), 422, 'name'],
  ['an empty name', customers, customer({ name: '' }), 422, 'name'],
  ['a name of 201 characters', customers, customer({ name: 'x'.repeat(201) }), 422, 'name'],
  ['a control character', customers, customer({ name: 'A\u0007na' }), 422, 'name'],
  ['a line feed in a name', customers, customer({ name: 'A\nna' }), 422, 'name'],
  ['an escape sequence', customers, customer({ name: '\u001b[31mAna' }), 422, 'name'],
  ['a C1 control', customers, customer({ name: 'A\u0085na' }), 422, 'name'],
  ['a NUL', customers, customer({ name: 'A\0na' }), 422, 'name'],
  ['half a surrogate pair', customers, customer({ name: 'A\ud800na' }), 422, 'name'],
  ['the other half', customers, customer({ name: 'A\udc00na' }), 422, 'name'],
  ['half a pair in a value', customers, customer({ metadata: { a: '\ud800' } }), 422, 'metadata.a'],
  ['half a pair in a key', customers, customer({ metadata: { '\ud800': 'a' } }), 422, 'metadata'],
  ['a NUL in a key', customers, customer({ metadata: { 'a\0': 'a' } }), 422, 'metadata'],
  ['a blank key', customers, customer({ metadata: { ' ': 'a' } }), 422, 'metadata'],
  ['a number as a name', customers, customer({ name: 5 }), 422, 'name'],
  ['another type', customers, customer({ type: 'robot' }), 422, 'type'],
  ['a country of one letter', customers, customer({ country: 'A' }), 422, 'country'],
  ['a country of small letters', customers, customer({ country: 'ar' }), 422, 'country'],
  ['a country that is none', customers, customer({ country: 'ZZ' }), 422, 'country'],
  ['an email without a host', customers, customer({ email: 'ana@' }), 422, 'email'],
  ['an email of two', customers, customer({ email: 'a@b.c@d.e' }), 422, 'email'],
  ['an email of 300', customers, customer({ email: `${'a'.repeat(300)}@b.co` }), 422, 'email'],
  ['metadata of text', customers, customer({ metadata: 'x' }), 422, 'metadata'],
  ['metadata of a list', customers, customer({ metadata: ['x'] }), 422, 'metadata'],
  ['a number in metadata', customers, customer({ metadata: { a: 1 } }), 422, 'metadata.a'],
  ['51 keys of metadata', customers, customer({ metadata: keys(51) }), 422, 'metadata'],
  ['501 characters', customers, customer({ metadata: { a: 'x'.repeat(501) } }), 422, 'metadata.a'],
  ['an unknown member', customers, customer({ nmae: 'Ana' }), 422, 'nmae'],
  ['depth 33', customers, nested(33), 400, Array(32).fill('x').join('.')],
  ['a list of 1001', customers, customer({ name: Array(1001).fill('x') }), 400, 'name'],
  ['a list for an object', customers, [], 422, 'body'],
  ['text for an object', customers, '"x"', 422, 'body'],
  ['null for an object', customers, 'null', 422, 'body'],
  ['broken JSON', customers, '{"type":', 400, 'body'],
  ['raw invalid UTF-8', customers, Buffer.from('7b226e616d65223a22ff227d', 'hex'), 400, 'body'],
  ['an overlong encoding', customers, Buffer.from('7b2261223a22c0af227d', 'hex'), 400, 'body'],
  ['an encoded surrogate', customers, Buffer.from('7b2261223a22eda080227d', 'hex'), 400, 'body'],
  ['UTF-16', customers, Buffer.from('{"a":1}', 'utf16le'), 400, 'body'],
  ['a byte order mark', customers, '\ufeff{}', 400, 'body'],
  [
    'a CBU of 23 digits',
    accounts,
    account({ accountNumber: `${'0'.repeat(23)}` }),
    422,
    'accountNumber',
  ],
  [
    'a CBU of 21 digits',
    accounts,
    account({ accountNumber: `${'0'.repeat(21)}` }),
    422,
    'accountNumber',
  ],
  [
    'a CBU with spaces',
    accounts,
    account({ accountNumber: '0070327530 00402554164' }),
    422,
    'accountNumber',
  ],
  [
    'full-width digits',
    accounts,
    account({ accountNumber: '\uff10'.repeat(22) }),
    422,
    'accountNumber',
  ],
  [
    'a wrong check digit',
    accounts,
    account({ accountNumber: '0070327530004025541645' }),
    422,
    'accountNumber',
  ],
  [
    'a number as a CBU',
    accounts,
    account({ accountNumber: 70327530004025540000 }),
    422,
    'accountNumber',
  ],
  ['a country with no rail', accounts, account({ country: 'BR' }), 422, 'country'],
  ['a currency with no rail', accounts, account({ currency: 'USD' }), 422, 'currency'],
  ['a wrong CUIT', accounts, account({ metadata: { cuit: '20221370076' } }), 422, 'metadata.cuit'],
  [
    'a wrong destination',
    payouts,
    payout({ destinationCbu: '0000003100012345678901' }),
    422,
    'destinationCbu',
  ],
  ['no destination', payouts, { amount: '1.00', currency: 'ARS' }, 422, 'destinationCbu'],
  ...[
    '1e3',
    '-1',
    '0.001',
    '0',
    '0.00',
    '',
    ' 1',
    '1,00',
    '+1',
    '.5',
    '1.',
    'NaN',
    'Infinity',
    '0x10',
  ].map((amount): [string, string, unknown, number, string] => {
    return [`the amount "${amount}"`, payouts, payout({ amount }), 422, 'amount']
  }),
  ['an amount of 14 digits', payouts, payout({ amount: '10000000000000' }), 422, 'amount'],
  ['Arabic digits', payouts, payout({ amount: '\u0661' }), 422, 'amount'],
  ['a number as an amount', payouts, payout({ amount: 5 }), 422, 'amount'],
]

test.each(refused)(
  '%s is refused by name, and nothing is written',
  async (_, path, body, status, param) => {
    const customerId = own['payouts']?.['customerId'] ?? ''
    // With an idempotency key too: the claim of it must not stay either.
    for (const headers of [{}, { 'idempotency-key': `refused ${param.slice(0, 20)}` }]) {
      const options = { body, headers }
      const answer = await server.call('POST', path.replace('{customerId}', customerId), options)
      expect({ status: answer.status, param: answer.json.error.param }).toEqual({ status, param })
      expect(answer.json.error.message).toContain(param)
    }
    expect(await countRows(server.system)).toEqual(before)
  },
)

test('depth 32 and a list of 1000 are read, and refused only by the schema', async () => {
  for (const body of [nested(32), JSON.stringify({ x: Array(1000).fill(1) })]) {
    const answer = await server.call('POST', customers, { body })
    expect([answer.status, answer.json.error.message]).toEqual([
      422,
      expect.stringContaining('x: is not known'),
    ])
  }
})

test('a long name of an unknown member is cut in the answer', async () => {
  const answer = await server.call('POST', customers, { body: { ['k'.repeat(900_000)]: 1 } })
  expect(answer.status).toBe(422)
  expect(answer.text.length).toBeLessThan(2_000)
  const deep = { metadata: { ['k'.repeat(900_000)]: '\0' } }
  expect((await server.call('POST', customers, { body: deep })).text.length).toBeLessThan(2_000)
})

const badPaths = [
  '%zz',
  '%',
  '%ff%fe',
  '%00',
  '..%2f..%2fetc%2fpasswd',
  '%u0041',
  'x'.repeat(199),
  'x'.repeat(300),
  'x'.repeat(5_000),
  'cust_01h455vb4pex5vsknk084sn02q%20',
  'CUST_01H455VB4PEX5VSKNK084SN02Q',
  'cust_81h455vb4pex5vsknk084sn02q',
  '00000000-0000-0000-0000-000000000000',
  "'%20or%201=1",
]
const byId = everyOperation.filter(({ operation }) => operation.path.includes('{'))

test.each(byId)('$name answers garbage in its path like an id that nothing has', async (row) => {
  const { surface, operation } = row
  const example = exampleOf(surface, operation, own[surface.name] ?? {})
  const body = example.body === undefined ? {} : { body: JSON.stringify(example.body) }
  for (const garbage of badPaths) {
    const path = surface.basePath + operation.path.replace(/\{\w+\}/, garbage)
    const type = { 'content-type': 'application/json' }
    const headers = { ...examplesOf(surface).credentials(server.key), ...type }
    const answer = await sendRaw(server.url, { method: operation.method, path, headers, ...body })
    // What the body is comes before whose it is, where the body is no JSON.
    const statuses = operation.upload ? [400, 404, 414, 415] : [400, 404, 414]
    expect(statuses).toContain(answer.status)
  }
  expect(await countRows(server.system)).toEqual(before)
})

/** Taken where one is asked for, and nowhere else. */
const aMergePatch: [string, Record<string, string>, string, number] = [
  'a merge patch',
  { 'content-type': 'application/merge-patch+json' },
  '{}',
  415,
]
const withBody = everyOperation.filter(({ operation }) => operation.body !== undefined)

test.each(withBody)(
  '$name takes a body in no other form than JSON',
  async ({ surface, operation }) => {
    const example = exampleOf(surface, operation, own[surface.name] ?? {})
    const path = pathOf(surface, operation, example)
    const text = JSON.stringify(example.body)
    const json = { 'content-type': 'application/json' }
    const nothing = operation.isBodyOptional ? operation.returns.status : 400
    const forms: [
      name: string,
      headers: Record<string, string>,
      body: string | Uint8Array,
      status: number,
    ][] = [
      ['10 MB', json, JSON.stringify({ ...example.body, name: 'x'.repeat(10e6) }), 413],
      ['one byte too many', json, text.padEnd(1024 * 1024 + 1), 413],
      ['text', { 'content-type': 'text/plain' }, text, 415],
      [
        'a form',
        { 'content-type': 'application/x-www-form-urlencoded' },
        'body=1',
        operation.takesForm ? 400 : 415,
      ],
      ['XML', { 'content-type': 'application/xml' }, '<a/>', 415],
      ...(operation.takesMergePatch ? [] : [aMergePatch]),
      ['a type that begins alike', { 'content-type': 'application/jsonp' }, text, 415],
      ['a type that is none', { 'content-type': ';;;' }, text, 415],
      ['no type', {}, text, 415],
      ['gzip', { ...json, 'content-encoding': 'gzip' }, gzipSync(text), 415],
      ['JSON said to be gzip', { ...json, 'content-encoding': 'gzip' }, text, 415],
      ['nothing', json, '', nothing],
      ['nothing, of no type', {}, '', nothing],
      ['huge headers', { ...json, 'x-huge': 'x'.repeat(100_000) }, text, 431],
      ['a length that is none', { ...json, 'content-length': 'x' }, text, 400],
      ['two ways to tell the length', { ...json, 'transfer-encoding': 'chunked' }, text, 400],
    ]
    for (const [name, form, body, status] of forms) {
      const headers = { ...examplesOf(surface).credentials(server.key), ...form }
      // Of its own where it succeeds: a move that is made once is refused the second time.
      const ids = status < 400 ? await prepareIds(server, surface, server.key) : null
      const asked = ids ? pathOf(surface, operation, exampleOf(surface, operation, ids)) : path
      const sent = { method: operation.method, path: asked, headers, body }
      const answer = await sendRaw(server.url, sent)
      expect({ name, status: answer.status, text: answer.text }).toMatchObject({ name, status })
      const isOurs = status >= 400 && status !== 431 && !name.includes('length')
      if (isOurs)
        expect({ name, text: answer.text }).toMatchObject({ text: /body|Content-(Type|Encoding)/ })
    }
    if (nothing === 400) expect(await countRows(server.system)).toEqual(before)
  },
)
