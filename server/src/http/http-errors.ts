// Owns the refusals that come before any operation: form, size, route, load.
import { defineErrors } from '../core/errors.ts'

export const httpErrors = defineErrors({
  body_not_json: {
    kind: 'malformed',
    title: 'Broken JSON',
    detail: 'body: is not JSON in UTF-8.',
    fix: 'Send one JSON value, encoded as UTF-8, with Content-Type: application/json.',
  },
  body_missing: {
    kind: 'malformed',
    title: 'No body',
    detail: 'body: is missing.',
    fix: 'Send the fields as a JSON object with Content-Type: application/json.',
  },
  body_unexpected: {
    kind: 'malformed',
    title: 'Body not expected',
    detail: 'body: this operation takes none.',
    fix: 'Leave the body out.',
  },
  body_too_deep: {
    kind: 'malformed',
    title: 'Body too deep',
    detail: 'body: is nested too deep, or holds too long a list.',
    fix: 'Send a flatter or shorter body.',
  },
  body_too_large: {
    kind: 'too_large',
    title: 'Body too large',
    detail: 'body: is larger than this operation takes.',
    fix: 'Send less.',
  },
  media_type_unsupported: {
    kind: 'unsupported_media',
    title: 'Content type not supported',
    detail: 'Content-Type: is not application/json.',
    fix: 'Send JSON with Content-Type: application/json.',
  },
  request_malformed: {
    kind: 'malformed',
    title: 'Malformed request',
    detail: 'The request is not well-formed HTTP.',
    fix: 'Check its path, headers and length.',
  },
  query_invalid: {
    kind: 'malformed',
    title: 'A query parameter breaks a rule',
    detail: 'A query parameter breaks a rule.',
    fix: 'Correct the parameter that is named.',
  },
  route_not_found: {
    kind: 'missing',
    title: 'No such route',
    detail: 'Nothing is served at this path.',
    fix: 'Check the path against the reference at /docs.',
  },
  method_not_allowed: {
    kind: 'method_not_allowed',
    title: 'Method not allowed',
    detail: 'This path does not take this method.',
    fix: 'Use one of the methods in the Allow header.',
  },
  idempotency_key_malformed: {
    kind: 'malformed',
    title: 'Idempotency key malformed',
    detail: 'Idempotency-Key: is not 1 to 255 printable ASCII characters.',
    fix: 'Send a shorter key, such as a UUID.',
  },
  idempotency_key_reused: {
    kind: 'key_reused',
    title: 'Idempotency key reused',
    detail: 'Idempotency-Key: was used before with another request.',
    fix: 'Use a new key for a new request, and the same body for a retry.',
  },
  idempotency_key_busy: {
    kind: 'conflict',
    title: 'First request still running',
    detail: 'Idempotency-Key: the first request with this key is still running.',
    fix: 'Retry in a moment with the same key.',
  },
  too_many_requests: {
    kind: 'rate_limited',
    title: 'Too many requests',
    detail: 'This key has sent more requests per second than it may.',
    fix: 'Wait as long as the Retry-After header says.',
  },
  temporarily_unavailable: {
    kind: 'unavailable',
    title: 'Temporarily unavailable',
    detail: 'The server cannot answer right now.',
    fix: 'Retry after the time in the Retry-After header, with the same idempotency key.',
  },
  internal_error: {
    kind: 'internal',
    title: 'Our mistake',
    detail: 'Something failed here that should not.',
    fix: 'Retry with the same idempotency key, and tell the operator the request id.',
  },
})
