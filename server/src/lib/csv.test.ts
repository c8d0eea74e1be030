// Owns the tests of reading CSV.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCsv } from './csv.ts'

const cellsOf = (text: string) => parseCsv(text, 100).map(({ cells }) => cells)

test.each<[text: string, cells: string[][]]>([
  ['', []],
  ['\n\r\n \n', []],
  [
    'a,b\nc,d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'a,b\r\nc,d\r\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'a,b\rc,d\r',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['\uFEFFa,b', [['a', 'b']]],
  [',', [['', '']]],
  ['a,', [['a', '']]],
  ['"a,b","c""d","e\nf"', [['a,b', 'c"d', 'e\nf']]],
  ['"",""', [['', '']]],
  [' a , b ', [[' a ', ' b ']]],
])('%j holds %j', (text, cells) => {
  expect(cellsOf(text)).toEqual(cells)
})

test.each(['"a', 'a,"b\nc', '"a"b,c', 'a"b'])('%j is broken', (text) => {
  expect(parseCsv(text, 100).map(({ isBroken }) => isBroken)).toEqual([true])
})

test('a record knows its line, also behind cells of several lines and blank ones', () => {
  const records = parseCsv('a\n"b\nb"\n\n\r\nc\r\n"d', 100)
  expect(records.map(({ line, isBroken }) => [line, isBroken])).toEqual([
    [1, false],
    [2, false],
    [6, false],
    [7, true],
  ])
})

test('reading stops one record behind the bound', () => {
  expect(parseCsv('a\n'.repeat(1_000), 10)).toHaveLength(11)
})

test('what is written by the rules is read as it was', () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é'),
    maxLength: 6,
  })
  const row = fc.array(cell, { minLength: 2, maxLength: 4 })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 5 }), (rows) => {
      const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
      const text = rows.map((cells) => cells.map(quoted).join(',')).join('\r\n')
      expect(cellsOf(text)).toEqual(rows)
    }),
    { numRuns: 500 },
  )
})
