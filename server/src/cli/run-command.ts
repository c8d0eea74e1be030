// Owns the one place where a command runs either here or in the server that holds the data folder.
import type { Config } from '../config.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Args, Command, Job } from './command.ts'
import { askServer, serverSilentCode } from './control-client.ts'
import { createLocalHost } from './local-host.ts'

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
