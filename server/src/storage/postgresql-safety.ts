// Owns the question whether this PostgreSQL keeps what it acknowledges, and to whom it shows rows.
import { type Kysely, sql } from 'kysely'
import type { UnsafeSetting } from './database.ts'
import { selectUnprotected } from './row-level-security.ts'
import type { Tables } from './tables.ts'

interface ServerSettings {
  fsync: string
  full_page_writes: string
  synchronous_commit: string
  is_superuser: boolean
  bypasses_rls: boolean
}

interface SafetyRule {
  name: string
  isBroken(settings: ServerSettings): boolean
  detail: string
  fix: string
}

const rules: SafetyRule[] = [
  {
    name: 'fsync',
    isBroken: (s) => s.fsync !== 'on',
    detail: 'PostgreSQL runs with fsync off: a crash can lose or corrupt what was answered',
    fix: 'set fsync = on and restart PostgreSQL',
  },
  {
    name: 'full_page_writes',
    isBroken: (s) => s.full_page_writes !== 'on',
    detail: 'PostgreSQL runs with full_page_writes off: a power cut can tear a page',
    fix: 'set full_page_writes = on and reload PostgreSQL',
  },
  {
    name: 'synchronous_commit',
    isBroken: (s) => s.synchronous_commit === 'off',
    detail: 'PostgreSQL answers commits before they are on disk (synchronous_commit off)',
    fix: 'set synchronous_commit = on for this role and database',
  },
  {
    name: 'superuser',
    isBroken: (s) => s.is_superuser,
    detail: 'the database role is a superuser: it can read and change every other database',
    fix: 'connect as a role made with NOSUPERUSER that owns this database',
  },
  {
    name: 'bypassrls',
    isBroken: (s) => s.bypasses_rls && !s.is_superuser,
    detail: 'the database role has BYPASSRLS: row level security does not bind it',
    fix: 'alter the role with NOBYPASSRLS',
  },
]

export async function unsafePostgresqlSettings(db: Kysely<Tables>): Promise<UnsafeSetting[]> {
  const { rows } = await sql<ServerSettings>`
    select current_setting('fsync') as fsync,
      current_setting('full_page_writes') as full_page_writes,
      current_setting('synchronous_commit') as synchronous_commit,
      rolsuper as is_superuser,
      rolbypassrls as bypasses_rls
    from pg_roles where rolname = current_user
  `.execute(db)
  const settings = rows[0]
  if (!settings) return []
  const broken = rules
    .filter((rule) => rule.isBroken(settings))
    .map(({ name, detail, fix }) => ({ name, detail, fix }))
  return [...broken, ...openTables(await selectUnprotected(db))]
}

function openTables(names: string[]): UnsafeSetting[] {
  if (names.length === 0) return []
  return [
    {
      name: 'row_level_security',
      detail: `row level security is not forced on ${names.join(', ')}`,
      fix: 'run: clientele migrate; where none is pending, enable and force it on them again',
    },
  ]
}
