// Owns the structure of a JPEG: its segments, its size, its scans, and where the picture ends.
import { imagePixelsMax } from './file.ts'
import { checkPixels, refuseMalformed, type Step, type Walk } from './structure.ts'

export const jpegSignature = Buffer.from('ffd8ff', 'hex')

const endOfImage = 0xd9
const startOfScan = 0xda
/** Depth of a sample, height and width. */
const frameStartBytes = 5

/** Errors: `file_malformed`, `file_image_too_large`. */
export function* walkJpeg(): Walk {
  yield { skip: 2 }
  let hasFrame = false
  let hasScan = false
  for (;;) {
    const code: number = hasScan ? yield* seekMarker() : yield* readMarker()
    if (code === endOfImage) {
      if (!hasScan) refuseMalformed('is a JPEG without a picture')
      return
    }
    const start = yield { take: 2 }
    const length = start.readUInt16BE(0) - 2
    if (length < 0) refuseMalformed('is a JPEG with a segment that is none')
    if (isFrame(code)) {
      // A second size could say something else than the one that was checked.
      if (hasFrame) refuseMalformed('is a JPEG with two frames')
      yield* readFrame(length)
      hasFrame = true
    } else {
      if (code === startOfScan && !hasFrame) refuseMalformed('is a JPEG without a size')
      hasScan ||= code === startOfScan
      if (length > 0) yield { skip: length }
    }
  }
}

function* readFrame(length: number): Walk {
  if (length <= frameStartBytes) refuseMalformed('is a JPEG with a frame that is none')
  const frame = yield { take: frameStartBytes }
  checkPixels({ height: frame.readUInt16BE(1), width: frame.readUInt16BE(3) }, imagePixelsMax)
  yield { skip: length - frameStartBytes }
}

type Code = Generator<Step, number, Buffer>

/** The next segment begins right here. */
function* readMarker(): Code {
  let [first, code = 0] = yield { take: 2 }
  if (first !== 0xff) refuseMalformed('is a JPEG with a segment that is none')
  // Fill bytes may stand before a code.
  while (code === 0xff) [code = 0] = yield { take: 1 }
  if (code === 0 || isBare(code)) refuseMalformed('is a JPEG with a segment that is none')
  return code
}

/** The next segment stands after coded data, in which a zero or a restart follows the mark. */
function* seekMarker(): Code {
  for (;;) {
    yield { seek: 0xff }
    let [code = 0] = yield { take: 1 }
    while (code === 0xff) [code = 0] = yield { take: 1 }
    if (code !== 0 && !isBare(code)) return code
  }
}

/** Frames of every process; the codes between them are tables. */
function isFrame(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc
}

/** Restarts, and what has no length: it may stand in coded data only. */
function isBare(code: number): boolean {
  return (code >= 0xd0 && code <= 0xd8) || code === 0x01
}
