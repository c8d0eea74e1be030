// Owns the one place where a command runs either here or in the server that holds the data folder.
import type { Config } from '../config.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Args, Command, Host, Job } from './command.ts'
import { askServer, serverSilentCode } from './control-client.ts'
import { createLocalHost } from './local-host.ts'
import type { Terminal } from './terminal.ts'

const silenceMsMaxReadOnly = 5_000

export async function runCommand(
  command: Command,
  args: Args,
  { config, job }: { config: Config; job: Job },
): Promise<object> {
  const result = await runInServer(command, args, { config, job })
  if (result !== null) return result
  const host = createLocalHost(config)
  try {
    return await command.run(host, args, job)
  } finally {
    await host.close()
  }
}

/** `null` when it is to run here: on PostgreSQL any process may open the database. */
async function runInServer(
  command: Command,
  args: Args,
  { config, job }: { config: Config; job: Job },
): Promise<object | null> {
  if (config.databaseUrl !== undefined) return null
  try {
    return await askServer({
      dataDir: config.dataDir,
      request: { command: command.name, args },
      report: job.report,
      ...(command.isReadOnly ? { silenceMsMax: silenceMsMaxReadOnly } : {}),
    })
  } catch (error) {
    const isSilent = error instanceof Refusal && error.code === serverSilentCode
    if (command.isReadOnly && isSilent) return null
    throw error
  }
}

/** Runs a command that goes on: it ends with a signal, or with the server that it asks. */
export async function followCommand(
  command: Command,
  args: Args,
  { config, terminal, isJson }: { config: Config; terminal: Terminal; isJson: boolean },
): Promise<void> {
  const output = {
    isJson,
    write: (line: string) => terminal.writeOut(`${line}\n`),
    say: (line: string) => terminal.writeError(`clientele: ${line}\n`),
    signal: terminal.untilEnded(),
  }
  const job = { report: () => {}, signal: output.signal }
  if (config.databaseUrl === undefined) {
    return command.follow?.(askOver(command, { config, job }), args, output)
  }
  const host = createLocalHost(config)
  // Opened with the first look, and kept for all of them.
  let system: ReturnType<Host['openSystem']> | null = null
  const openSystem = () => {
    system ??= host.openSystem()
    return system
  }
  const ask = (asked: Args) => command.run({ ...host, openSystem }, asked, job)
  try {
    await command.follow?.(ask, args, output)
  } finally {
    await host.close()
  }
}

/** Every look is a question of its own, so that nothing hangs on one connection. */
function askOver(
  command: Command,
  { config, job }: { config: Config; job: Job },
): (args: Args) => Promise<object | null> {
  let hasAnswered = false
  return async (args) => {
    const answer = await findAnswer(command, args, { config, job, hasAnswered })
    if (answer === null && !hasAnswered) throw noServer(config)
    hasAnswered = true
    return answer
  }
}

async function findAnswer(
  command: Command,
  args: Args,
  { config, job, hasAnswered }: { config: Config; job: Job; hasAnswered: boolean },
): Promise<object | null> {
  try {
    return await runInServer(command, args, { config, job })
  } catch (error) {
    // It was there a moment ago: what broke the question off is its end.
    const isGone = error instanceof Refusal && error.code === serverSilentCode
    if (hasAnswered && isGone) return null
    throw error
  }
}

function noServer({ dataDir }: Config): Refusal {
  return new Refusal(
    'no_server',
    `no server that could be asked runs on ${dataDir}`,
    'run: npm start',
  )
}
