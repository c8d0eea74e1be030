// Owns the SQL of the customer_metadata table.
import type { Kysely } from 'kysely'
import type { CustomerMetadataRow } from '../../storage/crypto-tables.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'

interface Owner {
  appId: string
  customerId: string
}

/** At least one token. */
export function insertMetadata(db: Kysely<Tables>, owner: Owner, tokens: Uint8Array[]): Write {
  return db.insertInto('customer_metadata').values(toRows(owner, tokens))
}

function toRows({ appId, customerId }: Owner, tokens: Uint8Array[]): CustomerMetadataRow[] {
  return tokens.map((token) => ({ app_id: appId, token, customer_id: customerId }))
}

export function deleteMetadata(db: Kysely<Tables>, owner: Owner, tokens: Uint8Array[]): Write {
  return db
    .deleteFrom('customer_metadata')
    .where('app_id', '=', owner.appId)
    .where('token', 'in', tokens)
    .where('customer_id', '=', owner.customerId)
}
