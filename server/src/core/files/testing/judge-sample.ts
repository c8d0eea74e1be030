// Owns judging a sample in a test: what it is taken as, or what it is refused with.
import { expect } from 'vitest'
import { refused } from '../../../../../test/refused.ts'
import { createFileJudge } from '../file-kind.ts'
import { gather, inChunks } from './file-samples.ts'

/** The type that a whole file is taken as; its bytes pass unchanged. */
export async function judgeSample(bytes: Uint8Array, chunkBytes = 1_000): Promise<string> {
  const judged = createFileJudge()
  const passed = await gather(judged.pass(inChunks(bytes, chunkBytes)))
  expect(passed.equals(bytes)).toBe(true)
  return judged.contentType()
}

/** The code and what was said, without the advice. */
export async function refusalOf(bytes: Uint8Array, chunkBytes?: number): Promise<string> {
  const { definition, message, param } = await refused(() => judgeSample(bytes, chunkBytes))
  expect(param).toBe('file')
  return `${definition.code} ${message.slice(0, -definition.fix.length - 1)}`
}
