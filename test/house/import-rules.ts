// Owns the direction of imports: the table, and the reader that holds the tree against it.
import { posix } from 'node:path'
import { at, isTest, isTestPath, type SourceFile } from './source-file.ts'

/**
 * What each part may import beside itself: the longest name that a file's path begins with counts.
 * Names end in `/` for a folder. Test files may import anything but another folder's store.
 */
export const importRules: Record<string, string[]> = {
  'server/src/lib/': [],
  'server/src/vault/': ['server/src/lib/'],
  'server/src/storage/': ['server/src/lib/'],
  'server/src/jobs/': ['server/src/storage/', 'server/src/lib/'],
  'server/src/core/': ['server/src/vault/', 'server/src/storage/', 'server/src/lib/'],
  // A rail knows the core by its port alone, and keeps what it did in a transaction of its own.
  'server/src/rails/': [
    'server/src/core/context.ts',
    'server/src/core/errors.ts',
    'server/src/core/payouts/rail.ts',
    'server/src/storage/transaction.ts',
    'server/src/lib/',
  ],
  // An adapter knows the core by its port alone; the sandbox keeps its state in the database.
  'server/src/providers/': [
    'server/src/core/provider.ts',
    'server/src/core/errors.ts',
    'server/src/core/fields.ts',
    'server/src/lib/',
  ],
  'server/src/providers/sandbox/': [
    'server/src/providers/',
    'server/src/core/provider.ts',
    'server/src/core/errors.ts',
    'server/src/core/fields.ts',
    'server/src/storage/',
    'server/src/vault/',
    'server/src/lib/',
  ],
  'server/src/http/': [
    'server/src/core/errors.ts',
    'server/src/core/context.ts',
    'server/src/core/fields.ts',
    'server/src/core/apps/',
    'server/src/storage/',
    'server/src/vault/',
    'server/src/lib/',
  ],
  'server/src/webhooks/': [
    'server/src/core/events/',
    'server/src/core/catalogue.ts',
    'server/src/core/context.ts',
    'server/src/core/errors.ts',
    'server/src/core/fields.ts',
    'server/src/jobs/',
    'server/src/storage/',
    'server/src/vault/',
    'server/src/lib/',
  ],
  'server/src/surfaces/': [
    'server/src/http/',
    'server/src/core/',
    'server/src/webhooks/',
    'server/src/lib/',
  ],
  // What is really done in a test app, by the core's own services, so that an event comes of it.
  'server/src/triggers/': ['server/src/core/', 'server/src/rails/', 'server/src/lib/'],
  'server/src/config.ts': ['server/src/lib/'],
  // What every start does before there is a server: no surface, no job, no socket.
  'server/src/installation.ts': [
    'server/src/config.ts',
    'server/src/core/',
    'server/src/providers/providers.ts',
    'server/src/storage/',
    'server/src/vault/',
    'server/src/lib/',
  ],
  // The composition root puts every part together; what runs beside requests is composed apart.
  'server/src/app.ts': ['server/src/'],
  'server/src/work.ts': ['server/src/'],
  // A command starts the server or opens an installation; it answers no request itself.
  'server/src/cli/': [
    'server/src/app.ts',
    'server/src/config.ts',
    'server/src/installation.ts',
    'server/src/core/',
    'server/src/storage/',
    'server/src/vault/',
    'server/src/surfaces/surfaces.ts',
    'server/src/triggers/',
    'server/src/webhooks/',
    'server/src/lib/',
  ],
  'server/src/main.ts': ['server/src/cli/'],
  'server/src/config.test.ts': ['server/src/', 'test/'],
  'server/src/installation.test.ts': ['server/src/', 'test/'],
  'server/src/work.test.ts': ['server/src/', 'test/'],
  // The package that others install: nothing of ours, and no dependency.
  'sdk/': [],
  'test/': ['server/src/', 'sdk/', 'scripts/'],
  'bench/': ['server/src/', 'sdk/', 'test/'],
  // The longer forms of tests, as two hundred kills, run as scripts over the same parts.
  'scripts/': ['server/src/', 'sdk/', 'test/'],
}

/** Which facet may name which; of the files beside them, only those with a row name any. */
export const facetRules: Record<string, string[]> = {
  events: [],
  apps: [],
  customer: ['events'],
  'bank-accounts': ['customer'],
  accounts: ['customer'],
  individuals: ['customer'],
  applications: ['customer', 'individuals', 'accounts', 'files'],
  payouts: ['customer', 'bank-accounts'],
  files: ['customer'],
  connections: ['apps'],
  registrations: ['customer', 'connections', 'files'],
  wallets: ['customer'],
  activity: ['customer', 'wallets'],
  // Answers by the rules of the facets that it names, and has none of its own.
  eligibility: [
    'accounts',
    'activity',
    'bank-accounts',
    'connections',
    'customer',
    'payouts',
    'registrations',
    'wallets',
  ],
  // Finding over all facets: it joins their tables, and opens customers alone.
  directory: ['customer', 'bank-accounts', 'wallets'],
  // The list of every state machine; nothing in core imports it.
  'machines.ts': ['activity', 'applications', 'customer', 'payouts', 'registrations'],
  // The list of every error and event; nothing in core imports it.
  'catalogue.ts': [
    'accounts',
    'activity',
    'apps',
    'bank-accounts',
    'connections',
    'customer',
    'events',
    'files',
    'payouts',
    'registrations',
    'wallets',
    'applications',
    'individuals',
  ],
}

export interface Import {
  /** As written. */
  specifier: string
  /** The file it names, or `null` for a package. */
  target: string | null
  /** Gone at run time. */
  isType: boolean
  position: number
}

const importPattern =
  /\b(?:import|export)\s+(type\s+)?(?:[\w*$\s{},]+?\sfrom\s*)?(['"])\s*\2|\bimport\s*\(\s*(['"])\s*\3/g

export function readImports(file: SourceFile): Import[] {
  return [...file.code.matchAll(importPattern)].map((match) => {
    const end = match.index + match[0].length - 1
    const start = file.text.lastIndexOf(file.text.charAt(end), end - 1) + 1
    const specifier = file.text.slice(start, end)
    const isRelative = specifier.startsWith('.')
    const target = isRelative ? posix.join(posix.dirname(file.path), specifier) : null
    return { specifier, target, isType: Boolean(match[1]), position: match.index }
  })
}

/** Imports that the table does not allow. */
export function wrongDirections(files: SourceFile[]): string[] {
  return offences(files, (file, { target, specifier }) => {
    const part = partOf(file.path)
    if (part === null) return `${file.path} stands in no row of the import table`
    if (target === null) {
      const isForeign = part === 'sdk/' && !isTest(file)
      return isForeign ? `sdk may not import a package (${specifier})` : null
    }
    // Data, as a package.json, has no direction.
    if (isTest(file) || target.endsWith('.json')) return null
    if (/^(?:server|sdk)\//.test(part) && isTestPath(target)) {
      return `${nameOf(part)} may not import a test (${posix.basename(target)})`
    }
    const isOwn = part.endsWith('/') && target.startsWith(part)
    const isAllowed = importRules[part]?.some((allowed) => covers(allowed, target))
    return isOwn || isAllowed ? null : `${nameOf(part)} may not import ${nameOfTarget(target)}`
  })
}

/** Facets that name one another beyond the table, and hub files that name a facet. */
export function wrongFacets(files: SourceFile[]): string[] {
  return offences(files, (file, { target }) => {
    const from = coreFolder(file.path)
    const to = target === null ? null : coreFolder(target)
    if (isTest(file) || from === null || to === null || from === to || to === '') return null
    const facet = from === '' ? posix.basename(file.path) : from
    return facetRules[facet]?.includes(to) ? null : `core/${facet} may not import core/${to}`
  })
}

/** A surface that looks into another surface. */
export function crossedSurfaces(files: SourceFile[]): string[] {
  return offences(files, (file, { target }) => {
    const from = /^server\/src\/surfaces\/([^/]+)\//.exec(file.path)?.[1]
    const to = /^server\/src\/surfaces\/([^/]+)\//.exec(target ?? '')?.[1]
    const isCrossed = from !== undefined && to !== undefined && from !== to
    return isCrossed ? `surface ${from} may not import surface ${to}` : null
  })
}

/** Stores that are imported from another folder than their own. */
export function borrowedStores(files: SourceFile[]): string[] {
  return offences(files, (file, { target }) => {
    if (target === null || !target.endsWith('-store.ts')) return null
    if (posix.dirname(target) === posix.dirname(file.path)) return null
    return `${posix.basename(target)} may be imported from its own folder only`
  })
}

/** Files that wait for each other at run time, and folders that name each other at all. */
export function cycles(files: SourceFile[]): string[] {
  const byFile = new Map<string, Set<string>>()
  const byFolder = new Map<string, Set<string>>()
  for (const file of files.filter((one) => !isTest(one))) {
    for (const { target, isType } of readImports(file)) {
      if (target === null) continue
      if (!isType) addEdge(byFile, file.path, target)
      addEdge(byFolder, unitOf(file.path), unitOf(target))
    }
  }
  return [...findCycles(byFile), ...findCycles(byFolder)].map((cycle) => `import cycle: ${cycle}`)
}

function offences(
  files: SourceFile[],
  judge: (file: SourceFile, found: Import) => string | null,
): string[] {
  return files.flatMap((file) =>
    readImports(file).flatMap((found) => {
      const message = judge(file, found)
      return message === null ? [] : [`${at(file, found.position)}: ${message}`]
    }),
  )
}

function partOf(path: string): string | null {
  const parts = Object.keys(importRules).filter((part) => covers(part, path))
  return parts.sort((left, right) => right.length - left.length)[0] ?? null
}

const covers = (part: string, path: string) =>
  part.endsWith('/') ? path.startsWith(part) : path === part

const nameOf = (part: string) => part.replace('server/src/', '').replace(/\/$/, '')

function nameOfTarget(target: string): string {
  return nameOf(target).split('/').slice(0, 2).join('/')
}

/** The facet's folder; the empty string for a file beside the facets; `null` outside core. */
function coreFolder(path: string): string | null {
  const match = /^server\/src\/core\/(?:([^/]+)\/)?[^/]+$/.exec(path)
  return match ? (match[1] ?? '') : null
}

/** What counts as one: a layer, a facet, a surface; the files beside them stand alone. */
function unitOf(path: string): string {
  const match = /^server\/src\/((?:core|surfaces)\/[^/]+|(?!core\/|surfaces\/)[^/]+)\//.exec(path)
  if (match?.[1]) return match[1]
  return path.startsWith('server/src/') ? path : (path.split('/')[0] ?? path)
}

function addEdge(graph: Map<string, Set<string>>, from: string, to: string): void {
  if (from !== to) graph.set(from, (graph.get(from) ?? new Set()).add(to))
}

/** Each cycle once, as `a → b → a`. */
function findCycles(graph: Map<string, Set<string>>): string[] {
  const found = new Set<string>()
  const done = new Set<string>()
  const visit = (node: string, path: string[]): void => {
    const start = path.indexOf(node)
    if (start >= 0) found.add([...path.slice(start), node].join(' → '))
    if (start >= 0 || done.has(node)) return
    for (const next of graph.get(node) ?? []) visit(next, [...path, node])
    done.add(node)
  }
  for (const node of graph.keys()) visit(node, [])
  return [...found]
}
