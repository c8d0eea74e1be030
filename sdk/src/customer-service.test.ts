// Owns the proof of which request each of the nine methods is, and that none of them throws.
import { expect, test } from 'vitest'
import { type CustomerService, createCustomerService } from './index.ts'
import { answered, granted, linesOf, oakClientOf } from './testing/oak.ts'
import { type Reaction, startStandIn } from './testing/stand-in.ts'

/** What a caller without a compiler may pass. */
const untyped = (value: unknown) => value as never

async function start(...reactions: Reaction[]) {
  const standIn = await startStandIn(granted(), ...reactions)
  const { client, waits } = oakClientOf(standIn)
  return { standIn, client, waits, customers: createCustomerService(client) }
}

type Use = (customers: CustomerService) => Promise<unknown>
const object = answered({ id: 'x' })
const array = answered([{ id: 'x' }])

const requests: [string, unknown, Reaction, Use][] = [
  ['POST customers', { email: 'a@b.co' }, object, (it) => it.create({ email: 'a@b.co' })],
  ['GET customers/cus_1', null, object, (it) => it.get('cus_1')],
  ['GET customers', null, object, (it) => it.list()],
  [
    'GET customers?limit=5&offset=10&email=a%2Bb%40c.co&provider=stripe%2Cbrla',
    null,
    object,
    (it) =>
      it.list({
        limit: 5,
        offset: 10,
        email: 'a+b@c.co',
        provider: 'stripe,brla',
        target_role: untyped(undefined),
      }),
  ],
  [
    'PUT customers/cus_1',
    { last_name: 'Johnson', dob: null },
    object,
    (it) => it.update('cus_1', { last_name: 'Johnson', dob: null }),
  ],
  [
    'POST customers/cus_1/sync',
    { providers: ['stripe'], fields: ['email', 'shipping'] },
    object,
    (it) => it.sync('cus_1', { providers: ['stripe'], fields: ['email', 'shipping'] }),
  ],
  [
    'GET customers/cus_1/balances?provider=stripe&role=connected_account',
    null,
    object,
    (it) => it.balance('cus_1', { provider: 'stripe', role: 'connected_account' }),
  ],
  ['GET customers/cus_1/files', null, array, (it) => it.getFiles('cus_1')],
  ['POST customers/cus_1/platforms', {}, array, (it) => it.populatePlatform('cus_1')],
  [
    'POST customers/cus_1/platforms',
    { provider: 'brla', target_role: 'subaccount' },
    array,
    (it) => it.populatePlatform('cus_1', { provider: 'brla', target_role: 'subaccount' }),
  ],
]

test.each(requests)(
  '%s %j is sent, and its envelope is the value',
  async (line, body, reply, use) => {
    const { standIn, customers } = await start(reply)
    const value = typeof reply === 'object' ? reply.body : undefined
    expect(await use(customers)).toEqual({ ok: true, value })
    expect(linesOf(standIn)[1]).toBe(`${line} Bearer token-1`)
    const { body: sent = '', headers = {} } = standIn.received[1] ?? {}
    expect(sent === '' ? null : JSON.parse(sent)).toEqual(body)
    expect('idempotency-key' in headers).toBe(!line.startsWith('GET'))
  },
)

function formOf(...files: File[]): FormData {
  const form = new FormData()
  form.set('file_type', 'PASSPORT')
  for (const file of files) form.append('file', file)
  return form
}

const passport = new File(['%PDF-1.7 first'], 'passport "1".pdf', { type: 'application/pdf' })
const photo = new File(['second'], 'photo.png', { type: 'image/png' })

test('uploadFiles sends the form with its files, names and types', async () => {
  const { standIn, customers } = await start(answered([{ id: 'file_1' }], 201))
  const result = await customers.uploadFiles('cus_1', formOf(passport, photo))
  expect(result).toEqual({ ok: true, value: { msg: 'Done', data: [{ id: 'file_1' }] } })
  expect(linesOf(standIn)[1]).toBe('POST customers/cus_1/files Bearer token-1')
  const { headers, body = '' } = standIn.received[1] ?? {}
  const type = headers?.['content-type'] ?? ''
  expect(type).toMatch(/^multipart\/form-data; boundary=/)
  expect(headers?.['content-length']).toBe(String(Buffer.byteLength(body)))
  const arrived = await new Response(body, { headers: { 'content-type': type } }).formData()
  expect([...arrived.keys()]).toEqual(['file_type', 'file', 'file'])
  const files = arrived.getAll('file').filter((part) => part instanceof File)
  expect(files.map(({ name, type: of }) => [name, of])).toEqual([
    ['passport "1".pdf', 'application/pdf'],
    ['photo.png', 'image/png'],
  ])
  expect(await Promise.all(files.map((file) => file.text()))).toEqual(['%PDF-1.7 first', 'second'])
})

test.each<Reaction>([{ status: 503 }, 'reset', { status: 401 }])(
  'a form is sent again byte by byte, under the same key (%#)',
  async (first) => {
    const renewal = typeof first === 'object' && first.status === 401 ? [granted('token-2')] : []
    const { standIn, customers } = await start(first, ...renewal, array)
    const result = await customers.uploadFiles('cus_1', formOf(passport))
    expect(result).toMatchObject({ ok: true })
    const [before, after] = standIn.received.filter((it) => it.path.endsWith('/files'))
    expect(before?.body).toContain('%PDF-1.7 first')
    expect(after?.body).toBe(before?.body)
    for (const header of ['content-type', 'idempotency-key']) {
      expect(after?.headers[header]).toBe(before?.headers[header])
      expect(before?.headers[header]).toMatch(/\S{8}/)
    }
  },
)

test.each([
  [{ status: 429, headers: { 'retry-after': '7' } }, [7_000]],
  [{ status: 408 }, [500]],
  [{ status: 502, body: '<h1>Bad gateway</h1>' }, [500]],
  [{ status: 504 }, [500]],
  [{ status: 500 }, []],
  [{ status: 429, headers: { 'retry-after': '3600' } }, []],
])('after %j a write waits %j and keeps its key', async (first, expected) => {
  const { standIn, waits, customers } = await start(first, object)
  const result = await customers.update('cus_1', { city: 'Recife' }, { idempotencyKey: 'mine' })
  expect(result.ok).toBe(expected.length > 0)
  expect(waits).toEqual(expected)
  const keys = standIn.received.slice(1).map((it) => it.headers['idempotency-key'])
  expect(keys).toEqual(expected.length > 0 ? ['mine', 'mine'] : ['mine'])
})

test.each([
  'get',
  'update',
  'sync',
  'balance',
  'uploadFiles',
  'getFiles',
  'populatePlatform',
] as const)('%s percent-encodes the id', async (name) => {
  const { standIn, customers } = await start(object)
  const form = name === 'uploadFiles' ? new FormData() : {}
  await Reflect.apply(customers[name], undefined, ['a/../b?c#d%2e é', form])
  const path = '/orchestration/api/v1/customers/a%2F..%2Fb%3Fc%23d%252e%20%C3%A9'
  expect(standIn.received[1]?.path.slice(0, path.length)).toBe(path)
})

const badCalls: [string, Use][] = [
  ...([undefined, null, 7, {}, '', '.', '..', '\ud800'] as const).map((id): [string, Use] => [
    'id',
    (it) => it.get(untyped(id)),
  ]),
  ['id', (it) => it.update(untyped(undefined), {})],
  ['id', (it) => it.sync(untyped(undefined), { providers: ['stripe'], fields: ['email'] })],
  ['customerId', (it) => it.balance('', { provider: 'stripe', role: 'customer' })],
  ['customerId', (it) => it.uploadFiles('', new FormData())],
  ['customerId', (it) => it.getFiles(untyped(undefined))],
  ['customerId', (it) => it.populatePlatform(untyped(undefined))],
  ['body', (it) => it.create(untyped(undefined))],
  ['body', (it) => it.update('cus_1', untyped({ monthly_net_income: 1n }))],
  ['body', (it) => it.sync('cus_1', untyped(undefined))],
  ...([undefined, null, {}, 'files', new URLSearchParams(), [passport]] as const).map(
    (form): [string, Use] => ['files', (it) => it.uploadFiles('cus_1', untyped(form))],
  ),
  ['options.idempotencyKey', (it) => it.create({ email: 'a@b.co' }, { idempotencyKey: '' })],
  ['options.signal', (it) => it.getFiles('cus_1', { signal: untyped({}) })],
]

test.each(badCalls)(
  'a bad %s resolves to an ArgumentError; nothing is sent (%#)',
  async (param, use) => {
    const { standIn, customers } = await start(object)
    expect(await use(customers)).toMatchObject({
      ok: false,
      error: { name: 'ArgumentError', param },
    })
    expect(standIn.received).toHaveLength(0)
  },
)

test.each([undefined, null])(
  'a query, a target and options of %s count as left out',
  async (none) => {
    const { standIn, customers } = await start(object, object, array)
    await customers.list(untyped(none), untyped(none))
    await customers.balance('cus_1', untyped(none), untyped(none))
    await customers.populatePlatform('cus_1', untyped(none), untyped(none))
    expect(linesOf(standIn).slice(1)).toEqual([
      'GET customers Bearer token-1',
      'GET customers/cus_1/balances Bearer token-1',
      'POST customers/cus_1/platforms Bearer token-1',
    ])
    expect(standIn.received[3]?.body).toBe('{}')
  },
)

test('arguments that throw when they are read are an ArgumentError', async () => {
  const { standIn, customers } = await start(object)
  const hostile = untyped(
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('no')
        },
        ownKeys: () => {
          throw new Error('no')
        },
      },
    ),
  )
  const calls = [customers.list(hostile), customers.list({}, hostile), customers.create(hostile)]
  for (const result of await Promise.all(calls)) {
    expect(result).toMatchObject({ ok: false, error: { name: 'ArgumentError' } })
  }
  expect(standIn.received).toHaveLength(0)
})

test.each([undefined, null, {}, { call: 5 }])(
  'a service of %j resolves to an ArgumentError',
  async (bad) => {
    const customers = createCustomerService(untyped(bad))
    const expected = { ok: false, error: { name: 'ArgumentError', param: 'client' } }
    expect(await customers.get('cus_1')).toMatchObject(expected)
    expect(await customers.uploadFiles('cus_1', new FormData())).toMatchObject(expected)
  },
)

test('an aborted upload is an AbortError', async () => {
  const { standIn, customers } = await start('hang')
  const controller = new AbortController()
  const { signal } = controller
  const upload = customers.uploadFiles('cus_1', formOf(passport), { signal })
  await standIn.arrived(2)
  controller.abort()
  expect(await upload).toMatchObject({ ok: false, error: { name: 'AbortError' } })
  await standIn.left
})
