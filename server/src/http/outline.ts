// Owns what the reference says about a surface, before it is a page: one outline, two renderings.
import type { ErrorDefinition } from '../core/errors.ts'
import { present } from '../lib/assert.ts'
import { statusOf } from './answer-error.ts'
import { securityOf } from './clearance.ts'
import { httpErrors } from './http-errors.ts'
import { type JsonSchema, toJsonSchema } from './json-schema.ts'
import { NoContent, type Operation } from './operation.ts'
import { sharedErrorsOf, wireCodeOf } from './operation-errors.ts'
import { type Chapter, chaptersOf, type ErrorOutline } from './outline-chapters.ts'
import { exampleOf, type Field, fieldsOf } from './outline-fields.ts'
import type { Surface } from './surface.ts'

/** Texts may hold `code` between backticks, and no other markup. */
export interface Outline {
  name: string
  title: string
  version: string
  description: string
  basePath: string
  chapters: Chapter[]
  groups: { tag: string; operations: OperationOutline[] }[]
}

export interface OperationOutline {
  id: string
  method: string
  /** From the root of the server. */
  path: string
  /** Any entry is enough, and needs all of its scopes. None: it stands before any key. */
  scopes: string[][]
  summary: string
  description: string
  parts: { title: string; fields: Field[] }[]
  answer: { status: number; description: string; type: string; fields: Field[]; example: string }
  /** Its own; what every operation can answer stands in the chapter on errors. */
  errors: ErrorOutline[]
  curl: string
}

export function outlineOf(surface: Surface): Outline {
  const { name, title, version, description, basePath, operations } = surface
  const tags = [...new Set(operations.map(({ tag }) => tag))]
  const seen: Seen = new Set()
  return {
    name,
    title,
    version,
    description,
    basePath,
    chapters: chaptersOf(surface, commonErrors(surface, seen)),
    groups: tags.map((tag) => ({
      tag,
      operations: operations
        .filter((operation) => operation.tag === tag)
        .map((operation) => outlineOperation(surface, operation, seen)),
    })),
  }
}

/** Codes that stand further up on the page. */
type Seen = Set<string>

function outlineOperation(surface: Surface, operation: Operation, seen: Seen): OperationOutline {
  const { id, method, summary, description = '', params, query, body } = operation
  const part = (title: string, schema: Operation['body']) =>
    schema ? [{ title, fields: fieldsOf(toJsonSchema(schema)) }] : []
  const parts = [
    ...part('In the path', params),
    ...part('In the query', query),
    ...part('In the body', body),
    ...uploadParts(operation),
  ]
  return {
    id,
    method,
    path: surface.basePath + operation.path,
    scopes: securityOf(surface, operation),
    summary,
    description,
    parts,
    answer: outlineAnswer(operation),
    errors: operation.errors.map((definition) => outlineError(surface, definition, seen)),
    curl: curlOf(surface, operation),
  }
}

function uploadParts({ upload }: Operation): OperationOutline['parts'] {
  if (!upload) return []
  const fields = upload.map(({ name, description, isFile, isRequired }) => ({
    name,
    type: isFile ? 'file' : 'string',
    isRequired,
    rule: '',
    description,
  }))
  return [{ title: 'Parts of the body (multipart/form-data)', fields }]
}

function outlineAnswer({ returns }: Operation): OperationOutline['answer'] {
  const { status, description } = returns
  const schema = toJsonSchema(returns.schema)
  if (returns.schema === NoContent) {
    return { status, description, type: 'an empty body', fields: [], example: '' }
  }
  const entry = schema.type === 'array' ? schema.items : undefined
  const name = (entry ?? schema).title ?? 'object'
  return {
    status,
    description,
    type: entry ? `array of ${name}` : name,
    fields: fieldsOf(entry ?? schema),
    example: JSON.stringify(exampleOf(schema), null, 2),
  }
}

/** What any operation can answer, each once, by status. */
function commonErrors(surface: Surface, seen: Seen): ErrorOutline[] {
  const { route_not_found, method_not_allowed } = httpErrors
  const shared = surface.operations.flatMap((operation) => sharedErrorsOf(surface, operation))
  const definitions = new Set([...shared, route_not_found, method_not_allowed])
  const statusOfOne = ({ kind }: ErrorDefinition) => statusOf(surface, kind)
  return [...definitions]
    .sort((one, other) => statusOfOne(one) - statusOfOne(other))
    .map((definition) => outlineError(surface, definition, seen))
}

function outlineError(surface: Surface, definition: ErrorDefinition, seen: Seen): ErrorOutline {
  const { title, fix } = definition
  const code = wireCodeOf(surface, definition)
  const anchor = seen.has(code) ? null : code
  seen.add(code)
  const detail = definition.detail === `${title}.` ? '' : definition.detail
  return { anchor, status: statusOf(surface, definition.kind), code, title, detail, fix }
}

/** Runs as it stands once `URL` and `KEY` are set, and `KEY_ID` where a key is traded. */
function curlOf(surface: Surface, operation: Operation): string {
  const { method, body, upload, scope, takesForm = false } = operation
  const lines = [
    `curl${method === 'GET' ? '' : ` -X ${method}`} "$URL${examplePath(surface, operation)}"`,
  ]
  if (scope !== null) lines.push(credentialsOf(surface))
  if (method !== 'GET' && scope !== null) lines.push('-H "Idempotency-Key: $(uuidgen)"')
  if (takesForm && scope === null) lines.push('-u "$KEY_ID:$KEY"')
  if (body && takesForm) {
    const members = Object.entries(Object(exampleOf(toJsonSchema(body))))
    lines.push(...members.map(([name, value]) => `--data-urlencode '${name}=${value}'`))
  } else if (body) {
    const example = JSON.stringify(exampleOf(toJsonSchema(body)), null, 2).replaceAll('\n', '\n  ')
    lines.push("-H 'Content-Type: application/json'", `-d '${example.replaceAll("'", "'\\''")}'`)
  }
  for (const { name, isFile } of upload ?? []) {
    lines.push(isFile ? `-F '${name}=@passport.pdf'` : `-F '${name}=PASSPORT'`)
  }
  return lines.join(' \\\n  ')
}

function examplePath(surface: Surface, operation: Operation): string {
  const { properties = {} }: JsonSchema = operation.params ? toJsonSchema(operation.params) : {}
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    String(exampleOf(present(properties[name], `${operation.id} describes ${name}`))),
  )
  return surface.basePath + path
}

function credentialsOf(surface: Surface): string {
  const { type, scheme, name } = surface.credentials.securityScheme
  if (type === 'http' && scheme === 'basic') return '-u "$KEY:"'
  return type === 'http' ? '-H "Authorization: Bearer $KEY"' : `-H "${name}: $KEY"`
}
