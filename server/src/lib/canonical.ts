// Owns one spelling per JSON value, so that equal values have equal hashes.

export type Json = string | number | boolean | null | Json[] | { [member: string]: Json }

/** JSON with the members of every object in code-unit order. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] ?? null)}`)
  return `{${members.join(',')}}`
}
