// Owns holding every answer that a test gets against what its operation promises: status and body.
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { statusOf } from '../server/src/http/answer-error.ts'
import { NoContent, type Operation } from '../server/src/http/operation.ts'
import { allErrorsOf } from '../server/src/http/operation-errors.ts'
import type { Surface } from '../server/src/http/surface.ts'
import { surfaces } from '../server/src/surfaces/surfaces.ts'

interface Sent {
  method: string
  /** With its query. */
  path: string
}

interface Received {
  status: number
  text: string
}

/** Throws, so that no test passes over an answer that the reference does not describe. */
export function checkAnswer(sent: Sent, { status, text }: Received): void {
  const [path = ''] = sent.path.split('?')
  const surface = surfaces.find(({ basePath }) => path.startsWith(`${basePath}/`))
  if (!surface) return
  const operation = findOperation(surface, sent.method, path)
  const isRefused = status >= 400
  const schema = isRefused ? surface.errorSchema : operation?.returns.schema
  const answered = `${sent.method} ${path} answered ${status}`
  if (operation && !statusesOf(surface, operation).has(status)) {
    throw new Error(`${answered}, which ${operation.id} does not promise: ${text}`)
  }
  // HEAD is answered like GET, without the body.
  const isDownload = !isRefused && operation?.returns.contentType !== undefined
  if (!schema || isDownload || sent.method === 'HEAD') return
  if (schema === NoContent) {
    if (text === '') return
    throw new Error(`${answered}, and must have no body: ${text}`)
  }
  const problems = problemsOf(schema, JSON.parse(text))
  if (problems.length > 0) {
    throw new Error(`${answered}, which differs from its schema: ${problems.join('; ')}: ${text}`)
  }
}

function findOperation(surface: Surface, method: string, path: string): Operation | undefined {
  return surface.operations.find((operation) => {
    const segments = operation.path.replace(/\{\w+\}/g, '[^/]+')
    const isPath = new RegExp(`^${surface.basePath}${segments}$`).test(path)
    return isPath && operation.method === (method === 'HEAD' ? 'GET' : method)
  })
}

function statusesOf(surface: Surface, operation: Operation): Set<number> {
  const refusals = allErrorsOf(surface, operation).map(({ kind }) => statusOf(surface, kind))
  return new Set([operation.returns.status, ...refusals])
}

const validators = new Map<TSchema, ReturnType<typeof Compile>>()

function problemsOf(schema: TSchema, body: unknown): string[] {
  const validator = validators.get(schema) ?? Compile(schema)
  validators.set(schema, validator)
  if (validator.Check(body)) return []
  return validator.Errors(body).map(({ instancePath, message }) => `${instancePath} ${message}`)
}
