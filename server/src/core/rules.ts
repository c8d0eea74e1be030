// Owns rules as lists, so that what an operation enforces is what an answer about it tells.
import { AppError } from './errors.ts'

/** Throws its refusal, or lets it pass; looks nothing up. */
export type Rule = () => unknown

/** Throws the first refusal. */
export function enforce(rules: readonly Rule[]): void {
  for (const rule of rules) rule()
}

/** Every refusal, in the order of the rules: `enforce` throws the first of them. */
export function refusalsOf(rules: readonly Rule[]): AppError[] {
  return rules.flatMap((rule) => {
    try {
      rule()
      return []
    } catch (error) {
      if (error instanceof AppError) return [error]
      throw error
    }
  })
}
