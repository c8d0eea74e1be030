// Owns the refusals of files that are broken inside, or that are something else as well.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  eicar,
  jpegEnd,
  jpegFrame,
  jpegScan,
  jpegSegment,
  jpegStart,
  makeJpeg,
  makePdf,
  makePng,
  makeZip,
  pngChunk,
  pngHeader,
  pngSignature,
} from './testing/file-samples.ts'
import { refusalOf } from './testing/judge-sample.ts'

describe('a picture is refused', () => {
  const idat = pngChunk('IDAT')
  const end = pngChunk('IEND')
  const header = pngHeader(4, 4)
  const wrongSum = Buffer.from(header)
  wrongSum.writeUInt8(5, 11)
  const broken: [string, string, Buffer[]][] = [
    ['no header', 'is a PNG without a header', [pngSignature, idat, end]],
    [
      'a header of another length',
      'is a PNG without a header',
      [pngSignature, pngChunk('IHDR', Buffer.alloc(12)), end],
    ],
    [
      'a wrong check sum',
      'is a PNG whose header does not match its check sum',
      [pngSignature, wrongSum, end],
    ],
    ['no width', 'has a picture without a size', [pngSignature, pngHeader(0, 4), idat, end]],
    ['no height', 'has a picture without a size', [pngSignature, pngHeader(4, 0), idat, end]],
    [
      'an unknown depth',
      'is a PNG whose header makes no sense',
      [pngSignature, pngHeader(4, 4, '0302000000'), end],
    ],
    [
      'an unknown colour',
      'is a PNG whose header makes no sense',
      [pngSignature, pngHeader(4, 4, '0805000000'), end],
    ],
    [
      'an unknown compression',
      'is a PNG whose header makes no sense',
      [pngSignature, pngHeader(4, 4, '0800010000'), end],
    ],
    [
      'an unknown interlace',
      'is a PNG whose header makes no sense',
      [pngSignature, pngHeader(4, 4, '0800000002'), end],
    ],
    [
      'a second header',
      'is a PNG with two headers',
      [pngSignature, header, pngHeader(60_000, 60_000), end],
    ],
    [
      'a chunk without a name',
      'is a PNG with a chunk that is none',
      [pngSignature, header, pngChunk('\0\0\0\0'), end],
    ],
    [
      'a chunk of 4 GiB',
      'is a PNG with a chunk that is none',
      [pngSignature, header, Buffer.alloc(4, 255), Buffer.from('IDAT')],
    ],
    [
      'content in its end',
      'is a PNG with content in its end',
      [pngSignature, header, idat, pngChunk('IEND', Buffer.of(1))],
    ],
    [
      'a frame without a size',
      'has a picture without a size',
      [jpegStart, jpegFrame(0, 9), jpegScan, jpegEnd],
    ],
    [
      'a size that comes later',
      'has a picture without a size',
      [jpegStart, jpegFrame(9, 0), jpegScan, jpegEnd],
    ],
    [
      'no frame',
      'is a JPEG without a size',
      [jpegStart, jpegSegment(0xe0, Buffer.alloc(4)), jpegScan, jpegEnd],
    ],
    ['no scan', 'is a JPEG without a picture', [jpegStart, jpegFrame(9, 9), jpegEnd]],
    [
      'two frames',
      'is a JPEG with two frames',
      [jpegStart, jpegFrame(9, 9), jpegFrame(60_000, 60_000), jpegScan, jpegEnd],
    ],
    [
      'a second frame between scans',
      'is a JPEG with two frames',
      [jpegStart, jpegFrame(9, 9), jpegScan, jpegFrame(60_000, 60_000), jpegScan, jpegEnd],
    ],
    [
      'a frame that is too short',
      'is a JPEG with a frame that is none',
      [jpegStart, jpegSegment(0xc0, Buffer.alloc(5)), jpegScan, jpegEnd],
    ],
    [
      'no segment after another',
      'is a JPEG with a segment that is none',
      [jpegStart, jpegSegment(0xe0, Buffer.alloc(4)), Buffer.of(1, 2), jpegScan],
    ],
    [
      'a segment without a length',
      'is a JPEG with a segment that is none',
      [jpegStart, Buffer.of(0xff, 0xe0, 0, 1), jpegScan],
    ],
    [
      'a picture within the picture',
      'is a JPEG with a segment that is none',
      [jpegStart, jpegSegment(0xe0, Buffer.alloc(4)), jpegStart, jpegScan],
    ],
  ]
  test.each(broken)('with %s', async (_, reason, parts) => {
    expect(await refusalOf(Buffer.concat(parts))).toBe(`file_malformed file: ${reason}.`)
  })
})

describe('a file is refused', () => {
  const zip = makeZip('a.txt', Buffer.from('hello'))
  const script = '<ScRiPt>alert(1)</ScRiPt>'
  const markup = 'holds markup that a browser could run'
  const zipToo = 'is a ZIP archive too'
  const virus = 'holds the EICAR test file'
  const afterPng = 'has something after the end of its picture'
  const twofold: [string, string, Buffer[]][] = [
    ['a PNG and an archive', zipToo, [makePng(), zip]],
    ['a PNG and anything else', afterPng, [makePng(), Buffer.of(0)]],
    ['a JPEG and an archive', zipToo, [makeJpeg(), zip]],
    ['a JPEG and an archive with a long comment', zipToo, [makeJpeg(), zip, Buffer.alloc(65_535)]],
    ['a PDF and an archive', zipToo, [makePdf(), zip, Buffer.from('%%EOF')]],
    [
      'a JPEG and a RAR archive',
      'holds a RAR archive',
      [makeJpeg(), Buffer.from('Rar!\x1a\x07\x00')],
    ],
    [
      'a JPEG and a 7z archive',
      'holds a 7z archive',
      [makeJpeg(), Buffer.from('377abcaf271c', 'hex')],
    ],
    ['a JPEG and a page', markup, [makeJpeg(), Buffer.from('<HTML>')]],
    ['a JPEG and a PDF', 'is a PDF too', [makeJpeg({ more: [jpegSegment(0xfe, makePdf())] })]],
    ['a PNG and a PDF', 'is a PDF too', [makePng({ more: [pngChunk('tEXt', makePdf())] })]],
    ['a PNG with a script', markup, [makePng({ more: [pngChunk('tEXt', Buffer.from(script))] })]],
    [
      'a JPEG with a script',
      markup,
      [makeJpeg({ more: [jpegSegment(0xfe, Buffer.from(script))] })],
    ],
    ['a JPEG with PHP', markup, [makeJpeg({ more: [jpegSegment(0xfe, Buffer.from('<?php x'))] })]],
    ['a PDF with a script', markup, [makePdf(script)]],
    [
      'a PDF with the test virus',
      virus,
      [makePdf(`${'x'.repeat(65_500)}${eicar}${'x'.repeat(200_000)}`)],
    ],
    ['a PNG with the test virus', virus, [makePng({ more: [pngChunk('tEXt', eicar)] })]],
    [
      'an animated PNG',
      'is image/apng, not a PDF, PNG or JPEG',
      [makePng({ more: [pngChunk('acTL', Buffer.alloc(8))] })],
    ],
  ]
  test.each(twofold)('when it is %s', async (_, reason, parts) => {
    for (const chunkBytes of [7, 65_558, 1_000_000]) {
      const said = await refusalOf(Buffer.concat(parts), chunkBytes)
      expect(said).toBe(`file_type_unsupported file: ${reason}.`)
    }
  })

  test('wherever in it the test virus stands, also across two blocks', async () => {
    const property = fc.asyncProperty(fc.integer({ min: 65_450, max: 65_600 }), async (at) => {
      const said = await refusalOf(
        makePdf(`${'x'.repeat(at)}${eicar}${'x'.repeat(70_000)}`),
        30_000,
      )
      expect(said).toBe(`file_type_unsupported file: ${virus}.`)
    })
    await fc.assert(property, { numRuns: 150 })
  })
})
