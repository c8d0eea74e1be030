// Owns the proof that names are safe to show and to save under, whatever was sent.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fileNameLengthMax } from './file.ts'
import { toSafeName } from './file-name.ts'

const pdf = (sent: string) => toSafeName(sent, 'application/pdf')

describe('a name stays as it is', () => {
  test.each([
    ['passport.pdf'],
    ['Passport of Ana.PDF'],
    ['J. Smith - proof (2).pdf'],
    ["comprobante_de_domicilio'24.pdf"],
    ['Declaração – São Paulo.pdf'],
    ['護照 🎈.pdf'],
    ['جواز سفر.pdf'],
    ['IMG_20240115_123456.pdf'],
    ['1705320000000.pdf'],
    ['4111111111111112.pdf'],
    ['20240115000000006.pdf'],
  ])('%s', (name) => {
    expect(pdf(name)).toBe(name)
  })
})

describe('a name is neutralised', () => {
  const cases: [string, string, string][] = [
    ['a path', '../../etc/passwd.pdf', 'passwd.pdf'],
    ['a path of Windows', 'C:\\Users\\ana\\id.pdf', 'id.pdf'],
    ['mixed paths', '..\\../a\\b/id.pdf', 'id.pdf'],
    ['a path in other slashes', '..／..∕id.pdf', 'id.pdf'],
    ['a path that says it in percent', '%2e%2e%2fid.pdf', '_2e_2e_2fid.pdf'],
    ['only a path', '../', 'file.pdf'],
    ['leading dots', '...bashrc', 'bashrc.pdf'],
    ['nothing but an extension', '.pdf', 'file.pdf'],
    ['nothing', '', 'file.pdf'],
    ['nothing to be seen', ' \u200b\u00a0\t', 'file.pdf'],
    ['a NUL', 'id.php\0.pdf', 'id_php.pdf'],
    ['a line end', 'id\r\nSet-Cookie: a=b.pdf', 'idSet-Cookie_ a=b.pdf'],
    ['a line end in percent', 'id%0D%0Ax.pdf', 'id__x.pdf'],
    ['a quotation mark', 'id".exe".pdf', 'id__exe_.pdf'],
    ['signs that shells and systems read', 'a<b>|c?*:d.pdf', 'a_b__c___d.pdf'],
    ['a turn of direction', 'id\u202efdp.exe', 'idfdp_exe.pdf'],
    ['isolates and marks', '\u2066i\u2067d\u2068\u2069\u200e\u200f\u061c.pdf', 'id.pdf'],
    ['line separators', 'a\u2028b\u2029c.pdf', 'abc.pdf'],
    ['half a character', 'a\ud800b.pdf', 'ab.pdf'],
    ['another extension', 'id.exe', 'id_exe.pdf'],
    ['two extensions', 'id.pdf.exe', 'id_pdf_exe.pdf'],
    ['an extension before its own', 'id.php.pdf', 'id_php.pdf'],
    ['an extension with spaces around', 'id.exe .pdf', 'id_exe.pdf'],
    ['dots at its end', 'id...pdf', 'id.pdf'],
    ['a device', 'NUL.pdf', '_NUL.pdf'],
    ['a card number', 'card 4111111111111111.pdf', 'card xxxxxxxxxxxx1111.pdf'],
    ['a card number in fours', '4111 1111 1111 1111.pdf', 'xxxxxxxxxxxx1111.pdf'],
    ['a card number with dashes', 'a-5500-0055-5555-5559-b.pdf', 'a-xxxxxxxxxxxx5559-b.pdf'],
    ['a card number of 15 digits', '3782-822463-10005.pdf', 'xxxxxxxxxxx0005.pdf'],
    [
      'a card number in wide digits',
      '４１１１１１１１１１１１１１１１.pdf',
      'xxxxxxxxxxxx1111.pdf',
    ],
    ['a card number of 19 digits', '6304950600000000007.pdf', 'xxxxxxxxxxxxxxx0007.pdf'],
    ['a card number of 13 digits', '4222222222222_a.pdf', 'xxxxxxxxx2222_a.pdf'],
  ]
  test.each(cases)('with %s', (_, sent, safe) => {
    expect(pdf(sent)).toBe(safe)
  })

  test('by what the bytes are, whatever it says', () => {
    expect(toSafeName('id.pdf', 'image/png')).toBe('id_pdf.png')
    expect(toSafeName('id.JPEG', 'image/jpeg')).toBe('id.JPEG')
    expect(toSafeName('id.png', 'image/jpeg')).toBe('id_png.jpg')
  })

  test('and cut at 200 characters, never within one', () => {
    expect(pdf(`${'x'.repeat(300)}.pdf`)).toBe(`${'x'.repeat(196)}.pdf`)
    expect(pdf(`${'x'.repeat(195)}🎈🎈.pdf`)).toBe(`${'x'.repeat(195)}.pdf`)
    expect(pdf(`${'x'.repeat(1_000_000)}/id.pdf`)).toBe('id.pdf')
  })
})

test('whatever is sent, the name is plain, short and ends in its type', () => {
  const risky = fc.constantFrom(
    ...['/', '\\', '\0', '\r\n', '\u202e', '..', '.exe', '"', '%2f', ' '],
  )
  const text = fc.array(fc.oneof(risky, fc.string({ unit: 'binary' })), { maxLength: 30 })
  const property = fc.property(text, (pieces) => {
    const name = pdf(pieces.join(''))
    expect(name).not.toMatch(/[/\\<>:"|?*%\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
    expect(name).toMatch(/^[^.\s].*\.pdf$/iu)
    expect(name).not.toMatch(/\.exe\s*\./)
    expect(name.length).toBeLessThanOrEqual(fileNameLengthMax)
    expect(pdf(name)).toBe(name)
  })
  fc.assert(property, { numRuns: 2_000 })
})
