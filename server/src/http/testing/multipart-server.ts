// Owns a bare server for tests of multipart bodies: reads each request, answers what it held.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AppError } from '../../core/errors.ts'
import { type FilePart, type MultipartOptions, readMultipart } from '../multipart.ts'

export interface MultipartServer {
  port: number
  url: string
  /** Refusals by code, in their order; what is no refusal by its message. */
  failures: string[]
  close(): Promise<void>
}

export type OnFile = (part: FilePart, request: IncomingMessage) => Promise<unknown>

const statuses: Record<string, number> = { malformed: 400, too_large: 413, unsupported_media: 415 }

/** Answers `{fields, files: [what onFile answered]}`, or `{code, param, message}`. */
export async function startMultipartServer(
  options: MultipartOptions,
  onFile: OnFile,
): Promise<MultipartServer> {
  const failures: string[] = []
  const server = createServer(async (request, response) => {
    try {
      const files: unknown[] = []
      const { fields } = await readMultipart(request, options, async (part) => {
        files.push(await onFile(part, request))
      })
      response.end(JSON.stringify({ fields, files }))
    } catch (error) {
      const isRefusal = error instanceof AppError
      const code = isRefusal ? error.definition.code : String(error)
      failures.push(code)
      response.statusCode = (isRefusal && statuses[error.definition.kind]) || 500
      const said = isRefusal ? { param: error.param, message: error.message } : {}
      response.end(JSON.stringify({ code, ...said }))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    failures,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export async function readAll(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const boundary = 'a-boundary'
export const multipartType = `multipart/form-data; boundary=${boundary}`

/** Parts as they go over the wire: the header lines as they are given, then the content. */
export function encodeParts(parts: { headers: string[]; content: string | Uint8Array }[]): Buffer {
  const chunks = parts.flatMap(({ headers, content }) => [
    Buffer.from(`--${boundary}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)])
}

export function fileHeaders(fileName: string, contentType = 'application/pdf'): string[] {
  return [
    `Content-Disposition: form-data; name="file"; filename="${fileName}"`,
    `Content-Type: ${contentType}`,
  ]
}
