// Owns which countries, currencies and account numbers can be paid out to: one entry a country.
import { present } from '../../lib/assert.ts'
import { refuseField } from '../fields.ts'

export interface PaymentRail {
  country: string
  currency: string
  rail: string
  /** Refuses a wrong account number by `param`, saying what is wrong with it. */
  checkAccountNumber(param: string, accountNumber: string): void
}

export const paymentRails: PaymentRail[] = [
  { country: 'AR', currency: 'ARS', rail: 'OTHER', checkAccountNumber: checkCbu },
]

/** The rail of these three, or a refusal that names the first of them with no rail. */
export function findPaymentRail(wanted: {
  country: string
  currency: string
  rail: string
}): PaymentRail {
  const inCountry = narrow(paymentRails, 'country', wanted.country)
  const inCurrency = narrow(inCountry, 'currency', wanted.currency)
  return present(narrow(inCurrency, 'rail', wanted.rail)[0], 'narrow leaves at least one rail')
}

/** The rail that pays out this currency. */
export function findRailByCurrency(currency: string): PaymentRail {
  return present(narrow(paymentRails, 'currency', currency)[0], 'narrow leaves at least one rail')
}

function narrow(
  choices: PaymentRail[],
  param: 'country' | 'currency' | 'rail',
  wanted: string,
): PaymentRail[] {
  const matches = choices.filter((entry) => entry[param] === wanted)
  if (matches.length > 0) return matches
  const known = [...new Set(choices.map((entry) => entry[param]))].join(', ')
  refuseField(param, `is not supported here; supported: ${known}`)
}

const bankBlock = { digits: 7, weights: [7, 1, 3, 9, 7, 1, 3] }
const accountBlock = { digits: 13, weights: [3, 9, 7, 1, 3, 9, 7, 1, 3, 9, 7, 1, 3] }

/**
 * A CBU, or a CVU (which starts with 000): bank and branch with their check digit, then the account
 * with its own. Banco Central de la República Argentina, Comunicación "A" 2622. An unknown bank
 * code is not refused: there is no current official list to refuse it by.
 *
 * Ours and not a library's: stdnum 1.12 refuses every number with a check digit of 0 (see
 * docs/decisions/0003-cbu-check.md); a test holds the two against each other.
 */
function checkCbu(param: string, accountNumber: string): void {
  if (!/^\d{22}$/.test(accountNumber)) refuseField(param, 'is not a CBU or CVU of 22 digits')
  const bank = accountNumber.slice(0, 8)
  const account = accountNumber.slice(8)
  if (!hasCheckDigit(bank, bankBlock)) {
    refuseField(param, 'has a wrong check digit in its first block (digits 1-8, bank and branch)')
  }
  if (!hasCheckDigit(account, accountBlock)) {
    refuseField(param, 'has a wrong check digit in its second block (digits 9-22, the account)')
  }
}

function hasCheckDigit(block: string, form: { digits: number; weights: number[] }): boolean {
  const sum = form.weights.reduce((total, weight, at) => total + weight * Number(block[at]), 0)
  return Number(block[form.digits]) === (10 - (sum % 10)) % 10
}
