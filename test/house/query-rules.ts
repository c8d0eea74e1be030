// Owns the rules of SQL: where it stands, and that every query of an app's data names the app.
import { at, isTest, type SourceFile } from './source-file.ts'

/** SQL outside stores and storage, and why it stands there. */
export const sqlExceptions: Record<string, string> = {
  'server/src/installation.ts': 'the settings table is the installation’s own: no app, no facet',
  'server/src/http/idempotency.ts': 'the replies table belongs to this mechanism alone',
  'server/src/rails/sandbox.ts': 'an adapter that keeps its own state, as a bank would',
}

/** Tables of the installation itself: they hold no app's data. */
export const tablesWithoutApp = new Set(['settings', 'merchants', 'apps'])

/** Queries of an app's data without an app, by a piece of their text, and why. */
export const appExceptions: { file: string; holds: string; why: string }[] = [
  {
    file: 'server/src/core/apps/app-store.ts',
    holds: "where('secret_hash'",
    why: 'the app is what a presented secret is looked up for',
  },
  {
    file: 'server/src/core/apps/app-store.ts',
    holds: "where('previous_secret_hash'",
    why: 'the same for a secret that was rotated out',
  },
  {
    file: 'server/src/storage/job-queue.ts',
    holds: ".select(['app_id as appId', 'kind'])",
    why: 'the sweep asks which apps have a job that is due',
  },
  {
    file: 'server/src/core/connections/connection-store.ts',
    holds: ".select('app_id')",
    why: 'the app is what the connection of a webhook is looked up for',
  },
  {
    file: 'server/src/storage/job-queue.ts',
    holds: "where('leased_until', 'is not', null)",
    why: 'the leases of a process that is gone are void in every app',
  },
]

/** Who sees the rows of all apps at once, and why; everything else sees those of one, or none. */
export const everyAppUses: Record<string, string> = {
  'server/src/core/context.ts': 'gives the two views their names',
  'server/src/storage/': 'makes the views',
  'server/src/core/apps/app-service.ts': 'finds the app of a presented secret',
  'server/src/core/apps/key-service.ts': 'writes down the uses of all keys in one transaction',
  'server/src/core/connections/connection-service.ts': 'finds the app of a webhook',
  'server/src/core/events/checkpoint-service.ts': 'finds the apps whose customers it lists',
  'server/src/core/events/verify-chains.ts': 'finds the apps whose rows have no app',
  'server/src/installation.ts': 'the first start makes the merchant, its apps and a key together',
  'server/src/work.ts': 'the worker looks for due jobs in every app, and leases them',
  'server/src/cli/inspection.ts': 'the doctor reads, and changes nothing',
  'server/src/cli/serve.ts': 'the doctor, run by the server that has the database open',
}

export function unlistedEveryApp(files: SourceFile[]): string[] {
  const isListed = (path: string) =>
    Object.keys(everyAppUses).some((listed) => path === listed || isInFolder(path, listed))
  return serverFiles(files)
    .filter(({ path }) => !isListed(path))
    .flatMap((file) =>
      [...file.code.matchAll(everyAppCall)].map(
        (match) => `${at(file, match.index)}: the rows of every app are for a listed few`,
      ),
    )
}

/** A context made by hand keeps the database of whoever made it, which shows no app, or all. */
export function handmadeContexts(files: SourceFile[]): string[] {
  const spread = /\.\.\.(?:\w+\.)*system(?:\(\))?,\s*app\b/g
  return serverFiles(files).flatMap((file) =>
    [...file.code.matchAll(spread)].map(
      (match) => `${at(file, match.index)}: contextOf makes a context, with its app's rows alone`,
    ),
  )
}

const everyAppCall = /\b(?:forEveryApp|ofEveryApp)\(/g

const isInFolder = (path: string, folder: string) => folder.endsWith('/') && path.startsWith(folder)

const verbs = /\b(selectFrom|innerJoin|leftJoin|insertInto|insertOf|updateTable|deleteFrom)\(/g

export function misplacedSql(files: SourceFile[]): string[] {
  const verb = /\b(?:selectFrom|insertInto|insertOf|updateTable|deleteFrom)\(|\bsql`/g
  return serverFiles(files)
    .filter(({ path }) => !path.startsWith('server/src/storage/') && !path.endsWith('-store.ts'))
    .filter(({ path }) => sqlExceptions[path] === undefined)
    .flatMap((file) =>
      [...file.code.matchAll(verb)].map(
        (match) => `${at(file, match.index)}: SQL stands in a store or in storage only`,
      ),
    )
}

export function queriesWithoutApp(files: SourceFile[]): string[] {
  return serverFiles(files)
    .filter(({ path }) => !path.startsWith('server/src/storage/migrations'))
    .flatMap((file) => readQueries(file).filter((query) => !namesApp(file, query)))
    .map(({ place, table }) => `${place}: a query of ${table} does not name app_id`)
}

/** Exceptions that no query needs any more. */
export function idleExceptions(files: SourceFile[]): string[] {
  const idleApp = appExceptions.filter(({ file, holds }) => {
    const source = files.find((one) => one.path === file)
    return !source || !readQueries(source).some((query) => query.text.includes(holds))
  })
  const paths = new Set(files.map((file) => file.path))
  const idleUses = Object.keys(everyAppUses).filter(
    (listed) =>
      !serverFiles(files).some(
        ({ path, code }) =>
          (path === listed || isInFolder(path, listed)) && code.match(everyAppCall) !== null,
      ),
  )
  const idleSql = Object.keys(sqlExceptions).filter((path) => !paths.has(path))
  return [
    ...idleApp.map(({ file, holds }) => `${file}: no query holds ${holds} any more`),
    ...idleSql.map((path) => `${path}: is gone, its exception may go too`),
    ...idleUses.map((path) => `${path}: looks at one app only by now`),
  ]
}

interface Query {
  table: string
  /** The whole chain of calls. */
  text: string
  place: string
}

function readQueries(file: SourceFile): Query[] {
  return [...file.code.matchAll(verbs)].flatMap((match) => {
    if (/Join$/.test(match[1] ?? '')) return []
    const from = match.index + match[0].length
    const table = /^\s*'(\w+)/.exec(file.text.slice(from))?.[1]
    if (table === undefined || tablesWithoutApp.has(table)) return []
    const end = endOfChain(file.code, from)
    return [{ table, text: file.text.slice(match.index, end), place: at(file, match.index) }]
  })
}

/** Calls follow one another until something else than a dot comes after one. */
function endOfChain(code: string, from: number): number {
  let depth = 1
  for (let position = from; position < code.length; position += 1) {
    const char = code.charAt(position)
    if ('([{'.includes(char)) depth += 1
    if (')]}'.includes(char)) depth -= 1
    if (depth < 0) return position
    if (depth > 0 || char !== ')') continue
    if (!/^\s*\./.test(code.slice(position + 1, position + 200))) return position + 1
  }
  return code.length
}

function namesApp(file: SourceFile, { text }: Query): boolean {
  if (/\bwhere\(\s*'(?:\w+\.)?app_id',\s*'='/.test(text)) return true
  const row = /(?:\.values\(|^insertOf\('\w+',)\s*(.*)/s.exec(text)?.[1] ?? ''
  if (/^\{[^}]*\bapp_id\b/.test(row)) return true
  // A row, or each of them, that a function of the same file makes, with the app in it.
  const maker = /^(?:\{\s*\.{3}|\w+\.map\()?(\w+)[()]/.exec(row)?.[1]
  if (maker && new RegExp(`function ${maker}\\([^]*?\\bapp_id\\b`).test(file.text)) return true
  return appExceptions.some(({ file: path, holds }) => path === file.path && text.includes(holds))
}

function serverFiles(files: SourceFile[]): SourceFile[] {
  return files.filter((file) => file.path.startsWith('server/src/') && !isTest(file))
}
