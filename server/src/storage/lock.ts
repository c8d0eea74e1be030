// Owns the lock on a data folder: one process at a time, released by the system when it dies.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Refusal, systemCode } from '../lib/refusal.ts'

export interface FolderLock {
  release(): void
}

/**
 * Takes the folder or refuses by naming its holder. The lock is an open transaction on a database
 * of its own: the system drops it with the process, so a lock left by `kill -9` is never stale.
 */
export function lockFolder(dataDir: string): FolderLock {
  makeFolder(dataDir)
  const lock = openLock(dataDir)
  try {
    writeFileSync(holderFile(dataDir), JSON.stringify({ pid: process.pid }), { mode: 0o600 })
  } catch (error) {
    lock.close()
    throw folderRefusal(dataDir, error)
  }
  return {
    release: () => {
      lock.exec('rollback')
      lock.close()
    },
  }
}

function openLock(dataDir: string): DatabaseSync {
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(join(dataDir, 'lock.db'))
    lock.exec('begin exclusive')
    return lock
  } catch (error) {
    lock?.close()
    if (error instanceof Error && /database is locked/.test(error.message)) {
      throw new Refusal(
        'data_folder_in_use',
        `the data folder ${dataDir} is in use by ${holder(dataDir)}`,
        'stop that process, or set CLIENTELE_DATA_DIR to another folder',
      )
    }
    throw folderRefusal(dataDir, error)
  }
}

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw folderRefusal(dataDir, error)
  }
}

/** One line for a folder that cannot be written, or a full disk. */
export function folderRefusal(dataDir: string, error: unknown): Refusal {
  const reason = error instanceof Error ? error.message : String(error)
  if (isDiskFull(error)) {
    return new Refusal(
      'disk_full',
      `the disk that holds ${dataDir} is full`,
      'free some space, then start again',
    )
  }
  if (/malformed|not a database/.test(reason)) {
    return new Refusal(
      'database_damaged',
      `the database in ${dataDir} is damaged: ${reason}`,
      'put a backup in its place; a copy of the damaged folder helps to find out why',
    )
  }
  return new Refusal(
    'data_folder_unusable',
    `the data folder ${dataDir} cannot be written: ${reason}`,
    'make it writable for this user, or set CLIENTELE_DATA_DIR to another folder',
  )
}

/** SQLITE_IOERR_SHMSIZE: the index of the write-ahead log could not grow. */
const indexCannotGrow = 4874

/** In each of its spellings: nothing was written, and with more space the same write succeeds. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const isSqlite = /disk is full/.test(error.message)
  return (
    isSqlite || systemCode(error) === 'ENOSPC' || Reflect.get(error, 'errcode') === indexCannotGrow
  )
}

function holder(dataDir: string): string {
  try {
    const { pid } = JSON.parse(readFileSync(holderFile(dataDir), 'utf8'))
    return `process ${pid}`
  } catch {
    // The holder is between taking the lock and writing its name.
    return 'another process'
  }
}

function holderFile(dataDir: string): string {
  return join(dataDir, 'holder.json')
}
