// Owns the proof that a file is judged by its bytes: what is taken whole, what is refused and why.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refused } from '../../../../test/refused.ts'
import { systemRandom } from '../../lib/random.ts'
import { createFileJudge } from './file-kind.ts'
import {
  inChunks,
  jpegEnd,
  jpegFrame,
  jpegScan,
  jpegSegment,
  jpegStart,
  makeJpeg,
  makePdf,
  makePng,
  pngChunk,
} from './testing/file-samples.ts'
import { judgeSample, refusalOf } from './testing/judge-sample.ts'

const profile = jpegSegment(0xe2, systemRandom.bytes(60_000))

describe('a file is taken', () => {
  const taken: [string, string, Buffer][] = [
    ['a PDF', 'application/pdf', makePdf()],
    ['a PDF of version 2', 'application/pdf', Buffer.from('%PDF-2.0\n%%EOF')],
    ['a large PDF', 'application/pdf', makePdf('x'.repeat(300_000))],
    ['a PNG', 'image/png', makePng()],
    [
      'a PNG with a long profile',
      'image/png',
      makePng({ more: [pngChunk('iCCP', Buffer.alloc(70_000))] }),
    ],
    ['a PNG of exactly 50 megapixels', 'image/png', makePng({ width: 10_000, height: 5_000 })],
    ['a JPEG', 'image/jpeg', makeJpeg()],
    [
      'a JPEG with a long profile before its size',
      'image/jpeg',
      makeJpeg({ more: [profile, profile] }),
    ],
    [
      'a JPEG in several scans',
      'image/jpeg',
      Buffer.concat([jpegStart, jpegFrame(9, 9, 0xc2), jpegScan, jpegScan, jpegEnd]),
    ],
    [
      'a JPEG with fill bytes',
      'image/jpeg',
      Buffer.concat([jpegStart, Buffer.of(0xff, 0xff), jpegFrame(9, 9), jpegScan, jpegEnd]),
    ],
    ['a JPEG with a preview after its end', 'image/jpeg', Buffer.concat([makeJpeg(), makeJpeg()])],
    ['a JPEG of exactly 50 megapixels', 'image/jpeg', makeJpeg({ width: 10_000, height: 5_000 })],
  ]
  test.each(taken)('%s, byte for byte', async (_, contentType, bytes) => {
    for (const chunkBytes of [1, 4_099, 70_000, 1_000_000]) {
      expect(await judgeSample(bytes, chunkBytes)).toBe(contentType)
    }
  })

  test('and nothing of it passes before its beginning was judged', async () => {
    const judged = createFileJudge()
    const passing = judged.pass(inChunks(Buffer.from('MZ'.repeat(100_000))))
    expect((await refused(() => passing.next())).definition.code).toBe('file_type_unsupported')
  })

  test('and has no type before its end', async () => {
    const judged = createFileJudge()
    await judged.pass(inChunks(makePng())).next()
    expect(() => judged.contentType()).toThrow(
      'a file has a type once all of its bytes have passed',
    )
  })
})

describe('a file is refused', () => {
  test('when it is empty', async () => {
    expect(await refusalOf(Buffer.alloc(0))).toBe('file_malformed file: is empty.')
  })

  test.each([
    ['a PNG', makePng()],
    ['a JPEG', makeJpeg()],
  ])('when it is %s that is cut anywhere', async (_, whole) => {
    for (let length = 1; length < whole.length; length += 1) {
      const said = await refusalOf(whole.subarray(0, length))
      const isTooShort = /^file_type_unsupported file: is .*, not a PDF, PNG or JPEG\.$/.test(said)
      const isCut = said === 'file_malformed file: ends before its content does.'
      expect(length < 8 ? isTooShort || isCut : isCut).toBe(true)
    }
  })

  test('when it is a PDF that is cut before its end', async () => {
    const whole = makePdf('x'.repeat(5_000))
    for (const length of [9, 1_000, 5_000, whole.length - 5]) {
      expect(await refusalOf(whole.subarray(0, length))).toBe(
        'file_malformed file: is a PDF without its end.',
      )
    }
  })

  test('when a picture says more than 50 megapixels, before its pixels come', async () => {
    expect(await refusalOf(makePng({ width: 50_000, height: 50_000 }))).toBe(
      'file_image_too_large file: is a picture of 50000 x 50000 pixels, more than 50000000.',
    )
    expect(await refusalOf(makePng({ width: 10_000, height: 5_001 }))).toContain('10000 x 5001')
    expect(await refusalOf(makeJpeg({ width: 50_000, height: 50_000 }))).toContain('50000 x 50000')
    expect(await refusalOf(makeJpeg({ width: 10_000, height: 5_001, more: [profile] }))).toContain(
      'file_image_too_large',
    )
    expect(await refusalOf(makePng({ width: 2 ** 32 - 1, height: 2 ** 32 - 1 }))).toContain(
      'file_image_too_large',
    )
  })
})

test('any bytes at all are taken or refused, never anything else', async () => {
  const samples = [makePng(), makeJpeg(), makePdf()]
  const noise = fc.uint8Array({ maxLength: 40 })
  const property = fc.asyncProperty(
    fc.nat(2),
    fc.nat(200),
    fc.nat(10),
    noise,
    async (which, at, removed, bytes) => {
      const sample = samples[which] ?? Buffer.alloc(0)
      const changed = [sample.subarray(0, at), bytes, sample.subarray(at + removed)]
      const outcome = await judgeSample(Buffer.concat(changed)).catch(
        (error) => error.definition.code,
      )
      expect(outcome).toMatch(/^(application\/pdf|image\/(png|jpeg)|file_\w+)$/)
    },
  )
  await fc.assert(property, { numRuns: 500 })
})
