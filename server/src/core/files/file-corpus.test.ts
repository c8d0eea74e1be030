// Owns the corpus of hostile files: sixty of sixty are refused, or kept under a harmless name.
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import type { Context } from '../context.ts'
import { createCustomer } from '../customer/customer-service.ts'
import { AppError } from '../errors.ts'
import { fileBytesMax } from './file.ts'
import { keepFiles, listFiles, openFile, receiveFile } from './file-service.ts'
import {
  eicar,
  gather,
  inChunks,
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
} from './testing/file-samples.ts'

let server: TestServer
let context: Context
let customerId: string

beforeAll(async () => {
  server = await startTestServer()
  context = server.contextOf(server.testApp)
  customerId = (await createCustomer(context, { kind: 'individual', name: 'Ana Souza' })).id
})
afterAll(() => server.close())

const text = (content: string) => Buffer.from(content, 'latin1')
const both = (...parts: Buffer[]) => Buffer.concat(parts)
const unsupported = 'file_type_unsupported'
const malformed = 'file_malformed'
const tooManyPixels = 'file_image_too_large'

const [pdf, png, jpeg] = [makePdf(), makePng(), makeJpeg()]
const bomb = makeZip('zeros', Buffer.alloc(20_000_000))
const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
const page = '<!DOCTYPE html><script>alert(1)</script>'
const executable = both(text('MZ'), Buffer.alloc(58), text('\x40\0\0\0PE\0\0'), Buffer.alloc(200))

const refusedFiles: [string, string, Buffer, string][] = [
  ['a page that says PNG', 'photo.png', text(page), unsupported],
  ['a page after spaces', 'photo.png', text(`  \n\t${page}`), unsupported],
  ['a page with a mark of its encoding', 'a.pdf', text(`\xef\xbb\xbf${page}`), unsupported],
  ['a page in UTF-16', 'a.pdf', both(text('\xff\xfe'), Buffer.from(page, 'utf16le')), unsupported],
  ['an SVG with a script', 'photo.png', text(svg), unsupported],
  ['an SVG after its declaration', 'a.svg', text(`<?xml version="1.0"?>${svg}`), unsupported],
  [
    'an XML that reads a file',
    'a.pdf',
    text('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///c">]>'),
    unsupported,
  ],
  ['a script', 'a.jpg', text('#!/bin/sh\necho'), unsupported],
  ['PHP', 'a.jpg', text('<?php echo 1;'), unsupported],
  ['the EICAR test file', 'a.pdf', eicar, unsupported],
  ['the EICAR test file in a PDF', 'a.pdf', makePdf(eicar.toString()), unsupported],
  [
    'the EICAR test file in a PNG',
    'a.png',
    makePng({ more: [pngChunk('tEXt', eicar)] }),
    unsupported,
  ],
  [
    'the EICAR test file in a JPEG',
    'a.jpg',
    makeJpeg({ more: [jpegSegment(0xfe, eicar)] }),
    unsupported,
  ],
  ['the EICAR test file after a JPEG', 'a.jpg', both(jpeg, eicar), unsupported],
  ['the EICAR test file in an archive', 'a.pdf', makeZip('eicar.com', eicar), unsupported],
  ['an archive that unpacks to 20 MB', 'a.pdf', bomb, unsupported],
  ['the same, compressed by gzip', 'a.pdf', gzipSync(Buffer.alloc(20_000_000)), unsupported],
  [
    'an Office document',
    'a.docx',
    makeZip('word/document.xml', text('<w:document/>')),
    unsupported,
  ],
  ['a Java archive', 'a.png', makeZip('META-INF/MANIFEST.MF', text('Main-Class: A')), unsupported],
  ['a RAR archive', 'a.pdf', text('Rar!\x1a\x07\x01\0'), unsupported],
  [
    'a 7z archive',
    'a.pdf',
    both(Buffer.from('377abcaf271c0004', 'hex'), Buffer.alloc(40)),
    unsupported,
  ],
  ['a program of Windows', 'a.png', executable, unsupported],
  ['a program of Linux', 'a.png', both(text('\x7fELF\x02\x01\x01'), Buffer.alloc(60)), unsupported],
  ['a GIF', 'a.png', text('GIF89a\x01\0\x01\0\0\0\0;'), unsupported],
  ['a WebP', 'a.png', text('RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0/\0\0\0'), unsupported],
  ['a HEIC', 'a.jpg', text('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), unsupported],
  ['a TIFF', 'a.jpg', text('II*\0\x08\0\0\0\0\0'), unsupported],
  ['an icon', 'a.png', text('\0\0\x01\0\x01\0\x10\x10\0\0'), unsupported],
  ['PostScript', 'a.pdf', text('%!PS-Adobe-3.0\n%%EOF'), unsupported],
  ['a message', 'a.pdf', text('MIME-Version: 1.0\r\n\r\n%PDF-1.7'), unsupported],
  ['a PDF after something else', 'a.pdf', both(text('x'), pdf), unsupported],
  ['a PDF of a version that is none', 'a.pdf', text('%PDF-9.9\n%%EOF'), unsupported],
  ['random bytes', 'a.pdf', Buffer.from('c3a5915e00ff1747a1b2c3d4e5f60718', 'hex'), unsupported],
  ['an animated PNG', 'a.png', makePng({ more: [pngChunk('acTL', Buffer.alloc(8))] }), unsupported],
  ['a PNG and an archive', 'a.png', both(png, bomb), unsupported],
  ['a JPEG and an archive', 'a.jpg', both(jpeg, bomb), unsupported],
  [
    'a PDF and an archive',
    'a.pdf',
    both(pdf, makeZip('a', text('b')), text('\n%%EOF')),
    unsupported,
  ],
  ['a PNG and a page', 'a.png', both(png, text(page)), unsupported],
  ['a JPEG and a page', 'a.jpg', both(jpeg, text(page)), unsupported],
  ['a JPEG and a PDF', 'a.jpg', makeJpeg({ more: [jpegSegment(0xfe, pdf)] }), unsupported],
  ['a PDF and a page', 'a.html', makePdf(page), unsupported],
  ['a PNG of 50,000 x 50,000', 'a.png', makePng({ width: 50_000, height: 50_000 }), tooManyPixels],
  [
    'a JPEG of 50,000 x 50,000',
    'a.jpg',
    makeJpeg({ width: 50_000, height: 50_000 }),
    tooManyPixels,
  ],
  [
    'a PNG whose header lies about itself',
    'a.png',
    both(png.subarray(0, 16), Buffer.alloc(4, 255), png.subarray(20)),
    malformed,
  ],
  [
    'a JPEG that says two sizes',
    'a.jpg',
    both(jpegStart, jpegFrame(9, 9), jpegFrame(60_000, 60_000), jpegScan, jpegEnd),
    malformed,
  ],
  ['a PNG that is cut', 'a.png', png.subarray(0, -1), malformed],
  ['a PDF that is cut', 'a.pdf', pdf.subarray(0, 40), malformed],
  ['nothing', 'a.pdf', Buffer.alloc(0), malformed],
  ['one byte more than 10 MiB', 'a.jpg', both(jpeg, Buffer.alloc(fileBytesMax)), 'file_too_large'],
]

const neutralisedFiles: [string, string, Buffer, string][] = [
  ['a double extension', 'invoice.pdf.exe', pdf, 'invoice_pdf_exe.pdf'],
  ['a double extension, the other way round', 'shell.php.png', png, 'shell_php.png'],
  ['the extension of another type', 'photo.svg', jpeg, 'photo_svg.jpg'],
  ['a NUL', 'id.php\0.png', png, 'id_php.png'],
  ['line ends', 'id\r\nX-Injected: yes\r\n\r\n<script>.pdf', pdf, 'idX-Injected_ yes_script_.pdf'],
  ['a turn of direction', 'id_\u202egnp.exe', png, 'id_gnp_exe.png'],
  ['a path', '../../../../etc/cron.d/job', pdf, 'job.pdf'],
  ['a path of Windows', '..\\..\\Windows\\System32\\a.dll', pdf, 'a_dll.pdf'],
  ['a path in percent', '..%2f..%2fetc%2fpasswd', pdf, '_2f.._2fetc_2fpasswd.pdf'],
  ['a card number', '4111 1111 1111 1111.jpg', jpeg, 'xxxxxxxxxxxx1111.jpg'],
  ['a thousand characters', `${'x'.repeat(1_000)}.pdf`, pdf, `${'x'.repeat(196)}.pdf`],
]

test('the corpus has sixty files', () => {
  expect(refusedFiles.length + neutralisedFiles.length).toBe(60)
})

const receive = (name: string, bytes: Uint8Array) =>
  receiveFile(context, customerId, { fileType: 'OTHER', name, stream: inChunks(bytes, 40_000) })

describe('refused:', () => {
  test.each(refusedFiles)('%s', async (_, name, bytes, code) => {
    const outcome = await receive(name, bytes).catch((error: unknown) => error)
    expect(outcome).toBeInstanceOf(AppError)
    expect(outcome).toMatchObject({ definition: { code }, param: 'file' })
    expect(await listFiles(context, customerId)).toEqual([])
  })
})

describe('neutralised:', () => {
  test.each(neutralisedFiles)('%s in the name', async (_, name, bytes, safe) => {
    const { id } = await createCustomer(context, { kind: 'individual', name: 'Ana Souza' })
    const stream = inChunks(bytes)
    const received = await receiveFile(context, id, { fileType: 'OTHER', name, stream })
    const [entry] = await keepFiles(context, id, [received])
    expect(entry?.name).toBe(safe)
    const opened = await openFile(context, id, entry?.id ?? '')
    expect(opened.entry).toEqual(entry)
    expect((await gather(opened.bytes)).equals(bytes)).toBe(true)
  })
})
