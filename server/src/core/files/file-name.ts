// Owns making a name that a caller sent safe to show, to log nowhere, and to save under.
import { type ContentType, fileNameLengthMax } from './file.ts'

const extensions: Record<ContentType, { own: string; known: RegExp }> = {
  'application/pdf': { own: '.pdf', known: /\.pdf$/i },
  'image/png': { own: '.png', known: /\.png$/i },
  'image/jpeg': { own: '.jpg', known: /\.jpe?g$/i },
}

const nameless = 'file'
/** Of what was sent, its end counts. */
const sentLengthMax = 2_000

/**
 * One plain name: no path, nothing unseen, nothing that turns the direction of reading, no card
 * number, at most 200 characters, and an end that says what the bytes are.
 */
export function toSafeName(sent: string, contentType: ContentType): string {
  const { own, known } = extensions[contentType]
  const shown = maskCardNumbers(toPlainText(sent))
  const extension = known.exec(shown)?.[0] ?? own
  const stem = shown.replace(known, '')
  return toSafeStem(stem, fileNameLengthMax - extension.length) + extension
}

/** The last part of a path, in characters that every reader shows as they stand. */
function toPlainText(sent: string): string {
  return (
    sent
      .slice(-sentLengthMax)
      .toWellFormed()
      // Controls, line ends, unseen marks and whatever turns the direction, by their category.
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\ufffd]/gu, '')
      .normalize('NFKC')
      // Browsers and SDKs write these three so, in a name that held them.
      .replace(/%(?:0d|0a|22)/gi, '_')
      .replace(/^.*[/\\\u2044\u2215\u29f5\u29f8]/su, '')
      .replace(/[<>:"|?*%]/g, '_')
      .replace(/\s+/gu, ' ')
  )
}

function toSafeStem(text: string, lengthMax: number): string {
  const trimmed = text.replace(/^[\s.]+/u, '').replace(/[\s.]+$/u, '')
  const stem = cutTo(trimmed, lengthMax)
    .replace(/[\s.]+$/u, '')
    // What looks like an extension before the last one loses its dot: `scan.php.png`.
    .replace(/\.+(?=[\p{L}\p{N}_]{1,12}\s*(?:\.|$))/gu, '_')
  if (stem === '') return nameless
  return isDevice(stem) ? `_${stem}` : stem
}

/** Names that some systems take for a device, whatever their extension. */
function isDevice(stem: string): boolean {
  return /^(?:con|prn|aux|nul|com\d|lpt\d)$/i.test(stem)
}

function cutTo(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text
  return text.slice(0, lengthMax).replace(/[\ud800-\udbff]$/, '')
}

/** As cards are printed: in one run, in fours, or in four, six and five. */
const cardForms = [
  /(?<!\d)\d{13,19}(?!\d)/g,
  /(?<!\d)\d{4}([ ._-])\d{4}\1\d{4}\1\d{1,7}(?!\d)/g,
  /(?<!\d)\d{4}([ ._-])\d{6}\1\d{5}(?!\d)/g,
]

/** What may be a card number keeps its last four digits. */
function maskCardNumbers(text: string): string {
  return cardForms.reduce((masked, form) => masked.replace(form, maskIfCard), text)
}

function maskIfCard(run: string): string {
  const digits = run.replace(/\D/g, '')
  // First digits that networks use: most dates and times in names begin otherwise.
  const isCard = /^(?:2[2-7]|[3-6])/.test(digits) && passesLuhn(digits)
  return isCard ? 'x'.repeat(digits.length - 4) + digits.slice(-4) : run
}

function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits.at(-1 - at))
    const doubled = at % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
