// Owns reading what Stripe is sent: bracket keys of a form, or the parts of a file's upload.
import { expectThat, type StandInRequest } from '../../testing/stand-in.ts'

/** Every leaf is text, as it is on the wire. */
export interface Params {
  [name: string]: string | Params | Params[]
}

const keyForm = /^[a-z_]+(?:\[[a-z0-9_]+\])*$/
const formType = 'application/x-www-form-urlencoded'

export function readForm(request: StandInRequest): Params {
  expectThat(request.headers['content-type'] === formType, 'a body is a form')
  const params: Params = {}
  const seen = new Set<string>()
  for (const [key, value] of request.form()) {
    expectThat(keyForm.test(key), `${key} is a name with names in brackets`)
    expectThat(!seen.has(key), `${key} comes once`)
    expectThat(value !== '', `${key} is not blank, which would take the value away`)
    seen.add(key)
    put(params, key.split(/[[\]]+/).filter(Boolean), value)
  }
  return withLists(params)
}

function put(params: Params, names: string[], value: string): void {
  const [name = '', ...rest] = names
  if (rest.length === 0) {
    expectThat(params[name] === undefined, `${name} is a value or has members, never both`)
    params[name] = value
    return
  }
  const inner = params[name] ?? {}
  expectThat(typeof inner === 'object' && !Array.isArray(inner), `${name} has members`)
  params[name] = inner
  put(inner, rest, value)
}

/** Members named 0, 1, 2 are a list's. */
function withLists(params: Params): Params {
  const entries = Object.entries(params).map(([name, value]) => {
    if (typeof value === 'string' || Array.isArray(value)) return [name, value]
    const inner = withLists(value)
    const names = Object.keys(inner)
    const isList = names.every((one, at) => one === String(at))
    return [name, isList ? Object.values(inner) : inner]
  })
  return Object.fromEntries(entries)
}

export interface Upload {
  purpose: string
  name: string
  type: string
  bytes: Buffer
}

export async function readUpload({ headers, body }: StandInRequest): Promise<Upload> {
  const type = headers['content-type'] ?? ''
  expectThat(/^multipart\/form-data; boundary=\S+$/.test(type), 'a file comes as multipart')
  const answer = new Response(new Uint8Array(body), { headers: { 'content-type': type } })
  const form = await answer.formData()
  expectThat([...form.keys()].sort().join() === 'file,purpose', 'an upload has two parts')
  const purpose = form.get('purpose')
  const file = form.get('file')
  const purposes = ['identity_document', 'additional_verification']
  expectThat(typeof purpose === 'string' && purposes.includes(purpose), 'the purpose is known')
  expectThat(file instanceof File, 'the file is a part with a name of its own')
  const types = ['application/pdf', 'image/png', 'image/jpeg']
  expectThat(types.includes(file.type), 'the file is a PDF or a picture')
  expectThat(file.size > 0 && file.size <= 10 * 1024 * 1024, 'the file has up to 10 MiB')
  const bytes = Buffer.from(await file.arrayBuffer())
  return { purpose, name: file.name, type: file.type, bytes }
}
