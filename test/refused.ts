// Owns catching a refusal in a test, so that what it says can be asserted.
import { expect } from 'vitest'
import { AppError } from '../server/src/core/errors.ts'
import { fieldErrors } from '../server/src/core/fields.ts'

/** The refusal that the work ends in; fails when it succeeds, passes on any other error. */
export async function refused(work: () => unknown): Promise<AppError> {
  try {
    await work()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

/** The field that a check refuses. */
export async function refusedParam(check: () => unknown): Promise<string | undefined> {
  return (await refused(check)).param
}

/** What a field's check says, without the advice that follows. */
export async function fieldRefusal(check: () => unknown): Promise<string> {
  const error = await refused(check)
  expect(error.definition).toBe(fieldErrors.field_invalid)
  const advice = ` ${fieldErrors.field_invalid.fix}`
  expect(error.message.endsWith(`.${advice}`)).toBe(true)
  return error.message.slice(0, -advice.length - 1)
}
