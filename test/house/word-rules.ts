// Owns the rules about single words: what may not be written, or only behind its one door.
import { isTest, matches, type SourceFile } from './source-file.ts'

/** Where a rule does not hold, and why. */
type Exceptions = Record<string, string>

export const anyExceptions: Exceptions = {
  'test/harness.ts': 'the parsed body of an answer: tests look into it freely',
}

export function looseTypes(files: SourceFile[]): string[] {
  const loose = /(?:[:<|&]|\bas\b|\btype\s+\w+\s*=)\s*any\b(?!\s*[:(.])|,\s*any\s*>/g
  return files
    .filter((file) => anyExceptions[file.path] === undefined)
    .flatMap((file) => matches(file, loose, () => '`any` hides what the value is'))
}

export function nonNullMarks(files: SourceFile[]): string[] {
  return files.flatMap((file) =>
    matches(file, /[\w$)\]]!(?=[.,;:)\]}([\s]|$)(?!\s*=)/g, () => '`!` claims what is not checked'),
  )
}

export function silencedCompiler(files: SourceFile[]): string[] {
  const marks = /@ts-(?:ignore|expect-error|nocheck)/g
  return files.flatMap((file) =>
    matches(file, marks, ([mark]) => `${mark} silences the compiler`, 'comments'),
  )
}

export function unfinished(files: SourceFile[]): string[] {
  return files.flatMap((file) =>
    matches(file, /\b(?:TODO|FIXME|XXX)\b/g, ([word]) => `${word} on main`, 'comments'),
  )
}

export function partialRuns(files: SourceFile[]): string[] {
  const marks = /\b(?:test|it|describe|suite)(?:\.\w+)*?\.(only|skip|todo|fails)\b/g
  return files.flatMap((file) => matches(file, marks, ([, mark]) => `.${mark} leaves a test out`))
}

/** The doors to time and chance (lib), and what stands outside them on purpose. */
export const doorExceptions: Exceptions = {
  'server/src/lib/clock.ts': 'the door to time',
  'server/src/lib/random.ts': 'the door to chance',
}

const doors: [RegExp, string][] = [
  [/\bDate\.now\b|\bnew Date\(\s*\)/g, 'time comes from context.clock'],
  [/(?<!\.)\b(?:setTimeout|setInterval)\s*\(/g, 'waiting goes through context.clock'],
  [/\bMath\.random\b|\brandomBytes\b|\brandomUUID\b/g, 'chance comes from context.random'],
  [/(?<![.\w])fetch\s*\(/g, 'the network is reached through a port'],
]

export function unportedEffects(files: SourceFile[]): string[] {
  return serverFiles(files)
    .filter((file) => doorExceptions[file.path] === undefined)
    .flatMap((file) =>
      doors.flatMap(([pattern, rule]) => matches(file, pattern, ([word]) => `${word}: ${rule}`)),
    )
}

const secretNames = /\b\w*(?:secretHash|fingerprint|signature|passwordHash|digestOfSecret)\b/i
  .source
const comparedSecret = new RegExp(
  `${secretNames}\\s*[!=]==?(?!=|\\s*(?:null|undefined)\\b)|(?<!null|undefined)\\s[!=]==?\\s*` +
    `(?:\\w+\\.)*${secretNames}|${secretNames}\\.equals\\(`,
  'gi',
)

/** Comparisons whose duration would tell where two secrets differ. */
export function comparedSecrets(files: SourceFile[]): string[] {
  return serverFiles(files).flatMap((file) => {
    const compared = matches(file, comparedSecret, () => 'secrets are compared by equalSecrets')
    if (file.path === 'server/src/lib/equal-secrets.ts') return compared
    const direct = matches(file, /\btimingSafeEqual\b/g, () => 'equalSecrets owns timingSafeEqual')
    return [...compared, ...direct]
  })
}

function serverFiles(files: SourceFile[]): SourceFile[] {
  return files.filter((file) => file.path.startsWith('server/src/') && !isTest(file))
}
