// Owns the proof that an ApiError reads a problem (RFC 9457).
import { expect, test } from 'vitest'
import { ApiError } from './index.ts'

test('a problem gives an ApiError its message, code, field and request', () => {
  const body = {
    type: '/docs/platform#invalid_field',
    title: 'A field is wrong',
    status: 400,
    code: 'invalid_field',
    detail: 'metadata.cuit is too long.',
    request_id: 'req_1',
    errors: [{ pointer: '/metadata/cuit', detail: 'It is too long.' }],
  }
  const { status, code, message, param, requestId } = new ApiError(400, body, new Headers())
  expect({ status, code, message, param, requestId }).toEqual({
    status: 400,
    code: 'invalid_field',
    message: 'metadata.cuit is too long.',
    param: 'metadata.cuit',
    requestId: 'req_1',
  })
})
