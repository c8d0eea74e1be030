// Owns the process entry: reads the command line and runs one command.
import { runCommandLine } from './cli/command-line.ts'

process.exitCode = await runCommandLine(process.argv.slice(2))
