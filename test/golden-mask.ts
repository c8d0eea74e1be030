// Owns telling what differs from run to run (ids, secrets, hashes) by name, and back again.

/** What stands in a golden file: `cust_{id3}` and `{uuid3}` are two spellings of one id. */
export interface Mask {
  /** Of a request: what no answer has told yet is the request's own, and stays as it is. */
  ofRequest<T>(value: T): T
  /** Of an answer: what is new here gets the next name. */
  ofAnswer<T>(value: T, requestId?: string): T
  /** With the values of this run in place of names. */
  undo<T>(value: T): T
}

/** `known` gets its names before anything is asked: a key, the address of a stand-in. */
export function createMask(known: Record<string, string>): Mask {
  const names = new Map(Object.entries(known).map(([name, value]) => [value, `{${name}}`]))
  const values = new Map(Object.entries(known).map(([name, value]) => [`{${name}}`, value]))
  const counts = new Map<string, number>()
  const own = new Set<string>()

  const nameOf = (kind: string, value: string, isAnswer: boolean): string => {
    const named = names.get(value)
    if (named !== undefined) return named
    if (!isAnswer) own.add(value)
    if (own.has(value)) return value
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    const name = `{${kind}${count}}`
    names.set(value, name)
    values.set(name, value)
    return name
  }
  /** Both spellings of an id are one value, the UUID, under two names. */
  const idName = (spelling: 'id' | 'uuid', text: string, isAnswer: boolean): string => {
    const uuid = spelling === 'uuid' ? text.toLowerCase() : toUuid(text)
    const name = nameOf('id', uuid, isAnswer)
    if (name === uuid) return text
    return spelling === 'id' ? name : name.replace('{id', '{uuid')
  }
  const maskText = (text: string, isAnswer: boolean, member?: string): string => {
    const secret = secretMembers[member ?? '']
    if (secret) return nameOf(secret, text, isAnswer)
    let masked = text
    for (const [name, value] of Object.entries(known))
      masked = masked.replaceAll(value, `{${name}}`)
    for (const [kind, pattern] of tokens) {
      masked = masked.replace(pattern, (token) => nameOf(kind, token, isAnswer))
    }
    return masked
      .replace(uuids, (token) => idName('uuid', token, isAnswer))
      .replace(typeIds, (token) => idName('id', token, isAnswer))
  }
  const undoText = (text: string): string =>
    text.replace(/\{[a-z]+\d*\}/gi, (name) => {
      const uuid = values.get(name.replace('{uuid', '{id'))
      if (uuid === undefined) return name
      return name.startsWith('{id') ? toBase32(uuid) : uuid
    })
  return {
    ofRequest: (value) => mapTexts(value, (text, member) => maskText(text, false, member)),
    ofAnswer: (value, requestId) =>
      mapTexts(value, (text, member) => {
        const told = requestId ? text.replaceAll(requestId, '{request}') : text
        return maskText(told, true, member)
      }),
    undo: (value) => mapTexts(value, undoText),
  }
}

/** Told by the name of their member, for they look like anything. */
const secretMembers: Record<string, string> = { last4: 'last', nonce: 'nonce' }

/** In this order: a longer form before what it may contain. */
const tokens: [kind: string, pattern: RegExp][] = [
  ['key', /\b(?:sk|di)_(?:test|live)_[0-9A-Za-z]{49}/g],
  ['secret', /\bwhsec_[\w+/=-]{20,}/g],
  ['token', /\bat_[\w-]+\.[\w-]+/g],
  ['cursor', /\bcursor_[\w-]{40}/g],
  ['nonce', /(?<=\nNonce: )\w+/g],
  ['signature', /\b0x[0-9a-f]{130}\b/g],
  ['hash', /(?<![0-9a-zA-Z])[0-9a-f]{64}(?![0-9a-zA-Z])|^(?=.*[a-f])[0-9a-f]{16}$/g],
]
const uuids = /(?<![0-9a-z-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z-])/gi
const typeIds = /(?<=(?<![a-z])[a-z]{2,6}_)[0-7][0-9a-hjkmnp-tv-z]{25}(?![0-9a-z])/g

type MapText = (text: string, member?: string) => string

/** Every text in it, and nothing else, exchanged; the names of members stay. */
function mapTexts<T>(value: T, map: MapText, member?: string): T
function mapTexts(value: unknown, map: MapText, member?: string): unknown {
  if (typeof value === 'string') return map(value, member)
  if (Array.isArray(value)) return value.map((entry: unknown) => mapTexts(entry, map))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  return Object.fromEntries(entries.map(([name, inner]) => [name, mapTexts(inner, map, name)]))
}

/** As the server spells ids; of its own, so that a golden does not follow a mistake there. */
const base32 = '0123456789abcdefghjkmnpqrstvwxyz'

function toBase32(uuid: string): string {
  let left = BigInt(`0x${uuid.replaceAll('-', '')}`)
  let text = ''
  for (let at = 0; at < 26; at += 1) {
    text = base32.charAt(Number(left % 32n)) + text
    left /= 32n
  }
  return text
}

function toUuid(text: string): string {
  const value = [...text].reduce((sum, letter) => sum * 32n + BigInt(base32.indexOf(letter)), 0n)
  const hex = value.toString(16).padStart(32, '0')
  return [0, 8, 12, 16, 20].map((at, index) => hex.slice(at, [8, 12, 16, 20, 32][index])).join('-')
}
