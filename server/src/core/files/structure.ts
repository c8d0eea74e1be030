// Owns following a file's inner structure as its bytes pass, without holding them.
import { AppError } from '../errors.ts'
import { fileErrors } from './file.ts'

/** What a walk wants next: bytes to look at, bytes to pass over, or the next byte of a value. */
export type Step = { take: number } | { skip: number } | { seek: number }

/** Describes one format, step by step; is given the bytes it took. Returns at the format's end. */
export type Walk = Generator<Step, void, Buffer>

export interface Structure {
  push(chunk: Uint8Array): void
  /** Refuses what ends too early. */
  end(): void
  /** Bytes that came after the format's own end. */
  trailing(): number
}

const empty = Buffer.alloc(0)

export function followStructure(walk: Walk): Structure {
  let step = walk.next()
  let taken = empty
  let skipped = 0
  let trailing = 0

  const advance = (bytes: Buffer) => {
    taken = empty
    skipped = 0
    step = walk.next(bytes)
  }
  /** How many bytes of `rest` were used. */
  const use = (rest: Buffer, wanted: Step): number => {
    if ('seek' in wanted) {
      const found = rest.indexOf(wanted.seek)
      if (found < 0) return rest.length
      advance(empty)
      return found + 1
    }
    if ('skip' in wanted) {
      const used = Math.min(rest.length, wanted.skip - skipped)
      skipped += used
      if (skipped === wanted.skip) advance(empty)
      return used
    }
    const used = Math.min(rest.length, wanted.take - taken.length)
    taken = Buffer.concat([taken, rest.subarray(0, used)])
    if (taken.length === wanted.take) advance(taken)
    return used
  }

  return {
    push(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      let at = 0
      while (at < bytes.length) {
        if (step.done) {
          trailing += bytes.length - at
          return
        }
        at += use(bytes.subarray(at), step.value)
      }
    },
    end() {
      if (!step.done) refuseMalformed('ends before its content does')
    },
    trailing: () => trailing,
  }
}

export function refuseMalformed(rule: string): never {
  throw new AppError(fileErrors.file_malformed, { param: 'file', detail: `file: ${rule}.` })
}

export function refuseUnsupported(rule: string): never {
  throw new AppError(fileErrors.file_type_unsupported, { param: 'file', detail: `file: ${rule}.` })
}

/** Errors: `file_malformed`, `file_image_too_large`. */
export function checkPixels(size: { width: number; height: number }, pixelsMax: number): void {
  const { width, height } = size
  if (width === 0 || height === 0) refuseMalformed('has a picture without a size')
  if (width * height <= pixelsMax) return
  throw new AppError(fileErrors.file_image_too_large, {
    param: 'file',
    detail: `file: is a picture of ${width} x ${height} pixels, more than ${pixelsMax}.`,
  })
}
