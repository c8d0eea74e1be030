// Owns the proof that a refusal says what happened, where, and what to do.
import { expect, test } from 'vitest'
import { AppError, defineErrors } from './errors.ts'

const errors = defineErrors({
  door_closed: {
    kind: 'conflict',
    title: 'Door closed',
    detail: 'The door is closed.',
    fix: 'Open it.',
  },
  door_missing: {
    kind: 'missing',
    title: 'No door',
    detail: 'There is no door.',
    fix: 'Build it.',
  },
})

test('each entry carries the code under which it stands', () => {
  expect(errors.door_closed).toEqual({
    code: 'door_closed',
    kind: 'conflict',
    title: 'Door closed',
    detail: 'The door is closed.',
    fix: 'Open it.',
  })
  expect(Object.keys(errors)).toEqual(['door_closed', 'door_missing'])
})

test('the message is what happened and what to do', () => {
  const error = new AppError(errors.door_closed)
  expect(error).toBeInstanceOf(Error)
  expect(error.name).toBe('AppError')
  expect(error.message).toBe('The door is closed. Open it.')
  expect(error.param).toBeUndefined()
  expect(error.issues).toEqual([])
  expect(error.retryAfterSeconds).toBeUndefined()
})

test('a throw may say it with the values at hand', () => {
  const error = new AppError(errors.door_closed, { detail: 'Door 7 is closed.', param: 'door' })
  expect(error.message).toBe('Door 7 is closed. Open it.')
  expect(error.param).toBe('door')
})

test('of several issues the first names the field', () => {
  const issues = [
    { param: 'name', message: 'is blank' },
    { param: 'country', message: 'is missing' },
  ]
  const error = new AppError(errors.door_closed, { issues, retryAfterSeconds: 3 })
  expect(error.param).toBe('name')
  expect(error.issues).toEqual(issues)
  expect(error.retryAfterSeconds).toBe(3)
})
