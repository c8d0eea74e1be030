// Owns what a sub-account of Avenia holds: decimal text by asset, made exact minor units.
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { RemoteBalance } from '../../core/provider.ts'
import { toMinorUnits } from '../../lib/money.ts'
import { readForm } from '../avenia-brla.ts'
import { unusable } from '../http-client.ts'
import type { AveniaClient } from './avenia-client.ts'

const Amount = Type.String({ pattern: '^\\d{1,30}(\\.\\d{1,30})?$' })
const balancesForm = Compile(Type.Object({ balances: Type.Record(Type.String(), Amount) }))

/** The id has been checked: without one Avenia would answer for the operator's own account. */
export async function readAveniaBalances(
  client: AveniaClient,
  subAccountId: string,
): Promise<RemoteBalance[]> {
  const answer = await client.ask('GET', `/v2/account/balances?subAccountId=${subAccountId}`)
  const { balances } = readForm(balancesForm, answer, 'a balance')
  const totals = Object.entries(balances).flatMap(([asset, amount]) => {
    const currency = asset.toUpperCase()
    const available = toMinorUnits(amount, currency)
    // An asset that nobody here knows: nothing of it is no loss, some of it must not be hidden.
    if (available === null && /^[0.]+$/.test(amount)) return []
    if (available === null) throw unusable('it holds an asset or an amount that is not known here')
    return [{ currency, available, pending: 0, reserved: 0, instantPayouts: 0 }]
  })
  return [{ accountId: subAccountId, totals }]
}
