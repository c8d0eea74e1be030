// Owns the rules of shape: sizes, names, openings, sibling tests.
import { posix } from 'node:path'
import { at, isTest, type SourceFile } from './source-file.ts'

export const fileLinesMax = 300
export const functionLinesMax = 60
export const columnsMax = 100

export function longFiles(files: SourceFile[]): string[] {
  return files.flatMap((file) => {
    const lines = file.text.trimEnd().split('\n').length
    return lines > fileLinesMax ? [`${file.path}:${lines}: ${lines} lines, at most 300`] : []
  })
}

/** A line may be longer where nothing on it can be broken: a URL, an import, a test's name. */
export function longLines(files: SourceFile[]): string[] {
  const unbreakable = /https?:\/\/|^\s*(?:import|export)\b.* from |^[\s\])}]*(?:test|describe|\()/
  return files.flatMap((file) =>
    file.text.split('\n').flatMap((line, index) => {
      const columns = [...line].length
      if (columns <= columnsMax || unbreakable.test(line) || isOneWord(line)) return []
      return [`${file.path}:${index + 1}: ${columns} columns, at most 100`]
    }),
  )
}

/** One string without a space in it, with what little stands around it. */
function isOneWord(line: string): boolean {
  const words = line.trim().split(/\s+/)
  const longest = Math.max(...words.map((word) => word.length))
  return longest > columnsMax - 30
}

export function longFunctions(files: SourceFile[]): string[] {
  return files.flatMap((file) =>
    readBodies(file).flatMap(({ start, close }) => {
      const lines = file.code.slice(start, close).split('\n').length
      return lines > functionLinesMax
        ? [`${at(file, start)}: a function of ${lines} lines, at most 60`]
        : []
    }),
  )
}

interface Body {
  start: number
  close: number
}

/** Words that stand before a bracket or a block without naming a function. */
const notNames = new Set(
  ['if', 'for', 'while', 'switch', 'catch', 'with', 'return', 'await'].concat(['new', 'super']),
)

const header = new RegExp(
  '\\bfunction\\b\\s*\\*?\\s*[\\w$]*|' +
    '^[ \\t]*(?:(?:async|static|get|set|override|\\*)\\s*)*[\\w$#]+(?=[(<])',
  'gm',
)

/** Every function with a block: declarations, methods, arrows. */
function readBodies(file: SourceFile): Body[] {
  const { code } = file
  const bodies: Body[] = []
  for (const match of code.matchAll(header)) {
    const word = /[\w$#]+$/.exec(match[0])?.[0] ?? ''
    if (notNames.has(word)) continue
    const open = bodyAfter(code, match.index + match[0].length)
    if (open !== null) bodies.push({ start: match.index, close: closeOf(code, open) })
  }
  for (const match of code.matchAll(/=>\s*\{/g)) {
    const line = code.slice(code.lastIndexOf('\n', match.index) + 1, match.index)
    // The callbacks of a test file are its cases: a group of them is no function.
    if (isTest(file) && !/^\s*(?:export )?(?:const|let)\b/.test(line)) continue
    const open = match.index + match[0].length - 1
    bodies.push({ start: match.index, close: closeOf(code, open) })
  }
  return bodies
}

/** The brace that opens the body, after type parameters, parameters and return type. */
function bodyAfter(code: string, from: number): number | null {
  let position = skipSpace(code, from)
  if (code[position] === '<') position = skipSpace(code, code.indexOf('(', position))
  if (code[position] !== '(') return null
  position = skipSpace(code, closeOf(code, position))
  if (code[position] === '{') return position
  if (code[position] !== ':') return null
  for (position += 1; position < code.length; position += 1) {
    const char = code.charAt(position)
    if (char === '{') {
      // After a sign a type is still to come; after a name or a bracket the type is over.
      if (/[\w>\])}'"`]$/.test(code.slice(from, position).trimEnd())) return position
      position = closeOf(code, position) - 1
    } else if ('(['.includes(char)) position = closeOf(code, position) - 1
    // A bracket that closes is the end of an interface, whose members have no body.
    else if (char === '}') return null
    else if (';=,)'.includes(char) && code[position + 1] !== '>') return null
  }
  return null
}

/** Just after the bracket that closes the one at `open`. */
function closeOf(code: string, open: number): number {
  let depth = 0
  for (let position = open; position < code.length; position += 1) {
    const char = code.charAt(position)
    if ('([{'.includes(char)) depth += 1
    if (')]}'.includes(char)) depth -= 1
    if (depth === 0) return position + 1
  }
  return code.length
}

function skipSpace(code: string, from: number): number {
  let position = Math.max(from, 0)
  while (position < code.length && /\s/.test(code.charAt(position))) position += 1
  return position
}

export function openingsWithoutOwner(files: SourceFile[]): string[] {
  return files
    .filter((file) => !/^(?:#!.*\n)?\/\/ Owns \S/.test(file.text))
    .map((file) => `${file.path}:1: does not open with "// Owns …"`)
}

export function badNames(files: SourceFile[]): string[] {
  const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z]+)*$/
  const empty = /^(?:utils?|helpers?|common|managers?|types)$/
  return files.flatMap((file) => {
    const parts = file.path.split('/')
    const words = parts.flatMap((part) => part.replace(/\.\w+$/, '').split(/[-.]/))
    if (!parts.every((part) => kebab.test(part))) return [`${file.path}:1: is not in kebab-case`]
    const word = words.find((one) => empty.test(one))
    return word === undefined ? [] : [`${file.path}:1: "${word}" in a name says nothing`]
  })
}

/** Services of facets, and operations of surfaces, without a test beside them. */
export function untested(files: SourceFile[]): string[] {
  const paths = new Set(files.map((file) => file.path))
  return files.filter(needsTest).flatMap(({ path }) => {
    const sibling = path.replace(/\.ts$/, '.test.ts')
    return paths.has(sibling) ? [] : [`${path}:1: has no ${posix.basename(sibling)} beside it`]
  })
}

function needsTest(file: SourceFile): boolean {
  if (isTest(file)) return false
  const isService = /^server\/src\/core\/[^/]+\/[^/]+-service\.ts$/.test(file.path)
  const isOperation =
    /^server\/src\/surfaces\/[^/]+\//.test(file.path) && /\bdefineOperation\(/.test(file.code)
  return isService || isOperation
}
