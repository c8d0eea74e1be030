// Owns the proof that a machine allows its moves and no other.
import { expect, test } from 'vitest'
import { AppError, defineErrors } from './errors.ts'
import { defineMachine } from './status.ts'

type State = 'open' | 'closed' | 'gone'

const { move_refused } = defineErrors({
  move_refused: { kind: 'conflict', title: 'Refused', detail: 'Refused.', fix: 'Read it again.' },
})
const moves: Record<State, readonly State[]> = {
  open: ['closed', 'gone'],
  closed: ['open'],
  gone: [],
}
const machine = defineMachine<State>(moves, move_refused)

test('it lists its states and the moves from each', () => {
  expect(machine.states).toEqual(['open', 'closed', 'gone'])
  for (const state of machine.states) expect(machine.movesFrom(state)).toEqual(moves[state])
})

const pairs = machine.states.flatMap((from) => machine.states.map((to) => [from, to] as const))

test.each(pairs)('from %s to %s: checkMove refuses exactly what canMove denies', (from, to) => {
  const isAllowed = moves[from].includes(to)
  expect(machine.canMove(from, to)).toBe(isAllowed)
  if (isAllowed) expect(() => machine.checkMove(from, to)).not.toThrow()
  else expect(() => machine.checkMove(from, to)).toThrow(AppError)
})

test('a refusal names the state and the moves that are left', () => {
  expect(refusalOf('closed', 'gone')).toMatchObject({
    definition: move_refused,
    message: 'It is closed and cannot become gone; from closed it may become: open. Read it again.',
  })
  expect(refusalOf('gone', 'open').message).toBe(
    'It is gone and cannot become open; from gone it may become: nothing. Read it again.',
  )
})

function refusalOf(from: State, to: State): AppError {
  try {
    machine.checkMove(from, to)
  } catch (error) {
    if (error instanceof AppError) return error
  }
  throw new Error('the move was allowed')
}
