// Owns what a command works on when this process opens it: nothing before it is asked for.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { openInstallation, openInstallationDatabase } from '../installation.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Database } from '../storage/database.ts'
import { databaseFileName } from '../storage/sqlite.ts'
import type { Host } from './command.ts'
import { controlPath, isPathTooLong } from './control-protocol.ts'
import { openInspection } from './inspection.ts'

export interface LocalHost extends Host {
  close(): Promise<void>
}

export function createLocalHost(config: Config): LocalHost {
  const opened: { close(): Promise<void> }[] = []
  const keep = <T extends { close(): Promise<void> }>(part: T): T => {
    opened.push(part)
    return part
  }
  const openDatabase = async () => keep(await openFolderOrServer(config))
  return {
    config,
    server: null,
    openDatabase,
    async openSystem() {
      refuseMissingDatabase(config)
      return openInstallation(await openDatabase(), config)
    },
    inspect: async () => keep(await openInspection(config)),
    async close() {
      for (const part of opened.reverse()) await part.close()
    },
  }
}

/** Opening it would make it: an empty database answers no command. */
function refuseMissingDatabase({ databaseUrl, dataDir }: Config): void {
  if (databaseUrl !== undefined || existsSync(join(dataDir, databaseFileName))) return
  throw new Refusal(
    'no_database',
    `there is no database in ${dataDir}`,
    'run: npm start, or set CLIENTELE_DATA_DIR to the folder that has one',
  )
}

async function openFolderOrServer(config: Config): Promise<Database> {
  try {
    return await openInstallationDatabase(config)
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'data_folder_in_use') throw error
    // A server there would have been asked on its socket: it has none, or has only just started.
    const path = controlPath(config.dataDir)
    const reason = isPathTooLong(path)
      ? `, and the path of its control socket is too long for this system (${path})`
      : ', and it does not listen on a control socket'
    throw new Refusal(error.code, error.message + reason, 'stop that process, then try again')
  }
}
