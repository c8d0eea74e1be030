// Owns the refusals of a multipart/form-data body by its form, before anybody looks into its parts.
import { defineErrors } from '../core/errors.ts'

export const multipartErrors = defineErrors({
  upload_not_multipart: {
    kind: 'unsupported_media',
    title: 'Body is not multipart/form-data',
    detail: 'Content-Type: is not multipart/form-data.',
    fix: 'Send the files as multipart/form-data, and let the client write the header itself.',
  },
  upload_malformed: {
    kind: 'malformed',
    title: 'Broken multipart body',
    detail: 'body: is not well-formed multipart/form-data.',
    fix: 'Send every part with its name, and the closing boundary after the last one.',
  },
  upload_part_unknown: {
    kind: 'malformed',
    title: 'Part not expected',
    detail: 'body: holds a part that this operation does not take.',
    fix: 'Send only the parts that the reference names, each text part once.',
  },
  upload_file_missing: {
    kind: 'malformed',
    title: 'No file',
    detail: 'body: holds no file.',
    fix: 'Send at least one part with a file.',
  },
  upload_files_too_many: {
    kind: 'malformed',
    title: 'Too many files',
    detail: 'body: holds more files than one call takes.',
    fix: 'Send the rest in another call.',
  },
  upload_file_too_large: {
    kind: 'too_large',
    title: 'File too large',
    detail: 'file: is larger than this operation takes.',
    fix: 'Send a smaller file.',
  },
  upload_too_large: {
    kind: 'too_large',
    title: 'Body too large',
    detail: 'body: is larger than all files that one call takes.',
    fix: 'Send fewer or smaller files.',
  },
})
