// Owns the answers that the page "Customers" of the banking product shows, letter by letter.

/** `GET /customers` */
export const exampleList = `{
"data": [
{
"id": "cust_987654321",
"type": "INDIVIDUAL",
"status": "ACTIVE",
"email": "john.doe@example.com",
"created_at": "2026-01-15T10:30:00Z"
},
{
"id": "cust_123456789",
"type": "CORPORATION",
"status": "ACTIVE",
"email": "contact@acmecorp.com",
"created_at": "2026-01-10T08:00:00Z"
}
],
"pagination": {
"has_more": true,
"next_cursor": "cursor_abc123"
}
}`

/** `GET /customers/{id}` */
export const exampleCustomer = `{
"id": "cust_987654321",
"type": "INDIVIDUAL",
"status": "ACTIVE",
"email": "john.doe@example.com",
"phone": "+1234567890",
"individual": {
"first_name": "John",
"last_name": "Doe",
"date_of_birth": "1990-01-15",
"address": {
"line1": "123 Main St",
"city": "New York",
"state": "NY",
"postal_code": "10001",
"country": "US"
}
},
"accounts": [
{
"id": "acc_123456789",
"currency": "USD",
"status": "ACTIVE"
}
],
"created_at": "2026-01-15T10:30:00Z",
"updated_at": "2026-01-15T14:45:00Z"
}`

/** `PATCH /customers/{id}` */
export const exampleUpdate = `{
"id": "cust_987654321",
"email": "john.newemail@example.com",
"updated_at": "2026-01-15T16:00:00Z"
}`

/** `GET /customers/{id}/individuals/{individual_id}` */
export const exampleIndividual = `{
"id": "ind_456789",
"customer_id": "cust_123456789",
"role": "BENEFICIAL_OWNER",
"first_name": "Jane",
"last_name": "Smith",
"email": "jane.smith@acmecorp.com",
"ownership_percentage": 30,
"address": {
"line1": "456 Oak Ave",
"city": "San Francisco",
"state": "CA",
"postal_code": "94102",
"country": "US"
},
"created_at": "2026-01-10T08:00:00Z"
}`

/** `PATCH /customers/{id}/individuals/{individual_id}` */
export const exampleIndividualUpdate = `{
"id": "ind_456789",
"updated_at": "2026-01-15T17:00:00Z"
}`

/** The page's number is none that can exist; this one is possible, and is put in its place. */
export const possiblePhone = '+12345678901'

/** Our ids, cursors and times in the page's places: what is left must be equal. */
export function inWordsOf(example: string, answer: string): string {
  const page = JSON.stringify(JSON.parse(example))
  const places = [...page.matchAll(anyPlace)].map(([text]) => text)
  let at = 0
  return answer.replace(anyPlace, (text) => {
    const place = places[at] ?? text
    at += 1
    // One kind of thing in the place of the same kind.
    return place.slice(0, 3) === text.slice(0, 3) || isTime(place, text) ? place : text
  })
}

const anyPlace = /\b(?:(?:cust|acc|ind|cursor)_[\w-]+|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)/g
const isTime = (left: string, right: string) => left.endsWith('Z') && right.endsWith('Z')

export const compact = (example: string) => JSON.stringify(JSON.parse(example))
