// Owns the rules of words and queries with lines that break them.
import {
  handmadeContexts,
  misplacedSql,
  queriesWithoutApp,
  unlistedEveryApp,
} from './query-rules.ts'
import type { Rule } from './rule.ts'
import {
  comparedSecrets,
  looseTypes,
  nonNullMarks,
  partialRuns,
  silencedCompiler,
  unfinished,
  unportedEffects,
} from './word-rules.ts'

export const wordRuleSamples: Rule[] = [
  word(
    'no value is of any type',
    looseTypes,
    [
      'const a: any = 1',
      'b as any',
      'c<any>()',
      'expect.any(String)',
      'const any = 1 // any',
      'f(any, (any) => any)',
    ],
    [1, 2, 3].map((line) => `${line}: \`any\` hides what the value is`),
  ),
  word(
    'nothing is claimed to be there',
    nonNullMarks,
    ['a!.b', 'c()!', 'd[0]!.e', 'if (!f) g !== h', 'return !i', 'j != k'],
    [1, 2, 3].map((line) => `${line}: \`!\` claims what is not checked`),
  ),
  word(
    'the compiler is not silenced',
    silencedCompiler,
    ['// @ts-ignore', '/* @ts-expect-error why */', "const a = '@ts-ignore'"],
    ['1: @ts-ignore silences the compiler', '2: @ts-expect-error silences the compiler'],
  ),
  word(
    'nothing is left to do',
    unfinished,
    ['// TODO: later', '/** FIXME */', "const a = 'TODO'"],
    ['1: TODO on main', '2: FIXME on main'],
  ),
  word(
    'every test runs',
    partialRuns,
    [
      "test.only('a')",
      "describe.skip('b')",
      "test.todo('c')",
      "test.each.skip('d')",
      'list.skip(1)',
      'test.skipIf(e)',
    ],
    ['1: .only', '2: .skip', '3: .todo', '4: .skip'].map((said) => `${said} leaves a test out`),
  ),
  word(
    'time, chance and the network come through their doors',
    unportedEffects,
    [
      'Date.now()',
      'new Date()',
      'new Date(now)',
      'setTimeout(f, 1)',
      'Math.random()',
      'fetch(url)',
      'a.fetch(b)',
      'socket.setTimeout(1)',
      '// Date.now()',
    ],
    [
      '1: Date.now: time comes from context.clock',
      '2: new Date(): time comes from context.clock',
      '4: setTimeout(: waiting goes through context.clock',
      '5: Math.random: chance comes from context.random',
      '6: fetch(: the network is reached through a port',
    ],
  ),
  word(
    'secrets are compared in constant time',
    comparedSecrets,
    [
      'a.secretHash === b',
      'if (c === d.fingerprint) e()',
      'signature.equals(f)',
      'timingSafeEqual(g, h)',
      'secretHash === null',
    ],
    [
      '1: secrets are compared by equalSecrets',
      '2: secrets are compared by equalSecrets',
      '3: secrets are compared by equalSecrets',
      '4: equalSecrets owns timingSafeEqual',
    ],
  ),
  word(
    'SQL stands in stores and in storage',
    misplacedSql,
    ["db.selectFrom('a')", 'await sql`select 1`.execute(db)', "insertOf('a', b)", "'insertInto('"],
    [1, 2, 3].map((line) => `${line}: SQL stands in a store or in storage only`),
  ),
  word(
    'every query of an app’s data names the app',
    queriesWithoutApp,
    [
      "db.selectFrom('customers').selectAll().where('id', '=', id).execute()",
      "db.selectFrom('customers').where('app_id', '=', appId).where('id', '=', id).execute()",
      "db.insertInto('jobs').values({ app_id: a, id: b }).execute()",
      "db.insertInto('jobs').values({ id: b }).execute()",
      "db.insertInto('events').values(toRow(c)).execute()",
      "db.insertInto('events').values(toOther(c)).execute()",
      "db.deleteFrom('replies as reply').where('reply.app_id', '=', a).execute()",
      "const q = db.updateTable('payouts').set({ a })\n  .where('id', '=', 'app_id')\n  .execute()",
      "db.selectFrom('settings').selectAll().execute()",
      'function toRow(c) { return { app_id: c.appId } }',
      "insertOf('jobs', { app_id: a, id: b })",
      "insertOf('jobs', { id: b })",
      "insertOf('events', { ...toRow(c), tx: d })",
      "insertOf('events', { ...toOther(c), tx: d })",
      "db.insertInto('events').values(all.map(toRow)).execute()",
      "db.insertInto('events').values(all.map(toOther)).execute()",
    ],
    [
      '1: a query of customers does not name app_id',
      '4: a query of jobs does not name app_id',
      '6: a query of events does not name app_id',
      '8: a query of payouts does not name app_id',
      '14: a query of jobs does not name app_id',
      '16: a query of events does not name app_id',
      '18: a query of events does not name app_id',
    ],
  ),
  word(
    'the rows of every app are for a listed few',
    unlistedEveryApp,
    ['forEveryApp(system).db', 'forApp(system, id).db', 'await database.ofEveryApp().migrate()'],
    [1, 3].map((line) => `${line}: the rows of every app are for a listed few`),
  ),
  word(
    'a context is made by contextOf',
    handmadeContexts,
    [
      'run({ ...system, app, actor })',
      'contextOf(system, { app, actor })',
      'f({ ...a.system, app: b })',
    ],
    [1, 3].map((line) => `${line}: contextOf makes a context, with its app's rows alone`),
  ),
]

/** A rule that one file shows; it says `line: …`. */
function word(title: string, check: Rule['check'], text: string[], says: string[]): Rule {
  const path = 'server/src/core/a.ts'
  return {
    title,
    check,
    sample: { [path]: text.join('\n') },
    says: says.map((said) => `${path}:${said}`),
  }
}
