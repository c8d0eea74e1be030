// Owns the command line: how arguments become a command, and how its end becomes an exit code.
import { CommanderError, Command as Syntax } from 'commander'
import server from '../../package.json' with { type: 'json' }
import { type Config, readConfig } from '../config.ts'
import { type Args, type Command, wrongUsageCode } from './command.ts'
import { commands } from './commands.ts'
import { type Failure, toFailure } from './failure.ts'
import { followCommand, runCommand } from './run-command.ts'
import { serve } from './serve.ts'
import {
  createProgress,
  printFailure,
  printResult,
  processTerminal,
  type Terminal,
} from './terminal.ts'

export const exitCodes = { done: 0, refusedOrBad: 1, wrongUsage: 2 } as const

interface Run {
  terminal: Terminal
  environment: Record<string, string | undefined>
  /** Set as soon as it is known, for the failure's sake. */
  config: Config | null
  exitCode: number
}

/** Answers the exit code of the process: 0 done, 1 refused or something is wrong, 2 wrong usage. */
export async function runCommandLine(
  args: string[],
  terminal: Terminal = processTerminal,
  environment: Record<string, string | undefined> = process.env,
): Promise<number> {
  const run: Run = { terminal, environment, config: null, exitCode: exitCodes.done }
  try {
    await createSyntax(run).parseAsync(args.length === 0 ? ['serve'] : args, { from: 'user' })
    return run.exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done
    return fail(run, args, error)
  }
}

function fail(run: Run, args: string[], error: unknown): number {
  const failure = error instanceof CommanderError ? toUsage(error) : toFailure(error, run.config)
  printFailure(run.terminal, args.includes('--json'), failure)
  if (run.config?.logLevel === 'debug' && failure.code === 'unexpected_error') {
    run.terminal.writeError(`${error instanceof Error ? error.stack : error}\n`)
  }
  return failure.code === wrongUsageCode ? exitCodes.wrongUsage : exitCodes.refusedOrBad
}

function toUsage(error: CommanderError): Failure {
  // A group without its command: the help has been printed, and says no more than that.
  const text = error.code === 'commander.help' ? 'a command is missing' : error.message
  const message = text.replace(/^error: /, '').replaceAll('\n', ' ')
  return { code: wrongUsageCode, message, fix: 'run: npm run clientele -- --help' }
}

function createSyntax(run: Run): Syntax {
  const program = new Syntax('clientele')
    .description('the customer system of record for payments platforms')
    .version(server.version)
    .exitOverride()
    .configureOutput({
      writeOut: run.terminal.writeOut,
      writeErr: run.terminal.writeError,
      // Said by `fail`, in the form of every other failure.
      outputError: () => {},
    })
  addJson(program.command('serve').description('run the server (also without any command)')).action(
    (options: Args) => serve(readRunConfig(run), run.terminal, options['json'] === true),
  )
  const groups = new Map<string, Syntax>()
  for (const command of commands) addCommand({ program, groups, command, run })
  return program
}

interface Place {
  program: Syntax
  groups: Map<string, Syntax>
  command: Command
  run: Run
}

const groupSummaries: Record<string, string> = {
  apps: 'tenants, each in test or live mode',
  keys: 'credentials of an app',
  payouts: 'what became of payouts on the manual rail',
}

function addCommand({ program, groups, command, run }: Place): void {
  const [first = '', second] = command.name.split(' ')
  let parent = program
  if (second !== undefined) {
    const summary = groupSummaries[first] ?? ''
    parent = groups.get(first) ?? program.command(first).description(summary)
    groups.set(first, parent)
  }
  const syntax = parent.command(second ?? first).description(command.summary)
  command.declare?.(syntax)
  addJson(syntax).action(() => act(command, readArgs(syntax), run))
}

function addJson(syntax: Syntax): Syntax {
  return syntax.option('--json', 'print one JSON document')
}

/** Options and positional arguments, by name. */
function readArgs(syntax: Syntax): Args {
  const args: Args = { ...syntax.opts() }
  syntax.registeredArguments.forEach((argument, index) => {
    args[argument.name()] = syntax.processedArgs[index]
  })
  return args
}

async function act(command: Command, { json, ...args }: Args, run: Run): Promise<void> {
  const isJson = json === true
  const config = readRunConfig(run)
  if (command.follow)
    return followCommand(command, args, { config, terminal: run.terminal, isJson })
  const progress = createProgress(run.terminal.isWatched && !isJson)
  const job = { report: progress.report, signal: new AbortController().signal }
  let result: object
  try {
    result = await runCommand(command, args, { config, job })
  } finally {
    progress.clear()
  }
  printResult(run.terminal, isJson, { result, render: () => command.render(result) })
  if (command.isBad(result)) run.exitCode = exitCodes.refusedOrBad
}

function readRunConfig(run: Run): Config {
  run.config = readConfig(run.environment)
  return run.config
}
