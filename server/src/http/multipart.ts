// Owns reading a multipart/form-data request: part after part as it comes, bounded in every way.
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { Busboy, type BusboyInstance } from '@fastify/busboy'
import { AppError } from '../core/errors.ts'
import { refuseContentEncoding } from './json.ts'
import { multipartErrors } from './multipart-errors.ts'

export interface MultipartOptions {
  /** Parts of this name are files, whatever else they say of themselves. */
  filePart: string
  filesMax: number
  fileBytesMax: number
  /** Parts of text that may stand beside them, before or after, each once. */
  textParts: string[]
}

/** A file on its way. */
export interface FilePart {
  fieldName: string
  /** As it was sent: unsafe to show, to save under or to log. Empty where there is none. */
  fileName: string
  /** As it was sent; the bytes decide. */
  contentType: string
  /** To be read to its end, or thrown from. Throws what the body is refused with. */
  stream: AsyncIterable<Uint8Array>
}

export interface MultipartBody {
  /** Of the parts of text that were sent, by name. */
  fields: Readonly<Record<string, string>>
}

const textBytesMax = 1_024
const partHeaderBytesMax = 8 * 1_024
const partHeadersMax = 20
/** Boundary and headers: by so much a body may be larger than what it holds. */
const partOverheadBytes = partHeaderBytesMax + 1_024
/** Dropped of a refused body of unknown length, so that the answer is out before the cut. */
const lingerBytes = 8 * 1_024 * 1_024
const partNameLengthMax = 100

/**
 * Calls `onFile` for one file at a time, in their order; what it has not read is not taken from the
 * network. After a refusal the rest of the body is read and dropped, since a caller that is cut off
 * while it sends may not get to read the answer; a body that says no length, or too great a one, is
 * cut off soon.
 * Errors: `multipartErrors`, and whatever `onFile` throws.
 */
export async function readMultipart(
  request: IncomingMessage,
  options: MultipartOptions,
  onFile: (part: FilePart) => Promise<void>,
): Promise<MultipartBody> {
  refuseContentEncoding(request.headers['content-encoding'])
  const body = createBody()
  const parser = createParser(request, options, body)
  // Goes on after a refusal, and never rejects.
  void pump(request, parser, { body, bytesMax: bodyBytesMax(options) })
  try {
    let files = 0
    for (let file = await body.next(); file !== null; file = await body.next()) {
      await onFile(file.part)
      file.skipRest()
      files += 1
    }
    if (files === 0) throw new AppError(multipartErrors.upload_file_missing)
    return { fields: body.fields }
  } catch (error) {
    body.fail(error)
    // What broke the body is the reason, whatever the reader of a part made of it.
    throw body.failure()
  }
}

interface WaitingFile {
  part: FilePart
  readable: Readable
  /** Drops what nobody read of it. */
  skipRest(): void
}

/** What stands between the parser, which runs ahead by a chunk, and who takes file after file. */
interface Body {
  fields: Record<string, string>
  add(file: WaitingFile): void
  /** `null` at the end. */
  next(): Promise<WaitingFile | null>
  finish(): void
  /** The first reason stays. */
  fail(reason: unknown): void
  failure(): unknown
  hasFailed(): boolean
  /** Ends at the first failure. */
  failed: Promise<void>
}

function createBody(): Body {
  const waiting: WaitingFile[] = []
  const failed = Promise.withResolvers<void>()
  let news = Promise.withResolvers<void>()
  let open: Readable | null = null
  let failure: { reason: unknown } | null = null
  let isFinished = false
  const tell = () => {
    news.resolve()
    news = Promise.withResolvers()
  }
  return {
    fields: {},
    failed: failed.promise,
    add(file) {
      waiting.push(file)
      tell()
    },
    async next() {
      // Whatever tells its news has left a file, the end or a failure.
      while (!failure && waiting.length === 0 && !isFinished) await news.promise
      if (failure) throw failure.reason
      const file = waiting.shift() ?? null
      open = file?.readable ?? open
      return file
    },
    finish() {
      isFinished = true
      tell()
    },
    fail(reason) {
      if (failure) return
      failure = { reason }
      const error = reason instanceof Error ? reason : new Error('a part was not read')
      for (const readable of [open, ...waiting.map((file) => file.readable)]) {
        readable?.destroy(error)
      }
      failed.resolve()
      tell()
    },
    failure: () => failure?.reason,
    hasFailed: () => failure !== null,
  }
}

function createParser(
  request: IncomingMessage,
  options: MultipartOptions,
  body: Body,
): BusboyInstance {
  const parser = openParser(request, {
    isPartAFile: (name) => {
      const refusal = refusalOfName(name, body.fields, options)
      if (refusal) body.fail(refusal)
      return name === options.filePart
    },
    limits: {
      files: options.filesMax,
      fileSize: options.fileBytesMax,
      // One more than may be: the one too many is refused by its name.
      fields: options.textParts.length + 1,
      fieldSize: textBytesMax,
      headerPairs: partHeadersMax,
      headerSize: partHeaderBytesMax,
    },
    preservePath: true,
  })
  parser.on('file', (fieldName, readable, fileName, _encoding, contentType) => {
    // Without a listener a broken body would end the process, not the part.
    readable.on('error', () => {})
    readable.on('limit', () => body.fail(tooLarge(options)))
    const part = { fieldName, fileName: fileName ?? '', contentType, stream: streamOf(readable) }
    body.add({ part, readable, skipRest: () => readable.resume() })
  })
  parser.on('field', (name, value, _isNameCut, isCut) => {
    if (isCut) body.fail(malformed(`${name}: is longer than ${textBytesMax} bytes`, name))
    else body.fields[name] = value
  })
  parser.on('filesLimit', () => body.fail(tooMany(options)))
  parser.on('error', () => body.fail(malformed('body: ends before its closing boundary')))
  parser.on('finish', body.finish)
  return parser
}

type ParserOptions = Omit<ConstructorParameters<typeof Busboy>[0], 'headers'>

function openParser(request: IncomingMessage, options: ParserOptions): BusboyInstance {
  const contentType = request.headers['content-type']
  if (contentType === undefined || !/^multipart\/form-data(?:\s*;|$)/i.test(contentType)) {
    throw new AppError(multipartErrors.upload_not_multipart, { param: 'Content-Type' })
  }
  try {
    return new Busboy({ ...options, headers: { 'content-type': contentType } })
  } catch {
    throw malformed('Content-Type: names no boundary', 'Content-Type')
  }
}

/** A reader that stops early must not destroy the part: the parser would wait for it for ever. */
function streamOf(readable: Readable): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => readable.iterator({ destroyOnReturn: false }) }
}

/** Feeds the parser at the pace of who reads the files; after a failure, nobody. */
async function pump(
  request: IncomingMessage,
  parser: BusboyInstance,
  { body, bytesMax }: { body: Body; bytesMax: number },
): Promise<void> {
  const declared = Number(request.headers['content-length'] ?? Number.NaN)
  const dropMax = declared <= bytesMax ? bytesMax : lingerBytes
  if (declared > bytesMax) body.fail(new AppError(multipartErrors.upload_too_large))
  let total = 0
  let dropped = 0
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      total += chunk.length
      if (total > bytesMax) body.fail(new AppError(multipartErrors.upload_too_large))
      if (body.hasFailed()) {
        dropped += chunk.length
        if (dropped <= dropMax) continue
        request.destroy()
        return
      }
      if (parser.write(chunk)) continue
      const drained = new Promise((resolve) => parser.once('drain', resolve))
      await Promise.race([drained, body.failed])
    }
    if (!body.hasFailed()) parser.end()
  } catch {
    // The caller went away, or the request took longer than it may.
    body.fail(malformed('body: ends before its closing boundary'))
  }
}

function bodyBytesMax({ filesMax, fileBytesMax, textParts }: MultipartOptions): number {
  const files = filesMax * (fileBytesMax + partOverheadBytes)
  return files + (textParts.length + 1) * (textBytesMax + partOverheadBytes)
}

function refusalOfName(
  name: string | undefined,
  fields: object,
  { filePart, textParts }: MultipartOptions,
): AppError | null {
  if (name === filePart) return null
  if (name === undefined) return malformed('body: holds a part without a name')
  const param = name.slice(0, partNameLengthMax)
  if (!textParts.includes(name)) {
    const known = [filePart, ...textParts].join(', ')
    const detail = `${param}: is not a part of this body; known: ${known}.`
    return new AppError(multipartErrors.upload_part_unknown, { param, detail })
  }
  return Object.hasOwn(fields, name) ? malformed(`${param}: is given twice`, param) : null
}

function malformed(rule: string, param = 'body'): AppError {
  return new AppError(multipartErrors.upload_malformed, { param, detail: `${rule}.` })
}

function tooMany({ filePart, filesMax }: MultipartOptions): AppError {
  const detail = `${filePart}: there are more than ${filesMax} files.`
  return new AppError(multipartErrors.upload_files_too_many, { param: filePart, detail })
}

function tooLarge({ filePart, fileBytesMax }: MultipartOptions): AppError {
  const detail = `${filePart}: is larger than ${fileBytesMax} bytes.`
  return new AppError(multipartErrors.upload_file_too_large, { param: filePart, detail })
}
