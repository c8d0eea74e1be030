// Owns the proof that an answer outside its documented form is noticed.
import { expect, test } from 'vitest'
import { toJsonSchema } from '../../server/src/http/json-schema.ts'
import { exampleOf } from '../../server/src/http/outline-fields.ts'
import { WireCustomer } from '../../server/src/surfaces/payouts/wire.ts'
import { checkAnswer } from '../check-answer.ts'

const customer = exampleOf(toJsonSchema(WireCustomer)) as object
const sent = { method: 'GET', path: '/payouts/customers/cust_1' }
const refused = { error: { code: 'not_found', message: 'There is none.' } }
const check = (status: number, body: object) =>
  checkAnswer(sent, { status, text: JSON.stringify(body) })

test('an answer that keeps its promise passes', () => {
  expect(() => check(200, customer)).not.toThrow()
  expect(() => check(404, refused)).not.toThrow()
})

test('a member that the schema does not know is noticed', () => {
  expect(() => check(200, { ...customer, extra: 1 })).toThrow(/GET .* answered 200.*schema/)
})

test('a member of another type is noticed', () => {
  expect(() => check(200, { ...customer, createdAt: 1 })).toThrow('/createdAt must be string')
})

test('a refusal in another form is noticed, also where nothing is mounted', () => {
  expect(() => check(404, { message: 'no' })).toThrow('differs from its schema')
  const elsewhere = { method: 'GET', path: '/payouts/none?a=1' }
  expect(() => checkAnswer(elsewhere, { status: 404, text: '{}' })).toThrow('differs')
})

test('a status that the operation does not promise is noticed', () => {
  expect(() => check(201, customer)).toThrow('getCustomer does not promise')
  expect(() => check(409, refused)).toThrow('getCustomer does not promise')
})

test('what is not of a surface is left alone', () => {
  const health = { method: 'GET', path: '/readyz' }
  expect(() => checkAnswer(health, { status: 503, text: '{}' })).not.toThrow()
})
