// Owns the examples of the payouts product's page "Customers", and how an answer is held to one.
import type { Answer } from '../harness.ts'

export const payouts004Examples = {
  exampleCustomer: `{
  "type": "individual",
  "name": "Gerardo Ratto",
  "email": "gerardo@example.com",
  "country": "AR",
  "metadata": {
    "internalUserId": "USR-4421"
  }
}`,

  exampleCustomerAnswer: `{
  "customerId": "cust_12345",
  "type": "individual",
  "name": "Gerardo Ratto",
  "email": "gerardo@example.com",
  "country": "AR",
  "defaultBankAccountId": null,
  "metadata": {
    "internalUserId": "USR-4421"
  },
  "createdAt": "2026-02-25T12:00:00Z"
}`,

  exampleAccount: `{
  "country": "AR",
  "currency": "ARS",
  "rail": "OTHER",
  "accountType": "checking",
  "holderName": "Gerardo Ratto",
  "accountNumber": "0070327530004025541644",
  "metadata": {
    "cuit": "20221370075"
  }
}`,

  exampleAccountAnswer: `{
  "bankAccountId": "ba_67890",
  "customerId": "cust_12345",
  "country": "AR",
  "currency": "ARS",
  "rail": "OTHER",
  "accountNumberLast4": "1644",
  "accountType": "checking",
  "holderName": "Gerardo Ratto",
  "createdAt": "2026-02-25T12:00:00Z"
}`,

  examplePayout: `{
  "amount": "5000.00",
  "currency": "ARS",
  "destinationCbu": "0070327530004025541644",
  "customerId": "cust_12345"
}`,
}

/**
 * The answer in the example's words: only ids and times replaced, each of them only where it has
 * the example's form; members that our contract adds to the page are left out by name.
 */
export function inWordsOfThePage(answer: Answer, added: string[]): string {
  const members = Object.entries(answer.json).filter(([name]) => !added.includes(name))
  return JSON.stringify(Object.fromEntries(members))
    .replaceAll(/"cust_[0-9a-z]{26}"/g, '"cust_12345"')
    .replaceAll(/"ba_[0-9a-z]{26}"/g, '"ba_67890"')
    .replaceAll(/"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"/g, '"2026-02-25T12:00:00Z"')
}

export const compact = (json: string) => JSON.stringify(JSON.parse(json))
