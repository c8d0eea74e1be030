// Owns a disk that can be filled: a small file system of its own, where the system allows one.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk {
  folder: string
  /** Takes all of its space but `bytesLeft`. */
  fill(bytesLeft: number): void
  empty(): void
  remove(): void
}

export function canMountDisks(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  const probe = createSmallDisk(4_096)
  probe?.remove()
  return probe !== null
}

/** `null` where this process may not mount one. */
export function createSmallDisk(bytes: number): SmallDisk | null {
  const parent = mkdtempSync(join(tmpdir(), 'clientele-disk-'))
  const folder = join(parent, 'disk')
  mkdirSync(folder)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder])
  if (mounted.status !== 0) {
    rmSync(parent, { recursive: true })
    return null
  }
  const ballast = join(folder, 'ballast')
  return {
    folder,
    fill(bytesLeft) {
      const { bavail, bsize } = statfsSync(folder)
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - bytesLeft)), { flag: 'a' })
    },
    empty: () => rmSync(ballast, { force: true }),
    remove() {
      spawnSync('umount', ['-l', folder])
      rmSync(parent, { recursive: true, force: true })
    },
  }
}
