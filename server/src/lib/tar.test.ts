// Owns the tests of the tar format: any tar reads it, and what was changed is no header of ours.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fromTarHeader, tarEnd, tarPadding, toTarHeader } from './tar.ts'

const sizes = [0, 1, 511, 512, 513, 8 * 2 ** 30 - 1, 8 * 2 ** 30, 2 ** 40 + 7]

test.each(sizes)('a file of %i bytes reads back as it was written', (bytes) => {
  const file = { name: 'files/ab/ab-1', bytes }
  expect(fromTarHeader(toTarHeader(file))).toEqual(file)
  expect((bytes + tarPadding(bytes)) % 512).toBe(0)
})

test('an empty block is the end', () => {
  expect(fromTarHeader(tarEnd.subarray(0, 512))).toBeNull()
})

test('a header with any one byte changed is refused', () => {
  const header = toTarHeader({ name: 'manifest.json', bytes: 300 })
  for (let index = 0; index < header.length; index += 1) {
    const changed = Buffer.from(header)
    changed[index] = (changed[index] ?? 0) ^ 0x41
    expect(() => fromTarHeader(changed)).toThrow(RangeError)
  }
})

test('a name that the format would cut, or that is no ASCII, is not written', () => {
  for (const name of ['', 'a'.repeat(101), 'señal', 'with space', 'line\nbreak']) {
    expect(() => toTarHeader({ name, bytes: 1 })).toThrow(TypeError)
  }
})

test("the system's own tar lists and reads it", () => {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-tar-'))
  try {
    const text = Buffer.from('seven b')
    const padding = new Uint8Array(tarPadding(text.length))
    const header = toTarHeader({ name: 'files/ab/ab-1', bytes: text.length })
    const path = join(folder, 'a.tar')
    writeFileSync(path, Buffer.concat([header, text, padding, tarEnd]))
    const listed = spawnSync('tar', ['-tf', path], { encoding: 'utf8' })
    expect([listed.stdout, listed.stderr]).toEqual(['files/ab/ab-1\n', ''])
    const read = spawnSync('tar', ['-xOf', path, 'files/ab/ab-1'], { encoding: 'utf8' })
    expect(read.stdout).toBe('seven b')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
