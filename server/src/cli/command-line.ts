// Owns the command line: its commands, their options, and the exit codes.
import { Command } from 'commander'
import { readConfig } from '../config.ts'
import { Refusal } from '../lib/refusal.ts'
import { serve } from './serve.ts'

/** Answers the process's exit code: 0 done, 1 refused or something is wrong, 2 wrong usage. */
export async function runCommandLine(args: string[]): Promise<number> {
  const write = (text: string) => process.stdout.write(text)
  const program = new Command('clientele').exitOverride()
  program
    .command('serve', { isDefault: true })
    .description('run the server')
    .action(() => serve(readConfig(process.env), write))
  try {
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof Refusal) {
      process.stderr.write(`clientele: ${error.message}; ${error.fix}\n`)
      return 1
    }
    throw error
  }
}
