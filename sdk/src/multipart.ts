// Owns the encoding of a form with files, as HTML defines `multipart/form-data`.
import { ArgumentError } from './errors.ts'

export interface EncodedForm {
  contentType: string
  body: Blob
}

/**
 * Encoded once for all attempts, with every file read. `fetch` given the form itself would choose
 * another boundary for each attempt, and a server that compares what comes under one
 * `Idempotency-Key` would see another request; and where a file on disk has changed since it was
 * chosen, Node's `fetch` waits for ever and rejects a promise that nobody holds.
 */
export async function encodeForm(form: FormData | undefined): Promise<EncodedForm> {
  if (!(form instanceof FormData)) throw new ArgumentError('files', 'is not a FormData')
  const boundary = `----clientele-${crypto.randomUUID()}`
  const parts: (string | ArrayBuffer)[] = []
  for (const [name, value] of form) {
    parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${quoted(newlines(name))}"`)
    if (typeof value === 'string') {
      parts.push(`\r\n\r\n${newlines(value)}\r\n`)
    } else {
      const type = value.type === '' ? 'application/octet-stream' : value.type
      parts.push(`; filename="${quoted(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`)
      parts.push(await read(value), '\r\n')
    }
  }
  parts.push(`--${boundary}--\r\n`)
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: new Blob(parts) }
}

async function read(file: File): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer()
  } catch (error) {
    throw new ArgumentError('files', 'has a file that cannot be read', { cause: error })
  }
}

/** A line break or a quotation mark in a name would end it, and begin what the name says. */
function quoted(name: string): string {
  return name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22')
}

const newlines = (text: string) => text.replaceAll(/\r\n|\r|\n/g, '\r\n')
