// Owns reading CSV as RFC 4180 has it: quoted cells, doubled quotes, any kind of line end.

export interface CsvRecord {
  /** Where it begins; the first line is 1. */
  line: number
  cells: string[]
  /** A quote that is never closed, or text behind a closed one. */
  isBroken: boolean
}

/** Records in their order; blank lines are none. Ends after `recordsMax` and one more. */
export function parseCsv(text: string, recordsMax: number): CsvRecord[] {
  const records: CsvRecord[] = []
  let position = text.startsWith('\uFEFF') ? 1 : 0
  let line = 1
  while (position < text.length && records.length <= recordsMax) {
    const read = readRecord(text, position, line)
    const isBlank = read.record.cells.length === 1 && read.record.cells[0]?.trim() === ''
    if (!isBlank || read.record.isBroken) records.push(read.record)
    position = read.position
    line = read.line
  }
  return records
}

interface Read {
  record: CsvRecord
  position: number
  line: number
}

function readRecord(text: string, start: number, startLine: number): Read {
  const record: CsvRecord = { line: startLine, cells: [], isBroken: false }
  let position = start
  let line = startLine
  for (;;) {
    const isQuoted = text[position] === '"'
    const cell = isQuoted ? readQuoted(text, position) : readBare(text, position)
    record.cells.push(cell.value)
    record.isBroken ||= cell.isBroken
    line += countLineEnds(text.slice(position, cell.end))
    position = cell.end
    if (text[position] !== ',') break
    position += 1
  }
  if (text.startsWith('\r\n', position)) position += 2
  else if (position < text.length) position += 1
  return { record, position, line: line + 1 }
}

interface Cell {
  value: string
  end: number
  isBroken: boolean
}

const cellEnd = /[,\r\n]/g

function readBare(text: string, start: number): Cell {
  const end = endFrom(text, start)
  const value = text.slice(start, end)
  return { value, end, isBroken: value.includes('"') }
}

function readQuoted(text: string, start: number): Cell {
  let close = text.indexOf('"', start + 1)
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2)
  if (close < 0) return { value: text.slice(start + 1), end: text.length, isBroken: true }
  const value = text.slice(start + 1, close).replaceAll('""', '"')
  const end = endFrom(text, close + 1)
  return { value, end, isBroken: end > close + 1 }
}

function endFrom(text: string, start: number): number {
  cellEnd.lastIndex = start
  return cellEnd.exec(text)?.index ?? text.length
}

const countLineEnds = (text: string) => text.match(/\r\n|\r|\n/g)?.length ?? 0
