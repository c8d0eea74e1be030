// Owns state machines as data: states, moves, and the refusal of every other move.
import { AppError, type ErrorDefinition } from './errors.ts'

export interface Machine<State extends string> {
  states: readonly State[]
  /** The states that `state` may move to. */
  movesFrom(state: State): readonly State[]
  canMove(from: State, to: State): boolean
  /** Throws the machine's refusal, which lists the allowed moves. */
  checkMove(from: State, to: State): void
}

export function defineMachine<State extends string>(
  moves: Record<State, readonly State[]>,
  refusal: ErrorDefinition,
): Machine<State> {
  const canMove = (from: State, to: State) => moves[from].includes(to)
  return {
    states: Object.keys(moves) as State[],
    movesFrom: (state) => moves[state],
    canMove,
    checkMove(from, to) {
      if (canMove(from, to)) return
      const allowed = moves[from].length === 0 ? 'nothing' : moves[from].join(', ')
      const moved = `It is ${from} and cannot become ${to}`
      const detail = `${moved}; from ${from} it may become: ${allowed}.`
      throw new AppError(refusal, { detail })
    },
  }
}
