// Owns asking for many ids with one parameter: the statement is the same for any number of them.
import { type RawBuilder, sql } from 'kysely'
import type { Engine } from './migrations.ts'

export function isAmong(engine: Engine, column: string, ids: string[]): RawBuilder<boolean> {
  const name = sql.ref(column)
  return engine === 'sqlite'
    ? sql<boolean>`${name} in (select value from json_each(${JSON.stringify(ids)}))`
    : sql<boolean>`${name} = any(${ids}::uuid[])`
}
