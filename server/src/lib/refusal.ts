// Owns the way to say "this cannot run here, and this is how to mend it": one line, never a stack.

export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: string
  readonly fix: string

  constructor(code: string, message: string, fix: string) {
    super(message)
    this.code = code
    this.fix = fix
  }
}

/** The system's own code of an error (`ENOSPC`, `SQLITE_FULL`, `28P01`), or the empty string. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''
}
