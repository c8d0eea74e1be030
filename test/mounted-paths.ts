// Owns reading which paths a server has routes for, from the tree that fastify prints.

/** With placeholders in braces; `printed` without common prefixes. */
export function mountedPaths(printed: string): string[] {
  const parts: string[] = []
  const paths: string[] = []
  for (const line of printed.split('\n')) {
    // Four columns a level, a part of a path, methods.
    const match = /^((?:│ {3}| {4})*)[├└]── (\S+)( \(.+\))?$/.exec(line)
    if (!match) continue
    const [, indent = '', part = '', methods] = match
    parts.length = indent.length / 4
    parts.push(part)
    if (methods) paths.push(parts.join('').replace(/:(\w+)/g, '{$1}'))
  }
  return paths
}
