// Owns the sub-account that stands for a record: found by its name, made when there is none.
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { ProviderCustomer } from '../../core/provider.ts'
import { idPattern, readForm } from '../avenia-brla.ts'
import { rejected, unusable } from '../http-client.ts'
import type { AveniaClient } from './avenia-client.ts'

export const accountTypes = { individual: 'INDIVIDUAL', business: 'COMPANY' } as const

const pagesMax = 20

const Id = Type.String({ pattern: idPattern })
const Text = Type.Optional(Type.Union([Type.String(), Type.Null()]))
/** The guide and the reference disagree about the row: either may come. */
const Row = Type.Union([
  Type.Object({
    subAccountId: Id,
    createdAt: Text,
    accountInfo: Type.Object({ accountType: Type.String(), name: Type.String() }),
  }),
  Type.Object({ id: Id, createdAt: Text, accountType: Type.String(), name: Type.String() }),
])
const rowsForm = Compile(Type.Array(Row))
const pageForm = Compile(Type.Object({ cursor: Text }))
const createdForm = Compile(Type.Object({ id: Id }))

interface SubAccount {
  id: string
  name: string
  accountType: string
  createdAt: string
}

/**
 * Avenia knows no idempotency key, and a sub-account cannot be removed: the record's id is its
 * name, always looked for first. A second role, or a try whose answer was lost, finds it there.
 */
export async function findOrMakeSubAccount(
  client: AveniaClient,
  customer: ProviderCustomer,
): Promise<{ id: string; isNew: boolean }> {
  const { recordId: name, kind } = customer
  const accountType = accountTypes[kind]
  const found = await findSubAccount(client, name)
  if (found === null) {
    const answer = await client.ask('POST', '/v2/account/sub-accounts', { accountType, name })
    return { id: readForm(createdForm, answer, 'a sub-account').id, isNew: true }
  }
  if (found.accountType !== accountType) {
    throw rejected(`the sub-account of this record is of type ${found.accountType.slice(0, 20)}`)
  }
  return { id: found.id, isNew: false }
}

/** The oldest of that very name: Avenia does not say whether its filter takes parts of names. */
async function findSubAccount(client: AveniaClient, name: string): Promise<SubAccount | null> {
  let cursor = ''
  let oldest: SubAccount | null = null
  for (let page = 0; page < pagesMax; page += 1) {
    const query = `name=${encodeURIComponent(name)}${cursor}`
    const answer = await client.ask('GET', `/v2/account/sub-accounts?${query}`)
    const list = readForm(pageForm, answer, 'a list of sub-accounts')
    for (const one of rowsIn(list).map(toSubAccount)) {
      if (one.name !== name) continue
      if (oldest === null || one.createdAt < oldest.createdAt) oldest = one
    }
    if (!list.cursor) return oldest
    cursor = `&cursor=${encodeURIComponent(list.cursor.toWellFormed())}`
  }
  throw rejected('its list of sub-accounts does not end, so an earlier one may be overlooked')
}

/** Which member of the page holds the rows is not documented: it is the one list in it. */
function rowsIn(page: object): Static<typeof Row>[] {
  const lists = Object.entries(page).filter(
    ([name, member]) => Array.isArray(member) || (member === null && /^sub-?accounts$/i.test(name)),
  )
  const rows: unknown = lists[0]?.[1] ?? []
  if (lists.length !== 1 || !rowsForm.Check(rows))
    throw unusable('it is not a list of sub-accounts')
  return rows
}

function toSubAccount(row: Static<typeof Row>): SubAccount {
  const createdAt = row.createdAt ?? ''
  if ('subAccountId' in row) return { id: row.subAccountId, ...row.accountInfo, createdAt }
  return { id: row.id, name: row.name, accountType: row.accountType, createdAt }
}
