// Owns finding what else a file is beside what it says: archives, markup, test viruses.
import { refuseUnsupported } from './structure.ts'

export interface Watch {
  /** In blocks of `blockBytes`, the last one excepted; each stays as it is until the next one. */
  push(block: Buffer): void
  /** The file's last bytes; checks what only its end shows. */
  end(): Buffer
}

/** What stands nowhere in an honest document, and is too long to stand there by chance. */
const forbiddenAnywhere = [
  { holds: Buffer.from('$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!'), is: 'the EICAR test file' },
  { holds: Buffer.from('526172211a07', 'hex'), is: 'a RAR archive' },
  { holds: Buffer.from('377abcaf271c', 'hex'), is: 'a 7z archive' },
]
const overlapBytes = Math.max(...forbiddenAnywhere.map(({ holds }) => holds.length)) - 1

/** A ZIP archive is read from its end: a record of 22 bytes and a comment of at most 65,535. */
const tailBytes = 22 + 65_535
/** Two of them hold the tail, even where the last one has a byte only. */
export const blockBytes = 64 * 1_024 + 22

/** Error: `file_type_unsupported`. Keeps the last two blocks as they are: copies cost more. */
export function watchSecondContent(): Watch {
  let blocks: Buffer[] = []
  return {
    push(block) {
      const seam = Buffer.concat([
        blocks.at(-1)?.subarray(-overlapBytes) ?? Buffer.alloc(0),
        block.subarray(0, overlapBytes),
      ])
      for (const { holds, is } of forbiddenAnywhere) {
        if (block.includes(holds) || seam.includes(holds)) refuseUnsupported(`holds ${is}`)
      }
      blocks = [...blocks, block].slice(-2)
    },
    end() {
      const tail = Buffer.concat(blocks).subarray(-tailBytes)
      if (holdsZipEnd(tail)) refuseUnsupported('is a ZIP archive too')
      return tail
    },
  }
}

/** Error: `file_type_unsupported`. */
export function refuseMarkup(bytes: Buffer): void {
  if (/<(?:script|html|svg|!doctype\s+html)|<\?php/i.test(bytes.toString('latin1'))) {
    refuseUnsupported('holds markup that a browser could run')
  }
}

const zipEnd = Buffer.from('PK\x05\x06')

/** An archive in one part says 0 for its disks, or that a longer record says it. */
function holdsZipEnd(tail: Buffer): boolean {
  for (let at = tail.indexOf(zipEnd); at >= 0; at = tail.indexOf(zipEnd, at + 1)) {
    const disks = tail.toString('hex', at + 4, at + 8)
    if (disks === '00000000' || disks === 'ffffffff') return true
  }
  return false
}
