// Owns reading the tree for the house rules, and telling code from strings and comments in it.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

export interface SourceFile {
  /** From the repository's root, with `/`: `server/src/app.ts`. */
  path: string
  text: string
  /** As `text`, with comments and the contents of strings blanked: same length, same lines. */
  code: string
  /** As `text`, with everything but comments blanked. */
  comments: string
}

const root = resolve(import.meta.dirname, '../..')
const folders = ['server/src', 'sdk', 'test', 'bench', 'scripts']
const skipped = new Set(['node_modules', 'dist'])

/** Every source file that a person wrote. */
export function readTree(): SourceFile[] {
  return folders.flatMap((folder) => walk(join(root, folder))).map(readSource)
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : walk(path)
    return /\.(?:ts|mjs)$/.test(entry.name) && !entry.name.includes('.generated.') ? [path] : []
  })
}

function readSource(path: string): SourceFile {
  const name = relative(root, path).replaceAll('\\', '/')
  return sourceFile(name, readFileSync(path, 'utf8'))
}

export function sourceFile(path: string, text: string): SourceFile {
  return { path, text, ...mask(text) }
}

/** Tests, and what only tests use: in `test/` or `testing/`, or named `test-….ts` beside them. */
export const isTestPath = (path: string) =>
  /\.test\.ts$|(?:^|\/)(?:test|testing)\/|\/test-[^/]+\.ts$/.test(path)

export const isTest = (file: SourceFile) => isTestPath(file.path)

/** `path:line`, for a position in the text. */
export function at(file: SourceFile, position: number): string {
  return `${file.path}:${file.text.slice(0, position).split('\n').length}`
}

/** `path:line: message` for each match of a pattern in the code. */
export function matches(
  file: SourceFile,
  pattern: RegExp,
  message: (match: RegExpExecArray) => string,
  inside: 'code' | 'comments' = 'code',
): string[] {
  const found = [...file[inside].matchAll(pattern)]
  return found.map((match) => `${at(file, match.index)}: ${message(match)}`)
}

type Kind = 'code' | 'comment' | 'string'

/** Reads strings, templates, regular expressions and comments as the language does. */
function mask(text: string): { code: string; comments: string } {
  const kinds: Kind[] = new Array(text.length)
  const paint = (from: number, to: number, kind: Kind) => {
    kinds.fill(kind, from, to)
    return to
  }
  /** Open braces inside `${}` of each template that is open. */
  const templates: number[] = []
  let position = 0
  while (position < text.length) {
    const char = text.charAt(position)
    const end = endOfComment(text, position)
    if (end !== null) {
      position = paint(position, end, 'comment')
    } else if (char === "'" || char === '"') {
      const close = endOfQuoted(text, position, char)
      position = paintInside(position, close)
    } else if (char === '`' || (char === '}' && templates.at(-1) === 0)) {
      if (char === '}') templates.pop()
      position = paintTemplate(position)
    } else if (char === '/' && isRegexStart(text, position)) {
      position = paintInside(position, endOfRegex(text, position))
    } else {
      const depth = templates.length - 1
      if (depth >= 0 && char === '{') templates[depth] = Number(templates[depth]) + 1
      if (depth >= 0 && char === '}') templates[depth] = Number(templates[depth]) - 1
      position = paint(position, position + 1, 'code')
    }
  }
  return { code: keep('code'), comments: keep('comment') }

  function keep(kind: Kind): string {
    const chars = Array.from({ length: text.length }, (_, index) => text.charAt(index))
    return chars
      .map((char, index) => (kinds[index] === kind || char === '\n' ? char : ' '))
      .join('')
  }

  /** The delimiters stay visible as code. */
  function paintInside(open: number, end: number): number {
    paint(open, open + 1, 'code')
    paint(open + 1, end - 1, 'string')
    return paint(end - 1, end, 'code')
  }

  function paintTemplate(open: number): number {
    let index = open + 1
    while (index < text.length && text[index] !== '`') {
      if (text.startsWith('${', index)) {
        templates.push(0)
        paintInside(open, index + 1)
        return paint(index, index + 2, 'code')
      }
      index += text[index] === '\\' ? 2 : 1
    }
    return paintInside(open, Math.min(index + 1, text.length))
  }
}

function endOfComment(text: string, position: number): number | null {
  if (text.startsWith('//', position)) return orEnd(text, text.indexOf('\n', position))
  if (!text.startsWith('/*', position)) return null
  const close = text.indexOf('*/', position + 2)
  return close < 0 ? text.length : close + 2
}

function endOfQuoted(text: string, open: number, quote: string): number {
  let index = open + 1
  while (index < text.length && text[index] !== quote && text[index] !== '\n') {
    index += text[index] === '\\' ? 2 : 1
  }
  return Math.min(index + 1, text.length)
}

function endOfRegex(text: string, open: number): number {
  let isInClass = false
  let index = open + 1
  for (; index < text.length && text[index] !== '\n'; index += 1) {
    const char = text[index]
    if (char === '\\') index += 1
    else if (char === '[') isInClass = true
    else if (char === ']') isInClass = false
    else if (char === '/' && !isInClass) return index + 1
  }
  return Math.min(index + 1, text.length)
}

/** A slash after a value divides; after anything else it opens a regular expression. */
function isRegexStart(text: string, position: number): boolean {
  const before = text.slice(Math.max(0, position - 40), position).trimEnd()
  return /(?:^|[=(,[{}:;!&|?+\n>]|\b(?:return|typeof|case|in|of))$/.test(before)
}

function orEnd(text: string, position: number): number {
  return position < 0 ? text.length : position
}
