// Owns what a command is: one value from which come its syntax, its run, its output and exit code.
import type { Command as Syntax } from 'commander'
import type { Config } from '../config.ts'
import type { System } from '../core/context.ts'
import { type IdNoun, parseId } from '../lib/id.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Database } from '../storage/database.ts'

/** Arguments and options by name, as the command line or a control connection gave them. */
export type Args = Record<string, unknown>

/** What a command works on: opened by this process, or a running server's own. */
export interface Host {
  config: Config
  /** The database; the embedded one is made when there is none. */
  openDatabase(): Promise<Database>
  /** What a start has made. Refuses before the first start, and while migrations are pending. */
  openSystem(): Promise<System>
  /** For reading only: nothing is made or changed. */
  inspect(): Promise<Inspection>
  /** The server, when it is the one that runs the command. */
  server: RunningServer | null
}

export interface Inspection
  extends Pick<Database, 'engine' | 'reader' | 'pendingMigrations' | 'unsafeSettings'> {
  /** False: there is no database yet, and `reader` finds no table. */
  exists: boolean
}

export interface RunningServer {
  origin: string
  /** A revoked key counts at once. */
  forgetCallers(): void
}

/** How a running command tells of its progress, and how it is told to end. */
export interface Job {
  report(line: string): void
  signal: AbortSignal
}

/** Where a command that goes on shows what it finds, and how it learns that it is to end. */
export interface Output {
  isJson: boolean
  /** A line of its output. */
  write(line: string): void
  /** A line beside its output, which a script does not read. */
  say(line: string): void
  signal: AbortSignal
}

export interface CommandDefinition<Result extends object> {
  /** As typed: `keys create`. */
  name: string
  summary: string
  /** Its own arguments and options; `--json` is every command's. */
  declare?(syntax: Syntax): void
  run(host: Host, args: Args, job: Job): Promise<Result>
  /** For people; without a line break at its end. */
  render(result: Result): string
  /**
   * A command that goes on: in the process of the command line it asks `run` again and again,
   * wherever that runs. `null`: the server that did is gone.
   */
  follow?(ask: (args: Args) => Promise<Result | null>, args: Args, output: Output): Promise<void>
  /** True when the command did its work and found that something is wrong. */
  isBad?(result: Result): boolean
  /** A doctor opens nothing for writing: it also works beside a server that does not answer. */
  isReadOnly?: true
}

export interface Command extends Omit<CommandDefinition<object>, 'render' | 'isBad'> {
  render(result: object): string
  isBad(result: object): boolean
}

export function defineCommand<Result extends object>(
  definition: CommandDefinition<Result>,
): Command {
  // A result may have crossed a control connection as JSON: it is what our own `run` has made.
  const { render, isBad, follow, ...rest } = definition
  const asOwn = (result: object | null) => result as Result | null
  return {
    ...rest,
    render: (result) => render(result as Result),
    isBad: (result) => isBad?.(result as Result) ?? false,
    ...(follow && {
      follow: (ask, args, output) => follow(async (asked) => asOwn(await ask(asked)), args, output),
    }),
  }
}

export const wrongUsageCode = 'wrong_usage'

export function wrongUsage(message: string, fix: string): Refusal {
  return new Refusal(wrongUsageCode, message, fix)
}

/** A text that was given, on one line, at most `lengthMax` characters. */
export function readText(args: Args, name: string, lengthMax: number): string {
  const value = args[name]
  const isLine = typeof value === 'string' && /^[^\p{Cc}\p{Cs}]+$/u.test(value)
  if (isLine && value.length <= lengthMax) return value
  throw wrongUsage(
    `--${name} is not one line of 1 to ${lengthMax} characters`,
    `give a shorter --${name}`,
  )
}

const idLengthMax = 100

/** The UUID behind an id in any spelling; `null` for what cannot be one. */
export function readId(args: Args, name: string, noun: IdNoun): string | null {
  return parseId(noun, readText(args, name, idLengthMax))
}
