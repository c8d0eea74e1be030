// Owns the golden files: what stands in one, which there are, and writing new ones.
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { OpenApiDocument } from '../server/src/http/openapi.ts'
import type { Operation } from '../server/src/http/operation.ts'
import type { Surface } from '../server/src/http/surface.ts'

export interface Golden {
  surface: string
  version: string
  steps: GoldenStep[]
}

export type GoldenStep = Exchange | Given

/** A call over HTTP. */
export interface Exchange {
  /** `createCustomer`, or what of the surface is refused. */
  name: string
  request: GoldenRequest
  reply: GoldenReply
}

export interface GoldenRequest {
  method: string
  path: string
  headers: Record<string, string>
  json?: unknown
  /** A body that is no JSON, or broken. */
  text?: string
  /** As many times. */
  times?: number
  form?: { name: string; fileName?: string; text?: string; base64?: string }[]
}

export interface GoldenReply {
  status: number
  headers: Record<string, string>
  json?: unknown
  text?: string
}

/** What stands before a call, and no call of the surface makes. */
export interface Given {
  given: GivenName
  input: unknown[]
  made: unknown
}

/** What example requests are prepared with, and a key of fewer scopes. */
export type GivenName =
  | 'connectBridge'
  | 'makeCustomer'
  | 'makeBankingCustomer'
  | 'makeSubmittedApplication'
  | 'makePayout'
  | 'makePayable'
  | 'makeRegistration'
  | 'signMessage'
  | 'drainJobs'
  | 'key'

const folder = join(import.meta.dirname, 'goldens')
const documentEnding = '.openapi.json'

interface Published<T> {
  /** `1.0.0/payouts.json` */
  path: string
  content: T
}

export function readGoldens(): Published<Golden>[] {
  return filesOf('*/*.json')
    .filter((path) => !path.endsWith(documentEnding))
    .map((path) => ({ path, content: readJson(path) as Golden }))
}

/** Each as it was on the day of its golden file. */
export function readDocuments(): (Published<OpenApiDocument> & { surface: string })[] {
  return filesOf(`*/*${documentEnding}`).map((path) => {
    const surface = /\/(\w+)[.\w]*$/.exec(path)?.[1] ?? ''
    return { path, surface, content: readJson(path) as OpenApiDocument }
  })
}

/** Operations that no file of the surface's present version has asked. */
export function missingOperations(surface: Surface, goldens = readGoldens()): Operation[] {
  const own = goldens.map(({ content }) => content)
  const present = own.filter((golden) => isOf(golden, surface))
  const asked = present.flatMap(({ steps }) => steps.map((step) => 'name' in step && step.name))
  return surface.operations.filter(({ id }) => !asked.includes(id))
}

const isOf = (golden: Golden, { name, version }: Surface) =>
  golden.surface === name && golden.version === version

/** Beside what stands, which is never written again. */
export function writeGolden(golden: Golden, document: OpenApiDocument): string {
  const { surface, version } = golden
  const taken = filesOf(`${version}/${surface}*${documentEnding}`).length
  const name = taken === 0 ? surface : `${surface}.${taken + 1}`
  const path = join(folder, version, `${name}.json`)
  const documentPath = join(folder, version, `${name}${documentEnding}`)
  for (const one of [path, documentPath]) {
    if (existsSync(one)) throw new Error(`${one} stands already`)
  }
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify(golden, null, 1)}\n`)
  writeFileSync(documentPath, `${JSON.stringify(document)}\n`)
  return `${version}/${name}.json`
}

const filesOf = (pattern: string) => globSync(pattern, { cwd: folder }).sort()

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(folder, path), 'utf8'))
}
