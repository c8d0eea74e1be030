// Owns the proof that the OpenAPI document says what the operations are.
import { describe, expect, test } from 'vitest'
import { payoutsSurface } from '../surfaces/payouts/surface.ts'
import { surfaces } from '../surfaces/surfaces.ts'
import { type OperationObject, toOpenApi } from './openapi.ts'

const document = toOpenApi(payoutsSurface)

function operationOf(path: string, method: string): OperationObject {
  const operation = document.paths[path]?.[method]
  if (!operation) throw new Error(`the document has ${method} ${path}`)
  return operation
}

function parameterNames(operation: OperationObject): string[] {
  return operation.parameters.map((one) => ('$ref' in one ? one.$ref : `${one.in} ${one.name}`))
}

test('the document says what it is, where it is and how to authenticate', () => {
  expect(document.openapi).toBe('3.1.0')
  expect(document.info.title).toBe('Clientele payouts')
  expect(document.servers.map(({ url }) => url)).toEqual(['/payouts'])
  expect(document.security).toEqual([{ apiKey: [] }])
  expect(document.components.securitySchemes['apiKey']).toMatchObject({
    type: 'http',
    scheme: 'bearer',
  })
  expect(document.tags.map(({ name }) => name)).toEqual(['Customers', 'Bank accounts', 'Payouts'])
})

test('an object in a query is spelled member by member, as `metadata[plan]=gold`', () => {
  const platform = surfaces.find(({ name }) => name === 'platform')
  const list = platform && toOpenApi(platform).paths['/customers']?.['get']
  const named = (name: string) =>
    list?.parameters.find((one) => !('$ref' in one) && one.name === name)
  expect(named('metadata')).toMatchObject({ in: 'query', style: 'deepObject', explode: true })
  expect(named('email')).not.toHaveProperty('style')
})

test('a schema with a title stands once, under its name', () => {
  expect(Object.keys(document.components.schemas).sort()).toEqual([
    'BankAccount',
    'Customer',
    'DefaultBankAccount',
    'Error',
    'NewBankAccount',
    'NewCustomer',
    'NewPayout',
    'Payout',
  ])
  const create = operationOf('/customers', 'post')
  const json = 'application/json'
  const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` })
  expect(create.requestBody?.content[json]?.schema).toEqual(reference('NewCustomer'))
  expect(create.responses['201']?.content?.[json]?.schema).toEqual(reference('Customer'))
  const list = operationOf('/customers', 'get').responses['200']?.content?.[json]?.schema
  expect(list).toEqual({ type: 'array', items: reference('Customer') })
})

test('an operation names its scope', () => {
  expect(operationOf('/customers', 'post').security).toEqual([{ apiKey: ['payouts:write'] }])
  expect(operationOf('/customers', 'get').security).toEqual([{ apiKey: ['payouts:read'] }])
})

test('path, query and idempotency key are parameters, the key of writes only', () => {
  expect(parameterNames(operationOf('/customers/{customerId}/bank-accounts', 'get'))).toEqual([
    'path customerId',
    'query limit',
    'query startingAfter',
  ])
  expect(parameterNames(operationOf('/payouts/{id}/cancel', 'post'))).toEqual([
    'path id',
    '#/components/parameters/IdempotencyKey',
  ])
  const key = document.components.parameters['IdempotencyKey']
  expect(key).toMatchObject({ name: 'Idempotency-Key', in: 'header', required: false })
  const [limit] = operationOf('/payouts', 'get').parameters.filter(
    (one) => 'name' in one && one.name === 'limit',
  )
  expect(limit).toMatchObject({
    schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
  })
})

test('an operation without a body describes none', () => {
  expect(operationOf('/payouts/{id}/cancel', 'post').requestBody).toBeUndefined()
  expect(operationOf('/payouts', 'post').requestBody?.required).toBe(true)
})

test('each refusal stands under its status, with the body that a caller gets', () => {
  const { responses } = operationOf('/customers/{customerId}/bank-accounts', 'post')
  expect(Object.keys(responses)).toEqual([
    '201',
    '400',
    '401',
    '403',
    '404',
    '409',
    '413',
    '415',
    '422',
    '429',
    '500',
    '503',
  ])
  const conflict = responses['409']
  expect(conflict?.description).toContain('- `conflict`: Bank account on file')
  expect(Object.keys(conflict?.content?.['application/json']?.examples ?? {})).toEqual([
    'idempotency_key_reused',
    'idempotency_key_busy',
    'customer_status_forbids',
    'bank_account_exists',
  ])
  expect(document.components.examples['bank_account_exists']?.value).toEqual({
    error: {
      code: 'conflict',
      message:
        'accountNumber: this customer already has a bank account with this number. ' +
        'Use the bank account that is on file.',
      requestId: expect.stringMatching(/^req_/),
    },
  })
})

test('a refusal that passes says when to come back', () => {
  const { responses } = operationOf('/customers', 'get')
  expect(Object.keys(responses)).toEqual(['200', '400', '401', '403', '429', '500', '503'])
  const headersOf = (status: string) => Object.keys(responses[status]?.headers ?? {})
  expect(headersOf('429')).toEqual(['Request-Id', 'Retry-After'])
  expect(headersOf('503')).toEqual(['Request-Id', 'Retry-After'])
  expect(headersOf('500')).toEqual(['Request-Id'])
})

describe.each(surfaces)('the document of $name', (surface) => {
  const whole = toOpenApi(surface)
  const operations = Object.entries(whole.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, operation })),
  )

  test('every reference in it leads somewhere', () => {
    const references = [...JSON.stringify(whole).matchAll(/"\$ref":"([^"]+)"/g)]
    expect(references.length).toBeGreaterThan(operations.length)
    for (const [, reference = ''] of references) {
      const [root, ...names] = reference.split('/')
      expect(root).toBe('#')
      const found = names.reduce<unknown>((at, name) => Reflect.get(Object(at), name), whole)
      expect(found, reference).toBeTypeOf('object')
    }
  })

  test('every component is used', () => {
    const text = JSON.stringify(whole)
    for (const section of ['schemas', 'parameters', 'headers', 'examples'] as const) {
      for (const name of Object.keys(whole.components[section])) {
        expect(text).toContain(`"#/components/${section}/${name}"`)
      }
    }
  })

  test('no two operations share an id, and each has its tag in the list', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(surface.operations.length)
    const tags = whole.tags.map(({ name }) => name)
    for (const { operation } of operations) expect(tags).toContain(operation.tags[0])
  })

  test('every part of a path in braces is a required parameter, and no other one is', () => {
    for (const { path, operation } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `path ${name}`)
      const inPath = operation.parameters.filter((one) => 'in' in one && one.in === 'path')
      expect(inPath.map((one) => ('in' in one ? `${one.in} ${one.name}` : ''))).toEqual(named)
      for (const one of inPath) expect(one).toMatchObject({ required: true })
    }
  })

  test('every operation can answer success, 401, 403, 429, 500 and 503', () => {
    for (const { operation } of operations) {
      const statuses = Object.keys(operation.responses)
      expect(statuses.filter((status) => status.startsWith('2'))).toHaveLength(1)
      expect(statuses).toEqual(expect.arrayContaining(['400', '401', '403', '429', '500', '503']))
    }
  })
})
