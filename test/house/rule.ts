// Owns what a house rule is.
import type { SourceFile } from './source-file.ts'

export interface Rule {
  title: string
  /** Every offence, as `file:line: what is wrong`. */
  check(files: SourceFile[]): string[]
  /** A small tree that breaks the rule, and exactly what is said about it. */
  sample: Record<string, string>
  says: string[]
}
