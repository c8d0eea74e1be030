// Owns answering bytes instead of JSON: a file, always as an attachment that no browser interprets.
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** What an operation with `returns.contentType` answers. */
export interface Download {
  contentType: string
  fileName: string
  size: number
  bytes: AsyncIterable<Uint8Array>
}

export function sendDownload(
  reply: FastifyReply,
  status: number,
  download: Download,
): FastifyReply {
  return reply
    .code(status)
    .header('content-type', download.contentType)
    .header('content-length', download.size)
    .header('content-disposition', attachmentOf(download.fileName))
    .header('content-security-policy', "default-src 'none'; sandbox")
    .send(Readable.from(download.bytes))
}

/** RFC 6266: the name in ASCII, and in full where it is more than that. */
function attachmentOf(fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\/%]/g, '_')
  const full = encodeURIComponent(fileName.toWellFormed()).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${full}`
}
