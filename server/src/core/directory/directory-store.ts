// Owns the SQL that joins customers with their facets, to find them.
import type { Kysely } from 'kysely'
import type { Tables } from '../../storage/tables.ts'

export interface DirectoryQuery {
  appId: string
  emailTokens: Uint8Array[] | undefined
  countries: string[] | undefined
  documentTypes: string[] | undefined
  registration:
    | {
        providers: string[] | undefined
        statuses: string[] | undefined
        roles: string[] | undefined
      }
    | undefined
}

export async function countMatches(db: Kysely<Tables>, query: DirectoryQuery): Promise<number> {
  const row = await matches(db, query)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Ids, newest first. */
export async function selectMatches(
  db: Kysely<Tables>,
  query: DirectoryQuery,
  page: { limit: number; offset: number },
): Promise<string[]> {
  const rows = await matches(db, query)
    .select('customer.id')
    .orderBy('customer.id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return rows.map((row) => row.id)
}

function matches(db: Kysely<Tables>, query: DirectoryQuery) {
  const { appId, emailTokens, countries, documentTypes, registration } = query
  return db
    .selectFrom('customers as customer')
    .where('customer.app_id', '=', appId)
    .$if(countries !== undefined, (q) => q.where('customer.country', 'in', countries ?? []))
    .$if(documentTypes !== undefined, (q) =>
      q.where('customer.document_type', 'in', documentTypes ?? []),
    )
    .$if(emailTokens !== undefined, (q) =>
      q.where('customer.id', 'in', (eb) =>
        eb
          .selectFrom('customer_lookups as lookup')
          .select('lookup.customer_id')
          .where('lookup.app_id', '=', appId)
          .where('lookup.field', '=', 'email')
          .where('lookup.token', 'in', emailTokens ?? []),
      ),
    )
    .$if(registration !== undefined, (q) =>
      q.where('customer.id', 'in', (eb) => {
        const { providers, statuses, roles } = registration ?? {}
        return eb
          .selectFrom('registrations as registration')
          .select('registration.customer_id')
          .where('registration.app_id', '=', appId)
          .$if(providers !== undefined, (r) =>
            r.where('registration.provider', 'in', providers ?? []),
          )
          .$if(statuses !== undefined, (r) => r.where('registration.status', 'in', statuses ?? []))
          .$if(roles !== undefined, (r) => r.where('registration.role', 'in', roles ?? []))
      }),
    )
}
