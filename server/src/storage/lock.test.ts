// Owns the proof that one process at a time has a data folder.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { folderRefusal, isDiskFull, lockFolder } from './lock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clientele-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a folder that is taken is refused by naming its holder and the way out', () => {
  const lock = lockFolder(folder)
  expect(() => lockFolder(folder)).toThrow(
    expect.objectContaining({
      code: 'data_folder_in_use',
      message: `the data folder ${folder} is in use by process ${process.pid}`,
      fix: 'stop that process, or set CLIENTELE_DATA_DIR to another folder',
    }),
  )
  lock.release()
})

test('a folder that was given back can be taken again', () => {
  lockFolder(folder).release()
  lockFolder(folder).release()
})

test('a holder that has not written its name yet is still refused', () => {
  const lock = lockFolder(folder)
  rmSync(join(folder, 'holder.json'))
  expect(() => lockFolder(folder)).toThrow(`${folder} is in use by another process`)
  lock.release()
})

test('a folder that does not exist is made, for its owner only', () => {
  const inner = join(folder, 'a', 'b')
  lockFolder(inner).release()
  expect(statSync(inner).mode & 0o777).toBe(0o700)
})

test('a lock that a killed process has left is taken over at once', async () => {
  const module = JSON.stringify(join(import.meta.dirname, 'lock.ts'))
  const script = `
    import { lockFolder } from ${module}
    lockFolder(process.argv[1])
    console.log('locked')
    setInterval(() => {}, 1000)
  `
  const args = ['--input-type=module', '-e', script, folder]
  const holder = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(holder, 'close')
  try {
    await once(holder.stdout, 'data')
    expect(() => lockFolder(folder)).toThrow(`is in use by process ${holder.pid}`)
  } finally {
    holder.kill('SIGKILL')
    await gone
  }
  lockFolder(folder).release()
})

describe('a folder that cannot be used', () => {
  test('is refused in one line when its path is a file', () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect(() => lockFolder(file)).toThrow(
      expect.objectContaining({ code: 'data_folder_unusable' }),
    )
    expect(existsSync(join(folder, 'lock.db'))).toBe(false)
  })

  const fullDisk = [
    Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }),
    new Error('database or disk is full'),
    Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 4874 }),
  ]
  test.each(fullDisk)('is a full disk: %s', (error) => {
    expect(isDiskFull(error)).toBe(true)
    expect(folderRefusal('/data', error)).toMatchObject({
      code: 'disk_full',
      message: 'the disk that holds /data is full',
      fix: 'free some space, then start again',
    })
  })

  test('is no full disk when the disk itself fails', () => {
    const error = Object.assign(new Error('disk I/O error'), { errcode: 778 })
    expect(isDiskFull(error)).toBe(false)
    expect(folderRefusal('/data', error)).toMatchObject({
      code: 'data_folder_unusable',
      message: 'the data folder /data cannot be written: disk I/O error',
    })
  })
})
