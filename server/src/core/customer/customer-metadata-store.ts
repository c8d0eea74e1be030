// Owns the SQL of the customer_metadata table.
import type { Kysely } from 'kysely'
import { type Insert, insertOf } from '../../storage/insert-together.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Write } from '../../storage/write-together.ts'

interface Owner {
  appId: string
  customerId: string
}

export function insertMetadata({ appId, customerId }: Owner, token: Uint8Array): Insert {
  return insertOf('customer_metadata', { app_id: appId, token, customer_id: customerId })
}

export function deleteMetadata(db: Kysely<Tables>, owner: Owner, tokens: Uint8Array[]): Write {
  return db
    .deleteFrom('customer_metadata')
    .where('app_id', '=', owner.appId)
    .where('token', 'in', tokens)
    .where('customer_id', '=', owner.customerId)
}
