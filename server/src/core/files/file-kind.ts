// Owns judging what a file is by its bytes as they pass: a whole PDF, PNG or JPEG and nothing else.
import { fileTypeFromBuffer } from 'file-type'
import { assert } from '../../lib/assert.ts'
import type { ContentType } from './file.ts'
import { blockBytes, refuseMarkup, type Watch, watchSecondContent } from './second-content.ts'
import { followStructure, refuseMalformed, refuseUnsupported, type Structure } from './structure.ts'
import { jpegSignature, walkJpeg } from './walk-jpeg.ts'
import { pngSignature, walkPng } from './walk-png.ts'

/** The one that fills, and the one before it, which is still looked at. */
const blocksInTurn = 2
/** Enough for every signature that is told by name. */
const headBytes = 4_100
/** How far readers of PDF look for its beginning and its end. */
const pdfMarginBytes = 1_024

export interface FileJudge {
  /**
   * The same bytes, none before the first ones were judged; a refusal may still come at the end.
   * Each chunk is valid until the next one is asked for.
   * Errors: `file_type_unsupported`, `file_malformed`, `file_image_too_large`.
   */
  pass(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>
  /** Once all bytes have passed. */
  contentType(): ContentType
}

export function createFileJudge(): FileJudge {
  let verdict: ContentType | null = null
  return {
    async *pass(source) {
      let judged: Judged | null = null
      for await (const block of inBlocks(source)) {
        if (judged) judged.push(block)
        else judged = judge(await judgeHead(block), block)
        yield block
      }
      if (!judged) refuseMalformed('is empty')
      verdict = judged.end()
    },
    contentType() {
      assert(verdict !== null, 'a file has a type once all of its bytes have passed')
      return verdict
    },
  }
}

/**
 * Blocks of one size, the last one with the rest, none empty: a caller that sends byte by byte must
 * not cost a look at each. Their memory is used again in turn.
 */
async function* inBlocks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const memory = Buffer.alloc(blocksInTurn * blockBytes)
  let turn = 0
  let filled = 0
  const block = () => memory.subarray(turn * blockBytes, turn * blockBytes + filled)
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      const taken = chunk.subarray(at, at + blockBytes - filled)
      memory.set(taken, turn * blockBytes + filled)
      filled += taken.length
      at += taken.length
      if (filled < blockBytes) continue
      yield block()
      turn = (turn + 1) % blocksInTurn
      filled = 0
    }
  }
  if (filled > 0) yield block()
}

interface Judged {
  push(block: Buffer): void
  end(): ContentType
}

function judge(contentType: ContentType, head: Buffer): Judged {
  const structure = structureOf(contentType)
  const watch = watchSecondContent()
  const push = (block: Buffer) => {
    structure?.push(block)
    watch.push(block)
  }
  push(head)
  return {
    push,
    end() {
      judgeEnd(contentType, structure, watch)
      return contentType
    },
  }
}

function structureOf(contentType: ContentType): Structure | null {
  if (contentType === 'image/png') return followStructure(walkPng())
  return contentType === 'image/jpeg' ? followStructure(walkJpeg()) : null
}

/** By its signature, to which nothing of the other readings may object. */
async function judgeHead(head: Buffer): Promise<ContentType> {
  const claimed = claimOf(head)
  const told = await tellType(head)
  if (claimed === null) {
    refuseUnsupported(`is ${told ?? guessText(head)}, not a PDF, PNG or JPEG`)
  }
  if (told !== null && told !== claimed) refuseUnsupported(`is ${told}, not a PDF, PNG or JPEG`)
  refuseMarkup(head.subarray(0, headBytes))
  const margin = head.subarray(0, pdfMarginBytes)
  if (claimed !== 'application/pdf' && margin.includes('%PDF-')) refuseUnsupported('is a PDF too')
  return claimed
}

function claimOf(head: Buffer): ContentType | null {
  const startsWith = (signature: Buffer) => head.subarray(0, signature.length).equals(signature)
  if (startsWith(pngSignature)) return 'image/png'
  if (startsWith(jpegSignature)) return 'image/jpeg'
  return /^%PDF-[12]\.\d/.test(head.toString('latin1', 0, 8)) ? 'application/pdf' : null
}

/** The library's word, for the refusal and as a second opinion; `null` where it knows none. */
async function tellType(head: Buffer): Promise<string | null> {
  // A copy of the head alone: it never sees, and never unpacks, more than that.
  const found = await fileTypeFromBuffer(new Uint8Array(head.subarray(0, headBytes)))
  return found?.mime ?? null
}

/** What the library does not tell, since it has no signature. */
function guessText(head: Buffer): string {
  const text = head.toString('latin1')
  if (/<svg/i.test(text)) return 'image/svg+xml'
  if (/<(?:!doctype\s+html|html|script|body)/i.test(text)) return 'text/html'
  if (/^[\x09-\x0d\x20-\x7e]+$/.test(text)) return 'text/plain'
  return 'of an unknown type'
}

function judgeEnd(contentType: ContentType, structure: Structure | null, watch: Watch): void {
  structure?.end()
  const tail = watch.end()
  const trailing = structure?.trailing() ?? 0
  if (contentType === 'application/pdf' && !tail.subarray(-pdfMarginBytes).includes('%%EOF')) {
    refuseMalformed('is a PDF without its end')
  }
  if (contentType === 'image/png' && trailing > 0) {
    refuseUnsupported('has something after the end of its picture')
  }
  // Cameras append previews, gain maps and clips to a JPEG: that alone is no reason.
  if (contentType === 'image/jpeg' && trailing > 0) {
    refuseMarkup(tail.subarray(-Math.min(trailing, tail.length)))
  }
}
