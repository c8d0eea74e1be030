// Owns the proof that what is told of a list of rules begins with what is enforced.
import { expect, test } from 'vitest'
import { refused } from '../../../test/refused.ts'
import { AppError, defineErrors } from './errors.ts'
import { enforce, type Rule, refusalsOf } from './rules.ts'

const { first, second } = defineErrors({
  first: { kind: 'conflict', title: 'First', detail: 'First.', fix: 'Wait.' },
  second: { kind: 'conflict', title: 'Second', detail: 'Second.', fix: 'Wait.' },
})
const passes: Rule = () => {}
const refusing =
  (definition: typeof first): Rule =>
  () => {
    throw new AppError(definition)
  }
const codesOf = (rules: Rule[]) => refusalsOf(rules).map(({ definition }) => definition.code)

test('every refusal is told in order, and the first of them is thrown', async () => {
  const rules = [passes, refusing(second), passes, refusing(first)]
  expect(codesOf(rules)).toEqual(['second', 'first'])
  expect((await refused(() => enforce(rules))).definition).toBe(second)
})

test('where nothing refuses, nothing is told and nothing is thrown', () => {
  expect(codesOf([passes, passes])).toEqual([])
  expect(() => enforce([passes, passes])).not.toThrow()
})

test('a defect in a rule is no refusal', () => {
  const broken: Rule = () => {
    throw new TypeError('broken')
  }
  expect(() => refusalsOf([passes, broken])).toThrow(TypeError)
})
