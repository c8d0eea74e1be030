// Owns the proof that an ApiError reads a problem (RFC 9457).
import { expect, test } from 'vitest'
import { ApiError } from './index.ts'

test('a problem gives an ApiError its message, code, fields and request', () => {
  const body = {
    type: '/docs/platform#invalid_field',
    title: 'A field is wrong',
    status: 400,
    code: 'invalid_field',
    detail: 'metadata.cuit is too long.',
    request_id: 'req_1',
    errors: [
      { pointer: '/metadata/cuit', detail: 'It is too long.' },
      { pointer: '/email', detail: 'It is missing.' },
      'nonsense',
    ],
  }
  const { status, code, message, param, issues, requestId } = new ApiError(400, body, new Headers())
  expect({ status, code, message, param, issues, requestId }).toEqual({
    status: 400,
    code: 'invalid_field',
    message: 'metadata.cuit is too long.',
    param: 'metadata.cuit',
    issues: [
      { param: 'metadata.cuit', message: 'It is too long.' },
      { param: 'email', message: 'It is missing.' },
    ],
    requestId: 'req_1',
  })
})

test.each<[string, unknown, object[]]>([
  [
    'details under error',
    { error: { code: 'E', details: [{ path: 'email', message: 'No.' }] } },
    [{ param: 'email', message: 'No.' }],
  ],
  [
    'errors beside msg',
    { msg: 'No.', errors: [{ field: 'email', message: 'No.' }] },
    [{ param: 'email', message: 'No.' }],
  ],
  ['a page of a gateway', '<html>', []],
  ['errors that are no list', { errors: { email: 'No.' } }, []],
])('the fields of %s are named alike', (_name, body, issues) => {
  expect(new ApiError(400, body, new Headers()).issues).toEqual(issues)
})
