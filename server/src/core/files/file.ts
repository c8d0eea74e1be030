// Owns the words of identity files: what one is, what it can be refused with, what happens to it.
import { defineErrors } from '../errors.ts'
import { refuseField } from '../fields.ts'

/** What a file proves, in the caller's words. */
export const fileTypes = [
  'SSN_FRONT',
  'SSN_BACK',
  'CPF_DOCUMENT',
  'PASSPORT',
  'ADDRESS_PROOF',
  'OTHER',
] as const

export type FileType = (typeof fileTypes)[number]

/** What the bytes are: nothing else is kept. */
export const contentTypes = ['application/pdf', 'image/png', 'image/jpeg'] as const

export type ContentType = (typeof contentTypes)[number]

export const fileBytesMax = 10 * 1024 * 1024
/** In one call. */
export const filesPerCallMax = 10
export const filesPerCustomerMax = 500
/** Pixels take memory when somebody opens the picture, whatever the file's size. */
export const imagePixelsMax = 50_000_000
export const fileNameLengthMax = 200

/** A file of a customer, without its bytes. */
export interface FileEntry {
  id: string
  customerId: string
  /** Safe to show and to save under; what was sent may have been another name. */
  name: string
  fileType: FileType
  contentType: ContentType
  /** In bytes. */
  size: number
  /** Hexadecimal, of the bytes as they were sent. */
  sha256: string
  createdAt: number
}

export const fileErrors = defineErrors({
  file_not_found: {
    kind: 'missing',
    title: 'No such file',
    detail: 'The customer has no file with this id.',
    fix: "Take the id from the list of the customer's files.",
  },
  file_type_unsupported: {
    kind: 'unsupported_media',
    title: 'File is not a PDF, PNG or JPEG',
    detail: 'file: is not a PDF, PNG or JPEG by its content.',
    fix: 'Send a PDF, PNG or JPEG that holds nothing else; the name does not decide.',
  },
  file_malformed: {
    kind: 'malformed',
    title: 'File is damaged',
    detail: 'file: is empty, cut short, or broken inside.',
    fix: 'Open the file to see that it is whole, save it anew and send that.',
  },
  file_too_large: {
    kind: 'too_large',
    title: 'File too large',
    detail: `file: is larger than ${fileBytesMax} bytes.`,
    fix: 'Send a smaller file, at most 10 MiB.',
  },
  file_image_too_large: {
    kind: 'too_large',
    title: 'Picture has too many pixels',
    detail: `file: has more than ${imagePixelsMax} pixels.`,
    fix: 'Scale the picture down and send that.',
  },
  file_limit_reached: {
    kind: 'conflict',
    title: 'Customer has too many files',
    detail: `A customer holds at most ${filesPerCustomerMax} files.`,
    fix: 'Send only files that are still needed.',
  },
  file_upload_expired: {
    kind: 'conflict',
    title: 'Upload took too long',
    detail: 'The bytes of a file were received too long ago to be kept.',
    fix: 'Send the files again.',
  },
})

export const fileEvents = {
  added: 'customer.file.added',
} as const

/** Error: `field_invalid`. */
export function readFileType(text: string): FileType {
  const found = fileTypes.find((fileType) => fileType === text)
  return found ?? refuseField('fileType', `must be one of ${fileTypes.join(', ')}`)
}
